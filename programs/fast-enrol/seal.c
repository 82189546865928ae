/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/link/sealing.h"

#include "enrol/workflow/enrolment.h"
#include "programs/fast-enrol/verbs.h"
#include "programs/sign-in.h"
#include "record/base/json.h"

/* fast-enrol seal ID: seals every unsealed item of the enrolment for both nations. */
gboolean
fast_enrol_seal (FastInvocation *invocation, GError **error)
{
  g_auto (FastSignIn) options = {0};
  const GOptionEntry entries[] = {FAST_SIGN_IN_OPTIONS (options), {0}};
  g_autoptr (FastUnit) unit = NULL;
  g_autoptr (FastEnrolment) enrolment = NULL;
  g_autoptr (FastSealer) sealer = NULL;
  g_autoptr (JsonNode) node = NULL;
  guint sealed;

  if (!fast_invocation_parse (invocation, entries, 1, 1, error))
    return FALSE;
  unit = fast_sign_in_unit (invocation, &options, FAST_SIGN_IN_ANY, error);
  if (unit == NULL)
    return FALSE;
  enrolment =
      fast_enrolment_load (fast_unit_store (unit), fast_invocation_operand (invocation, 0), error);
  if (enrolment == NULL)
    return FALSE;
  sealer = fast_sealer_new (fast_unit_config (unit), fast_unit_store (unit), fast_unit_vault (unit),
                            error);
  if (sealer == NULL || !fast_sealing_run_all (sealer, enrolment->item, &sealed, error))
    return FALSE;
  node = fast_json_node_take (json_object_new ());
  json_object_set_int_member (json_node_get_object (node), "sealed", sealed);
  fast_invocation_print_json (invocation, node);
  fast_invocation_say (invocation, "said-sealed", "n=%u, item=%s", sealed, enrolment->item);
  return TRUE;
}
