/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/grants.h"
#include "enrol/workflow/subject.h"
#include "programs/fast-enrol/verbs.h"
#include "programs/sign-in.h"
#include "record/base/json.h"
#include "record/model/nation.h"
#include "record/store/outbox.h"

static void
add_decisions (JsonObject *out, const FastGrants *grants)
{
  JsonObject *decisions = json_object_new ();

  for (guint i = 0; i < FAST_NATION_COUNT; i++) {
    const char *agency = fast_agency_name ((FastAgency)i);
    json_object_set_string_member (decisions, agency, fast_grants_outcome (grants, (FastAgency)i));
  }
  json_object_set_object_member (out, "decisions", decisions);
}

static void
add_lacks (JsonObject *out, const FastGrants *grants, const char *language)
{
  g_autoptr (GPtrArray) lacks = fast_grants_list_lacks (grants);
  JsonArray *sentences = json_array_new ();

  for (guint i = 0; i < lacks->len; i++) {
    g_autofree char *sentence = fast_message_format (lacks->pdata[i], language);
    json_array_add_string_element (sentences, sentence);
  }
  json_object_set_array_member (out, "lacks", sentences);
}

/* What an officer does next, where nothing is lacking. */
static void
add_next (JsonObject *out, const FastEnrolment *enrolment, const char *language)
{
  static const char *const steps[FAST_ENROLMENT_STATE_COUNT] = {
      [FAST_ENROLMENT_GRANTED] = "next-encode",
      [FAST_ENROLMENT_IN_PRODUCTION] = "next-resume",
      [FAST_ENROLMENT_ENCODED] = "next-finish",
      [FAST_ENROLMENT_MADE] = "next-handover",
  };
  const char *step = steps[enrolment->state];
  g_autofree char *sentence = NULL;

  if (step == NULL || json_array_get_length (json_object_get_array_member (out, "lacks")) > 0)
    return;
  sentence = fast_text (language, step, "item=%s, serial=%s", enrolment->item,
                        enrolment->serial != NULL ? enrolment->serial : "");
  json_object_set_string_member (out, "next", sentence);
}

static gboolean
add_items (JsonObject *out, FastUnit *unit, const char *item, GError **error)
{
  FastStore *store = fast_unit_store (unit);
  g_autoptr (GPtrArray) revisions = fast_revision_list (store, item, error);
  JsonArray *items = json_array_new ();

  json_object_set_array_member (out, "items", items);
  for (guint i = 0; revisions != NULL && i < revisions->len; i++) {
    const FastRevision *revision = revisions->pdata[i];
    JsonObject *entry = json_object_new ();

    json_object_set_string_member (entry, "item", revision->item);
    json_object_set_string_member (entry, "kind", revision->kind);
    json_object_set_int_member (entry, "revision", revision->revision);
    for (guint j = 0; j < FAST_NATION_COUNT; j++) {
      const char *nation = fast_nation_name ((FastNation)j);
      g_autoptr (FastOutboxRow) row =
          fast_outbox_newest (store, revision->item, revision->revision, nation, NULL);

      json_object_set_string_member (
          entry, nation, row == NULL ? "unsealed" : fast_outbox_state_name (row->state));
    }
    json_array_add_object_element (items, entry);
  }
  return revisions != NULL;
}

static void
print_items (JsonArray *items)
{
  for (guint i = 0; i < json_array_get_length (items); i++) {
    JsonObject *entry = json_array_get_object_element (items, i);

    printf ("  %-10s %-10s CA %-9s US %s\n", json_object_get_string_member (entry, "item"),
            json_object_get_string_member (entry, "kind"),
            json_object_get_string_member (entry, "CA"),
            json_object_get_string_member (entry, "US"));
  }
}

static void
print_text (FastInvocation *invocation, JsonObject *out, const FastSubject *subject)
{
  const FastPersonName *name = fast_applicant_legal_name (subject->application->applicant);
  JsonArray *lacks = json_object_get_array_member (out, "lacks");

  if (invocation->json)
    return;
  printf ("%s  %s  %s, %s  %s\n", subject->enrolment->item, subject->enrolment->programme,
          name->surname, name->given != NULL ? name->given : "",
          json_object_get_string_member (out, "state"));
  for (guint i = 0; i < json_array_get_length (lacks); i++)
    printf ("  - %s\n", json_array_get_string_element (lacks, i));
  if (json_object_has_member (out, "next"))
    printf ("  → %s\n", json_object_get_string_member (out, "next"));
  print_items (json_object_get_array_member (out, "items"));
}

/* fast-enrol show ID: who, where it stands, what a card lacks, what went where. */
gboolean
fast_enrol_show (FastInvocation *invocation, GError **error)
{
  g_auto (FastSignIn) options = {0};
  const GOptionEntry entries[] = {FAST_SIGN_IN_OPTIONS (options), {0}};
  g_autoptr (FastUnit) unit = NULL;
  g_autoptr (FastSubject) subject = NULL;
  g_autoptr (FastGrants) grants = NULL;
  g_autoptr (JsonNode) node = fast_json_node_take (json_object_new ());
  JsonObject *out = json_node_get_object (node);

  if (!fast_invocation_parse (invocation, entries, 1, 1, error))
    return FALSE;
  unit = fast_sign_in_unit (invocation, &options, FAST_SIGN_IN_ANY, error);
  subject = unit == NULL ? NULL
                         : fast_subject_load (unit, fast_invocation_operand (invocation, 0), error);
  grants = subject == NULL ? NULL : fast_grants_load (unit, subject->enrolment, error);
  if (grants == NULL)
    return FALSE;
  json_object_set_string_member (out, "item", subject->enrolment->item);
  json_object_set_string_member (out, "programme", subject->enrolment->programme);
  json_object_set_string_member (out, "state",
                                 fast_enrolment_state_name (subject->enrolment->state));
  if (subject->enrolment->serial != NULL)
    json_object_set_string_member (out, "serial", subject->enrolment->serial);
  add_decisions (out, grants);
  add_lacks (out, grants, invocation->language);
  add_next (out, subject->enrolment, invocation->language);
  if (!add_items (out, unit, subject->enrolment->item, error))
    return FALSE;
  print_text (invocation, out, subject);
  fast_invocation_print_json (invocation, node);
  return TRUE;
}
