/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#include "record/base/error.h"
#include "sync/intake/driver.h"

#define BUSY_MS 10000
#define MAX_COLUMNS 16

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

typedef struct {
  FastDriver base;
  sqlite3 *connection;
} Sqlite;

static const char *const schema[] = {
    "CREATE TABLE unit_certificate ("
    "  digest TEXT PRIMARY KEY, unit TEXT NOT NULL,"
    "  use TEXT NOT NULL CHECK (use IN ('link', 'sign')),"
    "  certificate BLOB NOT NULL, added INTEGER NOT NULL) STRICT;"
    "CREATE INDEX unit_certificate_unit ON unit_certificate (unit, use);"
    "CREATE TABLE upload ("
    "  unit TEXT NOT NULL, packet TEXT NOT NULL, length INTEGER NOT NULL,"
    "  received INTEGER NOT NULL CHECK (received BETWEEN 0 AND length),"
    "  expires INTEGER NOT NULL, PRIMARY KEY (unit, packet)) STRICT;"
    "CREATE TABLE packet ("
    "  packet TEXT PRIMARY KEY, unit TEXT NOT NULL, size INTEGER NOT NULL,"
    "  epoch INTEGER NOT NULL, centre TEXT NOT NULL, item TEXT NOT NULL, kind TEXT NOT NULL,"
    "  revision INTEGER NOT NULL, batch TEXT NOT NULL, lane INTEGER NOT NULL,"
    "  first TEXT NOT NULL, header TEXT NOT NULL, received INTEGER NOT NULL) STRICT;"
    "CREATE INDEX packet_batch ON packet (unit, batch);"
    "CREATE TABLE receipt ("
    "  cursor INTEGER PRIMARY KEY AUTOINCREMENT, packet TEXT NOT NULL, unit TEXT NOT NULL,"
    "  kind TEXT NOT NULL CHECK (kind IN ('stored', 'opened', 'batch', 'refusal')),"
    "  token BLOB NOT NULL, issued INTEGER NOT NULL, UNIQUE (packet, kind)) STRICT;"
    "CREATE INDEX receipt_unit ON receipt (unit, cursor);"
    "CREATE TABLE refusal ("
    "  unit TEXT NOT NULL, packet TEXT NOT NULL, reason TEXT NOT NULL, refused INTEGER NOT NULL,"
    "  PRIMARY KEY (unit, packet)) STRICT;"
    "CREATE TABLE batch ("
    "  unit TEXT NOT NULL, batch TEXT NOT NULL, packet TEXT NOT NULL, view TEXT NOT NULL,"
    "  PRIMARY KEY (unit, batch)) STRICT;",
    "CREATE INDEX packet_lane ON packet (unit, epoch, lane);",
    NULL,
};

static gboolean
fail (Sqlite *sqlite, GError **error)
{
  int code = sqlite3_errcode (sqlite->connection) & 0xFF;
  gboolean busy = code == SQLITE_BUSY || code == SQLITE_LOCKED;

  return fast_fail (error, FAST_STORE_ERROR, busy ? FAST_STORE_ERROR_BUSY : FAST_STORE_ERROR_IO,
                    busy ? "intake-database-busy" : "intake-database", "why=%s",
                    sqlite3_errmsg (sqlite->connection));
}

static gboolean
execute (Sqlite *sqlite, const char *sql, GError **error)
{
  return sqlite3_exec (sqlite->connection, sql, NULL, NULL, NULL) == SQLITE_OK
             ? TRUE
             : fail (sqlite, error);
}

static int
bind_text (sqlite3_stmt *statement, int index, GVariant *value)
{
  return sqlite3_bind_text (statement, index, g_variant_get_string (value, NULL), -1,
                            SQLITE_TRANSIENT);
}

static int
bind_value (sqlite3_stmt *statement, int index, GVariant *value)
{
  g_autoptr (GVariant) inner = NULL;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return sqlite3_bind_int64 (statement, index, g_variant_get_int64 (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return bind_text (statement, index, value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    return sqlite3_bind_blob64 (statement, index, g_variant_get_data (value),
                                g_variant_get_size (value), SQLITE_TRANSIENT);
  inner = g_variant_get_maybe (value);
  return inner == NULL ? sqlite3_bind_null (statement, index) : bind_text (statement, index, inner);
}

static gboolean
bind_all (Sqlite *sqlite, sqlite3_stmt *statement, GVariant *values, GError **error)
{
  gsize n = values == NULL ? 0 : g_variant_n_children (values);

  for (gsize i = 0; i < n; i++) {
    g_autoptr (GVariant) value = g_variant_get_child_value (values, i);
    if (bind_value (statement, (int)i + 1, value) != SQLITE_OK)
      return fail (sqlite, error);
  }
  return TRUE;
}

static FastColumn
read_column (sqlite3_stmt *statement, int i)
{
  FastColumn column = {.null = sqlite3_column_type (statement, i) == SQLITE_NULL};

  if (sqlite3_column_type (statement, i) == SQLITE_INTEGER)
    column.number = sqlite3_column_int64 (statement, i);
  else if (sqlite3_column_type (statement, i) == SQLITE_TEXT)
    column.text = (const char *)sqlite3_column_text (statement, i);
  else if (!column.null)
    column.data = sqlite3_column_blob (statement, i);
  column.size = (gsize)sqlite3_column_bytes (statement, i);
  return column;
}

static void
give_row (sqlite3_stmt *statement, FastRowFunc row, gpointer data)
{
  FastColumn columns[MAX_COLUMNS];
  int n = MIN (sqlite3_column_count (statement), MAX_COLUMNS);

  for (int i = 0; i < n; i++)
    columns[i] = read_column (statement, i);
  if (row != NULL)
    row (columns, data);
}

static gboolean
run (FastDriver *driver, const char *sql, GVariant *values, FastRowFunc row, gpointer data,
     guint *changed, GError **error)
{
  Sqlite *sqlite = (Sqlite *)driver;
  g_autoptr (GVariant) sunk = values == NULL ? NULL : g_variant_take_ref (values);
  g_autoptr (sqlite3_stmt) statement = NULL;
  int code;

  if (sqlite3_prepare_v2 (sqlite->connection, sql, -1, &statement, NULL) != SQLITE_OK)
    return fail (sqlite, error);
  if (!bind_all (sqlite, statement, sunk, error))
    return FALSE;
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    give_row (statement, row, data);
  if (code != SQLITE_DONE)
    return fail (sqlite, error);
  if (changed != NULL)
    *changed = (guint)sqlite3_changes (sqlite->connection);
  return TRUE;
}

static gboolean
begin (FastDriver *driver, GError **error)
{
  return execute ((Sqlite *)driver, "BEGIN IMMEDIATE", error);
}

static gboolean
execute_commit (gpointer data, GError **error)
{
  return execute (data, "COMMIT", error);
}

static void
rollback (FastDriver *driver)
{
  Sqlite *sqlite = (Sqlite *)driver;

  if (!sqlite3_get_autocommit (sqlite->connection))
    sqlite3_exec (sqlite->connection, "ROLLBACK", NULL, NULL, NULL);
}

static gboolean
commit (FastDriver *driver, FastPoint *point, GError **error)
{
  if (fast_durable_commit (execute_commit, driver, point, error))
    return TRUE;
  rollback (driver);
  return FALSE;
}

static void
take_number (const FastColumn *columns, gpointer data)
{
  *(gint64 *)data = columns[0].number;
}

static gboolean
version (FastDriver *driver, guint *found, GError **error)
{
  gint64 number = 0;

  if (!run (driver, "PRAGMA user_version", NULL, take_number, &number, NULL, error))
    return FALSE;
  *found = (guint)number;
  return TRUE;
}

static gboolean
set_version (FastDriver *driver, guint number, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA user_version = %u", number);

  return execute ((Sqlite *)driver, sql, error);
}

/* A migration holds several statements, which sqlite3_prepare_v2() takes one at a time. */
static gboolean
run_script (FastDriver *driver, const char *sql, GVariant *values, FastRowFunc row, gpointer data,
            guint *changed, GError **error)
{
  if (values == NULL && row == NULL && changed == NULL)
    return execute ((Sqlite *)driver, sql, error);
  return run (driver, sql, values, row, data, changed, error);
}

static void
close_connection (FastDriver *driver)
{
  Sqlite *sqlite = (Sqlite *)driver;

  sqlite3_close (sqlite->connection);
  g_free (sqlite);
}

static gboolean
prepare (Sqlite *sqlite, GError **error)
{
  sqlite3_busy_timeout (sqlite->connection, BUSY_MS);
  return execute (sqlite,
                  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                  "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;",
                  error);
}

/**
 * fast_driver_sqlite_open:
 * @path: the database's file; made where there is none
 * @error: return location for an error
 *
 * WAL with synchronous=FULL: a committed transaction outlives a power cut.
 *
 * Returns: (transfer full): the engine, or %NULL with FAST_STORE_ERROR
 */
FastDriver *
fast_driver_sqlite_open (const char *path, GError **error)
{
  const FastDriver base = {schema, version,  set_version, begin,
                           commit, rollback, run_script,  close_connection};
  Sqlite *sqlite = g_new0 (Sqlite, 1);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW;
  mode_t old = umask (0077);
  int code = sqlite3_open_v2 (path, &sqlite->connection, flags, NULL);

  umask (old);
  sqlite->base = base;
  if (code != SQLITE_OK)
    fail (sqlite, error);
  else if (prepare (sqlite, error))
    return &sqlite->base;
  close_connection (&sqlite->base);
  return NULL;
}
