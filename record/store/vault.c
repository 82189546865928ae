/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/vault.h"

#include <string.h>

#include "record/base/error.h"
#include "record/store/audit.h"
#include "record/store/passphrase-wrap.h"
#include "record/store/statement.h"
#include "record/store/vault-private.h"

static FastPlace
place_of (const char *officer, gint64 revision)
{
  return (FastPlace){"vault_wrap", officer, "wrap", revision};
}

/**
 * fast_vault_new_take:
 * @store: its store
 * @officer: who opened it
 * @key: (transfer full): the vault key
 *
 * Returns: (transfer full): an open vault
 */
FastVault *
fast_vault_new_take (FastStore *store, const char *officer, FastSecret *key)
{
  FastVault *vault = g_new0 (FastVault, 1);

  vault->store = store;
  vault->officer = g_strdup (officer);
  vault->key = key;
  return vault;
}

/**
 * fast_vault_close:
 * @vault: (transfer full): a vault; its key is wiped
 */
void
fast_vault_close (FastVault *vault)
{
  fast_secret_free (vault->key);
  g_free (vault->officer);
  g_free (vault);
}

/**
 * fast_vault_exists:
 * @store: a store
 * @exists: (out): whether it has a vault
 * @error: return location for an error
 *
 * Returns: whether that could be read
 */
gboolean
fast_vault_exists (FastStore *store, gboolean *exists, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, "SELECT 1 FROM vault_wrap LIMIT 1", "");

  return statement != NULL && fast_statement_step (statement, exists, error);
}

static gboolean
write_wrap (FastStore *store, const char *officer, gint64 revision, const FastPassphraseWrap *wrap,
            GError **error)
{
  return fast_statement_run (store, error,
                             "INSERT INTO vault_wrap VALUES (?, ?, 'scrypt', ?, ?, ?, ?, ?) "
                             "ON CONFLICT (officer) DO UPDATE SET revision = excluded.revision, "
                             "n = excluded.n, r = excluded.r, p = excluded.p, "
                             "salt = excluded.salt, wrap = excluded.wrap",
                             "siiiibb", officer, revision, wrap->n, wrap->r, wrap->p, wrap->salt,
                             wrap->wrap);
}

static gboolean
insert_officer (FastTransaction *transaction, const char *actor, const char *officer,
                const char *agency, const FastPassphraseWrap *wrap, GError **error)
{
  FastStore *store = fast_transaction_store (transaction);
  g_autoptr (JsonObject) details = json_object_new ();

  json_object_set_string_member (details, "agency", agency);
  json_object_set_string_member (details, "officer", officer);
  if (!fast_statement_run (store, error, "INSERT INTO officer VALUES (?, ?)", "ss", officer,
                           agency))
    return fast_error_prefix (error, "vault-officer-add", "officer=%s", officer);
  return write_wrap (store, officer, 1, wrap, error) &&
         fast_audit_append (transaction, actor, "officer-added", NULL, details, NULL, error);
}

static gboolean
refuse_second_vault (FastStore *store, GError **error)
{
  gboolean exists;

  if (!fast_vault_exists (store, &exists, error))
    return FALSE;
  if (exists)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT, "vault-exists", "path=%s",
                      fast_store_path (store));
  return TRUE;
}

static FastPassphraseWrap *
new_wrap (const char *officer, gint64 revision, FastSecret *passphrase, FastSecret *key,
          GError **error)
{
  FastPlace place = place_of (officer, revision);

  if (!fast_passphrase_check (passphrase, error))
    return NULL;
  return fast_passphrase_wrap_new (passphrase, &place, key, error);
}

/**
 * fast_vault_create:
 * @store: a store without a vault
 * @officer: the first officer
 * @agency: `CBSA` or `CBP`
 * @passphrase: that officer's passphrase
 * @error: return location for an error
 *
 * Makes the vault key and its first wrap, and audits it.
 *
 * Returns: (transfer full): the vault, open; %NULL with FAST_STORE_ERROR_CONFLICT if there is one
 */
FastVault *
fast_vault_create (FastStore *store, const char *officer, const char *agency,
                   FastSecret *passphrase, GError **error)
{
  g_autoptr (FastSecret) key = fast_secret_new (FAST_SEALED_KEY_SIZE);
  g_autoptr (FastPassphraseWrap) wrap = NULL;
  g_autoptr (FastTransaction) transaction = NULL;

  if (!fast_random (fast_secret_data (key), FAST_SEALED_KEY_SIZE, error))
    return NULL;
  wrap = new_wrap (officer, 1, passphrase, key, error);
  if (wrap == NULL)
    return NULL;
  transaction = fast_transaction_begin (store, error);
  if (transaction == NULL || !refuse_second_vault (store, error) ||
      !insert_officer (transaction, officer, officer, agency, wrap, error) ||
      !fast_transaction_commit (transaction, FAST_POINT ("vault-create"), error))
    return NULL;
  return fast_vault_new_take (store, officer, g_steal_pointer (&key));
}

static FastPassphraseWrap *
load_wrap (FastStore *store, const char *officer, gint64 *revision, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error, "SELECT revision, n, r, p, salt, wrap FROM vault_wrap WHERE officer = ?", "s",
      officer);
  FastPassphraseWrap *wrap;
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return NULL;
  if (!row)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT,
                           "vault-officer-unknown", "officer=%s", officer);
  wrap = g_new0 (FastPassphraseWrap, 1);
  *revision = fast_statement_int (statement, 0);
  wrap->n = fast_statement_int (statement, 1);
  wrap->r = fast_statement_int (statement, 2);
  wrap->p = fast_statement_int (statement, 3);
  wrap->salt = fast_statement_bytes (statement, 4);
  wrap->wrap = fast_statement_bytes (statement, 5);
  return wrap;
}

static FastSecret *
unwrap (FastStore *store, const char *officer, FastSecret *passphrase, gint64 *revision,
        GError **error)
{
  g_autoptr (FastPassphraseWrap) wrap = load_wrap (store, officer, revision, error);
  FastPlace place;

  if (wrap == NULL)
    return NULL;
  place = place_of (officer, *revision);
  return fast_passphrase_wrap_open (wrap, passphrase, &place, error);
}

/**
 * fast_vault_open:
 * @store: a store
 * @officer: who signs in
 * @passphrase: the passphrase
 * @error: return location for an error
 *
 * Takes about a quarter of a second, on purpose.
 *
 * Returns: (transfer full): the open vault; %NULL with FAST_KEY_ERROR_PASSPHRASE when the
 *   passphrase is wrong, FAST_STORE_ERROR_ABSENT when there is no such officer
 */
FastVault *
fast_vault_open (FastStore *store, const char *officer, FastSecret *passphrase, GError **error)
{
  gint64 revision;
  FastSecret *key = unwrap (store, officer, passphrase, &revision, error);

  return key == NULL ? NULL : fast_vault_new_take (store, officer, key);
}

/**
 * fast_vault_add_officer:
 * @vault: an open vault
 * @officer: another officer
 * @agency: `CBSA` or `CBP`
 * @passphrase: that officer's passphrase
 * @error: return location for an error
 *
 * Adds the officer and a wrap, and audits it.
 *
 * Returns: whether it was done; FAST_STORE_ERROR_CONFLICT when the officer is there already
 */
gboolean
fast_vault_add_officer (FastVault *vault, const char *officer, const char *agency,
                        FastSecret *passphrase, GError **error)
{
  g_autoptr (FastPassphraseWrap) wrap = new_wrap (officer, 1, passphrase, vault->key, error);
  g_autoptr (FastTransaction) transaction = NULL;

  if (wrap == NULL)
    return FALSE;
  transaction = fast_transaction_begin (vault->store, error);
  return transaction != NULL &&
         insert_officer (transaction, vault->officer, officer, agency, wrap, error) &&
         fast_transaction_commit (transaction, FAST_POINT ("vault-officer"), error);
}

static gboolean
replace_wrap (FastVault *vault, gint64 revision, const FastPassphraseWrap *wrap, GError **error)
{
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (vault->store, error);

  return transaction != NULL && write_wrap (vault->store, vault->officer, revision, wrap, error) &&
         fast_audit_append (transaction, vault->officer, "passphrase-changed", NULL, NULL, NULL,
                            error) &&
         fast_transaction_commit (transaction, FAST_POINT ("vault-passphrase"), error);
}

/**
 * fast_vault_change_passphrase:
 * @vault: an open vault
 * @old_passphrase: the passphrase of the officer who opened it
 * @new_passphrase: the new one
 * @error: return location for an error
 *
 * Returns: whether it was changed; FAST_KEY_ERROR_PASSPHRASE when the old one is wrong or the new
 *   one too short
 */
gboolean
fast_vault_change_passphrase (FastVault *vault, FastSecret *old_passphrase,
                              FastSecret *new_passphrase, GError **error)
{
  gint64 revision;
  g_autoptr (FastSecret) key =
      unwrap (vault->store, vault->officer, old_passphrase, &revision, error);
  g_autoptr (FastPassphraseWrap) wrap = NULL;

  if (key == NULL)
    return FALSE;
  wrap = new_wrap (vault->officer, revision + 1, new_passphrase, key, error);
  return wrap != NULL && replace_wrap (vault, revision + 1, wrap, error);
}

/**
 * fast_vault_list_officers:
 * @store: a store
 * @error: return location for an error
 *
 * Returns: (transfer full) (array zero-terminated=1): their names, sorted
 */
char **
fast_vault_list_officers (FastStore *store, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, "SELECT name FROM officer ORDER BY name", "");
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return NULL;
  while (row) {
    g_strv_builder_add (names, fast_statement_text (statement, 0));
    if (!fast_statement_step (statement, &row, error))
      return NULL;
  }
  return g_strv_builder_end (names);
}

/**
 * fast_vault_officer_agency:
 * @store: a store
 * @officer: an officer's name
 * @error: return location for an error
 *
 * Returns: (transfer full): the agency; %NULL with FAST_STORE_ERROR_ABSENT for an unknown officer
 */
char *
fast_vault_officer_agency (FastStore *store, const char *officer, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, "SELECT agency FROM officer WHERE name = ?", "s", officer);
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return NULL;
  if (!row)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT,
                           "vault-officer-unknown", "officer=%s", officer);
  return g_strdup (fast_statement_text (statement, 0));
}

/**
 * fast_vault_officer:
 * @vault: an open vault
 *
 * Returns: (transfer none): who opened it
 */
const char *
fast_vault_officer (FastVault *vault)
{
  return vault->officer;
}

/**
 * fast_vault_store:
 * @vault: an open vault
 *
 * Returns: (transfer none): its store
 */
FastStore *
fast_vault_store (FastVault *vault)
{
  return vault->store;
}
