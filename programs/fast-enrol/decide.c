/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/decide.h"

#include "programs/fast-enrol/verbs.h"
#include "programs/sign-in.h"
#include "record/base/json.h"

static gboolean
parse_words (FastInvocation *invocation, const char *agency_name, FastAgency *agency,
             FastOutcome *outcome, GError **error)
{
  const char *word = fast_invocation_operand (invocation, 1);

  if (!fast_invocation_require (agency_name, "--agency", error))
    return FALSE;
  if (!fast_agency_parse (agency_name, agency, NULL))
    return fast_fail (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT, "usage-agency",
                      "value=%s", agency_name);
  if (!fast_outcome_parse (word, outcome, NULL))
    return fast_fail (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT, "usage-outcome",
                      "value=%s", word);
  return TRUE;
}

/* fast-enrol decide ID --agency A OUTCOME: one agency's officer decides and signs. */
gboolean
fast_enrol_decide (FastInvocation *invocation, GError **error)
{
  g_auto (FastSignIn) options = {0};
  g_autofree char *agency_name = NULL;
  g_autofree char *reason = NULL;
  const GOptionEntry entries[] = {
      FAST_SIGN_IN_OPTIONS (options),
      {"agency", 0, 0, G_OPTION_ARG_STRING, &agency_name, NULL, NULL},
      {"reason", 0, 0, G_OPTION_ARG_STRING, &reason, NULL, NULL},
      {0},
  };
  g_autoptr (FastUnit) unit = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *decision = NULL;
  const char *item;
  FastAgency agency;
  FastOutcome outcome;

  if (!fast_invocation_parse (invocation, entries, 2, 2, error) ||
      !parse_words (invocation, agency_name, &agency, &outcome, error))
    return FALSE;
  unit = fast_sign_in_unit (invocation, &options, (int)agency, error);
  if (unit == NULL)
    return FALSE;
  item = fast_invocation_operand (invocation, 0);
  decision = fast_decide (unit, item, agency, outcome, reason, error);
  if (decision == NULL)
    return FALSE;
  node = fast_json_node_take (json_object_new ());
  json_object_set_string_member (json_node_get_object (node), "decision", decision);
  fast_invocation_print_json (invocation, node);
  fast_invocation_say (invocation, "said-decided", "agency=%s, outcome=%s, item=%s, decision=%s",
                       fast_agency_name (agency), fast_outcome_name (outcome), item, decision);
  return TRUE;
}
