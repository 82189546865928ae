/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/cbeff.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GPtrArray) templates = fast_biometric_group_parse (bytes, NULL);

  if (templates != NULL)
    g_assert_cmpuint (templates->len, <=, 9);
  return 0;
}
