/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/unit.h"

#include <string.h>

#include "enrol/workflow/enrolment.h"
#include "personalise/stock/ledger.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/keys/certificate.h"
#include "record/keys/key.h"
#include "sync/link/schema.h"

#define LIST_LIMIT 65536

struct _FastUnit {
  FastConfig *config; /* borrowed */
  FastStore *store;
  FastVault *vault;
  char *id;
  FastNation nation;
  char **officers;
  GPtrArray *actors;
};

static void
actor_free (gpointer data)
{
  FastActor *actor = data;

  g_free (actor->name);
  g_free (actor);
}

static char *
officer_group (const char *officer)
{
  return g_strconcat ("officer ", officer, NULL);
}

static gboolean
officer_agency (FastConfig *config, const char *officer, FastAgency *agency, GError **error)
{
  g_autofree char *group = officer_group (officer);
  g_autofree char *name = fast_config_string (config, group, "agency", error);

  return name != NULL && fast_agency_parse (name, agency, error);
}

static gboolean
read_config (FastUnit *unit, GError **error)
{
  g_autofree char *country = fast_config_string (unit->config, "unit", "country", error);

  if (country == NULL || !fast_nation_parse_state (country, &unit->nation, error))
    return FALSE;
  unit->id = fast_config_string (unit->config, "unit", "id", error);
  unit->officers = fast_config_groups (unit->config, "officer ");
  return unit->id != NULL;
}

/**
 * fast_unit_open:
 * @config: the unit's configuration; outlives the unit
 * @error: return location for an error
 *
 * Opens the store, creating it where there is none yet.
 *
 * Returns: (transfer full): the unit, with nobody signed in
 */
FastUnit *
fast_unit_open (FastConfig *config, GError **error)
{
  static const FastSchema *const schemas[] = {&fast_link_schema, &fast_stock_schema,
                                              &fast_workflow_schema, NULL};
  g_autoptr (FastUnit) unit = g_new0 (FastUnit, 1);
  g_autofree char *path = fast_config_path (config, "store", "path", error);

  unit->config = config;
  unit->actors = g_ptr_array_new_with_free_func (actor_free);
  if (path == NULL || !read_config (unit, error))
    return NULL;
  unit->store = fast_store_open (path, unit->id, schemas, error);
  return unit->store == NULL ? NULL : g_steal_pointer (&unit);
}

/**
 * fast_unit_close:
 * @unit: (transfer full): a unit; signs everybody out and wipes the vault key
 */
void
fast_unit_close (FastUnit *unit)
{
  g_clear_pointer (&unit->vault, fast_vault_close);
  g_clear_pointer (&unit->store, fast_store_free);
  g_clear_pointer (&unit->actors, g_ptr_array_unref);
  g_strfreev (unit->officers);
  g_free (unit->id);
  g_free (unit);
}

static gboolean
check_officer (FastUnit *unit, const char *officer, GError **error)
{
  return g_strv_contains ((const char *const *)unit->officers, officer) ||
         fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "unit-no-officer",
                    "officer=%s", officer);
}

/* The training list: lines `NAME PASSPHRASE`. */
static FastSecret *
find_listed (FastUnit *unit, const char *officer, GError **error)
{
  g_autofree char *path = fast_config_path (unit->config, "officers", "passphrases", error);
  g_autoptr (GBytes) bytes = path == NULL ? NULL : fast_bytes_read_file (path, LIST_LIMIT, error);
  gsize size, length = strlen (officer);
  const char *at, *end;

  if (bytes == NULL)
    return NULL;
  at = g_bytes_get_data (bytes, &size);
  for (end = at + size; at < end;) {
    const char *stop = memchr (at, '\n', (gsize)(end - at));
    gsize line = (gsize)((stop != NULL ? stop : end) - at);

    if (line > length + 1 && strncmp (at, officer, length) == 0 && at[length] == ' ')
      return fast_secret_new_from (at + length + 1, line - length - 1);
    at += line + 1;
  }
  return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "unit-not-listed",
                         "officer=%s", officer);
}

static gboolean
import_secret (FastUnit *unit, FastTransaction *transaction, const char *name, GError **error)
{
  g_autofree char *path = fast_config_path (unit->config, "keys", name, error);
  g_autoptr (EVP_PKEY) key = path == NULL ? NULL : fast_key_load (path, error);
  g_autoptr (FastSecret) secret = key == NULL ? NULL : fast_key_export (key, error);

  return secret != NULL && fast_vault_put_secret (transaction, unit->vault, name, secret, error);
}

static gboolean
import_secrets (FastUnit *unit, GError **error)
{
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (unit->store, error);

  return transaction != NULL && import_secret (unit, transaction, "sign", error) &&
         import_secret (unit, transaction, "open", error) &&
         fast_transaction_commit (transaction, FAST_POINT ("unit-keys-imported"), error);
}

static gboolean
ensure_recovery (FastUnit *unit, GError **error)
{
  g_autoptr (GBytes) share = fast_vault_get_recovery_share (unit->store, "CA", NULL);
  g_autofree char *ca_path = fast_config_path (unit->config, "nation CA", "recovery", error);
  g_autofree char *us_path =
      ca_path == NULL ? NULL : fast_config_path (unit->config, "nation US", "recovery", error);
  g_autoptr (X509) ca = us_path == NULL ? NULL : fast_certificate_load (ca_path, error);
  g_autoptr (X509) us = ca == NULL ? NULL : fast_certificate_load (us_path, error);

  if (share != NULL)
    return TRUE;
  return us != NULL && fast_vault_set_recovery (unit->vault, ca, us, error);
}

/* In training the passphrases of all are at hand, so that all can sign in from the first day. */
static gboolean
add_listed_officers (FastUnit *unit, GError **error)
{
  g_auto (GStrv) present = fast_vault_list_officers (unit->store, error);

  if (present == NULL)
    return FALSE;
  for (guint i = 0; unit->officers[i] != NULL; i++) {
    g_autoptr (FastSecret) passphrase = NULL;
    FastAgency agency;

    if (g_strv_contains ((const char *const *)present, unit->officers[i]))
      continue;
    passphrase = find_listed (unit, unit->officers[i], error);
    if (passphrase == NULL || !officer_agency (unit->config, unit->officers[i], &agency, error) ||
        !fast_vault_add_officer (unit->vault, unit->officers[i], fast_agency_name (agency),
                                 passphrase, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
create_vault (FastUnit *unit, const char *officer, FastAgency agency, FastSecret *passphrase,
              GError **error)
{
  unit->vault =
      fast_vault_create (unit->store, officer, fast_agency_name (agency), passphrase, error);
  return unit->vault != NULL;
}

/* The first to sign in on a new store makes the vault. A crash between the steps leaves a vault
 * that the same steps complete: each is done only where it is not done yet, the keys last. */
static gboolean
complete_vault (FastUnit *unit, GError **error)
{
  g_autoptr (FastSecret) known = fast_vault_get_secret (unit->vault, "open", NULL);

  if (known != NULL)
    return TRUE;
  if (!ensure_recovery (unit, error))
    return FALSE;
  if (fast_unit_has_listed_passphrases (unit) && !add_listed_officers (unit, error))
    return FALSE;
  return import_secrets (unit, error);
}

static gboolean
open_vault (FastUnit *unit, const char *officer, FastAgency agency, FastSecret *passphrase,
            GError **error)
{
  gboolean exists;
  g_autoptr (FastVault) vault = NULL;

  if (!fast_vault_exists (unit->store, &exists, error))
    return FALSE;
  if (!exists)
    return create_vault (unit, officer, agency, passphrase, error) && complete_vault (unit, error);
  vault = fast_vault_open (unit->store, officer, passphrase, error);
  if (vault == NULL)
    return FALSE;
  if (unit->vault == NULL)
    unit->vault = g_steal_pointer (&vault);
  return complete_vault (unit, error);
}

/**
 * fast_unit_sign_in:
 * @unit: a unit
 * @officer: a name that the configuration has a group for
 * @passphrase: the officer's passphrase
 * @error: return location for an error
 *
 * Proves who acts. The first sign-in on a new store creates its vault, takes the unit's private
 * keys into it and splits the recovery wrap between the nations.
 *
 * Returns: whether the passphrase is right
 */
gboolean
fast_unit_sign_in (FastUnit *unit, const char *officer, FastSecret *passphrase, GError **error)
{
  FastActor *actor;
  FastAgency agency;

  if (!check_officer (unit, officer, error))
    return FALSE;
  if (!officer_agency (unit->config, officer, &agency, error) ||
      !open_vault (unit, officer, agency, passphrase, error))
    return fast_error_prefix (error, "unit-sign-in", "officer=%s", officer);
  if (fast_unit_find_actor (unit, officer) != NULL)
    return TRUE;
  actor = g_new0 (FastActor, 1);
  actor->name = g_strdup (officer);
  actor->agency = agency;
  g_ptr_array_add (unit->actors, actor);
  return TRUE;
}

/**
 * fast_unit_sign_in_listed:
 * @unit: a training unit whose configuration names a list of passphrases
 * @officer: an officer of the configuration
 * @error: return location for an error
 *
 * Signs in with the listed passphrase. Production configurations cannot have a list.
 *
 * Returns: whether the officer is signed in
 */
gboolean
fast_unit_sign_in_listed (FastUnit *unit, const char *officer, GError **error)
{
  g_autoptr (FastSecret) passphrase = NULL;

  if (!fast_unit_has_listed_passphrases (unit))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "unit-passphrase", NULL);
  if (!check_officer (unit, officer, error))
    return FALSE;
  passphrase = find_listed (unit, officer, error);
  return passphrase != NULL && fast_unit_sign_in (unit, officer, passphrase, error);
}

/**
 * fast_unit_is_training:
 * @unit: a unit
 *
 * Returns: whether it accepts training certificates and marks everything SPECIMEN
 */
gboolean
fast_unit_is_training (FastUnit *unit)
{
  g_autofree char *training = fast_config_string_or (unit->config, "trust", "training", "false");

  return strcmp (training, "true") == 0;
}

/**
 * fast_unit_has_listed_passphrases:
 * @unit: a unit
 *
 * Returns: whether a training list stands in for typing passphrases
 */
gboolean
fast_unit_has_listed_passphrases (FastUnit *unit)
{
  return fast_unit_is_training (unit) && fast_config_has (unit->config, "officers", "passphrases");
}

/**
 * fast_unit_first_officer:
 * @unit: a unit
 * @agency: an agency
 *
 * Returns: (transfer none) (nullable): the first officer of @agency that the configuration lists
 */
const char *
fast_unit_first_officer (FastUnit *unit, FastAgency agency)
{
  for (guint i = 0; unit->officers[i] != NULL; i++) {
    FastAgency found;
    if (officer_agency (unit->config, unit->officers[i], &found, NULL) && found == agency)
      return unit->officers[i];
  }
  return NULL;
}

/**
 * fast_unit_agency_of:
 * @unit: a unit
 * @officer: an officer of the configuration
 * @agency: (out): whose officer
 * @error: return location for an error
 *
 * Returns: whether the configuration has the officer
 */
gboolean
fast_unit_agency_of (FastUnit *unit, const char *officer, FastAgency *agency, GError **error)
{
  return officer_agency (unit->config, officer, agency, error);
}

/**
 * fast_unit_find_actor:
 * @unit: a unit
 * @officer: a name
 *
 * Returns: (transfer none) (nullable): that officer, if signed in
 */
const FastActor *
fast_unit_find_actor (FastUnit *unit, const char *officer)
{
  for (guint i = 0; i < unit->actors->len; i++) {
    const FastActor *actor = unit->actors->pdata[i];
    if (strcmp (actor->name, officer) == 0)
      return actor;
  }
  return NULL;
}

/**
 * fast_unit_actor:
 * @unit: a unit
 * @error: return location for an error
 *
 * Returns: (transfer none): the officer who signed in first; FAST_STORE_ERROR_LOCKED when nobody is
 */
const FastActor *
fast_unit_actor (FastUnit *unit, GError **error)
{
  if (unit->actors->len == 0)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_LOCKED, "unit-nobody", NULL);
  return unit->actors->pdata[0];
}

/**
 * fast_unit_actor_of:
 * @unit: a unit
 * @agency: an agency
 * @error: return location for an error
 *
 * Returns: (transfer none): the first of @agency's officers who is signed in; FAST_GATE_ERROR when
 *   none is
 */
const FastActor *
fast_unit_actor_of (FastUnit *unit, FastAgency agency, GError **error)
{
  for (guint i = 0; i < unit->actors->len; i++) {
    const FastActor *actor = unit->actors->pdata[i];
    if (actor->agency == agency)
      return actor;
  }
  return fast_fail_null (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "unit-no-agency",
                         "agency=%s", fast_agency_name (agency));
}

/**
 * fast_unit_n_actors:
 * @unit: a unit
 *
 * Returns: how many officers are signed in
 */
guint
fast_unit_n_actors (FastUnit *unit)
{
  return unit->actors->len;
}

/**
 * fast_unit_nth_actor:
 * @unit: a unit
 * @index: below fast_unit_n_actors()
 *
 * Returns: (transfer none): that officer, in the order of signing in
 */
const FastActor *
fast_unit_nth_actor (FastUnit *unit, guint index)
{
  return g_ptr_array_index (unit->actors, index);
}

/**
 * fast_unit_config:
 * @unit: a unit
 *
 * Returns: (transfer none): its configuration
 */
FastConfig *
fast_unit_config (FastUnit *unit)
{
  return unit->config;
}

/**
 * fast_unit_store:
 * @unit: a unit
 *
 * Returns: (transfer none): its store
 */
FastStore *
fast_unit_store (FastUnit *unit)
{
  return unit->store;
}

/**
 * fast_unit_vault:
 * @unit: a unit with somebody signed in
 *
 * Returns: (transfer none) (nullable): the open vault
 */
FastVault *
fast_unit_vault (FastUnit *unit)
{
  return unit->vault;
}

/**
 * fast_unit_id:
 * @unit: a unit
 *
 * Returns: (transfer none): its id, as in `U1`
 */
const char *
fast_unit_id (FastUnit *unit)
{
  return unit->id;
}

/**
 * fast_unit_nation:
 * @unit: a unit
 *
 * Returns: the nation of its centre, whose cards it issues
 */
FastNation
fast_unit_nation (FastUnit *unit)
{
  return unit->nation;
}

/**
 * fast_unit_empty_log:
 * @unit: a unit with no transaction open
 *
 * Empties the store's write-ahead log, which may still hold what was deleted, as the keys of a
 * card. A reader that holds it up does not undo what was done: the next such call empties it, or
 * the last process that closes the store.
 */
void
fast_unit_empty_log (FastUnit *unit)
{
  g_autoptr (GError) error = NULL;

  if (!fast_store_checkpoint (fast_unit_store (unit), &error))
    g_warning ("the write-ahead log could not be emptied: %s", error->message);
}
