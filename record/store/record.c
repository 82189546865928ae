/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/record.h"

#include <string.h>

#include "record/base/error.h"
#include "record/store/audit.h"
#include "record/store/sequence.h"
#include "record/store/statement.h"
#include "record/store/vault-private.h"

/* Also the names of the columns that hold the wrapped keys. */
static const char *const class_names[] = {
    [FAST_CLASS_PERSONAL] = "personal",
    [FAST_CLASS_BIOMETRIC] = "biometric",
};

/**
 * fast_class_name:
 * @class: a class
 *
 * Returns: (transfer none): `personal` or `biometric`
 */
const char *
fast_class_name (FastClass class)
{
  return class_names[class];
}

/**
 * fast_class_parse:
 * @name: a class's name
 * @class: (out): the class
 * @error: return location for an error
 *
 * Returns: whether there is such a class
 */
gboolean
fast_class_parse (const char *name, FastClass *class, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (class_names); i++)
    if (strcmp (class_names[i], name) == 0) {
      *class = (FastClass)i;
      return TRUE;
    }
  return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "store-corrupt", "why=%s",
                    "class");
}

static FastPlace
key_place (const char *record, FastClass class)
{
  return (FastPlace){"record", record, class_names[class], 1};
}

static GBytes *
make_key (FastVault *vault, const char *record, FastClass class, GError **error)
{
  FastPlace place = key_place (record, class);
  g_autoptr (FastSecret) key = fast_secret_new (FAST_SEALED_KEY_SIZE);

  if (!fast_random (fast_secret_data (key), FAST_SEALED_KEY_SIZE, error))
    return NULL;
  return fast_sealed_value_new (vault->key, &place, fast_secret_data (key), FAST_SEALED_KEY_SIZE,
                                error);
}

static char *
next_id (FastTransaction *transaction, GError **error)
{
  const char *unit = fast_store_unit (fast_transaction_store (transaction));
  gint64 number;

  if (unit == NULL)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT, "store-no-unit",
                           NULL);
  if (!fast_sequence_next (transaction, FAST_SEQUENCE_RECORD, &number, error))
    return NULL;
  return g_strdup_printf ("%s-R%" G_GINT64_FORMAT, unit, number);
}

/**
 * fast_record_create:
 * @transaction: a transaction
 * @vault: an open vault
 * @error: return location for an error
 *
 * Makes a record with two new keys.
 *
 * Returns: (transfer full): its id, as in `U1-R7`; a number, nothing personal
 */
char *
fast_record_create (FastTransaction *transaction, FastVault *vault, GError **error)
{
  g_autofree char *id = next_id (transaction, error);
  g_autoptr (GBytes) personal = NULL;
  g_autoptr (GBytes) biometric = NULL;

  if (id == NULL)
    return NULL;
  personal = make_key (vault, id, FAST_CLASS_PERSONAL, error);
  biometric = personal == NULL ? NULL : make_key (vault, id, FAST_CLASS_BIOMETRIC, error);
  if (biometric == NULL ||
      !fast_statement_run (vault->store, error, "INSERT INTO record VALUES (?, ?, ?, NULL)", "sbb",
                           id, personal, biometric))
    return NULL;
  return g_steal_pointer (&id);
}

static GBytes *
load_wrap (FastStore *store, const char *record, FastClass class, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error, "SELECT personal, biometric FROM record WHERE id = ?", "s", record);
  gboolean row;
  GBytes *wrap;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return NULL;
  if (!row)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "record-unknown",
                           "record=%s", record);
  wrap = fast_statement_bytes (statement, class == FAST_CLASS_PERSONAL ? 0 : 1);
  if (wrap == NULL)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "record-destroyed",
                           "record=%s", record);
  return wrap;
}

static FastSecret *
open_key (FastVault *vault, const char *record, FastClass class, GError **error)
{
  FastPlace place = key_place (record, class);
  g_autoptr (GBytes) wrap = load_wrap (vault->store, record, class, error);

  return wrap == NULL ? NULL : fast_sealed_value_open (vault->key, &place, wrap, error);
}

/**
 * fast_record_seal:
 * @vault: an open vault
 * @record: a record
 * @class: which of its keys
 * @place: where the value will lie
 * @data: (nullable): the value
 * @size: its bytes
 * @error: return location for an error
 *
 * Returns: (transfer full): the sealed value; %NULL with FAST_STORE_ERROR_ABSENT when the record or
 *   its keys are gone
 */
GBytes *
fast_record_seal (FastVault *vault, const char *record, FastClass class, const FastPlace *place,
                  gconstpointer data, gsize size, GError **error)
{
  g_autoptr (FastSecret) key = open_key (vault, record, class, error);

  return key == NULL ? NULL : fast_sealed_value_new (key, place, data, size, error);
}

/**
 * fast_record_open:
 * @vault: an open vault
 * @record: a record
 * @class: which of its keys
 * @place: where the value lies
 * @sealed: the sealed value
 * @error: return location for an error
 *
 * Returns: (transfer full): the value
 */
FastSecret *
fast_record_open (FastVault *vault, const char *record, FastClass class, const FastPlace *place,
                  GBytes *sealed, GError **error)
{
  g_autoptr (FastSecret) key = open_key (vault, record, class, error);

  return key == NULL ? NULL : fast_sealed_value_open (key, place, sealed, error);
}

static gboolean
delete_keys (FastStore *store, const char *record, GError **error)
{
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (store, error);

  return transaction != NULL &&
         fast_statement_run (store, error,
                             "UPDATE record SET personal = NULL, biometric = NULL WHERE id = ?",
                             "s", record) &&
         fast_statement_run (store, error, "DELETE FROM index_card WHERE record = ?", "s",
                             record) &&
         fast_transaction_commit (transaction, FAST_POINT ("record-destroy"), error);
}

static gboolean
tell_destroyed (FastStore *store, const char *actor, const char *record, GError **error)
{
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (store, error);
  g_autoptr (JsonObject) details = json_object_new ();
  gint64 sequence;

  json_object_set_string_member (details, "record", record);
  return transaction != NULL &&
         fast_audit_append (transaction, actor, "keys-destroyed", NULL, details, &sequence,
                            error) &&
         fast_statement_run (store, error, "UPDATE record SET destroyed = ? WHERE id = ?", "is",
                             sequence, record) &&
         fast_transaction_commit (transaction, FAST_POINT ("record-destroyed"), error);
}

/**
 * fast_record_destroy_keys:
 * @store: a store with no transaction open
 * @actor: who does it
 * @record: a record that the rules let go; they are the caller's
 * @error: return location for an error
 *
 * Deletes the record's keys and index card, empties the write-ahead log so that no copy is left,
 * and only then audits that they are gone. May be repeated after a crash.
 *
 * Returns: whether all is done; FAST_STORE_ERROR_BUSY when a reader held the log: try again
 */
gboolean
fast_record_destroy_keys (FastStore *store, const char *actor, const char *record, GError **error)
{
  return delete_keys (store, record, error) && fast_store_checkpoint (store, error) &&
         tell_destroyed (store, actor, record, error);
}
