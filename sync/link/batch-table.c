/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/link/batch-table.h"

#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/store/statement.h"
#include "sync/packet/header.h"

#define COLUMNS                                                                                    \
  "SELECT batch, number, opened, closed, first_officer, second_officer, manifest, item "           \
  "FROM link_batch "

/**
 * fast_batch_row_free:
 * @row: (transfer full): a row
 */
void
fast_batch_row_free (FastBatchRow *row)
{
  g_free (row->batch);
  g_free (row->opened);
  g_free (row->closed);
  g_free (row->first_officer);
  g_free (row->second_officer);
  g_clear_pointer (&row->manifest, g_bytes_unref);
  g_free (row->item);
  g_free (row);
}

static FastBatchRow *
read_row (sqlite3_stmt *statement)
{
  FastBatchRow *row = g_new0 (FastBatchRow, 1);
  const char *manifest = fast_statement_text (statement, 6);

  row->batch = g_strdup (fast_statement_text (statement, 0));
  row->number = fast_statement_int (statement, 1);
  row->opened = g_strdup (fast_statement_text (statement, 2));
  row->closed = g_strdup (fast_statement_text (statement, 3));
  row->first_officer = g_strdup (fast_statement_text (statement, 4));
  row->second_officer = g_strdup (fast_statement_text (statement, 5));
  row->manifest = manifest == NULL ? NULL : g_bytes_new (manifest, strlen (manifest));
  row->item = g_strdup (fast_statement_text (statement, 7));
  return row;
}

static gboolean
find (sqlite3_stmt *statement, FastBatchRow **found, GError **error)
{
  gboolean row;

  *found = NULL;
  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  if (row)
    *found = read_row (statement);
  return TRUE;
}

static gboolean
open_next (FastStore *store, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error, "SELECT coalesce (max (number), 0) + 1 FROM link_batch", "");
  g_autoptr (GDate) today = fast_clock_today ();
  g_autofree char *day = fast_date_format (today);
  g_autofree char *batch = NULL;
  gboolean row;
  gint64 number;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  number = fast_statement_int (statement, 0);
  batch = fast_batch_id_new (fast_store_unit (store), number);
  return fast_statement_run (store, error,
                             "INSERT INTO link_batch (batch, number, opened) VALUES (?, ?, ?)",
                             "sis", batch, number, day);
}

/**
 * fast_batch_table_current:
 * @transaction: a transaction
 * @error: return location for an error
 *
 * Returns: (transfer full): the open batch's id; the first one is opened here
 */
char *
fast_batch_table_current (FastTransaction *transaction, GError **error)
{
  FastStore *store = fast_transaction_store (transaction);
  g_autoptr (FastBatchRow) row = NULL;

  if (!fast_batch_table_find_open (store, &row, error))
    return NULL;
  if (row == NULL &&
      (!open_next (store, error) || !fast_batch_table_find_open (store, &row, error)))
    return NULL;
  return g_strdup (row->batch);
}

/**
 * fast_batch_table_load:
 * @store: a store
 * @batch: a batch
 * @error: return location for an error
 *
 * Returns: (transfer full): its row, or %NULL with FAST_STORE_ERROR_ABSENT
 */
FastBatchRow *
fast_batch_table_load (FastStore *store, const char *batch, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, COLUMNS "WHERE batch = ?", "s", batch);
  FastBatchRow *row;

  if (!find (statement, &row, error))
    return NULL;
  if (row == NULL)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "batch-absent",
                           "batch=%s", batch);
  return row;
}

/**
 * fast_batch_table_find_open:
 * @store: a store
 * @row: (out) (transfer full) (nullable): the open batch; %NULL before anything was sealed
 * @error: return location for an error
 *
 * Returns: whether it could be read
 */
gboolean
fast_batch_table_find_open (FastStore *store, FastBatchRow **row, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, COLUMNS "WHERE closed IS NULL", "");

  return find (statement, row, error);
}

/**
 * fast_batch_table_find_last_closed:
 * @store: a store
 * @row: (out) (transfer full) (nullable): the batch closed last; %NULL when none was
 * @error: return location for an error
 *
 * Returns: whether it could be read
 */
gboolean
fast_batch_table_find_last_closed (FastStore *store, FastBatchRow **row, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error, COLUMNS "WHERE closed IS NOT NULL ORDER BY number DESC LIMIT 1", "");

  return find (statement, row, error);
}

/**
 * fast_batch_table_close:
 * @transaction: a transaction
 * @row: the open batch, with who closes it, the manifest and the batch item
 * @error: return location for an error
 *
 * Closes it and opens the next.
 *
 * Returns: whether both are in @transaction
 */
gboolean
fast_batch_table_close (FastTransaction *transaction, const FastBatchRow *row, GError **error)
{
  FastStore *store = fast_transaction_store (transaction);
  g_autofree char *manifest =
      g_strndup (g_bytes_get_data (row->manifest, NULL), g_bytes_get_size (row->manifest));

  return fast_statement_run (store, error,
                             "UPDATE link_batch SET closed = ?, first_officer = ?, "
                             "second_officer = ?, manifest = ?, item = ? "
                             "WHERE batch = ? AND closed IS NULL",
                             "ssssss", row->closed, row->first_officer, row->second_officer,
                             manifest, row->item, row->batch) &&
         open_next (store, error);
}

/**
 * fast_batch_table_list:
 * @store: a store
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type FastBatchRow): all batches, oldest first
 */
GPtrArray *
fast_batch_table_list (FastStore *store, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, COLUMNS "ORDER BY number", "");
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)fast_batch_row_free);
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return NULL;
  while (row) {
    g_ptr_array_add (list, read_row (statement));
    if (!fast_statement_step (statement, &row, error))
      return NULL;
  }
  return g_steal_pointer (&list);
}
