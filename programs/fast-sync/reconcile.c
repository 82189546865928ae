/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "programs/fast-sync/verbs.h"
#include "record/model/nation.h"
#include "sync/link/batch.h"
#include "sync/link/lane.h"
#include "sync/reconcile/comparison.h"
#include "sync/reconcile/view.h"

static FastBatchRow *
find_batch (FastStore *store, const char *batch, GError **error)
{
  FastBatchRow *row;

  if (batch != NULL)
    return fast_batch_table_load (store, batch, error);
  if (!fast_batch_table_find_last_closed (store, &row, error))
    return NULL;
  if (row == NULL)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "batch-none-closed",
                           NULL);
  return row;
}

static FastView *
view_unit (FastStore *store, const FastBatchRow *row, GError **error)
{
  g_autoptr (FastManifest) manifest = fast_batch_manifest (store, row, error);
  g_autoptr (FastView) view = fast_view_new (FAST_SIDE_UNIT, row->batch);

  for (guint i = 0; manifest != NULL && i < fast_manifest_count (manifest); i++) {
    const FastManifestLine *line = fast_manifest_get_line (manifest, i);

    if (!fast_view_add (view, line->item, line->revision, line->kind, line->ca, line->us, error))
      return NULL;
  }
  return manifest == NULL ? NULL : g_steal_pointer (&view);
}

static FastView *
view_nation (FastConfig *config, FastNation nation, const char *batch, GError **error)
{
  g_autoptr (FastLane) lane = fast_lane_open (config, fast_nation_name (nation), error);
  g_autofree char *path = g_strdup_printf ("/v1/batches/%s", batch);
  g_autoptr (GBytes) answer = lane == NULL ? NULL : fast_lane_ask (lane, path, NULL, error);

  return answer == NULL ? NULL : fast_view_parse (FAST_SIDE_CA + nation, answer, error);
}

static FastComparison *
compare (FastInvocation *invocation, const char *batch, GError **error)
{
  FastConfig *config = fast_invocation_config (invocation, error);
  g_autoptr (FastStore) store = config == NULL ? NULL : fast_sync_open_store (invocation, error);
  g_autoptr (FastBatchRow) row = store == NULL ? NULL : find_batch (store, batch, error);
  g_autoptr (FastView) unit = row == NULL ? NULL : view_unit (store, row, error);
  g_autoptr (FastView) ca =
      unit == NULL ? NULL : view_nation (config, FAST_NATION_CA, row->batch, error);
  g_autoptr (FastView) us =
      ca == NULL ? NULL : view_nation (config, FAST_NATION_US, row->batch, error);

  return us == NULL ? NULL : fast_comparison_run (unit, ca, us, error);
}

/* reconcile */
gboolean
fast_sync_verb_reconcile (FastInvocation *invocation, GError **error)
{
  g_autoptr (FastComparison) comparison = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (!fast_invocation_parse (invocation, NULL, 0, 1, error))
    return FALSE;
  comparison = compare (invocation, fast_invocation_operand (invocation, 0), error);
  if (comparison == NULL)
    return FALSE;
  text = fast_comparison_to_text (comparison, invocation->language);
  node = fast_comparison_to_json (comparison);
  if (!invocation->json)
    printf ("%s", text);
  fast_invocation_print_json (invocation, node);
  if (fast_comparison_is_equal (comparison))
    return TRUE;
  return fast_fail (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_DIFFERENT, "sync-different",
                    "batch=%s, count=%u", comparison->batch, comparison->differences->len);
}
