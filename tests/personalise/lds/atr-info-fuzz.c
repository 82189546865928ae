/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/atr-info.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  FastAtrInfo info;
  FastAtrInfo back;

  if (!fast_atr_info_parse (bytes, &info, NULL))
    return 0;
  if (info.extended && info.command_max > 0 && info.response_max > 0) {
    g_autoptr (GBytes) made = fast_atr_info_make (&info);

    g_assert_true (fast_atr_info_parse (made, &back, NULL));
    g_assert_cmpuint (back.command_max, ==, info.command_max);
    g_assert_cmpuint (back.response_max, ==, info.response_max);
  }
  return 0;
}
