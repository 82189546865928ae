/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-card/inspection.h"

#include <stdio.h>
#include <string.h>

#include "personalise/lds/security-object.h"
#include "record/base/clock.h"
#include "record/keys/certificate.h"
#include "record/keys/csca-store.h"

/* With a configuration its [trust] decides. Without one this is nobody's production: whoever calls
 * names the anchors, and a specimen is told as one (fast_inspection_say()). */
static gboolean
find_trust_flags (FastInvocation *invocation, FastTrustFlags *flags, GError **error)
{
  g_autofree char *training = NULL;

  *flags = FAST_TRUST_ICAO | FAST_TRUST_TRAINING;
  if (invocation->config_path == NULL)
    return TRUE;
  if (fast_invocation_config (invocation, error) == NULL)
    return FALSE;
  training = fast_config_string_or (invocation->config, "trust", "training", "false");
  if (strcmp (training, "true") != 0)
    *flags = FAST_TRUST_ICAO;
  return TRUE;
}

/**
 * fast_lds_is_training:
 * @lds: a chip's files
 *
 * Returns: whether they were signed with a training certificate
 */
gboolean
fast_lds_is_training (FastLds *lds)
{
  GBytes *sod = fast_lds_get (lds, fast_file_sod ());
  g_autoptr (FastSecurityObject) object =
      sod == NULL ? NULL : fast_security_object_parse (sod, NULL);
  X509 *signer = object == NULL ? NULL : fast_security_object_get_signer (object);

  return signer != NULL && fast_certificate_is_training (signer);
}

/**
 * fast_inspection_is_training:
 * @inspection: an inspection
 *
 * Returns: whether the chip was signed with a training certificate: a specimen, however well its
 *   checks went
 */
gboolean
fast_inspection_is_training (const FastInspection *inspection)
{
  return fast_lds_is_training (inspection->lds);
}

/**
 * fast_inspection_terminal:
 * @invocation: the call
 * @terminal: (out) (transfer full) (nullable): what the configuration's `[card]` has to show to
 *   chips that guard fingers and irises; %NULL without a configuration, or when it names nothing
 * @error: return location for an error
 *
 * Returns: whether what it names could be loaded
 */
gboolean
fast_inspection_terminal (FastInvocation *invocation, FastTerminal **terminal, GError **error)
{
  *terminal = NULL;
  if (invocation->config_path == NULL)
    return TRUE;
  return fast_invocation_config (invocation, error) != NULL &&
         fast_terminal_from_config (invocation->config, terminal, error);
}

/**
 * fast_inspection_trust:
 * @invocation: the call
 * @folder: holds CSCA certificates and what goes with them; see fast_csca_store_load()
 * @error: return location for an error
 *
 * Returns: (transfer full): the trust in them
 */
FastTrust *
fast_inspection_trust (FastInvocation *invocation, const char *folder, GError **error)
{
  FastTrustFlags flags;

  if (!find_trust_flags (invocation, &flags, error))
    return NULL;
  return fast_csca_store_load (folder, flags, fast_clock_now (), error);
}

/**
 * fast_inspection_say:
 * @invocation: the call
 * @inspection: an inspection
 *
 * Prints a line a check for people, and whether the card is a specimen; nothing when JSON is asked
 * for.
 */
void
fast_inspection_say (FastInvocation *invocation, const FastInspection *inspection)
{
  for (guint i = 0; i < inspection->verdicts->len && !invocation->json; i++) {
    g_autofree char *line =
        fast_verdict_format (inspection->verdicts->pdata[i], invocation->language);
    printf ("%s\n", line);
  }
  if (fast_inspection_is_training (inspection))
    fast_invocation_say (invocation, "inspect-training", NULL);
}

/**
 * fast_inspection_to_json:
 * @invocation: the call
 * @inspection: an inspection
 *
 * Returns: (transfer full): an object a check: check, subject, result, why
 */
JsonArray *
fast_inspection_to_json (FastInvocation *invocation, const FastInspection *inspection)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < inspection->verdicts->len; i++) {
    const FastVerdict *verdict = inspection->verdicts->pdata[i];
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "check", verdict->check);
    if (verdict->subject != NULL)
      json_object_set_string_member (object, "subject", verdict->subject);
    json_object_set_string_member (object, "result", fast_verdict_outcome_name (verdict->outcome));
    if (verdict->why != NULL) {
      g_autofree char *why = fast_error_format (verdict->why, invocation->language);
      json_object_set_string_member (object, "why", why);
    }
    json_array_add_object_element (array, object);
  }
  return array;
}
