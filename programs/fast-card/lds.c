/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/production.h"
#include "programs/fast-card/verbs.h"
#include "programs/sign-in.h"
#include "record/base/json.h"

/* fast-card lds --enrolment ID --out DIR: the chip's files, exact bytes. */
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
  g_autoptr (FastLds) lds = NULL;
  g_autoptr (JsonNode) node = NULL;
  gboolean preview;

  if (!fast_invocation_parse (invocation, entries, 0, 0, error) ||
      !fast_invocation_require (item, "--enrolment", error) ||
      !fast_invocation_require (out, "--out", error))
    return FALSE;
  unit = fast_sign_in_unit (invocation, &options, FAST_SIGN_IN_ANY, error);
  lds = unit == NULL ? NULL : fast_production_files (unit, item, &preview, error);
  if (lds == NULL || !fast_lds_write_folder (lds, out, error))
    return FALSE;
  node = fast_json_node_take (json_object_new ());
  json_object_set_int_member (json_node_get_object (node), "bytes", (gint64)fast_lds_total (lds));
  json_object_set_boolean_member (json_node_get_object (node), "preview", preview);
  fast_invocation_print_json (invocation, node);
  fast_invocation_say (invocation, preview ? "said-lds-preview" : "said-lds",
                       "bytes=%" G_GSIZE_FORMAT ", out=%s", fast_lds_total (lds), out);
  return TRUE;
}
