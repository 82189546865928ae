/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/common-data.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  FastCommonData common;

  if (fast_common_data_parse (bytes, &common, NULL))
    g_assert_cmphex (common.groups & 6, ==, 6);
  return 0;
}
