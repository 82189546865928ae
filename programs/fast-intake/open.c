/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "programs/fast-intake/verbs.h"
#include "record/base/json.h"
#include "sync/intake/opening.h"

static void
report (FastInvocation *invocation, const FastOpeningReport *done)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = fast_json_node_take (object);
  JsonArray *notes = json_array_new ();

  for (guint i = 0; i < done->notes->len; i++) {
    g_autofree char *text = fast_message_format (done->notes->pdata[i], invocation->language);
    json_array_add_string_element (notes, text);
    if (!invocation->json)
      printf ("%s\n", text);
  }
  json_object_set_int_member (object, "opened", done->opened);
  json_object_set_int_member (object, "refused", done->refused);
  json_object_set_int_member (object, "left", done->left);
  json_object_set_int_member (object, "closed", done->closed);
  json_object_set_array_member (object, "notes", notes);
  fast_invocation_say (invocation, "intake-opened", "opened=%u, refused=%u, closed=%u",
                       done->opened, done->refused, done->closed);
  fast_invocation_print_json (invocation, node);
}

/* open */
gboolean
fast_intake_verb_open (FastInvocation *invocation, GError **error)
{
  g_autofree char *database = NULL;
  const GOptionEntry options[] = {{"database", 0, 0, G_OPTION_ARG_STRING, &database, NULL, NULL},
                                  {0}};
  g_autoptr (FastIntake) intake = NULL;
  g_autoptr (FastOpening) opening = NULL;
  g_autoptr (FastOpeningReport) done = NULL;

  if (!fast_invocation_parse (invocation, options, 0, 0, error))
    return FALSE;
  intake = fast_intake_of (invocation, database, error);
  opening = intake == NULL ? NULL : fast_opening_new (intake, invocation->config, error);
  done = opening == NULL ? NULL : fast_opening_run (opening, error);
  if (done == NULL)
    return FALSE;
  report (invocation, done);
  return done->left == 0 || fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT,
                                       "intake-opening-left", "count=%u", done->left);
}
