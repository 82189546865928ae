/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/capture.h"

#include <json-glib/json-glib.h>

#include "enrol/workflow/gates.h"
#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/document/transliteration.h"
#include "record/model/item.h"
#include "record/model/part.h"
#include "record/store/audit.h"
#include "record/store/draft.h"
#include "record/store/index-card.h"

static void
add_part (FastDraft *draft, const char *name, GBytes *bytes)
{
  fast_draft_add_bytes (draft, name, fast_part_class (name), bytes);
}

static void
add_parts (FastDraft *draft, const FastFolder *folder)
{
  GHashTableIter iter;
  gpointer name, bytes;

  for (guint i = 0; fast_application_part_names[i] != NULL; i++) {
    const char *part = fast_application_part_names[i];
    g_autoptr (GBytes) written = fast_application_dup_part (folder->application, part);
    if (written != NULL)
      add_part (draft, part, written);
  }
  g_hash_table_iter_init (&iter, folder->samples);
  while (g_hash_table_iter_next (&iter, &name, &bytes))
    add_part (draft, name, bytes);
}

/* What a clerk looks for, in the letters of the machine readable zone. */
static JsonNode *
index_card (const FastApplication *application, const char *item, GError **error)
{
  const FastPersonName *name = fast_applicant_legal_name (application->applicant);
  g_autofree char *surname = fast_transliterate (name->surname, "surname", error);
  g_autofree char *given = surname == NULL       ? NULL
                           : name->given == NULL ? g_strdup ("")
                                                 : fast_transliterate (name->given, "given", error);
  JsonObject *card;

  if (given == NULL)
    return NULL;
  card = json_object_new ();
  json_object_set_string_member (card, "item", item);
  json_object_set_string_member (card, "surname", surname);
  json_object_set_string_member (card, "given", given);
  json_object_set_string_member (card, "birth", application->applicant->birth->date);
  json_object_set_string_member (card, "reference", application->application->reference);
  return fast_json_node_take (card);
}

static FastEnrolment *
new_enrolment (const FastFolder *folder, const FastRevision *revision, const char *captured_by)
{
  FastEnrolment *enrolment = g_new0 (FastEnrolment, 1);

  enrolment->item = g_strdup (revision->item);
  enrolment->record = g_strdup (revision->record);
  enrolment->programme = g_strdup (folder->profile->code);
  enrolment->captured_by = g_strdup (captured_by);
  enrolment->state = FAST_ENROLMENT_CAPTURED;
  return enrolment;
}

static gboolean
append_audit (FastTransaction *transaction, const FastFolder *folder, const FastRevision *revision,
              const char *actor, gint64 *sequence, GError **error)
{
  GPtrArray *overrides = folder->application->overrides;
  g_autoptr (JsonObject) details = json_object_new ();
  JsonArray *set_aside = json_array_new ();

  for (guint i = 0; overrides != NULL && i < overrides->len; i++) {
    const FastOverride *override = overrides->pdata[i];
    JsonObject *entry = json_object_new ();

    json_object_set_string_member (entry, "gate", override->gate);
    json_object_set_string_member (entry, "asked_by", override->asked_by);
    json_object_set_string_member (entry, "approved_by", override->approved_by);
    json_array_add_object_element (set_aside, entry);
  }
  json_object_set_int_member (details, "revision", revision->revision);
  json_object_set_array_member (details, "overrides", set_aside);
  return fast_audit_append (transaction, actor, "enrolment-captured", revision->item, details,
                            sequence, error);
}

static gboolean
put_index_card (FastTransaction *transaction, FastVault *vault, const FastFolder *folder,
                const FastEnrolment *enrolment, GError **error)
{
  g_autoptr (JsonNode) card = index_card (folder->application, enrolment->item, error);

  return card != NULL && fast_index_card_put (transaction, vault, enrolment->record, card, error);
}

static FastEnrolment *
store_capture (FastTransaction *transaction, FastVault *vault, const FastFolder *folder,
               const char *actor, GError **error)
{
  g_autofree char *record = fast_record_create (transaction, vault, error);
  g_autoptr (FastDraft) draft = NULL;
  g_autoptr (FastRevision) revision = NULL;
  g_autoptr (FastEnrolment) enrolment = NULL;
  gint64 sequence;

  if (record == NULL)
    return NULL;
  draft = fast_draft_new (fast_item_kind_name (FAST_ITEM_ENROLMENT), record);
  add_parts (draft, folder);
  revision = fast_draft_freeze (draft, transaction, vault, error);
  if (revision == NULL || !append_audit (transaction, folder, revision, actor, &sequence, error))
    return NULL;
  enrolment = new_enrolment (folder, revision, actor);
  if (!fast_enrolment_add (transaction, enrolment, sequence, error) ||
      !put_index_card (transaction, vault, folder, enrolment, error))
    return NULL;
  return g_steal_pointer (&enrolment);
}

/**
 * fast_capture_folder:
 * @unit: the unit, with somebody signed in
 * @folder: a capture
 * @captured_by: who captured it
 * @error: return location for an error
 *
 * Asks the gates, then freezes the first revision of a new enrolment in one transaction: all of it
 * is in the store, or nothing.
 *
 * Returns: (transfer full): the enrolment, or %NULL with FAST_GATE_ERROR when a rule said no
 */
FastEnrolment *
fast_capture_folder (FastUnit *unit, const FastFolder *folder, const FastActor *captured_by,
                     GError **error)
{
  g_autoptr (GDate) today = fast_clock_today ();
  g_autoptr (FastTransaction) transaction = NULL;
  g_autoptr (FastEnrolment) enrolment = NULL;

  if (!fast_gates_pass (folder, unit, captured_by, today, error))
    return NULL;
  transaction = fast_transaction_begin (fast_unit_store (unit), error);
  if (transaction == NULL)
    return NULL;
  enrolment = store_capture (transaction, fast_unit_vault (unit), folder, captured_by->name, error);
  if (enrolment == NULL ||
      !fast_transaction_commit (transaction, FAST_POINT ("enrolment-captured"), error))
    return NULL;
  return g_steal_pointer (&enrolment);
}
