/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/schema.h"

#include "record/base/error.h"
#include "record/store/statement.h"
#include "record/store/transaction.h"

/* 'FAST': tells our files from other SQLite files. */
#define APPLICATION_ID G_GINT64_CONSTANT (0x46415354)

static const char *const migrations[] = {
    /* 1 */
    "CREATE TABLE unit ("
    "  only INTEGER PRIMARY KEY CHECK (only = 1),"
    "  id TEXT NOT NULL,"
    "  epoch INTEGER NOT NULL,"
    "  drift INTEGER" /* seconds that the clock was last measured to be wrong by */
    ") STRICT;"
    "CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE audit (leaf INTEGER PRIMARY KEY, item TEXT, row TEXT NOT NULL) STRICT;"
    "CREATE INDEX audit_item ON audit (item, leaf) WHERE item IS NOT NULL;"
    "CREATE TABLE audit_node ("
    "  level INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL,"
    "  PRIMARY KEY (level, position)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE officer (name TEXT PRIMARY KEY, agency TEXT NOT NULL) STRICT;"
    "CREATE TABLE vault_wrap ("
    "  officer TEXT PRIMARY KEY REFERENCES officer, revision INTEGER NOT NULL,"
    "  kdf TEXT NOT NULL, n INTEGER NOT NULL, r INTEGER NOT NULL, p INTEGER NOT NULL,"
    "  salt BLOB NOT NULL, wrap BLOB NOT NULL"
    ") STRICT;"
    "CREATE TABLE vault_recovery ("
    "  only INTEGER PRIMARY KEY CHECK (only = 1), revision INTEGER NOT NULL,"
    "  wrap BLOB NOT NULL, share_ca BLOB NOT NULL, share_us BLOB NOT NULL"
    ") STRICT;"
    "CREATE TABLE vault_secret ("
    "  name TEXT PRIMARY KEY, revision INTEGER NOT NULL, sealed BLOB NOT NULL"
    ") STRICT;"
    "CREATE TABLE record ("
    "  id TEXT PRIMARY KEY, personal BLOB, biometric BLOB, destroyed INTEGER"
    ") STRICT;"
    "CREATE TABLE index_card ("
    "  record TEXT PRIMARY KEY REFERENCES record, revision INTEGER NOT NULL, sealed BLOB NOT NULL"
    ") STRICT;"
    "CREATE TABLE item ("
    "  id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, kind TEXT NOT NULL, about TEXT,"
    "  record TEXT NOT NULL REFERENCES record"
    ") STRICT;"
    "CREATE INDEX item_about ON item (about) WHERE about IS NOT NULL;"
    "CREATE TABLE revision ("
    "  item TEXT NOT NULL REFERENCES item, revision INTEGER NOT NULL,"
    "  predecessor TEXT, predecessor_revision INTEGER NOT NULL,"
    "  parts BLOB NOT NULL, sequence INTEGER NOT NULL, clock INTEGER NOT NULL,"
    "  PRIMARY KEY (item, revision)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE part ("
    "  item TEXT NOT NULL, revision INTEGER NOT NULL, name TEXT NOT NULL, class TEXT NOT NULL,"
    "  salt BLOB NOT NULL, digest BLOB NOT NULL,"
    "  origin INTEGER NOT NULL," /* the revision whose row holds the sealed bytes */
    "  sealed BLOB CHECK ((sealed IS NULL) = (origin <> revision)),"
    "  PRIMARY KEY (item, revision, name),"
    "  FOREIGN KEY (item, revision) REFERENCES revision"
    ") STRICT;"
    "CREATE TABLE outbox ("
    "  packet TEXT PRIMARY KEY, nation TEXT NOT NULL, lane INTEGER NOT NULL,"
    "  item TEXT NOT NULL, revision INTEGER NOT NULL, kind TEXT NOT NULL,"
    "  urgent INTEGER NOT NULL, size INTEGER NOT NULL,"
    "  supersedes TEXT REFERENCES outbox, state TEXT NOT NULL, offset INTEGER NOT NULL, reason "
    "TEXT,"
    "  sealed INTEGER NOT NULL, created INTEGER, moved INTEGER NOT NULL, stored INTEGER,"
    "  opened INTEGER, refused INTEGER,"
    "  UNIQUE (nation, lane), FOREIGN KEY (item, revision) REFERENCES revision"
    ") STRICT;"
    "CREATE INDEX outbox_state ON outbox (nation, state, urgent, lane);"
    "CREATE UNIQUE INDEX outbox_supersedes ON outbox (supersedes) WHERE supersedes IS NOT NULL;"
    "CREATE INDEX outbox_item ON outbox (item, revision, nation);",
    NULL,
};

const FastSchema fast_store_schema = {"store", migrations};

static gboolean
pragma_int (FastStore *store, const char *sql, gint64 *value, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (store, error, sql, "");
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  *value = row ? fast_statement_int (statement, 0) : 0;
  return TRUE;
}

static gboolean
fail_foreign (FastStore *store, GError **error)
{
  return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "store-foreign", "path=%s",
                    fast_store_path (store));
}

/**
 * fast_schema_refuse_foreign:
 * @store: a store that is being opened and on which nothing was changed yet
 * @error: return location for an error
 *
 * Returns: %FALSE when the file has tables and none of them is ours
 */
gboolean
fast_schema_refuse_foreign (FastStore *store, GError **error)
{
  gint64 tables;

  if (!pragma_int (store,
                   "SELECT count(*) FROM sqlite_schema "
                   "WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'schema')",
                   &tables, error))
    return FALSE;
  return tables == 0 || fail_foreign (store, error);
}

static gboolean
make_ours (FastTransaction *transaction, GError **error)
{
  FastStore *store = fast_transaction_store (transaction);

  return fast_statement_run (store, error,
                             "CREATE TABLE schema ("
                             "  room TEXT PRIMARY KEY, version INTEGER NOT NULL"
                             ") STRICT",
                             "") &&
         fast_statement_run (store, error, "PRAGMA application_id = 0x46415354", "") &&
         fast_transaction_commit (transaction, FAST_POINT ("store-migrate"), error);
}

/* Looked at again inside the transaction: another process may be making the same new file. */
static gboolean
take_new_file (FastStore *store, GError **error)
{
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (store, error);
  gint64 id;
  gint64 tables;

  if (transaction == NULL || !pragma_int (store, "PRAGMA application_id", &id, error) ||
      !pragma_int (store, "SELECT count(*) FROM sqlite_schema", &tables, error))
    return FALSE;
  if (id == APPLICATION_ID)
    return TRUE;
  if (id != 0 || tables != 0)
    return fail_foreign (store, error);
  return make_ours (transaction, error);
}

/**
 * fast_schema_prepare:
 * @store: a store that is being opened
 * @error: return location for an error
 *
 * Makes a new file one of ours and refuses a file that is another program's.
 *
 * Returns: whether the file is ours
 */
gboolean
fast_schema_prepare (FastStore *store, GError **error)
{
  gint64 id;

  if (!pragma_int (store, "PRAGMA application_id", &id, error))
    return FALSE;
  return id == APPLICATION_ID || take_new_file (store, error);
}

static gboolean
get_version (FastStore *store, const char *room, gint64 *version, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, "SELECT version FROM schema WHERE room = ?", "s", room);
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  *version = row ? fast_statement_int (statement, 0) : 0;
  return TRUE;
}

/**
 * fast_schema_check:
 * @store: a store
 * @schema: a room's
 * @error: return location for an error
 *
 * Returns: %FALSE with FAST_STORE_ERROR_NEWER when the file is of a later version of that room
 */
gboolean
fast_schema_check (FastStore *store, const FastSchema *schema, GError **error)
{
  gint64 known = (gint64)g_strv_length ((char **)schema->migrations);
  gint64 version;

  if (!get_version (store, schema->room, &version, error))
    return FALSE;
  if (version > known)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_NEWER, "store-newer",
                      "path=%s, room=%s, version=%" G_GINT64_FORMAT ", known=%" G_GINT64_FORMAT,
                      fast_store_path (store), schema->room, version, known);
  return TRUE;
}

static gboolean
apply (FastStore *store, const FastSchema *schema, gint64 version, GError **error)
{
  sqlite3 *handle = fast_store_handle (store);

  if (sqlite3_exec (handle, schema->migrations[version], NULL, NULL, NULL) != SQLITE_OK) {
    fast_statement_fail (handle, error);
    return fast_error_prefix (error, "store-migration", "room=%s, version=%" G_GINT64_FORMAT,
                              schema->room, version + 1);
  }
  return fast_statement_run (store, error,
                             "INSERT INTO schema VALUES (?1, ?2) "
                             "ON CONFLICT (room) DO UPDATE SET version = ?2",
                             "si", schema->room, version + 1);
}

/* One migration in its own transaction. The version is read again inside: another process may have
 * been first. */
static gboolean
migrate_once (FastStore *store, const FastSchema *schema, gint64 known, gint64 *version,
              GError **error)
{
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (store, error);

  if (transaction == NULL || !get_version (store, schema->room, version, error))
    return FALSE;
  if (*version >= known)
    return TRUE;
  if (!apply (store, schema, *version, error))
    return FALSE;
  *version += 1;
  return fast_transaction_commit (transaction, FAST_POINT ("store-migrate"), error);
}

/**
 * fast_schema_migrate:
 * @store: a store
 * @schema: a room's
 * @error: return location for an error
 *
 * Brings the room's tables to the newest version, each step in one transaction: a step that fails
 * leaves the file as it was.
 *
 * Returns: whether they are at the newest version
 */
gboolean
fast_schema_migrate (FastStore *store, const FastSchema *schema, GError **error)
{
  gint64 known = (gint64)g_strv_length ((char **)schema->migrations);
  gint64 version;

  if (!get_version (store, schema->room, &version, error))
    return FALSE;
  while (version < known)
    if (!migrate_once (store, schema, known, &version, error))
      return FALSE;
  return TRUE;
}
