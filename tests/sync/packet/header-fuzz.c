/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/header.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What parses must write back to the same bytes. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) input = g_bytes_new (data, size);
  g_autoptr (FastHeader) header = fast_header_parse (input, NULL);
  g_autoptr (GBytes) again = header == NULL ? NULL : fast_header_to_bytes (header);

  g_assert_true (header == NULL || g_bytes_equal (again, input));
  return 0;
}
