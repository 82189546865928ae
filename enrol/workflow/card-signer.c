/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/card-signer.h"

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/key-kind.h"
#include "record/keys/key.h"
#include "record/keys/signer.h"

/* A rule, not a failure: the key is there, and may not sign today. */
static gboolean
check_period (const FastCardSigner *signer, const char *name, GError **error)
{
  const FastKeyKind *kind = fast_key_kind_find (name, error);
  GError *cause = NULL;

  if (kind == NULL)
    return FALSE;
  return fast_signer_check (signer->certificate, fast_key_kind_profile (kind), fast_clock_now (),
                            &cause) ||
         fast_fail_from (error, cause, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED,
                         "production-signer", "name=%s", name);
}

/**
 * fast_card_signer_load:
 * @signer: (out caller-allocates): the signer
 * @unit: a unit
 * @name: `ds` or `seal`: a key of `[card]` and a kind of key
 * @error: return location for an error
 *
 * Returns: whether it is there and may sign today; FAST_GATE_ERROR when it may not
 */
gboolean
fast_card_signer_load (FastCardSigner *signer, FastUnit *unit, const char *name, GError **error)
{
  FastConfig *config = fast_unit_config (unit);
  g_autofree char *certificate_name = g_strconcat (name, "-certificate", NULL);
  g_autofree char *key = fast_config_path (config, "card", name, error);
  g_autofree char *certificate =
      key == NULL ? NULL : fast_config_path (config, "card", certificate_name, error);

  *signer = (FastCardSigner){NULL, NULL};
  if (certificate == NULL)
    return FALSE;
  signer->key = fast_key_load (key, error);
  signer->certificate = signer->key == NULL ? NULL : fast_certificate_load (certificate, error);
  return signer->certificate != NULL &&
         fast_certificate_check_key (signer->certificate, signer->key, error) &&
         check_period (signer, name, error);
}

/**
 * fast_card_signer_clear:
 * @signer: what it holds is freed
 */
void
fast_card_signer_clear (FastCardSigner *signer)
{
  g_clear_pointer (&signer->key, EVP_PKEY_free);
  g_clear_pointer (&signer->certificate, X509_free);
}
