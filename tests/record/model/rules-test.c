/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/rules.h"

#include <stdlib.h>
#include <string.h>

#include "record/base/clock.h"
#include "tests/support.h"

/* Every test starts from the fixture, which passes, and sets one member to something else. */

static JsonNode *
read_fixture (void)
{
  g_autofree char *path = fast_test_source ("tests/record/model/application.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

/* Walks a path as in `documents.0.expiry` and sets what it ends in to the JSON @value; an empty one
 * removes it. */
static void
set_at (JsonNode *root, const char *path, const char *value)
{
  g_auto (GStrv) steps = g_strsplit (path, ".", -1);
  const guint last = g_strv_length (steps) - 1;
  JsonNode *node = root;

  for (guint i = 0; i < last; i++)
    node = JSON_NODE_HOLDS_ARRAY (node)
               ? json_array_get_element (json_node_get_array (node), (guint)atoi (steps[i]))
               : json_object_get_member (json_node_get_object (node), steps[i]);
  if (JSON_NODE_HOLDS_ARRAY (node))
    json_array_remove_element (json_node_get_array (node), (guint)atoi (steps[last]));
  else if (value[0] == '\0')
    json_object_remove_member (json_node_get_object (node), steps[last]);
  else
    json_object_set_member (json_node_get_object (node), steps[last],
                            json_from_string (value, NULL));
}

static FastApplication *
change (const char *path, const char *value)
{
  g_autoptr (JsonNode) node = read_fixture ();
  g_autoptr (GError) error = NULL;
  FastApplication *application;

  if (path != NULL)
    set_at (node, path, value);
  application = fast_application_from_json (node, &error);
  g_assert_no_error (error);
  return application;
}

static FastProfile *
load_profile (void)
{
  g_autoptr (GError) error = NULL;
  FastProfile *profile = fast_profile_load ("FAST", &error);

  g_assert_no_error (error);
  return profile;
}

static gboolean
judge_on (const char *path, const char *value, const char *day, GError **error)
{
  g_autoptr (FastApplication) application = change (path, value);
  g_autoptr (FastProfile) profile = load_profile ();
  g_autoptr (GDate) today = fast_date_parse (day, NULL);

  return fast_rules_check (application, profile, today, error);
}

#define TODAY "2026-11-24"

static void
check_passes (const char *path, const char *value, const char *day)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (judge_on (path, value, day, &error));
  g_assert_no_error (error);
}

static void
check_refused (const char *path, const char *value, const char *day, const char *id,
               const char *field)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (judge_on (path, value, day, &error));
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  fast_test_assert_id (error, id);
  g_assert_cmpstr (fast_message_get_parameter (fast_error_get_message (error), "field"), ==, field);
  g_assert_nonnull (strstr (error->message, field));
  g_assert_nonnull (fast_message_lookup (id, "do-en"));
  g_assert_nonnull (fast_message_lookup (id, "do-fr"));
}

static void
test_passes (void)
{
  check_passes (NULL, NULL, TODAY);
}

static void
test_birth (void)
{
  const char *path = "applicant.birth.date";

  check_refused (path, "\"2026-11-25\"", TODAY, "rule-birth-future", path);
  check_refused (path, "\"2026-11-24\"", TODAY, "rule-age", path);
  check_refused (path, "\"2008-11-25\"", TODAY, "rule-age", path);
}

/* On the eighteenth birthday itself the rule on age passes; only the passport then differs. */
static void
test_age_limit (void)
{
  check_refused ("applicant.birth.date", "\"2008-11-24\"", TODAY, "rule-mrz-differs",
                 "applicant.birth.date");
  check_refused ("applicant.birth.date", "\"2008-02-29\"", "2026-02-28", "rule-mrz-differs",
                 "applicant.birth.date");
  check_refused ("applicant.birth.date", "\"2008-02-29\"", "2026-02-27", "rule-age",
                 "applicant.birth.date");
}

static void
test_documents (void)
{
  check_passes (NULL, NULL, "2029-08-12");
  check_refused (NULL, NULL, "2029-08-13", "rule-licence-expired", "documents[2].expiry");
  check_refused (NULL, NULL, "2032-04-16", "rule-document-expired", "documents[0].expiry");
  check_refused ("documents.2", "", TODAY, "rule-licence-missing", "documents");
  check_refused ("documents.2.expiry", "\"2026-11-23\"", TODAY, "rule-licence-expired",
                 "documents[2].expiry");
  check_passes ("documents.2.expiry", "\"2026-11-24\"", TODAY);
}

static void
test_identity_missing (void)
{
  g_autoptr (JsonNode) node = read_fixture ();
  g_autoptr (FastProfile) profile = load_profile ();
  g_autoptr (GDate) today = fast_date_parse (TODAY, NULL);
  g_autoptr (FastApplication) application = NULL;
  g_autoptr (GError) error = NULL;

  set_at (node, "documents.1", "");
  set_at (node, "documents.0", "");
  application = fast_application_from_json (node, &error);
  g_assert_no_error (error);
  g_assert_false (fast_rules_check (application, profile, today, &error));
  fast_test_assert_id (error, "rule-identity-missing");
}

static void
test_zone (void)
{
  g_autoptr (GError) error = NULL;

  check_refused ("documents.0.number", "\"L898902C4\"", TODAY, "rule-mrz-differs",
                 "documents[0].number");
  check_passes ("documents.0.number", "\"L 898 902 C3\"", TODAY);
  check_refused ("documents.0.expiry", "\"2032-04-16\"", TODAY, "rule-mrz-differs",
                 "documents[0].expiry");
  check_refused ("documents.0.state", "\"CAN\"", TODAY, "rule-mrz-differs", "documents[0].state");
  check_refused ("applicant.birth.date", "\"1974-08-13\"", TODAY, "rule-mrz-differs",
                 "applicant.birth.date");
  check_refused ("applicant.names.1.surname", "\"Ericson\"", TODAY, "rule-mrz-differs",
                 "applicant.names");
  g_assert_false (judge_on ("documents.0.mrz",
                            "[\"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\","
                            "\"L898902C36UTO7408122F3204153ZE184226B<<<<<17\"]",
                            TODAY, &error));
  g_assert_error (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID);
  fast_test_assert_id (error, "mrz-check-digit");
  g_assert_nonnull (strstr (error->message, "documents[0].mrz"));
}

static void
test_names (void)
{
  check_refused ("applicant.names.0.kind", "\"former\"", TODAY, "rule-legal-name",
                 "applicant.names");
  check_refused ("applicant.names.0.surname", "\"Müller 王\"", TODAY, "translit-character",
                 "applicant.names[0].surname");
  check_refused ("applicant.names.0.given", "\"Αννα\"", TODAY, "translit-character",
                 "applicant.names[0].given");
  check_refused ("applicant.names.0.surname", "\"-\"", TODAY, "translit-empty",
                 "applicant.names[0].surname");
  check_passes ("applicant.names.0.given", "null", TODAY);
}

static void
test_nations (void)
{
  check_refused ("consents.1.given", "false", TODAY, "rule-consent", "consents");
  check_refused ("consents.0", "", TODAY, "rule-consent", "consents");
  check_refused ("application.approvals.0.outcome", "\"pending\"", TODAY, "rule-approval",
                 "application.approvals");
  check_refused ("application.approvals.1", "", TODAY, "rule-approval", "application.approvals");
  check_refused ("programme", "\"NEXUS\"", TODAY, "rule-programme", "programme");
}

static void
test_fee (void)
{
  check_refused ("payment.amount", "\"49.99\"", TODAY, "rule-fee", "payment.amount");
  check_refused ("payment.amount", "\"50.01\"", TODAY, "rule-fee", "payment.amount");
  check_refused ("payment.currency", "\"EUR\"", TODAY, "rule-fee", "payment.currency");
  check_passes ("payment.currency", "\"USD\"", TODAY);
}

static void
test_months (void)
{
  check_refused ("applicant.addresses.1.to", "\"2011-04\"", TODAY, "rule-months",
                 "applicant.addresses[1].to");
  check_passes ("applicant.addresses.1.to", "\"2011-05\"", TODAY);
  check_refused ("applicant.employment.0.to", "\"2014-12\"", TODAY, "rule-months",
                 "applicant.employment[0].to");
}

static void
test_override (void)
{
  check_refused ("overrides.0.approved_by", "\"cbsa-1\"", TODAY, "rule-override-self",
                 "overrides[0].approved_by");
}

static void
check_renewal (const char *kind, const char *membership, const char *day, const char *id)
{
  g_autoptr (JsonNode) node = read_fixture ();
  g_autoptr (FastProfile) profile = load_profile ();
  g_autoptr (GDate) today = fast_date_parse (day, NULL);
  g_autoptr (FastApplication) application = NULL;
  g_autoptr (GError) error = NULL;

  set_at (node, "kind", kind);
  set_at (node, "membership", membership);
  application = fast_application_from_json (node, &error);
  g_assert_no_error (error);
  if (fast_rules_check (application, profile, today, &error))
    g_assert_null (id);
  else
    fast_test_assert_id (error, id);
}

#define MEMBER "{\"number\": \"500000001\", \"previous_expiry\": \"2027-08-12\"}"

static void
test_renewal (void)
{
  check_renewal ("\"renewal\"", MEMBER, "2026-08-12", NULL);
  check_renewal ("\"renewal\"", MEMBER, "2026-08-11", "rule-renewal-early");
  check_renewal ("\"renewal\"", MEMBER, "2027-08-12", NULL);
  check_renewal ("\"renewal\"", MEMBER, "2027-08-13", "rule-membership-ended");
  check_renewal ("\"replacement\"", MEMBER, "2026-01-01", NULL);
  check_renewal ("\"renewal\"", "{\"number\": null, \"previous_expiry\": \"2027-08-12\"}",
                 "2026-11-24", "rule-membership");
  check_renewal ("\"renewal\"", "{\"number\": \"500000001\", \"previous_expiry\": null}",
                 "2026-11-24", "rule-membership");
}

static void
test_judge (void)
{
  g_autoptr (JsonNode) node = read_fixture ();
  g_autoptr (FastProfile) profile = load_profile ();
  g_autoptr (GDate) today = fast_date_parse (TODAY, NULL);
  g_autoptr (FastApplication) application = NULL;
  g_autoptr (GPtrArray) refusals = NULL;

  set_at (node, "payment.amount", "\"0.00\"");
  set_at (node, "consents", "[]");
  application = fast_application_from_json (node, NULL);
  refusals = fast_rules_judge (application, profile, today);
  g_assert_cmpuint (refusals->len, ==, 2);
  fast_test_assert_id ((GError *)refusals->pdata[0], "rule-consent");
  fast_test_assert_id ((GError *)refusals->pdata[1], "rule-fee");
}

static void
test_data_folders (void)
{
  static const char *const names[] = {"quebec-driver", "michigan-driver"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *relative = g_strdup_printf ("folder/%s", names[i]);
    g_autofree char *path = fast_test_data (relative);
    g_autoptr (FastProfile) profile = load_profile ();
    g_autoptr (GDate) today = fast_date_parse (TODAY, NULL);
    g_autoptr (FastApplication) application = NULL;
    g_autoptr (GError) error = NULL;

    if (path == NULL)
      return;
    application = fast_application_load (path, &error);
    g_assert_no_error (error);
    g_assert_true (fast_rules_check (application, profile, today, &error));
    g_assert_no_error (error);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/rules/passes", test_passes);
  g_test_add_func ("/model/rules/birth", test_birth);
  g_test_add_func ("/model/rules/age-limit", test_age_limit);
  g_test_add_func ("/model/rules/documents", test_documents);
  g_test_add_func ("/model/rules/identity-missing", test_identity_missing);
  g_test_add_func ("/model/rules/zone", test_zone);
  g_test_add_func ("/model/rules/names", test_names);
  g_test_add_func ("/model/rules/nations", test_nations);
  g_test_add_func ("/model/rules/fee", test_fee);
  g_test_add_func ("/model/rules/months", test_months);
  g_test_add_func ("/model/rules/override", test_override);
  g_test_add_func ("/model/rules/renewal", test_renewal);
  g_test_add_func ("/model/rules/judge", test_judge);
  g_test_add_func ("/model/rules/data-folders", test_data_folders);
  return g_test_run ();
}
