/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-card/keys-pin.h"
#include "programs/fast-card/verbs.h"
#include "record/base/json.h"
#include "record/keys/key-kind.h"
#include "record/keys/request.h"
#include "record/model/nation.h"

#define CURVE "P-256"

typedef struct {
  char *kind;
  char *key;
  char *out;
  char *name;
  char *organization;
  char *pin_fd;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->kind);
  g_free (options->key);
  g_free (options->out);
  g_free (options->name);
  g_free (options->organization);
  g_free (options->pin_fd);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* The key that is there, or a new one where a file shall be. */
static EVP_PKEY *
ensure_key (const Options *options, const FastCertificateProfile *profile, gboolean *made,
            GError **error)
{
  g_autoptr (EVP_PKEY) fresh = NULL;

  *made = !fast_key_is_token (options->key) && !g_file_test (options->key, G_FILE_TEST_EXISTS);
  if (!*made)
    return fast_card_load_key (options->key, options->pin_fd, error);
  fresh = fast_key_generate (CURVE, profile->parameters, error);
  return fresh == NULL || !fast_key_save (fresh, options->key, error) ? NULL
                                                                      : g_steal_pointer (&fresh);
}

/* Country and, for the unit's own keys, name are those of the configuration. */
static GBytes *
make_request (FastConfig *config, const Options *options, const FastKeyKind *kind, EVP_PKEY *key,
              GError **error)
{
  g_autofree char *state = fast_config_string (config, "unit", "country", error);
  g_autofree char *unit = state == NULL ? NULL : fast_config_string (config, "unit", "id", error);
  FastNation nation;

  if (unit == NULL || !fast_nation_parse_state (state, &nation, error))
    return NULL;
  return fast_request_make (
      fast_key_kind_profile (kind),
      &(FastCertificateSubject){.country = fast_nation_name (nation),
                                .state = state,
                                .organization = options->organization,
                                .unit = kind->unit,
                                .common_name = options->name != NULL       ? options->name
                                               : kind->common_name != NULL ? kind->common_name
                                                                           : unit},
      key, error);
}

static void
answer (FastInvocation *invocation, const Options *options, gboolean made)
{
  g_autoptr (JsonNode) node = fast_json_node_take (json_object_new ());
  JsonObject *object = json_node_get_object (node);

  json_object_set_string_member (object, "request", options->out);
  json_object_set_boolean_member (object, "key_made", made);
  fast_invocation_print_json (invocation, node);
  fast_invocation_say (invocation, made ? "said-keys-csr-made" : "said-keys-csr", "key=%s, out=%s",
                       options->key, options->out);
}

/* fast-card keys csr --kind KIND --key FILE|pkcs11:… --out FILE: asks an authority for a
 * certificate; makes the key when the file is not there yet. */
gboolean
fast_card_keys_csr (FastInvocation *invocation, GError **error)
{
  g_auto (Options) options = {0};
  const GOptionEntry entries[] = {
      {"kind", 0, 0, G_OPTION_ARG_STRING, &options.kind, NULL, NULL},
      {"key", 0, 0, G_OPTION_ARG_STRING, &options.key, NULL, NULL},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, NULL, NULL},
      {"name", 0, 0, G_OPTION_ARG_STRING, &options.name, NULL, NULL},
      {"organization", 0, 0, G_OPTION_ARG_STRING, &options.organization, NULL, NULL},
      {"pin-fd", 0, 0, G_OPTION_ARG_STRING, &options.pin_fd, NULL, NULL},
      {0},
  };
  const FastKeyKind *kind;
  FastConfig *config;
  g_autoptr (EVP_PKEY) key = NULL;
  g_autoptr (GBytes) request = NULL;
  gboolean made;

  if (!fast_invocation_parse (invocation, entries, 0, 0, error) ||
      !fast_invocation_require (options.kind, "--kind", error) ||
      !fast_invocation_require (options.key, "--key", error) ||
      !fast_invocation_require (options.out, "--out", error))
    return FALSE;
  kind = fast_key_kind_find (options.kind, error);
  config = kind == NULL ? NULL : fast_invocation_config (invocation, error);
  if (config == NULL)
    return FALSE;
  key = ensure_key (&options, fast_key_kind_profile (kind), &made, error);
  request = key == NULL ? NULL : make_request (config, &options, kind, key, error);
  if (request == NULL || !fast_request_save (request, options.out, error))
    return FALSE;
  answer (invocation, &options, made);
  return TRUE;
}
