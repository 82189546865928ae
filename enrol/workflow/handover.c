/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/handover.h"

#include "personalise/stock/ledger.h"
#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/model/handover.h"
#include "record/model/item.h"
#include "record/store/draft.h"

static GBytes *
describe (const FastEnrolment *enrolment, const char *officer, GError **error)
{
  g_autofree char *at = fast_clock_format (fast_clock_now ());
  g_autoptr (FastHandover) handover =
      fast_handover_new (&(FastHandover){.enrolment = enrolment->item,
                                         .serial = enrolment->serial,
                                         .officer = officer,
                                         .at = at,
                                         .identified_by = "photo"},
                         error);

  return handover == NULL ? NULL : fast_handover_to_bytes (handover);
}

static gboolean
freeze (FastTransaction *transaction, FastUnit *unit, const FastEnrolment *enrolment,
        const char *officer, GError **error)
{
  g_autoptr (GBytes) handover = describe (enrolment, officer, error);
  g_autoptr (FastDraft) draft =
      fast_draft_new (fast_item_kind_name (FAST_ITEM_HANDOVER), enrolment->record);
  g_autoptr (FastRevision) revision = NULL;

  if (handover == NULL)
    return FALSE;
  fast_draft_set_about (draft, enrolment->item);
  fast_draft_add_bytes (draft, "handover.json", FAST_CLASS_PERSONAL, handover);
  revision = fast_draft_freeze (draft, transaction, fast_unit_vault (unit), error);
  return revision != NULL;
}

static gboolean
store_handed_over (FastUnit *unit, const char *item, GError **error)
{
  FastStore *store = fast_unit_store (unit);
  const FastActor *actor = fast_unit_actor (unit, error);
  g_autoptr (FastTransaction) transaction =
      actor == NULL ? NULL : fast_transaction_begin (store, error);
  g_autoptr (FastEnrolment) enrolment =
      transaction == NULL ? NULL : fast_enrolment_load (store, item, error);

  return enrolment != NULL &&
         fast_enrolment_move (transaction, enrolment, FAST_EVENT_HANDED_OVER, NULL, actor->name,
                              error) &&
         fast_stock_hand_over (transaction, actor->name, enrolment->serial, error) &&
         freeze (transaction, unit, enrolment, actor->name, error) &&
         fast_enrolment_forget (transaction, item, error) &&
         fast_transaction_commit (transaction, FAST_POINT ("card-handed-over"), error);
}

/**
 * fast_hand_over:
 * @unit: the unit, with somebody signed in
 * @item: an enrolment whose card is made
 * @error: return location for an error
 *
 * The officer has compared the person with the photo and gives the card. What was kept for making
 * it (chip images, seal) is dropped; the frozen revisions stay.
 *
 * Returns: whether it is handed over; FAST_GATE_ERROR when the card is not made
 */
gboolean
fast_hand_over (FastUnit *unit, const char *item, GError **error)
{
  if (!store_handed_over (unit, item, error))
    return FALSE;
  fast_unit_empty_log (unit);
  return TRUE;
}
