/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "programs/fast-card/keys-pin.h"
#include "programs/fast-card/verbs.h"
#include "record/base/clock.h"
#include "record/base/json.h"
#include "record/keys/certificate.h"
#include "record/keys/conformity.h"
#include "record/keys/key-kind.h"
#include "record/keys/signer.h"
#include "record/keys/trust.h"
#include "record/model/nation.h"

/* A certificate is judged before it is put anywhere: whether it answers the key, conforms to its
 * profile, is of this State, stands under who the configuration believes and may be used today.
 * Then the old pair is kept beside it under its serial number, the key takes its place, the
 * certificate last. Between the two a pair does not match and nothing signs; the same call again
 * finishes. */

typedef struct {
  const FastKeyKind *kind;
  FastConfig *config;
  X509 *certificate;
  EVP_PKEY *key;
  char *key_place;
  char *certificate_place;
  char *given;
} Import;

static void
import_clear (Import *import)
{
  X509_free (import->certificate);
  EVP_PKEY_free (import->key);
  g_free (import->key_place);
  g_free (import->certificate_place);
  g_free (import->given);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Import, import_clear)

static const struct {
  const char *profile;
  FastPurpose purpose;
} purposes[] = {
    {"document-signer", FAST_PURPOSE_DOCUMENT}, {"seal-signer", FAST_PURPOSE_SEAL},
    {"tls-client", FAST_PURPOSE_TLS_CLIENT},    {"sign", FAST_PURPOSE_SIGN},
    {"recipient", FAST_PURPOSE_RECIPIENT},
};

static FastPurpose
purpose_of (const FastKeyKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (purposes); i++)
    if (strcmp (purposes[i].profile, kind->profile) == 0)
      return purposes[i].purpose;
  g_assert_not_reached ();
}

static gboolean
refuse (GError **error, GError *cause, const Import *import)
{
  return fast_fail_from (error, cause, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED,
                         "keys-import-refused", "kind=%s", import->kind->name);
}

static gboolean
check_chain (const Import *import, GError **error)
{
  const FastKeyKind *kind = import->kind;
  const gboolean icao = fast_key_kind_profile (kind)->parameters == FAST_KEY_PARAMETERS_EXPLICIT;
  g_autofree char *training = fast_config_string_or (import->config, "trust", "training", "false");
  g_auto (GStrv) paths =
      fast_config_paths (import->config, kind->issuers_group, kind->issuers, error);
  g_autoptr (FastTrust) trust = NULL;

  if (paths == NULL)
    return FALSE;
  trust =
      fast_trust_load ((const char *const *)paths,
                       (icao ? FAST_TRUST_ICAO : FAST_TRUST_NONE) |
                           (strcmp (training, "true") == 0 ? FAST_TRUST_TRAINING : FAST_TRUST_NONE),
                       error);
  return trust != NULL && fast_trust_verify (trust, import->certificate, purpose_of (kind),
                                             fast_clock_now (), error);
}

/* The issuing State of a card is that of its centre: the same in MRZ, document signer and seal. */
static gboolean
check_state (const Import *import, GError **error)
{
  g_autofree char *state = fast_config_string (import->config, "unit", "country", error);
  g_autofree char *found = fast_certificate_get_name (import->certificate, NID_countryName);
  FastNation nation;

  if (state == NULL || !fast_nation_parse_state (state, &nation, error))
    return FALSE;
  return g_strcmp0 (found, fast_nation_name (nation)) == 0 ||
         fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "keys-import-state",
                    "found=%s, state=%s", found != NULL ? found : "-", state);
}

static gboolean
check_signer (const Import *import, GError **error)
{
  const FastCertificateProfile *profile = fast_key_kind_profile (import->kind);

  return profile->parameters != FAST_KEY_PARAMETERS_EXPLICIT ||
         (fast_conformity_check (import->certificate, profile, error) &&
          check_state (import, error) &&
          fast_signer_check (import->certificate, profile, fast_clock_now (), error));
}

static gboolean
check (const Import *import, GError **error)
{
  GError *cause = NULL;

  return (fast_certificate_check_key (import->certificate, import->key, &cause) &&
          check_chain (import, &cause) && check_signer (import, &cause)) ||
         refuse (error, cause, import);
}

/* `ds.pem` → `ds-0A1B2C.pem` */
static char *
kept_name (const char *path, X509 *old)
{
  g_autofree char *serial = fast_certificate_serial (old);
  const char *dot = strrchr (path, '.');
  gsize stem = dot != NULL && strchr (dot, '/') == NULL ? (gsize)(dot - path) : strlen (path);

  return g_strdup_printf ("%.*s-%s%s", (int)stem, path, serial, path + stem);
}

/* Only a pair that matches is an old pair: after a crash in between there is none to keep. */
static gboolean
keep_old (const Import *import, GError **error)
{
  g_autoptr (X509) old = NULL;
  g_autoptr (EVP_PKEY) key = NULL;
  g_autofree char *certificate_name = NULL;
  g_autofree char *key_name = NULL;

  if (!g_file_test (import->certificate_place, G_FILE_TEST_EXISTS))
    return TRUE;
  old = fast_certificate_load (import->certificate_place, error);
  if (old == NULL)
    return FALSE;
  if (fast_certificate_equal (old, import->certificate))
    return TRUE;
  certificate_name = kept_name (import->certificate_place, old);
  if (!fast_certificate_save (old, certificate_name, error))
    return FALSE;
  if (fast_key_is_token (import->key_place) || !g_file_test (import->key_place, G_FILE_TEST_EXISTS))
    return TRUE;
  key = fast_key_load (import->key_place, error);
  if (key == NULL)
    return FALSE;
  if (!fast_certificate_check_key (old, key, NULL))
    return TRUE;
  key_name = kept_name (import->key_place, old);
  return fast_key_save (key, key_name, error);
}

static gboolean
put (const Import *import, GError **error)
{
  if (!keep_old (import, error))
    return FALSE;
  if (strcmp (import->given, import->key_place) != 0 &&
      !fast_key_save (import->key, import->key_place, error))
    return FALSE;
  return fast_certificate_save (import->certificate, import->certificate_place, error);
}

/* A key in a token has no other place than its URI in the configuration; sign and open leave theirs
 * for the vault at the first sign-in. */
static gboolean
check_place (const Import *import, GError **error)
{
  const gboolean vault =
      strcmp (import->kind->name, "sign") == 0 || strcmp (import->kind->name, "open") == 0;
  g_autofree char *store =
      !vault ? NULL : fast_config_path (import->config, "store", "path", error);

  if (vault && store == NULL)
    return FALSE;
  if (vault && g_file_test (store, G_FILE_TEST_EXISTS))
    return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "keys-import-vault",
                      "kind=%s", import->kind->name);
  if (strcmp (import->given, import->key_place) != 0 &&
      (fast_key_is_token (import->given) || fast_key_is_token (import->key_place)))
    return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "keys-import-token",
                      "group=%s, key=%s", import->kind->group, import->kind->key);
  return TRUE;
}

static gboolean
find_places (Import *import, const char *given, GError **error)
{
  const FastKeyKind *kind = import->kind;

  if (kind->group == NULL)
    return fast_fail (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT, "keys-import-no-place",
                      "kind=%s", kind->name);
  import->key_place = fast_config_path (import->config, kind->group, kind->key, error);
  import->certificate_place =
      import->key_place == NULL
          ? NULL
          : fast_config_path (import->config, kind->group, kind->certificate, error);
  if (import->certificate_place == NULL)
    return FALSE;
  import->given = given == NULL               ? g_strdup (import->key_place)
                  : fast_key_is_token (given) ? g_strdup (given)
                                              : g_canonicalize_filename (given, NULL);
  return TRUE;
}

static void
answer (FastInvocation *invocation, const Import *import)
{
  g_autoptr (JsonNode) node = fast_json_node_take (json_object_new ());
  g_autofree char *subject = fast_certificate_name (import->certificate);

  json_object_set_string_member (json_node_get_object (node), "certificate",
                                 import->certificate_place);
  json_object_set_string_member (json_node_get_object (node), "subject", subject);
  fast_invocation_print_json (invocation, node);
  fast_invocation_say (invocation, "said-keys-import", "subject=%s, place=%s", subject,
                       import->certificate_place);
}

/* fast-card keys import CERT --kind KIND [--key FILE|pkcs11:…]: takes an authority's answer. */
gboolean
fast_card_keys_import (FastInvocation *invocation, GError **error)
{
  g_autofree char *kind = NULL;
  g_autofree char *given = NULL;
  g_autofree char *pin_fd = NULL;
  const GOptionEntry entries[] = {
      {"kind", 0, 0, G_OPTION_ARG_STRING, &kind, NULL, NULL},
      {"key", 0, 0, G_OPTION_ARG_STRING, &given, NULL, NULL},
      {"pin-fd", 0, 0, G_OPTION_ARG_STRING, &pin_fd, NULL, NULL},
      {0},
  };
  g_auto (Import) import = {0};

  if (!fast_invocation_parse (invocation, entries, 1, 1, error) ||
      !fast_invocation_require (kind, "--kind", error))
    return FALSE;
  import.kind = fast_key_kind_find (kind, error);
  import.config = import.kind == NULL ? NULL : fast_invocation_config (invocation, error);
  if (import.config == NULL || !find_places (&import, given, error) ||
      !check_place (&import, error))
    return FALSE;
  import.certificate = fast_certificate_load (fast_invocation_operand (invocation, 0), error);
  import.key = import.certificate == NULL ? NULL : fast_card_load_key (import.given, pin_fd, error);
  if (import.key == NULL || !check (&import, error) || !put (&import, error))
    return FALSE;
  answer (invocation, &import);
  return TRUE;
}
