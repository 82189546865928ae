/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/error.h"
#include "record/store/audit.h"
#include "record/store/sealed-value.h"
#include "record/store/statement.h"
#include "record/store/vault-private.h"

static FastPlace
place_of (const char *name, gint64 revision)
{
  return (FastPlace){"vault_secret", name, "sealed", revision};
}

static gboolean
load (FastStore *store, const char *name, gint64 *revision, GBytes **sealed, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error, "SELECT revision, sealed FROM vault_secret WHERE name = ?", "s", name);
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  *revision = row ? fast_statement_int (statement, 0) : 0;
  *sealed = row ? fast_statement_bytes (statement, 1) : NULL;
  return TRUE;
}

/**
 * fast_vault_put_secret:
 * @transaction: a transaction
 * @vault: an open vault
 * @name: as in `sign` or `open`
 * @secret: what is kept
 * @error: return location for an error
 *
 * Keeps a secret of the unit under the vault key, in place of an earlier one of that name, and
 * audits it.
 *
 * Returns: whether it is in @transaction
 */
gboolean
fast_vault_put_secret (FastTransaction *transaction, FastVault *vault, const char *name,
                       FastSecret *secret, GError **error)
{
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (JsonObject) details = json_object_new ();
  FastPlace place;
  gint64 revision;

  if (!load (vault->store, name, &revision, &before, error))
    return FALSE;
  place = place_of (name, revision + 1);
  sealed = fast_sealed_value_new (vault->key, &place, fast_secret_data (secret),
                                  fast_secret_size (secret), error);
  if (sealed == NULL || !fast_statement_run (vault->store, error,
                                             "INSERT OR REPLACE INTO vault_secret VALUES (?, ?, ?)",
                                             "sib", name, revision + 1, sealed))
    return FALSE;
  json_object_set_string_member (details, "name", name);
  return fast_audit_append (transaction, vault->officer, "secret-set", NULL, details, NULL, error);
}

/**
 * fast_vault_get_secret:
 * @vault: an open vault
 * @name: as in `sign` or `open`
 * @error: return location for an error
 *
 * Returns: (transfer full): the secret; %NULL with FAST_STORE_ERROR_ABSENT if there is none
 */
FastSecret *
fast_vault_get_secret (FastVault *vault, const char *name, GError **error)
{
  g_autoptr (GBytes) sealed = NULL;
  FastPlace place;
  gint64 revision;

  if (!load (vault->store, name, &revision, &sealed, error))
    return NULL;
  if (sealed == NULL)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "vault-no-secret",
                           "name=%s", name);
  place = place_of (name, revision);
  return fast_sealed_value_open (vault->key, &place, sealed, error);
}
