/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/decide.h"

#include <json-glib/json-glib.h>

#include "enrol/workflow/grants.h"
#include "record/base/error.h"
#include "record/keys/certificate.h"
#include "record/keys/cms.h"
#include "record/keys/key.h"
#include "record/model/item.h"
#include "record/store/audit.h"
#include "record/store/draft.h"
#include "record/store/sequence.h"
#include "sync/packet/granted.h"

/* A signed decision, not yet in the store. */
typedef struct {
  FastDecision *document;
  GBytes *text;
  GBytes *signature;
  GBytes *granted_parts;
} Signed;

static void
signed_clear (Signed *decision)
{
  g_clear_pointer (&decision->document, fast_decision_unref);
  g_clear_pointer (&decision->text, g_bytes_unref);
  g_clear_pointer (&decision->signature, g_bytes_unref);
  g_clear_pointer (&decision->granted_parts, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Signed, signed_clear)

/* Who decided is the name in the certificate, who captured that of the configuration: four eyes
 * compare the two, so they have to be one name. */
static gboolean
check_name (X509 *certificate, const FastActor *actor, GError **error)
{
  g_autofree char *name = fast_certificate_get_name (certificate, NID_commonName);
  g_autofree char *agency = fast_certificate_get_name (certificate, NID_organizationalUnitName);

  if (g_strcmp0 (name, actor->name) == 0 &&
      g_strcmp0 (agency, fast_agency_name (actor->agency)) == 0)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "decide-other-name",
                    "officer=%s, agency=%s, name=%s, of=%s", actor->name,
                    fast_agency_name (actor->agency), name != NULL ? name : "-",
                    agency != NULL ? agency : "-");
}

static GBytes *
sign (FastUnit *unit, const FastActor *actor, GBytes *text, GError **error)
{
  const FastCmsOptions options = {.detached = TRUE};
  g_autofree char *group = g_strconcat ("officer ", actor->name, NULL);
  g_autofree char *key_path = fast_config_path (fast_unit_config (unit), group, "key", error);
  g_autofree char *certificate_path =
      key_path == NULL ? NULL
                       : fast_config_path (fast_unit_config (unit), group, "certificate", error);
  g_autoptr (EVP_PKEY) key = certificate_path == NULL ? NULL : fast_key_load (key_path, error);
  g_autoptr (X509) certificate =
      key == NULL ? NULL : fast_certificate_load (certificate_path, error);

  if (certificate == NULL || !fast_certificate_check_key (certificate, key, error) ||
      !check_name (certificate, actor, error))
    return NULL;
  return fast_cms_sign (text, certificate, key, &options, error);
}

static gboolean
write_decision (Signed *decision, FastUnit *unit, const char *item, FastAgency agency,
                FastOutcome outcome, const char *reason, GError **error)
{
  g_autoptr (FastRevision) revision = fast_revision_load (fast_unit_store (unit), item, 0, error);
  g_autofree char *parts = NULL;
  gint64 last;

  if (revision == NULL ||
      !fast_sequence_last (fast_unit_store (unit), FAST_SEQUENCE_EVENT, &last, error))
    return FALSE;
  parts = fast_sha256_hex (revision->parts_json);
  decision->document = fast_decision_new (&(FastDecision){.agency = agency,
                                                          .item = item,
                                                          .revision = revision->revision,
                                                          .outcome = outcome,
                                                          .reason = reason,
                                                          .sequence = last + 1,
                                                          .parts = parts},
                                          error);
  if (decision->document != NULL) {
    decision->text = fast_decision_to_bytes (decision->document);
    decision->granted_parts = g_bytes_ref (revision->parts_json);
  }
  return decision->document != NULL;
}

static FastRevision *
freeze (FastTransaction *transaction, FastVault *vault, const FastEnrolment *enrolment,
        const Signed *decision, GError **error)
{
  FastAgency agency = (FastAgency)decision->document->agency;
  g_autofree char *text_name = fast_decision_part_name (agency);
  g_autofree char *signature_name = fast_decision_signature_name (agency);
  g_autoptr (FastDraft) draft =
      fast_draft_new (fast_item_kind_name (FAST_ITEM_DECISION), enrolment->record);

  fast_draft_set_about (draft, enrolment->item);
  fast_draft_add_bytes (draft, text_name, FAST_CLASS_PERSONAL, decision->text);
  fast_draft_add_bytes (draft, signature_name, FAST_CLASS_PERSONAL, decision->signature);
  fast_draft_add_bytes (draft, FAST_GRANTED_PARTS, FAST_CLASS_PERSONAL, decision->granted_parts);
  return fast_draft_freeze (draft, transaction, vault, error);
}

static gboolean
append_audit (FastTransaction *transaction, const char *actor, const Signed *decision,
              const char *enrolment, GError **error)
{
  g_autoptr (JsonObject) details = json_object_new ();
  FastDecision *document = decision->document;
  gint64 sequence;

  json_object_set_string_member (details, "agency",
                                 fast_agency_name ((FastAgency)document->agency));
  json_object_set_string_member (details, "outcome",
                                 fast_outcome_name ((FastOutcome)document->outcome));
  json_object_set_int_member (details, "revision", document->revision);
  if (document->reason != NULL)
    json_object_set_string_member (details, "reason", document->reason);
  return fast_audit_append (transaction, actor, "decision", enrolment, details, &sequence, error);
}

/* What the decisions say now, the newest of each agency, decides where the enrolment stands. */
static gboolean
follow (FastTransaction *transaction, FastUnit *unit, const char *item, const char *actor,
        GError **error)
{
  g_autoptr (FastEnrolment) enrolment =
      fast_enrolment_load (fast_transaction_store (transaction), item, error);
  g_autoptr (FastGrants) grants =
      enrolment == NULL ? NULL : fast_grants_load (unit, enrolment, error);
  FastEnrolmentState wanted;

  if (grants == NULL)
    return FALSE;
  wanted = fast_grants_is_refused (grants)    ? FAST_ENROLMENT_REFUSED
           : fast_grants_is_complete (grants) ? FAST_ENROLMENT_GRANTED
                                              : FAST_ENROLMENT_CAPTURED;
  if (wanted == enrolment->state)
    return TRUE;
  if (enrolment->state == FAST_ENROLMENT_REFUSED && wanted == FAST_ENROLMENT_GRANTED)
    return fast_enrolment_move (transaction, enrolment, FAST_EVENT_LAPSED, NULL, actor, error) &&
           follow (transaction, unit, item, actor, error);
  return fast_enrolment_move (transaction, enrolment,
                              wanted == FAST_ENROLMENT_REFUSED   ? FAST_EVENT_REFUSED
                              : wanted == FAST_ENROLMENT_GRANTED ? FAST_EVENT_GRANTED
                                                                 : FAST_EVENT_LAPSED,
                              NULL, actor, error);
}

static char *
store_decision (FastUnit *unit, const FastActor *actor, const char *item, const Signed *decision,
                GError **error)
{
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (fast_unit_store (unit), error);
  g_autoptr (FastEnrolment) enrolment =
      transaction == NULL ? NULL : fast_enrolment_load (fast_unit_store (unit), item, error);
  g_autoptr (FastRevision) revision = NULL;

  if (enrolment == NULL || !fast_decide_is_open (enrolment, error))
    return NULL;
  revision = freeze (transaction, fast_unit_vault (unit), enrolment, decision, error);
  if (revision == NULL || !append_audit (transaction, actor->name, decision, item, error) ||
      !follow (transaction, unit, item, actor->name, error) ||
      !fast_transaction_commit (transaction, FAST_POINT ("decision"), error))
    return NULL;
  return g_strdup (revision->item);
}

/**
 * fast_decide_is_open:
 * @enrolment: an enrolment
 * @error: return location for an error
 *
 * Returns: whether it can still be decided here: once its card is begun, only a revocation changes
 *   what was granted
 */
gboolean
fast_decide_is_open (const FastEnrolment *enrolment, GError **error)
{
  if (enrolment->state <= FAST_ENROLMENT_GRANTED)
    return TRUE;
  return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "decide-late",
                    "item=%s, state=%s", enrolment->item,
                    fast_enrolment_state_name (enrolment->state));
}

/**
 * fast_decide:
 * @unit: the unit, with an officer of @agency signed in
 * @item: an enrolment's item id
 * @agency: who decides
 * @outcome: what
 * @reason: (nullable): a code; required unless it is a grant
 * @error: return location for an error
 *
 * The officer signs the decision with their own key, over the digest of what was looked at; it is
 * an item of its own. A later decision of the same agency takes the place of an earlier one.
 *
 * Returns: (transfer full): the decision's item id
 */
char *
fast_decide (FastUnit *unit, const char *item, FastAgency agency, FastOutcome outcome,
             const char *reason, GError **error)
{
  const FastActor *actor = fast_unit_actor_of (unit, agency, error);
  g_autoptr (FastEnrolment) enrolment =
      actor == NULL ? NULL : fast_enrolment_load (fast_unit_store (unit), item, error);
  g_auto (Signed) decision = {0};

  if (enrolment == NULL || !fast_decide_is_open (enrolment, error))
    return NULL;
  if (outcome != FAST_OUTCOME_GRANT && reason == NULL)
    return fast_fail_null (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "decide-no-reason",
                           "outcome=%s", fast_outcome_name (outcome));
  if (!write_decision (&decision, unit, item, agency, outcome, reason, error))
    return NULL;
  decision.signature = sign (unit, actor, decision.text, error);
  if (decision.signature == NULL)
    return NULL;
  return store_decision (unit, actor, item, &decision, error);
}
