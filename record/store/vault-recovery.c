/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/error.h"
#include "record/keys/cms.h"
#include "record/store/audit.h"
#include "record/store/sealed-value.h"
#include "record/store/statement.h"
#include "record/store/vault-private.h"

#define RECOVERY "recovery"

static FastPlace
place_of (gint64 revision)
{
  return (FastPlace){"vault_recovery", "1", "wrap", revision};
}

/* The recovery key is the XOR of both shares: one share alone says nothing about it. */
static FastSecret *
join (FastSecret *left, FastSecret *right)
{
  FastSecret *key = fast_secret_new (FAST_SEALED_KEY_SIZE);

  for (gsize i = 0; i < FAST_SEALED_KEY_SIZE; i++)
    fast_secret_data (key)[i] = fast_secret_data (left)[i] ^ fast_secret_data (right)[i];
  return key;
}

static GBytes *
encrypt_share (FastSecret *share, X509 *certificate, GError **error)
{
  g_autoptr (GPtrArray) recipients = g_ptr_array_new ();

  g_ptr_array_add (recipients, certificate);
  return fast_cms_encrypt (share, recipients, error);
}

static gboolean
next_revision (FastStore *store, gint64 *revision, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, "SELECT revision FROM vault_recovery", "");
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  *revision = row ? fast_statement_int (statement, 0) + 1 : 1;
  return TRUE;
}

static gboolean
write_recovery (FastVault *vault, FastSecret *key, GBytes *share_ca, GBytes *share_us,
                GError **error)
{
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (vault->store, error);
  g_autoptr (GBytes) wrap = NULL;
  FastPlace place;
  gint64 revision;

  if (transaction == NULL || !next_revision (vault->store, &revision, error))
    return FALSE;
  place = place_of (revision);
  wrap = fast_sealed_value_new (key, &place, fast_secret_data (vault->key),
                                fast_secret_size (vault->key), error);
  return wrap != NULL &&
         fast_statement_run (vault->store, error,
                             "INSERT OR REPLACE INTO vault_recovery VALUES (1, ?, ?, ?, ?)", "ibbb",
                             revision, wrap, share_ca, share_us) &&
         fast_audit_append (transaction, vault->officer, "recovery-set", NULL, NULL, NULL, error) &&
         fast_transaction_commit (transaction, FAST_POINT ("vault-recovery"), error);
}

/**
 * fast_vault_set_recovery:
 * @vault: an open vault
 * @ca: Canada's recovery certificate
 * @us: the United States' recovery certificate
 * @error: return location for an error
 *
 * Wraps the vault key for recovery, split 2-of-2: each nation can decrypt one share and needs the
 * other's. An earlier recovery wrap is replaced.
 *
 * Returns: whether it was done
 */
gboolean
fast_vault_set_recovery (FastVault *vault, X509 *ca, X509 *us, GError **error)
{
  g_autoptr (FastSecret) left = fast_secret_new (FAST_SEALED_KEY_SIZE);
  g_autoptr (FastSecret) right = fast_secret_new (FAST_SEALED_KEY_SIZE);
  g_autoptr (FastSecret) key = NULL;
  g_autoptr (GBytes) share_ca = NULL;
  g_autoptr (GBytes) share_us = NULL;

  if (!fast_random (fast_secret_data (left), FAST_SEALED_KEY_SIZE, error) ||
      !fast_random (fast_secret_data (right), FAST_SEALED_KEY_SIZE, error))
    return FALSE;
  share_ca = encrypt_share (left, ca, error);
  share_us = share_ca == NULL ? NULL : encrypt_share (right, us, error);
  if (share_us == NULL)
    return FALSE;
  key = join (left, right);
  return write_recovery (vault, key, share_ca, share_us, error);
}

static gpointer
fail_absent (GError **error)
{
  return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "vault-no-recovery",
                         NULL);
}

/**
 * fast_vault_get_recovery_share:
 * @store: a store
 * @nation: `CA` or `US`
 * @error: return location for an error
 *
 * Returns: (transfer full): the nation's share, encrypted to its recovery certificate
 */
GBytes *
fast_vault_get_recovery_share (FastStore *store, const char *nation, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error,
      "SELECT CASE ? WHEN 'CA' THEN share_ca WHEN 'US' THEN share_us END FROM vault_recovery", "s",
      nation);
  gboolean row;
  GBytes *share;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return NULL;
  share = row ? fast_statement_bytes (statement, 0) : NULL;
  return share != NULL ? share : fail_absent (error);
}

/**
 * fast_vault_recover:
 * @store: a store
 * @share_ca: Canada's share, decrypted
 * @share_us: the United States' share, decrypted
 * @error: return location for an error
 *
 * Opens the vault without an officer; what is done then is audited as done by `recovery`.
 *
 * Returns: (transfer full): the open vault; %NULL with FAST_KEY_ERROR_DECRYPT when the shares are
 *   not those of this vault
 */
FastVault *
fast_vault_recover (FastStore *store, FastSecret *share_ca, FastSecret *share_us, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, "SELECT revision, wrap FROM vault_recovery", "");
  g_autoptr (FastSecret) key = NULL;
  g_autoptr (GBytes) wrap = NULL;
  FastSecret *vault_key;
  FastPlace place;
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return NULL;
  if (!row)
    return fail_absent (error);
  if (fast_secret_size (share_ca) != FAST_SEALED_KEY_SIZE ||
      fast_secret_size (share_us) != FAST_SEALED_KEY_SIZE)
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_DECRYPT, "vault-share", NULL);
  place = place_of (fast_statement_int (statement, 0));
  wrap = fast_statement_bytes (statement, 1);
  key = join (share_ca, share_us);
  vault_key = fast_sealed_value_open (key, &place, wrap, error);
  return vault_key == NULL ? NULL : fast_vault_new_take (store, RECOVERY, vault_key);
}
