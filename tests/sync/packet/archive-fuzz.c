/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/archive.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GHashTable) files = fast_archive_read (data, size, NULL);

  g_assert_true (files == NULL || g_hash_table_size (files) <= FAST_ARCHIVE_MOST_ENTRIES);
  return 0;
}
