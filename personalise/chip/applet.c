/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/applet.h"

#include <string.h>

#include "record/base/error.h"

#define SHORT_RSA_BITS 1024

static const FastApplet *const applets[] = {
    &fast_applet_icao_perso,
    &fast_applet_jmrtd,
};

static FastAppletCapabilities
needed_for_active (EVP_PKEY *key)
{
  if (key == NULL)
    return 0;
  if (!EVP_PKEY_is_a (key, "RSA"))
    return FAST_APPLET_ACTIVE_ECDSA;
  return EVP_PKEY_get_bits (key) == SHORT_RSA_BITS ? FAST_APPLET_ACTIVE_RSA
                                                   : FAST_APPLET_ACTIVE_RSA_LONG;
}

/**
 * fast_applet_needed:
 * @secrets: what a chip is to keep
 * @lds: its files
 *
 * Returns: what a driver must be able to do for such a chip
 */
FastAppletCapabilities
fast_applet_needed (const FastChipSecrets *secrets, FastLds *lds)
{
  FastAppletCapabilities needed = FAST_APPLET_BAC | needed_for_active (secrets->active_key);

  if (secrets->can != NULL || fast_lds_get (lds, fast_file_card_access ()) != NULL)
    needed |= FAST_APPLET_PACE | FAST_APPLET_MASTER_FILES;
  if (fast_lds_get (lds, fast_file_atr_info ()) != NULL)
    needed |= FAST_APPLET_MASTER_FILES;
  if (secrets->chip_key != NULL)
    needed |= FAST_APPLET_CHIP_AUTHENTICATION;
  if (secrets->trust_point != NULL || fast_lds_get (lds, fast_file_group (3)) != NULL ||
      fast_lds_get (lds, fast_file_group (4)) != NULL)
    needed |= FAST_APPLET_TERMINAL_AUTHENTICATION;
  return needed;
}

static gboolean
check (const FastApplet *applet, FastAppletCapabilities needed, GError **error)
{
  return (applet->capabilities & needed) == needed ||
         fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "applet-cannot",
                    "applet=%s", applet->name);
}

/**
 * fast_applet_check:
 * @applet: a driver
 * @secrets: what a chip is to keep
 * @lds: its files
 * @error: return location for an error
 *
 * Returns: whether the driver can do all that such a chip needs; FAST_INPUT_ERROR_UNSUPPORTED
 */
gboolean
fast_applet_check (const FastApplet *applet, const FastChipSecrets *secrets, FastLds *lds,
                   GError **error)
{
  return check (applet, fast_applet_needed (secrets, lds), error);
}

/**
 * fast_applet_find:
 * @name: the applet's name
 * @needed: what the profile needs
 * @error: return location for an error
 *
 * Returns: (transfer none): its driver, or %NULL with FAST_INPUT_ERROR_UNSUPPORTED when there is
 *   none or it cannot do all that is needed
 */
const FastApplet *
fast_applet_find (const char *name, FastAppletCapabilities needed, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (applets); i++) {
    if (strcmp (applets[i]->name, name) != 0)
      continue;
    return check (applets[i], needed, error) ? applets[i] : NULL;
  }
  return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "applet-unknown",
                         "applet=%s", name);
}
