/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/day.h"

#include <string.h>

#include "enrol/workflow/subject.h"
#include "personalise/stock/ledger.h"
#include "record/base/error.h"
#include "record/model/item.h"
#include "sync/link/batch.h"
#include "sync/link/sealing.h"

/* Fees are decimals with two places; they are added up in hundredths. */
static gint64
hundredths (const char *amount)
{
  g_auto (GStrv) parts = g_strsplit (amount, ".", 2);

  return g_ascii_strtoll (parts[0], NULL, 10) * 100 +
         (parts[1] == NULL ? 0 : g_ascii_strtoll (parts[1], NULL, 10));
}

static gboolean
add_fee (JsonObject *fees, FastUnit *unit, const char *item, GError **error)
{
  g_autoptr (FastSubject) subject = fast_subject_load (unit, item, error);
  const FastPayment *payment;
  g_autofree char *sum = NULL;
  gint64 total;

  if (subject == NULL)
    return FALSE;
  payment = subject->application->payment;
  total = hundredths (payment->amount) +
          hundredths (json_object_get_string_member_with_default (fees, payment->currency, "0.00"));
  sum = g_strdup_printf ("%" G_GINT64_FORMAT ".%02d", total / 100, (int)(total % 100));
  json_object_set_string_member (fees, payment->currency, sum);
  return TRUE;
}

/* What the open batch holds: cards by their fate, and the fees of what was enrolled. */
static gboolean
add_lines (JsonObject *summary, FastUnit *unit, FastManifest *manifest, GError **error)
{
  JsonObject *fees = json_object_new ();
  gint64 made = 0, handed_over = 0;

  json_object_set_object_member (summary, "fees", fees);
  for (guint i = 0; i < fast_manifest_count (manifest); i++) {
    const FastManifestLine *line = fast_manifest_get_line (manifest, i);

    made += strcmp (line->kind, fast_item_kind_name (FAST_ITEM_CARD)) == 0;
    handed_over += strcmp (line->kind, fast_item_kind_name (FAST_ITEM_HANDOVER)) == 0;
    if (line->revision == 1 &&
        strcmp (line->kind, fast_item_kind_name (FAST_ITEM_ENROLMENT)) == 0 &&
        !add_fee (fees, unit, line->item, error))
      return FALSE;
  }
  json_object_set_int_member (summary, "cards-made", made);
  json_object_set_int_member (summary, "cards-handed-over", handed_over);
  return TRUE;
}

static gboolean
add_stock (JsonObject *summary, FastStore *store, GError **error)
{
  JsonObject *stock = json_object_new ();
  gint64 counts[FAST_BLANK_STATE_COUNT];

  json_object_set_object_member (summary, "stock", stock);
  if (!fast_stock_count (store, counts, error))
    return FALSE;
  for (guint i = 0; i < FAST_BLANK_STATE_COUNT; i++)
    json_object_set_int_member (stock, fast_blank_state_name ((FastBlankState)i), counts[i]);
  return TRUE;
}

/**
 * fast_day_summary:
 * @unit: the unit, with somebody signed in
 * @error: return location for an error
 *
 * Returns: (transfer full): the open batch's cards and fees, and the ledger of blanks
 */
JsonObject *
fast_day_summary (FastUnit *unit, GError **error)
{
  g_autoptr (JsonObject) summary = json_object_new ();
  g_autoptr (FastBatchRow) row = NULL;
  g_autoptr (FastManifest) manifest = NULL;

  if (!fast_batch_table_find_open (fast_unit_store (unit), &row, error) ||
      !add_stock (summary, fast_unit_store (unit), error))
    return NULL;
  if (row == NULL)
    return g_steal_pointer (&summary);
  manifest = fast_batch_manifest (fast_unit_store (unit), row, error);
  if (manifest == NULL || !add_lines (summary, unit, manifest, error))
    return NULL;
  return g_steal_pointer (&summary);
}

/**
 * fast_day_close:
 * @unit: the unit, with two officers signed in
 * @error: return location for an error
 *
 * Closes the day: seals what is frozen and not sealed yet, so that nothing of the day stays behind,
 * then closes the batch. May be repeated after a crash anywhere.
 *
 * Returns: (transfer full): the closed batch; FAST_GATE_ERROR unless two officers signed in
 */
char *
fast_day_close (FastUnit *unit, GError **error)
{
  g_autoptr (FastSealer) sealer = NULL;
  g_autoptr (JsonObject) summary = NULL;

  if (fast_unit_n_actors (unit) < 2)
    return fast_fail_null (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "day-one-officer",
                           NULL);
  sealer = fast_sealer_new (fast_unit_config (unit), fast_unit_store (unit), fast_unit_vault (unit),
                            error);
  if (sealer == NULL || !fast_sealing_run_all (sealer, NULL, NULL, error))
    return NULL;
  summary = fast_day_summary (unit, error);
  return summary == NULL ? NULL
                         : fast_batch_close (sealer, fast_unit_nth_actor (unit, 0)->name,
                                             fast_unit_nth_actor (unit, 1)->name, summary, error);
}
