/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/signature-group.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GPtrArray) images = fast_signature_group_parse (bytes, NULL);

  if (images != NULL)
    g_assert_cmpuint (images->len, >, 0);
  return 0;
}
