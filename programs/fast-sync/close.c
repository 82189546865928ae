/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/stock/ledger.h"
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

/* What the day did to the blanks, by the ledger. */
static JsonObject *
summarise (FastUnit *unit, GError **error)
{
  gint64 counts[FAST_BLANK_STATE_COUNT];
  JsonObject *summary, *stock;

  if (!fast_stock_count (fast_unit_store (unit), counts, error))
    return NULL;
  summary = json_object_new ();
  stock = json_object_new ();
  for (guint i = 0; i < FAST_BLANK_STATE_COUNT; i++)
    json_object_set_int_member (stock, fast_blank_state_name ((FastBlankState)i), counts[i]);
  json_object_set_object_member (summary, "stock", stock);
  return summary;
}

static char *
close_batch (FastUnit *unit, GError **error)
{
  const char *first = fast_unit_nth_actor (unit, 0)->name;
  const char *second = fast_unit_n_actors (unit) > 1 ? fast_unit_nth_actor (unit, 1)->name : first;
  g_autoptr (FastSealer) sealer = fast_sealer_new (fast_unit_config (unit), fast_unit_store (unit),
                                                   fast_unit_vault (unit), error);
  g_autoptr (JsonObject) summary = sealer == NULL ? NULL : summarise (unit, error);

  return summary == NULL ? NULL : fast_batch_close (sealer, first, second, summary, error);
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
  batch = unit == NULL ? NULL : close_batch (unit, error);
  return batch != NULL && report (invocation, unit, batch, error);
}
