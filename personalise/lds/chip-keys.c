/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/chip-keys.h"

#include <string.h>

#include "personalise/lds/card-access.h"
#include "personalise/lds/public-key-group.h"
#include "personalise/lds/security-group.h"
#include "personalise/lds/trust-points.h"
#include "record/base/error.h"

/* What a curve is called by the standards and by OpenSSL. */
typedef struct {
  guint parameters;
  const char *name;
} Curve;

static const Curve CURVES[] = {
    [FAST_CHIP_P256] = {FAST_SECURITY_PARAMETERS_P256, "prime256v1"},
    [FAST_CHIP_BRAINPOOL256] = {FAST_SECURITY_PARAMETERS_BRAINPOOL256, "brainpoolP256r1"},
};

static const char *const PACE[] = {
    [FAST_CHIP_AES_128] = FAST_SECURITY_PACE_ECDH_GM_AES_128,
    [FAST_CHIP_AES_256] = FAST_SECURITY_PACE_ECDH_GM_AES_256,
};

static const char *const CHIP_AUTHENTICATION[] = {
    [FAST_CHIP_AES_128] = FAST_SECURITY_CA_ECDH_AES_128,
    [FAST_CHIP_AES_256] = FAST_SECURITY_CA_ECDH_AES_256,
};

static gboolean
fail_key (const char *what, GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "lds-key", "what=%s", what);
}

static gboolean
lies_on (EVP_PKEY *key, const FastProfileChip *chip)
{
  char name[64];
  gsize size;

  return key != NULL && EVP_PKEY_get_group_name (key, name, sizeof name, &size) == 1 &&
         strcmp (name, CURVES[chip->curve].name) == 0;
}

static gboolean
add (GPtrArray *infos, FastSecurityInfo *info)
{
  if (info != NULL)
    g_ptr_array_add (infos, info);
  return info != NULL;
}

static gboolean
add_pace (GPtrArray *infos, const FastProfileChip *chip, GError **error)
{
  return add (infos, fast_security_info_new_pace (PACE[chip->cipher],
                                                  CURVES[chip->curve].parameters, error));
}

/* An RSA key needs no info; one of a curve says with which digest it signs. */
static gboolean
add_active_authentication (GPtrArray *infos, const FastChipKeys *keys, const FastProfileChip *chip,
                           GError **error)
{
  EVP_PKEY *key = keys->active_authentication;

  if (key != NULL && EVP_PKEY_get_base_id (key) == EVP_PKEY_RSA)
    return TRUE;
  if (!lies_on (key, chip))
    return fail_key ("active authentication", error);
  return add (infos,
              fast_security_info_new_active_authentication (FAST_SECURITY_AA_ECDSA_SHA256, error));
}

static gboolean
add_chip_authentication (GPtrArray *infos, const FastChipKeys *keys, const FastProfileChip *chip,
                         GError **error)
{
  if (!lies_on (keys->chip_authentication, chip))
    return fail_key ("chip authentication", error);
  return add (infos, fast_security_info_new_chip_authentication (CHIP_AUTHENTICATION[chip->cipher],
                                                                 FAST_SECURITY_NONE, error)) &&
         add (infos, fast_security_info_new_chip_key (keys->chip_authentication, FAST_SECURITY_NONE,
                                                      error));
}

static gboolean
add_all (GPtrArray *infos, const FastChipKeys *keys, const FastProfileChip *chip, GError **error)
{
  return (!chip->pace || add_pace (infos, chip, error)) &&
         (!chip->active_authentication || add_active_authentication (infos, keys, chip, error)) &&
         (!chip->chip_authentication || add_chip_authentication (infos, keys, chip, error)) &&
         (!chip->trust_points ||
          add (infos, fast_security_info_new_terminal_authentication (error)));
}

/**
 * fast_chip_keys_card_access:
 * @chip: what the programme wants, PACE among it
 * @error: return location for an error
 *
 * Returns: (transfer full): EF.CardAccess
 */
GBytes *
fast_chip_keys_card_access (const FastProfileChip *chip, GError **error)
{
  g_autoptr (GPtrArray) infos = fast_security_infos_new ();

  return add_pace (infos, chip, error) ? fast_card_access_make (infos, error) : NULL;
}

/**
 * fast_chip_keys_security_group:
 * @keys: the chip's keys
 * @chip: what the programme wants
 * @error: return location for an error
 *
 * Returns: (transfer full): EF.DG14: all of EF.CardAccess, and what the other protocols need; %NULL
 *   with FAST_INPUT_ERROR_MISSING when a key that the programme asks for is not there or lies on
 *   another curve
 */
GBytes *
fast_chip_keys_security_group (const FastChipKeys *keys, const FastProfileChip *chip,
                               GError **error)
{
  g_autoptr (GPtrArray) infos = fast_security_infos_new ();

  return add_all (infos, keys, chip, error) ? fast_security_group_make (infos, error) : NULL;
}

/**
 * fast_chip_keys_public_key_group:
 * @keys: the chip's keys
 * @error: return location for an error
 *
 * Returns: (transfer full): EF.DG15
 */
GBytes *
fast_chip_keys_public_key_group (const FastChipKeys *keys, GError **error)
{
  if (keys->active_authentication != NULL)
    return fast_public_key_group_make (keys->active_authentication, error);
  fail_key ("active authentication", error);
  return NULL;
}

/**
 * fast_chip_keys_trust_points:
 * @keys: the chip's keys
 * @error: return location for an error
 *
 * Returns: (transfer full): EF.CVCA
 */
GBytes *
fast_chip_keys_trust_points (const FastChipKeys *keys, GError **error)
{
  const FastTrustPoints points = {(char *)keys->trust_point, (char *)keys->previous_trust_point};

  if (points.current != NULL)
    return fast_trust_points_make (&points, error);
  fail_key ("terminal authentication", error);
  return NULL;
}
