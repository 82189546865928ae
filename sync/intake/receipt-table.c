/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/clock.h"
#include "sync/intake/tables.h"

gboolean
fast_intake_tables_insert_receipt (FastIntakeDatabase *database, const char *unit,
                                   const char *packet, const char *kind, GBytes *token,
                                   GError **error)
{
  return fast_intake_tables_run (
      database,
      "INSERT INTO receipt (packet, unit, kind, token, issued)"
      " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (packet, kind) DO NOTHING",
      g_variant_new ("(sss@ayx)", packet, unit, kind, fast_intake_tables_bytes (token),
                     fast_clock_now ()),
      error);
}

/**
 * fast_intake_database_add_receipt:
 * @database: the tables
 * @unit: whose packet
 * @packet: its id
 * @kind: `opened` or `refusal`
 * @token: the receipt, or the refusal's CMS
 * @error: return location for an error
 *
 * Returns: whether it is committed; a receipt that is there stays
 */
gboolean
fast_intake_database_add_receipt (FastIntakeDatabase *database, const char *unit,
                                  const char *packet, const char *kind, GBytes *token,
                                  GError **error)
{
  if (!fast_intake_tables_begin (database, error))
    return FALSE;
  return fast_intake_tables_finish (
      database, fast_intake_tables_insert_receipt (database, unit, packet, kind, token, error),
      FAST_POINT ("intake-commit-receipt"), error);
}

/**
 * fast_intake_database_add_batch:
 * @database: the tables
 * @unit: whose batch
 * @batch: its id
 * @packet: the packet that holds its manifest
 * @view: the nation's own roots and counts, as in the receipt
 * @token: the *batch* receipt
 * @error: return location for an error
 *
 * Returns: whether both are committed
 */
gboolean
fast_intake_database_add_batch (FastIntakeDatabase *database, const char *unit, const char *batch,
                                const char *packet, const char *view, GBytes *token, GError **error)
{
  if (!fast_intake_tables_begin (database, error))
    return FALSE;
  return fast_intake_tables_finish (
      database,
      fast_intake_tables_run (
          database,
          "INSERT INTO batch (unit, batch, packet, view) VALUES ($1, $2, $3, $4)"
          " ON CONFLICT (unit, batch) DO UPDATE SET packet = $3, view = $4",
          g_variant_new ("(ssss)", unit, batch, packet, view), error) &&
          fast_intake_tables_insert_receipt (database, unit, packet, "batch", token, error),
      FAST_POINT ("intake-commit-batch"), error);
}

/**
 * fast_intake_database_find_batch:
 * @database: the tables
 * @unit: whose batch
 * @batch: its id
 * @packet: (out) (transfer full) (nullable): the packet that holds its manifest; %NULL while none
 *   was opened
 * @error: return location for an error
 *
 * Returns: whether it could be read
 */
gboolean
fast_intake_database_find_batch (FastIntakeDatabase *database, const char *unit, const char *batch,
                                 char **packet, GError **error)
{
  *packet = NULL;
  return fast_intake_tables_query (
      database, "SELECT packet FROM batch WHERE unit = $1 AND batch = $2",
      g_variant_new ("(ss)", unit, batch), fast_intake_tables_take_text, packet, error);
}

static void
take_bytes (const FastColumn *columns, gpointer data)
{
  *(GBytes **)data = g_bytes_new (columns[0].data, columns[0].size);
}

/**
 * fast_intake_database_find_receipt:
 * @database: the tables
 * @unit: whose packet
 * @packet: its id
 * @kind: `stored`, `opened`, `batch` or `refusal`
 * @token: (out) (transfer full) (nullable): the receipt; %NULL where there is none
 * @error: return location for an error
 *
 * Returns: whether it could be read
 */
gboolean
fast_intake_database_find_receipt (FastIntakeDatabase *database, const char *unit,
                                   const char *packet, const char *kind, GBytes **token,
                                   GError **error)
{
  *token = NULL;
  return fast_intake_tables_query (
      database, "SELECT token FROM receipt WHERE unit = $1 AND packet = $2 AND kind = $3",
      g_variant_new ("(sss)", unit, packet, kind), take_bytes, token, error);
}

static void
add_receipt_row (const FastColumn *columns, gpointer data)
{
  FastReceiptRow *row = g_new0 (FastReceiptRow, 1);

  row->cursor = columns[0].number;
  row->packet = g_strdup (columns[1].text);
  row->kind = g_strdup (columns[2].text);
  g_ptr_array_add (data, row);
}

/**
 * fast_intake_database_list_receipts:
 * @database: the tables
 * @unit: whose
 * @after: only those with a greater cursor
 * @most: at most so many
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type FastReceiptRow): what is new, in the cursor's order
 */
GPtrArray *
fast_intake_database_list_receipts (FastIntakeDatabase *database, const char *unit, gint64 after,
                                    guint most, GError **error)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fast_receipt_row_free);

  if (!fast_intake_tables_query (
          database,
          "SELECT cursor, packet, kind FROM receipt WHERE unit = $1 AND cursor > $2"
          " ORDER BY cursor LIMIT $3",
          g_variant_new ("(sxx)", unit, after, (gint64)most), add_receipt_row, list, error))
    return NULL;
  return g_steal_pointer (&list);
}
