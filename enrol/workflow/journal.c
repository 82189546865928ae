/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/journal.h"

#include "record/store/statement.h"
#include "record/store/transaction.h"

static gboolean
load (gpointer self, FastEncodeRecord *record, GError **error)
{
  FastCardJournal *journal = self;
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (journal->store, error, "SELECT record FROM card_journal WHERE serial = ?",
                          "s", journal->serial);
  g_autoptr (GBytes) bytes = NULL;
  gboolean row = FALSE;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  if (!row)
    return TRUE;
  bytes = fast_statement_bytes (statement, 0);
  return fast_encode_record_from_bytes (record, bytes, journal->serial, error);
}

static gboolean
save (gpointer self, const FastEncodeRecord *record, GError **error)
{
  FastCardJournal *journal = self;
  g_autoptr (GBytes) bytes = fast_encode_record_to_bytes (record);
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (journal->store, error);

  return transaction != NULL &&
         fast_statement_run (journal->store, error,
                             "INSERT OR REPLACE INTO card_journal (serial, record) VALUES (?, ?)",
                             "sb", journal->serial, bytes) &&
         fast_transaction_commit (transaction, FAST_POINT ("card-journal"), error);
}

/**
 * fast_card_journal:
 * @journal: store and serial; must outlive what is returned
 *
 * Returns: the interface that the encoding writes through
 */
FastEncodeJournal
fast_card_journal (FastCardJournal *journal)
{
  return (FastEncodeJournal){.load = load, .save = save, .self = journal};
}
