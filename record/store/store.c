/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "record/base/autoptr.h"
#include "record/base/durable.h"
#include "record/base/error.h"
#include "record/store/schema.h"
#include "record/store/statement.h"
#include "record/store/transaction.h"

#define BUSY_TIMEOUT_MS 10000
#define CHECKPOINT_TRIES 12
#define CHECKPOINT_WAIT_US 50000
#define UNIT_LIMIT 16

struct _FastStore {
  sqlite3 *handle;
  char *path;
  char *unit;
  gint64 epoch;
};

static gboolean
fail_open (GError **error, const char *path, const char *why)
{
  return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_IO, "store-open", "path=%s, why=%s",
                    path, why);
}

/* SQLite does not sync the folder of a new database; and only its owner may read it. */
static gboolean
make_file (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofd int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  struct stat state;

  if (fd < 0 || fstat (fd, &state) != 0)
    return fail_open (error, path, g_strerror (errno));
  if (state.st_size > 0)
    return TRUE;
  return fast_durable_sync_folder (folder, FAST_POINT ("store-create"), error);
}

static gboolean
set_up_handle (FastStore *store, GError **error)
{
  static const char settings[] = "PRAGMA journal_mode = WAL;"
                                 "PRAGMA synchronous = FULL;"
                                 "PRAGMA foreign_keys = ON;"
                                 "PRAGMA secure_delete = ON;"
                                 "PRAGMA trusted_schema = OFF;"
                                 "PRAGMA temp_store = MEMORY;";

  if (sqlite3_exec (store->handle, settings, NULL, NULL, NULL) != SQLITE_OK)
    return fast_statement_fail (store->handle, error);
  return TRUE;
}

static gboolean
open_handle (FastStore *store, GError **error)
{
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE;

  if (sqlite3_open_v2 (store->path, &store->handle, flags, NULL) != SQLITE_OK)
    return fail_open (error, store->path, sqlite3_errmsg (store->handle));
  sqlite3_busy_timeout (store->handle, BUSY_TIMEOUT_MS);
  return fast_schema_refuse_foreign (store, error) && set_up_handle (store, error);
}

/* What is newer is refused before anything is touched. */
static gboolean
migrate_all (FastStore *store, const FastSchema *const *schemas, GError **error)
{
  if (!fast_schema_prepare (store, error) || !fast_schema_check (store, &fast_store_schema, error))
    return FALSE;
  for (guint i = 0; schemas != NULL && schemas[i] != NULL; i++)
    if (!fast_schema_check (store, schemas[i], error))
      return FALSE;
  if (!fast_schema_migrate (store, &fast_store_schema, error))
    return FALSE;
  for (guint i = 0; schemas != NULL && schemas[i] != NULL; i++)
    if (!fast_schema_migrate (store, schemas[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
unit_is_valid (const char *unit)
{
  gsize size = 0;

  while (g_ascii_isalnum (unit[size]))
    size++;
  return size >= 1 && size <= UNIT_LIMIT && unit[size] == '\0';
}

static gboolean
read_unit (FastStore *store, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, "SELECT id, epoch FROM unit", "");
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  if (row) {
    store->unit = g_strdup (fast_statement_text (statement, 0));
    store->epoch = fast_statement_int (statement, 1);
  }
  return TRUE;
}

static gboolean
write_unit (FastStore *store, const char *unit, GError **error)
{
  g_autoptr (FastTransaction) transaction = NULL;

  if (!unit_is_valid (unit))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "store-unit-invalid",
                      "unit=%s", unit);
  transaction = fast_transaction_begin (store, error);
  if (transaction == NULL ||
      !fast_statement_run (store, error, "INSERT OR IGNORE INTO unit VALUES (1, ?, 1, NULL)", "s",
                           unit))
    return FALSE;
  return fast_transaction_commit (transaction, FAST_POINT ("store-unit"), error) &&
         read_unit (store, error);
}

/* The unit's id is part of every item id that the store gave out, so it never changes. */
static gboolean
check_unit (FastStore *store, const char *unit, GError **error)
{
  if (!read_unit (store, error))
    return FALSE;
  if (store->unit == NULL && unit != NULL && !write_unit (store, unit, error))
    return FALSE;
  if (unit != NULL && strcmp (unit, store->unit) != 0)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT, "store-unit",
                      "path=%s, unit=%s, wanted=%s", store->path, store->unit, unit);
  return TRUE;
}

/* An old copy may have come with wider permissions. SQLite gives its side files the same. */
static gboolean
close_to_others (FastStore *store, GError **error)
{
  if (chmod (store->path, 0600) != 0)
    return fail_open (error, store->path, g_strerror (errno));
  return TRUE;
}

/**
 * fast_store_open:
 * @path: the file; made with mode 0600 if it is not there
 * @unit: (nullable): the unit's id, kept from the first time on and checked afterwards; %NULL to
 *   take the file as it is
 * @schemas: (nullable) (array zero-terminated=1): the other rooms' tables
 * @error: return location for an error
 *
 * Opens the store and brings each room's tables to its newest version.
 *
 * Returns: (transfer full): the store; %NULL with FAST_STORE_ERROR_NEWER when the file was written
 *   by a newer version, FAST_STORE_ERROR_CONFLICT when it is another unit's
 */
FastStore *
fast_store_open (const char *path, const char *unit, const FastSchema *const *schemas,
                 GError **error)
{
  g_autoptr (FastStore) store = g_new0 (FastStore, 1);

  store->path = g_strdup (path);
  if (!make_file (path, error) || !open_handle (store, error) ||
      !migrate_all (store, schemas, error) || !check_unit (store, unit, error) ||
      !close_to_others (store, error)) {
    fast_error_prefix (error, "store-opening", "path=%s", path);
    return NULL;
  }
  return g_steal_pointer (&store);
}

/**
 * fast_store_free:
 * @store: (transfer full): a store with no statement or transaction left
 */
void
fast_store_free (FastStore *store)
{
  sqlite3_close_v2 (store->handle);
  g_free (store->path);
  g_free (store->unit);
  g_free (store);
}

/**
 * fast_store_handle:
 * @store: a store
 *
 * Returns: (transfer none): the database, for SQLite calls that statement.h does not offer
 */
sqlite3 *
fast_store_handle (FastStore *store)
{
  return store->handle;
}

/**
 * fast_store_path:
 * @store: a store
 *
 * Returns: (transfer none): its file
 */
const char *
fast_store_path (FastStore *store)
{
  return store->path;
}

/**
 * fast_store_unit:
 * @store: a store
 *
 * Returns: (transfer none) (nullable): the unit's id; %NULL while none was given
 */
const char *
fast_store_unit (FastStore *store)
{
  return store->unit;
}

/**
 * fast_store_epoch:
 * @store: a store
 *
 * Returns: how often the unit began anew, from 1; each restoration adds one
 */
gint64
fast_store_epoch (FastStore *store)
{
  return store->epoch;
}

static gboolean
checkpoint_once (FastStore *store, gboolean *busy, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, "PRAGMA wal_checkpoint(TRUNCATE)", "");
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  *busy = !row || fast_statement_int (statement, 0) != 0;
  return TRUE;
}

/**
 * fast_store_checkpoint:
 * @store: a store with no transaction open
 * @error: return location for an error
 *
 * Empties the write-ahead log, so that nothing deleted is left in it; tries again while a reader
 * holds it up. Blocks for up to two minutes.
 *
 * Returns: whether the log is empty; FAST_STORE_ERROR_BUSY if a reader never let go
 */
gboolean
fast_store_checkpoint (FastStore *store, GError **error)
{
  gboolean busy = TRUE;

  for (guint i = 0; i < CHECKPOINT_TRIES; i++) {
    if (!checkpoint_once (store, &busy, error))
      return FALSE;
    if (!busy)
      return TRUE;
    g_usleep (CHECKPOINT_WAIT_US);
  }
  return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_BUSY, "store-busy", "why=%s",
                    "checkpoint");
}
