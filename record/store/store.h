/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/*
 * One SQLite file is the unit's memory. Several processes share it: readers never wait (WAL), each
 * write is one short `BEGIN IMMEDIATE` (transaction.h) and waits at most ten seconds for another.
 * A commit that returned is on the disk (`synchronous=FULL`).
 *
 * The tables here are those of this room. Every other room that has tables gives its own FastSchema
 * to fast_store_open() and works on them through statement.h and transaction.h.
 *
 * No personal value is ever a clear column or an index: ids, codes, states, digests and times are
 * clear, all else is sealed (record.h, revision.h, index-card.h, vault.h).
 */

/**
 * FastSchema:
 * @room: as in `store`, `link`; never renamed
 * @migrations: (array zero-terminated=1): SQL that leads from one version to the next; entries are
 *   only ever added
 *
 * What a room keeps in the store.
 */
typedef struct {
  const char *room;
  const char *const *migrations;
} FastSchema;

/**
 * FastStore:
 *
 * An open store. For one thread; another thread opens its own.
 */
typedef struct _FastStore FastStore;

FastStore *fast_store_open (const char *path, const char *unit, const FastSchema *const *schemas,
                            GError **error);
void fast_store_free (FastStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastStore, fast_store_free)

sqlite3 *fast_store_handle (FastStore *store);
const char *fast_store_path (FastStore *store);
const char *fast_store_unit (FastStore *store);
gint64 fast_store_epoch (FastStore *store);
gboolean fast_store_checkpoint (FastStore *store, GError **error);

G_END_DECLS
