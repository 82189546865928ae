/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/card-secrets.h"

#include <string.h>

#include "record/base/error.h"
#include "record/keys/cv-certificate.h"
#include "record/keys/key.h"

static const char *const curves[] = {
    [FAST_CHIP_P256] = "P-256",
    [FAST_CHIP_BRAINPOOL256] = "brainpoolP256r1",
};

static gboolean
make_key (EVP_PKEY **key, const FastProfileChip *chip, GError **error)
{
  *key = fast_key_generate (curves[chip->curve], FAST_KEY_PARAMETERS_EXPLICIT, error);
  return *key != NULL;
}

/* The unit issues cards of one State, and their fingers are that State's to guard. */
static gboolean
check_nation (FastUnit *unit, const FastCvBody *body, GError **error)
{
  const char *nation = fast_nation_name (fast_unit_nation (unit));

  return (body->role == FAST_CV_ROLE_CVCA && g_str_has_prefix (body->holder, nation)) ||
         fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "production-cvca-nation",
                    "holder=%s, nation=%s", body->holder, nation);
}

static gboolean
load_trust_point (FastChipSecrets *secrets, FastUnit *unit, GError **error)
{
  FastConfig *config = fast_unit_config (unit);
  g_autofree char *path = NULL;
  g_autoptr (FastCvCertificate) certificate = NULL;

  if (!fast_config_has (config, "card", "cvca"))
    return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "production-no-cvca", NULL);
  path = fast_config_path (config, "card", "cvca", error);
  certificate = path == NULL ? NULL : fast_cv_certificate_load (path, error);
  if (certificate == NULL ||
      !check_nation (unit, fast_cv_certificate_get_body (certificate), error))
    return FALSE;
  secrets->trust_point = g_bytes_ref (fast_cv_certificate_get_bytes (certificate));
  return TRUE;
}

/**
 * fast_card_secrets_make:
 * @unit: a unit
 * @chip: what the programme wants on the chip
 * @error: return location for an error
 *
 * Draws the keys and the card access number of one card, and takes the CVCA's certificate of the
 * issuing State.
 *
 * Returns: (transfer full): as much of it as @chip asks for; FAST_GATE_ERROR when the unit has no
 *   CVCA of its own State
 */
FastChipSecrets *
fast_card_secrets_make (FastUnit *unit, const FastProfileChip *chip, GError **error)
{
  g_autoptr (FastChipSecrets) secrets = fast_chip_secrets_new ();

  if ((chip->pace && !fast_chip_secrets_draw_can (secrets, error)) ||
      (chip->chip_authentication && !make_key (&secrets->chip_key, chip, error)) ||
      (chip->active_authentication && !make_key (&secrets->active_key, chip, error)) ||
      (chip->trust_points && !load_trust_point (secrets, unit, error)))
    return NULL;
  return g_steal_pointer (&secrets);
}

static gboolean
keep_secret (FastTransaction *transaction, FastUnit *unit, const FastEnrolment *enrolment,
             const char *name, FastSecret *secret, GError **error)
{
  return fast_enrolment_put (transaction, fast_unit_vault (unit), enrolment, name,
                             FAST_CLASS_PERSONAL, fast_secret_data (secret),
                             fast_secret_size (secret), error);
}

static gboolean
keep_key (FastTransaction *transaction, FastUnit *unit, const FastEnrolment *enrolment,
          const char *name, EVP_PKEY *key, GError **error)
{
  g_autoptr (FastSecret) exported = fast_key_export (key, error);

  return exported != NULL && keep_secret (transaction, unit, enrolment, name, exported, error);
}

static gboolean
keep_trust_point (FastTransaction *transaction, FastUnit *unit, const FastEnrolment *enrolment,
                  GBytes *certificate, GError **error)
{
  return fast_enrolment_put (transaction, fast_unit_vault (unit), enrolment,
                             FAST_CHIP_SECRET_TRUST_POINT, FAST_CLASS_PERSONAL,
                             g_bytes_get_data (certificate, NULL), g_bytes_get_size (certificate),
                             error);
}

/**
 * fast_card_secrets_keep:
 * @transaction: an open transaction
 * @unit: the unit, with somebody signed in
 * @enrolment: an enrolment
 * @secrets: its card's
 * @error: return location for an error
 *
 * Keeps them, sealed by the record's key for what is personal.
 *
 * Returns: whether they were kept
 */
gboolean
fast_card_secrets_keep (FastTransaction *transaction, FastUnit *unit,
                        const FastEnrolment *enrolment, const FastChipSecrets *secrets,
                        GError **error)
{
  return (secrets->can == NULL ||
          keep_secret (transaction, unit, enrolment, FAST_CHIP_SECRET_CAN, secrets->can, error)) &&
         (secrets->chip_key == NULL ||
          keep_key (transaction, unit, enrolment, FAST_CHIP_SECRET_CHIP_KEY, secrets->chip_key,
                    error)) &&
         (secrets->active_key == NULL ||
          keep_key (transaction, unit, enrolment, FAST_CHIP_SECRET_ACTIVE_KEY, secrets->active_key,
                    error)) &&
         (secrets->trust_point == NULL ||
          keep_trust_point (transaction, unit, enrolment, secrets->trust_point, error));
}

/* %NULL in @secret for one that is not kept. */
static gboolean
load_secret (FastUnit *unit, const FastEnrolment *enrolment, const char *name, FastSecret **secret,
             GError **error)
{
  GError *why = NULL;

  *secret = fast_enrolment_get (fast_unit_vault (unit), enrolment, name, &why);
  if (*secret != NULL || g_error_matches (why, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT)) {
    g_clear_error (&why);
    return TRUE;
  }
  g_propagate_error (error, why);
  return FALSE;
}

static gboolean
load_key (FastUnit *unit, const FastEnrolment *enrolment, const char *name, EVP_PKEY **key,
          GError **error)
{
  g_autoptr (FastSecret) exported = NULL;

  if (!load_secret (unit, enrolment, name, &exported, error))
    return FALSE;
  *key = exported == NULL ? NULL : fast_key_import (exported, error);
  return exported == NULL || *key != NULL;
}

static gboolean
load_kept_point (FastUnit *unit, const FastEnrolment *enrolment, GBytes **certificate,
                 GError **error)
{
  g_autoptr (FastSecret) kept = NULL;

  if (!load_secret (unit, enrolment, FAST_CHIP_SECRET_TRUST_POINT, &kept, error))
    return FALSE;
  if (kept != NULL)
    *certificate = g_bytes_new (fast_secret_data (kept), fast_secret_size (kept));
  return TRUE;
}

/**
 * fast_card_secrets_load:
 * @unit: the unit, with somebody signed in
 * @enrolment: an enrolment whose card is begun
 * @error: return location for an error
 *
 * Returns: (transfer full): what is still kept: no keys any more once the card is made
 */
FastChipSecrets *
fast_card_secrets_load (FastUnit *unit, const FastEnrolment *enrolment, GError **error)
{
  g_autoptr (FastChipSecrets) secrets = fast_chip_secrets_new ();

  if (!load_secret (unit, enrolment, FAST_CHIP_SECRET_CAN, &secrets->can, error) ||
      !load_key (unit, enrolment, FAST_CHIP_SECRET_CHIP_KEY, &secrets->chip_key, error) ||
      !load_key (unit, enrolment, FAST_CHIP_SECRET_ACTIVE_KEY, &secrets->active_key, error) ||
      !load_kept_point (unit, enrolment, &secrets->trust_point, error))
    return NULL;
  return g_steal_pointer (&secrets);
}

/**
 * fast_card_secrets_drop_keys:
 * @transaction: an open transaction
 * @item: an enrolment's item id
 * @error: return location for an error
 *
 * Deletes the keys of the card; to be followed by fast_unit_empty_log().
 *
 * Returns: whether they are gone from the table
 */
gboolean
fast_card_secrets_drop_keys (FastTransaction *transaction, const char *item, GError **error)
{
  return fast_enrolment_drop (transaction, item, FAST_CHIP_SECRET_CHIP_KEY, error) &&
         fast_enrolment_drop (transaction, item, FAST_CHIP_SECRET_ACTIVE_KEY, error);
}
