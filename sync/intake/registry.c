/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/certificate.h"
#include "sync/intake/intake.h"
#include "sync/packet/header.h"

/* Which units may send here, and with which certificates. */

/* Subject CN = unit id, OU = what it is for (the unit's CA says both). */
static FastUnitCertificate *
describe (X509 *certificate, GError **error)
{
  g_autoptr (FastUnitCertificate) unit = g_new0 (FastUnitCertificate, 1);

  unit->unit = fast_certificate_get_name (certificate, NID_commonName);
  unit->use = fast_certificate_get_name (certificate, NID_organizationalUnitName);
  if (unit->unit == NULL || unit->use == NULL || !fast_unit_id_is_valid (unit->unit) ||
      (strcmp (unit->use, "link") != 0 && strcmp (unit->use, "sign") != 0))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID,
                           "intake-unit-certificate", "unit=%s, use=%s",
                           unit->unit == NULL ? "?" : unit->unit,
                           unit->use == NULL ? "?" : unit->use);
  unit->certificate = fast_certificate_der (certificate, error);
  if (unit->certificate == NULL)
    return NULL;
  unit->digest = fast_sha256_hex (unit->certificate);
  return g_steal_pointer (&unit);
}

/**
 * fast_intake_register:
 * @intake: the intake
 * @certificate: a unit's *link* or *sign* certificate, issued by the units' authority
 * @unit: (out) (optional) (transfer full): whose it is
 * @use: (out) (optional) (transfer full): `link` or `sign`
 * @error: return location for an error
 *
 * Packets of that unit that were refused earlier may be sent again, as the refusal may have been
 * for want of this certificate.
 *
 * Returns: whether the unit may use it from now on
 */
gboolean
fast_intake_register (FastIntake *intake, X509 *certificate, char **unit, char **use,
                      GError **error)
{
  g_autoptr (FastUnitCertificate) described = describe (certificate, error);
  FastPurpose purpose;

  if (described == NULL)
    return FALSE;
  purpose = strcmp (described->use, "link") == 0 ? FAST_PURPOSE_TLS_CLIENT : FAST_PURPOSE_SIGN;
  if (!fast_trust_verify (fast_intake_get_units (intake), certificate, purpose, fast_clock_now (),
                          error) ||
      !fast_intake_database_add_certificate (fast_intake_get_database (intake), described, error))
    return FALSE;
  if (unit != NULL)
    *unit = g_strdup (described->unit);
  if (use != NULL)
    *use = g_strdup (described->use);
  return TRUE;
}

/**
 * fast_intake_initialise:
 * @intake: the intake
 * @config: `[units] certificates`, where it is set
 * @registered: (out): how many certificates are registered now
 * @error: return location for an error
 *
 * Returns: whether the certificates of the configuration are registered
 */
gboolean
fast_intake_initialise (FastIntake *intake, FastConfig *config, guint *registered, GError **error)
{
  g_auto (GStrv) paths = NULL;

  if (fast_config_has (config, "units", "certificates")) {
    paths = fast_config_paths (config, "units", "certificates", error);
    if (paths == NULL)
      return FALSE;
  }
  for (guint i = 0; paths != NULL && paths[i] != NULL; i++) {
    g_autoptr (X509) certificate = fast_certificate_load (paths[i], error);
    if (certificate == NULL || !fast_intake_register (intake, certificate, NULL, NULL, error))
      return FALSE;
  }
  return fast_intake_database_count_certificates (fast_intake_get_database (intake), registered,
                                                  error);
}

/**
 * fast_intake_identify:
 * @intake: the intake
 * @certificate: DER of a client's certificate whose chain was verified
 * @error: return location for an error
 *
 * Returns: (transfer full): the unit, or %NULL with FAST_STORE_ERROR_ABSENT when that certificate
 *   is not registered as a *link* certificate
 */
char *
fast_intake_identify (FastIntake *intake, GBytes *certificate, GError **error)
{
  g_autofree char *digest = fast_sha256_hex (certificate);
  g_autoptr (FastUnitCertificate) found =
      fast_intake_database_find_certificate (fast_intake_get_database (intake), digest, error);

  if (found == NULL)
    return NULL;
  if (strcmp (found->use, "link") != 0)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "intake-unit-unknown",
                           "digest=%s", digest);
  return g_strdup (found->unit);
}
