/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/transaction.h"

#include "record/base/durable.h"
#include "record/store/statement.h"

struct _FastTransaction {
  FastStore *store;
  gboolean open;
};

/**
 * fast_transaction_begin:
 * @store: a store with no transaction open
 * @error: return location for an error
 *
 * Returns: (transfer full): the transaction; %NULL with FAST_STORE_ERROR_BUSY when another process
 *   writes for more than ten seconds
 */
FastTransaction *
fast_transaction_begin (FastStore *store, GError **error)
{
  FastTransaction *transaction;

  g_assert (sqlite3_get_autocommit (fast_store_handle (store)));
  if (!fast_statement_run (store, error, "BEGIN IMMEDIATE", ""))
    return NULL;
  transaction = g_new0 (FastTransaction, 1);
  transaction->store = store;
  transaction->open = TRUE;
  return transaction;
}

static gboolean
commit (gpointer data, GError **error)
{
  FastTransaction *transaction = data;

  transaction->open = !fast_statement_run (transaction->store, error, "COMMIT", "");
  return !transaction->open;
}

/**
 * fast_transaction_commit:
 * @transaction: a transaction
 * @point: (nullable): the failpoint of this place, passed before and after
 * @error: return location for an error
 *
 * Returns: whether it is on stable storage. After an error the caller reads back, as after a crash
 */
gboolean
fast_transaction_commit (FastTransaction *transaction, FastPoint *point, GError **error)
{
  return fast_durable_commit (commit, transaction, point, error);
}

/**
 * fast_transaction_free:
 * @transaction: (transfer full): a transaction; rolled back unless it was committed
 */
void
fast_transaction_free (FastTransaction *transaction)
{
  sqlite3 *handle = fast_store_handle (transaction->store);

  if (transaction->open && !sqlite3_get_autocommit (handle))
    sqlite3_exec (handle, "ROLLBACK", NULL, NULL, NULL);
  g_free (transaction);
}

/**
 * fast_transaction_store:
 * @transaction: a transaction
 *
 * Returns: (transfer none): its store
 */
FastStore *
fast_transaction_store (FastTransaction *transaction)
{
  return transaction->store;
}
