/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/index-card.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/json.h"
#include "record/store/statement.h"
#include "record/store/vault-private.h"

typedef struct {
  char *record;
  gsize start;
  gsize size;
} Card;

struct _FastIndex {
  FastSecret *text; /* all cards, one after another */
  GPtrArray *cards;
  GHashTable *by_record;
};

static FastPlace
place_of (const char *record, gint64 revision)
{
  return (FastPlace){"index_card", record, "sealed", revision};
}

static gboolean
load (FastStore *store, const char *record, gint64 *revision, GBytes **sealed, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error, "SELECT revision, sealed FROM index_card WHERE record = ?", "s", record);
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  *revision = row ? fast_statement_int (statement, 0) : 0;
  *sealed = row ? fast_statement_bytes (statement, 1) : NULL;
  return TRUE;
}

/**
 * fast_index_card_put:
 * @transaction: a transaction
 * @vault: an open vault
 * @record: a record
 * @card: a small JSON object
 * @error: return location for an error
 *
 * Keeps the record's index card, sealed, in place of an earlier one.
 *
 * Returns: whether it is in @transaction
 */
gboolean
fast_index_card_put (FastTransaction *transaction, FastVault *vault, const char *record,
                     JsonNode *card, GError **error)
{
  FastStore *store = fast_transaction_store (transaction);
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) sealed = NULL;
  char *text;
  FastPlace place;
  gint64 revision;

  if (!load (store, record, &revision, &before, error))
    return FALSE;
  place = place_of (record, revision + 1);
  text = fast_json_canonical (card);
  sealed =
      fast_record_seal (vault, record, FAST_CLASS_PERSONAL, &place, text, strlen (text), error);
  fast_wipe (text, strlen (text));
  g_free (text);
  return sealed != NULL &&
         fast_statement_run (store, error, "INSERT OR REPLACE INTO index_card VALUES (?, ?, ?)",
                             "sib", record, revision + 1, sealed);
}

static JsonNode *
parse (const guint8 *data, gsize size, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);

  return fast_json_parse (bytes, "index card", error);
}

/**
 * fast_index_card_get:
 * @vault: an open vault
 * @record: a record
 * @error: return location for an error
 *
 * Returns: (transfer full): its index card; %NULL with FAST_STORE_ERROR_ABSENT if it has none
 */
JsonNode *
fast_index_card_get (FastVault *vault, const char *record, GError **error)
{
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (FastSecret) text = NULL;
  FastPlace place;
  gint64 revision;

  if (!load (vault->store, record, &revision, &sealed, error))
    return NULL;
  if (sealed == NULL)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "record-unknown",
                           "record=%s", record);
  place = place_of (record, revision);
  text = fast_record_open (vault, record, FAST_CLASS_PERSONAL, &place, sealed, error);
  return text == NULL ? NULL : parse (fast_secret_data (text), fast_secret_size (text), error);
}

static void
card_free (gpointer data)
{
  Card *card = data;

  g_free (card->record);
  g_free (card);
}

static void
add_card (FastIndex *index, const char *record, FastSecret *text)
{
  Card *card = g_new0 (Card, 1);

  card->record = g_strdup (record);
  card->start = fast_secret_size (index->text);
  card->size = fast_secret_size (text);
  fast_secret_append (index->text, fast_secret_data (text), card->size);
  g_ptr_array_add (index->cards, card);
  g_hash_table_insert (index->by_record, card->record, card);
}

static gboolean
read_card (FastIndex *index, FastVault *vault, sqlite3_stmt *statement, GError **error)
{
  const char *record = fast_statement_text (statement, 0);
  FastPlace place = place_of (record, fast_statement_int (statement, 1));
  g_autoptr (GBytes) sealed = fast_statement_bytes (statement, 2);
  g_autoptr (FastSecret) text =
      fast_record_open (vault, record, FAST_CLASS_PERSONAL, &place, sealed, error);

  if (text == NULL)
    return FALSE;
  add_card (index, record, text);
  return TRUE;
}

static FastIndex *
index_new (void)
{
  FastIndex *index = g_new0 (FastIndex, 1);

  index->text = fast_secret_new (0);
  index->cards = g_ptr_array_new_with_free_func (card_free);
  index->by_record = g_hash_table_new (g_str_hash, g_str_equal);
  return index;
}

/**
 * fast_index_open:
 * @vault: an open vault
 * @error: return location for an error
 *
 * Opens every index card. For a large store call it from a thread with a store and vault of its
 * own.
 *
 * Returns: (transfer full): the index
 */
FastIndex *
fast_index_open (FastVault *vault, GError **error)
{
  g_autoptr (FastIndex) index = index_new ();
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      vault->store, error, "SELECT record, revision, sealed FROM index_card ORDER BY record", "");
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return NULL;
  while (row)
    if (!read_card (index, vault, statement, error) ||
        !fast_statement_step (statement, &row, error))
      return NULL;
  return g_steal_pointer (&index);
}

/**
 * fast_index_free:
 * @index: (transfer full): an index; its cards are wiped
 */
void
fast_index_free (FastIndex *index)
{
  fast_secret_free (index->text);
  g_hash_table_unref (index->by_record);
  g_ptr_array_unref (index->cards);
  g_free (index);
}

/**
 * fast_index_size:
 * @index: an index
 *
 * Returns: how many cards it has
 */
guint
fast_index_size (FastIndex *index)
{
  return index->cards->len;
}

/**
 * fast_index_find:
 * @index: an index
 * @text: what a card's canonical JSON must contain; fold it as the cards' makers do
 * @limit: how many at most
 *
 * Returns: (transfer full) (element-type utf8): the ids of the records whose cards contain it
 */
GPtrArray *
fast_index_find (FastIndex *index, const char *text, guint limit)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < index->cards->len && found->len < limit; i++) {
    const Card *card = index->cards->pdata[i];

    if (memmem (fast_secret_data (index->text) + card->start, card->size, text, strlen (text)))
      g_ptr_array_add (found, g_strdup (card->record));
  }
  return found;
}

/**
 * fast_index_get:
 * @index: an index
 * @record: a record
 * @error: return location for an error
 *
 * Returns: (transfer full): the record's card
 */
JsonNode *
fast_index_get (FastIndex *index, const char *record, GError **error)
{
  const Card *card = g_hash_table_lookup (index->by_record, record);

  if (card == NULL)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "record-unknown",
                           "record=%s", record);
  return parse (fast_secret_data (index->text) + card->start, card->size, error);
}
