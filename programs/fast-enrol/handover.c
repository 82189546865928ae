/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/handover.h"

#include "programs/fast-enrol/verbs.h"
#include "programs/sign-in.h"
#include "record/base/json.h"

/* fast-enrol handover ID: the card goes to its holder. */
gboolean
fast_enrol_handover (FastInvocation *invocation, GError **error)
{
  g_auto (FastSignIn) options = {0};
  const GOptionEntry entries[] = {FAST_SIGN_IN_OPTIONS (options), {0}};
  g_autoptr (FastUnit) unit = NULL;
  g_autoptr (JsonNode) node = NULL;
  const char *item;

  if (!fast_invocation_parse (invocation, entries, 1, 1, error))
    return FALSE;
  unit = fast_sign_in_unit (invocation, &options, FAST_SIGN_IN_ANY, error);
  item = fast_invocation_operand (invocation, 0);
  if (unit == NULL || !fast_hand_over (unit, item, error))
    return FALSE;
  node = fast_json_node_take (json_object_new ());
  json_object_set_string_member (json_node_get_object (node), "enrolment", item);
  json_object_set_string_member (json_node_get_object (node), "state", "handed-over");
  fast_invocation_print_json (invocation, node);
  fast_invocation_say (invocation, "said-handed-over", "item=%s", item);
  return TRUE;
}
