/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/programme-group.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* There is one encoding: what parses is made again byte for byte, if its lengths are DER. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (FastProgrammeGroup) group = fast_programme_group_parse (bytes, NULL);
  g_autoptr (GBytes) again = NULL;

  if (group == NULL)
    return 0;
  again = fast_programme_group_make (group, NULL);
  g_assert_nonnull (again);
  g_assert_cmpuint (g_bytes_get_size (again), <=, size);
  return 0;
}
