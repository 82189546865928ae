/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/statement.h"

#include <string.h>

#include "record/base/error.h"

typedef struct {
  int result;
  FastStoreError code;
  const char *id;
} Cause;

static const Cause causes[] = {
    {SQLITE_BUSY, FAST_STORE_ERROR_BUSY, "store-busy"},
    {SQLITE_LOCKED, FAST_STORE_ERROR_BUSY, "store-busy"},
    {SQLITE_CORRUPT, FAST_STORE_ERROR_CORRUPT, "store-corrupt"},
    {SQLITE_NOTADB, FAST_STORE_ERROR_CORRUPT, "store-corrupt"},
    {SQLITE_CONSTRAINT, FAST_STORE_ERROR_CONFLICT, "store-conflict"},
};

/**
 * fast_statement_fail:
 * @handle: a database whose last call failed
 * @error: return location for an error
 *
 * Sets a store error that says why: BUSY, CORRUPT, CONFLICT (a constraint) or IO.
 *
 * Returns: %FALSE always
 */
gboolean
fast_statement_fail (sqlite3 *handle, GError **error)
{
  const char *why = sqlite3_errmsg (handle);

  for (guint i = 0; i < G_N_ELEMENTS (causes); i++)
    if (causes[i].result == (sqlite3_errcode (handle) & 0xff))
      return fast_fail (error, FAST_STORE_ERROR, (int)causes[i].code, causes[i].id, "why=%s", why);
  return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_IO, "store-failed", "why=%s", why);
}

static int
bind_bytes (sqlite3_stmt *statement, int index, GBytes *bytes)
{
  gsize size;
  gconstpointer data;

  if (bytes == NULL)
    return sqlite3_bind_null (statement, index);
  data = g_bytes_get_data (bytes, &size);
  if (size == 0)
    return sqlite3_bind_zeroblob (statement, index, 0);
  return sqlite3_bind_blob64 (statement, index, data, size, SQLITE_TRANSIENT);
}

static gboolean
bind_all (sqlite3_stmt *statement, const char *format, va_list values)
{
  int result = SQLITE_OK;

  for (int i = 1; *format != '\0' && result == SQLITE_OK; format++, i++) {
    if (*format == 's')
      result =
          sqlite3_bind_text (statement, i, va_arg (values, const char *), -1, SQLITE_TRANSIENT);
    else if (*format == 'i')
      result = sqlite3_bind_int64 (statement, i, va_arg (values, gint64));
    else if (*format == 'b')
      result = bind_bytes (statement, i, va_arg (values, GBytes *));
    else if (*format == 'h')
      result = sqlite3_bind_blob (statement, i, va_arg (values, const guint8 *), FAST_SHA256_SIZE,
                                  SQLITE_TRANSIENT);
    else
      g_assert_not_reached ();
  }
  return result == SQLITE_OK;
}

static sqlite3_stmt *
prepare (FastStore *store, GError **error, const char *sql, const char *format, va_list values)
{
  sqlite3 *handle = fast_store_handle (store);
  g_autoptr (sqlite3_stmt) statement = NULL;

  if (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL) == SQLITE_OK &&
      bind_all (statement, format, values))
    return g_steal_pointer (&statement);
  fast_statement_fail (handle, error);
  return NULL;
}

/**
 * fast_statement_new:
 * @store: a store
 * @error: return location for an error
 * @sql: one statement
 * @format: what is bound, see above; `""` for nothing
 * @...: the values
 *
 * Returns: (transfer full): the prepared statement
 */
sqlite3_stmt *
fast_statement_new (FastStore *store, GError **error, const char *sql, const char *format, ...)
{
  va_list values;
  sqlite3_stmt *statement;

  va_start (values, format);
  statement = prepare (store, error, sql, format, values);
  va_end (values);
  return statement;
}

/**
 * fast_statement_run:
 * @store: a store
 * @error: return location for an error
 * @sql: one statement that gives no rows
 * @format: what is bound, see above
 * @...: the values
 *
 * Returns: whether it was done
 */
gboolean
fast_statement_run (FastStore *store, GError **error, const char *sql, const char *format, ...)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  gboolean row;
  va_list values;

  va_start (values, format);
  statement = prepare (store, error, sql, format, values);
  va_end (values);
  return statement != NULL && fast_statement_step (statement, &row, error);
}

/**
 * fast_statement_step:
 * @statement: a statement
 * @row: (out): whether there is a row; %FALSE at the end
 * @error: return location for an error
 *
 * Returns: whether the step was made
 */
gboolean
fast_statement_step (sqlite3_stmt *statement, gboolean *row, GError **error)
{
  int result = sqlite3_step (statement);

  *row = result == SQLITE_ROW;
  if (result == SQLITE_ROW || result == SQLITE_DONE)
    return TRUE;
  return fast_statement_fail (sqlite3_db_handle (statement), error);
}

/**
 * fast_statement_text:
 * @statement: a statement on a row
 * @column: counted from 0
 *
 * Returns: (transfer none) (nullable): the text, until the next step
 */
const char *
fast_statement_text (sqlite3_stmt *statement, int column)
{
  return (const char *)sqlite3_column_text (statement, column);
}

/**
 * fast_statement_int:
 * @statement: a statement on a row
 * @column: counted from 0
 *
 * Returns: the number; 0 for NULL
 */
gint64
fast_statement_int (sqlite3_stmt *statement, int column)
{
  return sqlite3_column_int64 (statement, column);
}

/**
 * fast_statement_bytes:
 * @statement: a statement on a row
 * @column: counted from 0
 *
 * Returns: (transfer full) (nullable): the bytes; %NULL for NULL
 */
GBytes *
fast_statement_bytes (sqlite3_stmt *statement, int column)
{
  if (sqlite3_column_type (statement, column) == SQLITE_NULL)
    return NULL;
  return g_bytes_new (sqlite3_column_blob (statement, column),
                      (gsize)sqlite3_column_bytes (statement, column));
}

/**
 * fast_statement_hash:
 * @statement: a statement on a row
 * @column: counted from 0
 * @hash: (out): 32 bytes
 * @error: return location for an error
 *
 * Returns: whether the column holds just 32 bytes; FAST_STORE_ERROR_CORRUPT otherwise
 */
gboolean
fast_statement_hash (sqlite3_stmt *statement, int column, guint8 hash[FAST_SHA256_SIZE],
                     GError **error)
{
  gconstpointer data = sqlite3_column_blob (statement, column);

  if (sqlite3_column_bytes (statement, column) != FAST_SHA256_SIZE)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "store-corrupt", "why=%s",
                      sqlite3_column_name (statement, column));
  return fast_copy (hash, FAST_SHA256_SIZE, data, FAST_SHA256_SIZE);
}
