/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "record/base/secure.h"

G_BEGIN_DECLS

#define FAST_ARCHIVE_LIMIT (40u << 20)
#define FAST_ARCHIVE_MOST_ENTRIES 128
#define FAST_ARCHIVE_NAME_LIMIT 64

/**
 * FastArchiveEntry:
 * @name: a plain file name, see fast_archive_name_is_valid()
 * @data: its bytes; borrowed
 * @size: how many
 *
 * One file on its way into a tar.
 */
typedef struct {
  const char *name;
  gconstpointer data;
  gsize size;
} FastArchiveEntry;

gboolean fast_archive_name_is_valid (const char *name);
FastSecret *fast_archive_write (const FastArchiveEntry *entries, guint n_entries, GError **error);
GHashTable *fast_archive_read (gconstpointer tar, gsize size, GError **error);

G_END_DECLS
