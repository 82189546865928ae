/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/day.h"
#include "programs/fast-sync/verbs.h"
#include "programs/sign-in.h"
#include "sync/link/batch.h"

/* In training, where nobody is named, the first listed officer of each agency acts. */
static FastUnit *
sign_in_two (FastInvocation *invocation, const FastSignIn *sign_in, GError **error)
{
  g_autoptr (FastUnit) unit = fast_sign_in_unit (invocation, sign_in, FAST_AGENCY_CBSA, error);
  const char *second;

  if (unit == NULL)
    return NULL;
  second = sign_in->officers == NULL ? fast_unit_first_officer (unit, FAST_AGENCY_CBP) : NULL;
  if (second != NULL && !fast_unit_sign_in_listed (unit, second, error))
    return NULL;
  return g_steal_pointer (&unit);
}

static gboolean
report (FastInvocation *invocation, FastUnit *unit, const char *batch, GError **error)
{
  g_autoptr (FastBatchRow) row = fast_batch_table_load (fast_unit_store (unit), batch, error);
  g_autoptr (JsonNode) shown =
      row == NULL ? NULL : fast_batch_show (fast_unit_store (unit), batch, error);

  if (shown == NULL)
    return FALSE;
  fast_invocation_say (invocation, "sync-batch-closed", "batch=%s, first=%s, second=%s", batch,
                       row->first_officer, row->second_officer);
  fast_invocation_print_json (invocation, shown);
  return TRUE;
}

/* batch close: two officers. */
gboolean
fast_sync_verb_batch_close (FastInvocation *invocation, GError **error)
{
  g_auto (FastSignIn) sign_in = {0};
  const GOptionEntry options[] = {FAST_SIGN_IN_OPTIONS (sign_in), {0}};
  g_autoptr (FastUnit) unit = NULL;
  g_autofree char *batch = NULL;

  if (!fast_invocation_parse (invocation, options, 0, 0, error))
    return FALSE;
  unit = sign_in_two (invocation, &sign_in, error);
  batch = unit == NULL ? NULL : fast_day_close (unit, error);
  return batch != NULL && report (invocation, unit, batch, error);
}
