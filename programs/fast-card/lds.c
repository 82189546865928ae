/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/production.h"
#include "programs/fast-card/verbs.h"
#include "programs/sign-in.h"
#include "record/base/json.h"

#define KEYS "keys"

/* The keys of a real card leave the unit for its chip alone; those of a specimen may be looked at.
 * Once a card is made nobody has them any more. */
static gboolean
write_keys (FastUnit *unit, const FastContent *content, const char *out, gboolean *written,
            GError **error)
{
  g_autofree char *folder = g_build_filename (out, KEYS, NULL);
  const FastChipSecrets *secrets = content->secrets;

  *written =
      fast_unit_is_training (unit) && (secrets->chip_key != NULL || secrets->active_key != NULL);
  return !*written || fast_chip_secrets_write_folder (secrets, folder, error);
}

static void
print (FastInvocation *invocation, FastLds *lds, const char *out, gboolean preview, gboolean keys)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = fast_json_node_take (object);

  json_object_set_int_member (object, "bytes", (gint64)fast_lds_total (lds));
  json_object_set_boolean_member (object, "preview", preview);
  json_object_set_boolean_member (object, "keys", keys);
  fast_invocation_print_json (invocation, node);
  fast_invocation_say (invocation, preview ? "said-lds-preview" : "said-lds",
                       "bytes=%" G_GSIZE_FORMAT ", out=%s", fast_lds_total (lds), out);
}

/* fast-card lds --enrolment ID --out DIR: the chip's files, exact bytes; in training its keys. */
gboolean
fast_card_lds (FastInvocation *invocation, GError **error)
{
  g_auto (FastSignIn) options = {0};
  g_autofree char *item = NULL;
  g_autofree char *out = NULL;
  const GOptionEntry entries[] = {
      FAST_SIGN_IN_OPTIONS (options),
      {"enrolment", 0, 0, G_OPTION_ARG_STRING, &item, NULL, NULL},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, NULL, NULL},
      {0},
  };
  g_autoptr (FastUnit) unit = NULL;
  g_autoptr (FastContent) content = NULL;
  gboolean preview, keys;

  if (!fast_invocation_parse (invocation, entries, 0, 0, error) ||
      !fast_invocation_require (item, "--enrolment", error) ||
      !fast_invocation_require (out, "--out", error))
    return FALSE;
  unit = fast_sign_in_unit (invocation, &options, FAST_SIGN_IN_ANY, error);
  content = unit == NULL ? NULL : fast_production_content (unit, item, &preview, error);
  if (content == NULL || !fast_lds_write_folder (content->lds, out, error) ||
      !write_keys (unit, content, out, &keys, error))
    return FALSE;
  print (invocation, content->lds, out, preview, keys);
  return TRUE;
}
