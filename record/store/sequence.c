/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/sequence.h"

#include "record/base/error.h"
#include "record/store/statement.h"

/**
 * fast_sequence_next:
 * @transaction: a transaction
 * @name: a counter, as in `item` or `lane-CA`; begins when first asked for
 * @value: (out): its next number, from 1
 * @error: return location for an error
 *
 * Returns: whether it was allotted
 */
gboolean
fast_sequence_next (FastTransaction *transaction, const char *name, gint64 *value, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      fast_transaction_store (transaction), error,
      "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 "
      "RETURNING value",
      "s", name);
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  *value = fast_statement_int (statement, 0);
  return fast_statement_step (statement, &row, error);
}

/**
 * fast_sequence_last:
 * @store: a store
 * @name: a counter
 * @value: (out): the number allotted last; 0 if none was
 * @error: return location for an error
 *
 * Returns: whether it could be read
 */
gboolean
fast_sequence_last (FastStore *store, const char *name, gint64 *value, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, "SELECT value FROM counter WHERE name = ?", "s", name);
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  *value = row ? fast_statement_int (statement, 0) : 0;
  return TRUE;
}

/**
 * fast_sequence_item_id:
 * @transaction: a transaction
 * @error: return location for an error
 *
 * Returns: (transfer full): the next item id, `UNIT-SEQUENCE`
 */
char *
fast_sequence_item_id (FastTransaction *transaction, GError **error)
{
  const char *unit = fast_store_unit (fast_transaction_store (transaction));
  gint64 value;

  if (unit == NULL)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT, "store-no-unit",
                           NULL);
  if (!fast_sequence_next (transaction, FAST_SEQUENCE_ITEM, &value, error))
    return NULL;
  return g_strdup_printf ("%s-%" G_GINT64_FORMAT, unit, value);
}
