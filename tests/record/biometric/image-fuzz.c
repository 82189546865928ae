/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/image.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* JPEG and PNG. OpenJPEG takes half a second over some files of 200 bytes, which a fuzzer then
 * breeds; image-test.c changes every byte of a JPEG 2000 file instead. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (FastImage) image = NULL;
  FastImageFormat format;

  if (!fast_image_sniff (bytes, "picture", &format, NULL) || format == FAST_IMAGE_JPEG2000)
    return 0;
  image = fast_image_decode (bytes, "picture", NULL);
  if (image != NULL)
    g_assert_cmpuint ((gsize)image->width * image->height, <=, FAST_IMAGE_PIXEL_LIMIT);
  return 0;
}
