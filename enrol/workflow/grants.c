/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/grants.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/base/json.h"
#include "record/keys/trust.h"
#include "record/model/decision.h"
#include "record/model/item.h"
#include "record/store/revision.h"
#include "sync/packet/granted.h"

typedef struct {
  FastDecision *decision; /* NULL while the agency has not decided */
  char *officer;
  gint64 clock;
  gboolean stands;
} Side;

struct _FastGrants {
  char *item;
  char *captured_by;
  Side sides[FAST_NATION_COUNT];
};

/**
 * fast_grants_free:
 * @grants: (transfer full): grants
 */
void
fast_grants_free (FastGrants *grants)
{
  for (guint i = 0; i < FAST_NATION_COUNT; i++) {
    g_clear_pointer (&grants->sides[i].decision, fast_decision_unref);
    g_free (grants->sides[i].officer);
  }
  g_free (grants->item);
  g_free (grants->captured_by);
  g_free (grants);
}

static FastTrust *
officers_of (FastUnit *unit, FastAgency agency, GError **error)
{
  g_autofree char *group =
      g_strconcat ("nation ", fast_nation_name (fast_agency_nation (agency)), NULL);
  g_autofree char *path = fast_config_path (fast_unit_config (unit), group, "ca", error);
  const char *const paths[] = {path, NULL};

  return path == NULL
             ? NULL
             : fast_trust_load (
                   paths, fast_unit_is_training (unit) ? FAST_TRUST_TRAINING : FAST_TRUST_NONE,
                   error);
}

static GHashTable *
open_parts (FastVault *vault, const FastRevision *revision, GError **error)
{
  g_autoptr (GHashTable) parts =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)fast_secret_free);

  for (guint i = 0; i < revision->parts->len; i++) {
    const FastPart *part = revision->parts->pdata[i];
    FastSecret *content = fast_revision_open_part (vault, revision, part->name, error);

    if (content == NULL)
      return NULL;
    g_hash_table_insert (parts, g_strdup (part->name), content);
  }
  return g_steal_pointer (&parts);
}

static GBytes *
dup_part (GHashTable *parts, const char *name)
{
  FastSecret *content = g_hash_table_lookup (parts, name);

  return g_bytes_new (fast_secret_data (content), fast_secret_size (content));
}

/* Every granted part is in the newest revision, with the same digest. */
static gboolean
still_stands (GBytes *granted, const FastRevision *newest, gboolean *stands, GError **error)
{
  g_autoptr (JsonNode) then = fast_json_parse_canonical (granted, FAST_GRANTED_PARTS, error);
  g_autoptr (JsonNode) now = NULL;
  g_autoptr (GList) names = NULL;

  if (then == NULL)
    return FALSE;
  now = fast_json_parse_canonical (newest->parts_json, "parts.json", error);
  if (now == NULL)
    return FALSE;
  *stands = TRUE;
  names = json_object_get_members (json_node_get_object (then));
  for (GList *at = names; at != NULL; at = at->next) {
    const char *was = json_object_get_string_member (json_node_get_object (then), at->data);
    const char *is =
        json_object_get_string_member_with_default (json_node_get_object (now), at->data, NULL);
    *stands = *stands && g_strcmp0 (was, is) == 0;
  }
  return TRUE;
}

static gboolean
find_agency (const FastRevision *revision, FastAgency *agency, GError **error)
{
  for (guint i = 0; i < FAST_NATION_COUNT; i++) {
    g_autofree char *name = fast_decision_part_name ((FastAgency)i);

    if (fast_revision_find_part (revision, name) == NULL)
      continue;
    *agency = (FastAgency)i;
    return TRUE;
  }
  return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "grants-no-decision",
                    "item=%s", revision->item);
}

static gboolean
load_side (Side *side, FastUnit *unit, const FastRevision *revision, FastAgency agency,
           const FastRevision *newest, GError **error)
{
  const FastHeader header = {.kind = revision->kind, .about = revision->about};
  g_autofree char *name = fast_decision_part_name (agency);
  g_autoptr (FastTrust) officers = officers_of (unit, agency, error);
  g_autoptr (GHashTable) parts =
      officers == NULL ? NULL : open_parts (fast_unit_vault (unit), revision, error);
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) granted = NULL;

  g_clear_pointer (&side->decision, fast_decision_unref);
  g_clear_pointer (&side->officer, g_free);
  side->clock = revision->clock;
  if (parts == NULL ||
      !fast_granted_verify (&header, parts, officers, fast_clock_now (), &side->officer, error))
    return FALSE;
  text = dup_part (parts, name);
  granted = dup_part (parts, FAST_GRANTED_PARTS);
  side->decision = fast_decision_from_bytes (text, error);
  return side->decision != NULL && still_stands (granted, newest, &side->stands, error);
}

static gboolean
load_decisions (FastGrants *grants, FastUnit *unit, const FastRevision *newest, GError **error)
{
  g_autoptr (GPtrArray) revisions =
      fast_revision_list (fast_unit_store (unit), grants->item, error);
  const char *kind = fast_item_kind_name (FAST_ITEM_DECISION);
  FastAgency agency = FAST_AGENCY_CBSA;

  if (revisions == NULL)
    return FALSE;
  for (guint i = 0; i < revisions->len; i++) {
    const FastRevision *revision = revisions->pdata[i];

    if (strcmp (revision->kind, kind) != 0)
      continue;
    if (!find_agency (revision, &agency, error) ||
        !load_side (&grants->sides[agency], unit, revision, agency, newest, error))
      return fast_error_prefix (error, "grants-decision", "item=%s", revision->item);
  }
  return TRUE;
}

/**
 * fast_grants_load:
 * @unit: the unit, with somebody signed in
 * @enrolment: an enrolment
 * @error: return location for an error
 *
 * Returns: (transfer full): what the agencies say; an error when a decision in the store does not
 *   verify
 */
FastGrants *
fast_grants_load (FastUnit *unit, const FastEnrolment *enrolment, GError **error)
{
  g_autoptr (FastGrants) grants = g_new0 (FastGrants, 1);
  g_autoptr (FastRevision) newest =
      fast_revision_load (fast_unit_store (unit), enrolment->item, 0, error);

  grants->item = g_strdup (enrolment->item);
  grants->captured_by = g_strdup (enrolment->captured_by);
  if (newest == NULL || !load_decisions (grants, unit, newest, error))
    return NULL;
  return g_steal_pointer (&grants);
}

static gboolean
has_outcome (const Side *side, FastOutcome outcome)
{
  return side->decision != NULL && side->decision->outcome == (int)outcome;
}

static gboolean
is_grant (const Side *side)
{
  return has_outcome (side, FAST_OUTCOME_GRANT) && side->stands;
}

/**
 * fast_grants_is_refused:
 * @grants: grants
 *
 * Returns: whether an agency refuses
 */
gboolean
fast_grants_is_refused (const FastGrants *grants)
{
  for (guint i = 0; i < FAST_NATION_COUNT; i++)
    if (has_outcome (&grants->sides[i], FAST_OUTCOME_REFUSE))
      return TRUE;
  return FALSE;
}

static gboolean
four_eyes (const FastGrants *grants)
{
  for (guint i = 0; i < FAST_NATION_COUNT; i++)
    if (is_grant (&grants->sides[i]) &&
        g_strcmp0 (grants->sides[i].officer, grants->captured_by) != 0)
      return TRUE;
  return FALSE;
}

/**
 * fast_grants_list_lacks:
 * @grants: grants
 *
 * Returns: (transfer full) (element-type FastMessage): what a card still lacks, a sentence each;
 *   empty when it lacks nothing
 */
GPtrArray *
fast_grants_list_lacks (const FastGrants *grants)
{
  GPtrArray *lacks = g_ptr_array_new_with_free_func ((GDestroyNotify)fast_message_unref);
  guint granted = 0;

  for (guint i = 0; i < FAST_NATION_COUNT; i++) {
    const Side *side = &grants->sides[i];
    const char *agency = fast_agency_name ((FastAgency)i);
    const char *id = side->decision == NULL                    ? "grants-undecided"
                     : has_outcome (side, FAST_OUTCOME_REFUSE) ? "grants-refused"
                     : has_outcome (side, FAST_OUTCOME_DEFER)  ? "grants-deferred"
                                                               : "grants-lapsed";
    if (is_grant (side))
      granted++;
    else
      g_ptr_array_add (lacks, fast_message_new (id, "agency=%s, item=%s", agency, grants->item));
  }
  if (granted == FAST_NATION_COUNT && !four_eyes (grants))
    g_ptr_array_add (lacks, fast_message_new ("grants-four-eyes", "officer=%s, item=%s",
                                              grants->captured_by, grants->item));
  return lacks;
}

/**
 * fast_grants_is_complete:
 * @grants: grants
 *
 * Returns: whether a card may be made
 */
gboolean
fast_grants_is_complete (const FastGrants *grants)
{
  g_autoptr (GPtrArray) lacks = fast_grants_list_lacks (grants);

  return lacks->len == 0;
}

/**
 * fast_grants_allow_card:
 * @grants: grants
 * @error: return location for an error
 *
 * The gate before a card: two grants that stand, one of CBSA and one of CBP, at least one of them
 * by somebody who captured nothing of this enrolment.
 *
 * Returns: whether a card may be made; FAST_GATE_ERROR with the first thing that it lacks
 */
gboolean
fast_grants_allow_card (const FastGrants *grants, GError **error)
{
  g_autoptr (GPtrArray) lacks = fast_grants_list_lacks (grants);
  const FastMessage *first;
  const char *agency, *officer;

  if (lacks->len == 0)
    return TRUE;
  first = lacks->pdata[0];
  agency = fast_message_get_parameter (first, "agency");
  officer = fast_message_get_parameter (first, "officer");
  return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, fast_message_get_id (first),
                    "agency=%s, officer=%s, item=%s", agency != NULL ? agency : "",
                    officer != NULL ? officer : "", grants->item);
}

/**
 * fast_grants_outcome:
 * @grants: grants
 * @agency: an agency
 *
 * Returns: (transfer none): `grant`, `refuse`, `defer`, `lapsed` or `undecided`
 */
const char *
fast_grants_outcome (const FastGrants *grants, FastAgency agency)
{
  const Side *side = &grants->sides[agency];

  if (side->decision == NULL)
    return "undecided";
  if (has_outcome (side, FAST_OUTCOME_GRANT) && !side->stands)
    return "lapsed";
  return fast_outcome_name ((FastOutcome)side->decision->outcome);
}

/**
 * fast_grants_officer:
 * @grants: grants
 * @agency: an agency
 *
 * Returns: (transfer none) (nullable): name of the officer who decided
 */
const char *
fast_grants_officer (const FastGrants *grants, FastAgency agency)
{
  return grants->sides[agency].officer;
}

/**
 * fast_grants_completed_at:
 * @grants: grants
 *
 * Returns: when the later of the two was signed, in seconds since 1970 by the uncorrected clock
 */
gint64
fast_grants_completed_at (const FastGrants *grants)
{
  return MAX (grants->sides[FAST_NATION_CA].clock, grants->sides[FAST_NATION_US].clock);
}
