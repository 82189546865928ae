/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/link/sealer.h"

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/certificate.h"
#include "record/keys/key.h"

#define SIGN_SECRET "sign"

struct _FastSealer {
  FastStore *store;
  FastVault *vault;
  FastPacketFolder *folder;
  char *centre;
  X509 *certificate;
  EVP_PKEY *key;
  GPtrArray *recipients[FAST_NATION_COUNT];
  FastPolicy *policies[FAST_NATION_COUNT];
};

/**
 * fast_sealer_free:
 * @sealer: (transfer full): a sealer
 */
void
fast_sealer_free (FastSealer *sealer)
{
  g_clear_pointer (&sealer->folder, fast_packet_folder_free);
  X509_free (sealer->certificate);
  EVP_PKEY_free (sealer->key);
  for (guint i = 0; i < FAST_NATION_COUNT; i++) {
    g_clear_pointer (&sealer->recipients[i], g_ptr_array_unref);
    g_clear_pointer (&sealer->policies[i], fast_policy_unref);
  }
  g_free (sealer->centre);
  g_free (sealer);
}

static FastTrustFlags
trust_flags (FastConfig *config)
{
  g_autofree char *training = fast_config_string_or (config, "trust", "training", "false");

  return g_strcmp0 (training, "true") == 0 ? FAST_TRUST_TRAINING : FAST_TRUST_NONE;
}

static FastTrust *
load_nation_trust (FastConfig *config, const char *group, GError **error)
{
  g_autofree char *path = fast_config_path (config, group, "ca", error);
  const char *paths[] = {path, NULL};

  return path == NULL ? NULL : fast_trust_load (paths, trust_flags (config), error);
}

/* What is sealed to a wrong or expired key cannot be taken back: judged before, not by the nation.
 */
static gboolean
check_recipients (GPtrArray *recipients, FastTrust *trust, GError **error)
{
  gboolean good = TRUE;

  for (guint i = 0; i < recipients->len && good; i++)
    good = fast_trust_verify (trust, recipients->pdata[i], FAST_PURPOSE_RECIPIENT,
                              fast_clock_now (), error);
  return good;
}

static gboolean
load_nation (FastSealer *sealer, FastConfig *config, FastNation nation, GError **error)
{
  g_autofree char *group = g_strdup_printf ("nation %s", fast_nation_name (nation));
  g_auto (GStrv) paths = fast_config_paths (config, group, "recipients", error);
  g_autoptr (FastTrust) trust = paths == NULL ? NULL : load_nation_trust (config, group, error);

  if (trust == NULL)
    return FALSE;
  sealer->recipients[nation] = fast_certificates_load ((const char *const *)paths, error);
  if (sealer->recipients[nation] == NULL ||
      !check_recipients (sealer->recipients[nation], trust, error))
    return fast_error_prefix (error, "seal-recipients", "nation=%s", fast_nation_name (nation));
  sealer->policies[nation] = fast_policy_load (nation, error);
  return sealer->policies[nation] != NULL;
}

static EVP_PKEY *
load_sign_key (FastConfig *config, FastVault *vault, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (FastSecret) secret = fast_vault_get_secret (vault, SIGN_SECRET, &cause);
  g_autofree char *path = NULL;

  if (secret != NULL)
    return fast_key_import (secret, error);
  if (!g_error_matches (cause, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  path = fast_config_path (config, "keys", "sign", error);
  return path == NULL ? NULL : fast_key_load (path, error);
}

static gboolean
load_own (FastSealer *sealer, FastConfig *config, GError **error)
{
  g_autofree char *path = fast_config_path (config, "keys", "sign-certificate", error);

  sealer->centre = path == NULL ? NULL : fast_config_string (config, "unit", "centre", error);
  if (sealer->centre == NULL)
    return FALSE;
  sealer->certificate = fast_certificate_load (path, error);
  if (sealer->certificate != NULL)
    sealer->key = load_sign_key (config, sealer->vault, error);
  return sealer->key != NULL &&
         fast_certificate_check_key (sealer->certificate, sealer->key, error);
}

/**
 * fast_sealer_new:
 * @config: the unit's configuration
 * @store: a store with the schema of this room
 * @vault: whoever is signed in
 * @error: return location for an error
 *
 * The *sign* key is the vault's; a training configuration may name a file instead.
 *
 * Returns: (transfer full): the sealer
 */
FastSealer *
fast_sealer_new (FastConfig *config, FastStore *store, FastVault *vault, GError **error)
{
  g_autoptr (FastSealer) sealer = g_new0 (FastSealer, 1);
  g_autofree char *packets = fast_config_path (config, "store", "packets", error);

  if (packets == NULL)
    return NULL;
  sealer->store = store;
  sealer->vault = vault;
  sealer->folder = fast_packet_folder_open (packets, error);
  if (sealer->folder == NULL || !load_own (sealer, config, error))
    return NULL;
  for (guint i = 0; i < FAST_NATION_COUNT; i++)
    if (!load_nation (sealer, config, (FastNation)i, error))
      return NULL;
  return g_steal_pointer (&sealer);
}

/**
 * fast_sealer_store:
 * @sealer: a sealer
 *
 * Returns: (transfer none): its store
 */
FastStore *
fast_sealer_store (FastSealer *sealer)
{
  return sealer->store;
}

/**
 * fast_sealer_vault:
 * @sealer: a sealer
 *
 * Returns: (transfer none): its vault
 */
FastVault *
fast_sealer_vault (FastSealer *sealer)
{
  return sealer->vault;
}

/**
 * fast_sealer_folder:
 * @sealer: a sealer
 *
 * Returns: (transfer none): where its packets go
 */
FastPacketFolder *
fast_sealer_folder (FastSealer *sealer)
{
  return sealer->folder;
}

/**
 * fast_sealer_centre:
 * @sealer: a sealer
 *
 * Returns: (transfer none): the enrolment centre
 */
const char *
fast_sealer_centre (FastSealer *sealer)
{
  return sealer->centre;
}

/**
 * fast_sealer_keys:
 * @sealer: a sealer
 * @nation: for whom
 *
 * Returns: keys, recipients and policy; borrowed
 */
FastSealingKeys
fast_sealer_keys (FastSealer *sealer, FastNation nation)
{
  return (FastSealingKeys){sealer->certificate, sealer->key, sealer->recipients[nation],
                           sealer->policies[nation]};
}
