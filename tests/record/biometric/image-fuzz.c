/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/image.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (FastImage) image = fast_image_decode (bytes, "picture", NULL);

  if (image != NULL)
    g_assert_cmpuint ((gsize)image->width * image->height, <=, FAST_IMAGE_PIXEL_LIMIT);
  return 0;
}
