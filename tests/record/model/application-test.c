/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/application.h"

#include <string.h>

#include "tests/support.h"

static GBytes *
read_folder (const char *name)
{
  g_autofree char *relative = g_strdup_printf ("folder/%s/application.json", name);
  g_autofree char *path = fast_test_data (relative);

  return path == NULL ? NULL : fast_bytes_read_file (path, 1 << 20, NULL);
}

static FastApplication *
parse (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  FastApplication *application = fast_application_parse (bytes, &error);

  g_assert_no_error (error);
  return application;
}

static void
test_quebec (void)
{
  g_autoptr (GBytes) bytes = read_folder ("quebec-driver");
  g_autoptr (FastApplication) application = NULL;
  const FastPersonName *name;
  const FastDocument *document;

  if (bytes == NULL)
    return;
  application = parse (bytes);
  name = fast_applicant_legal_name (application->applicant);
  g_assert_cmpstr (name->surname, ==, "Tremblay-O’Connor");
  g_assert_cmpstr (application->applicant->birth->date, ==, "1984-02-29");
  g_assert_cmpint (application->applicant->height_cm, ==, 168);
  g_assert_null (application->membership->number);
  document = application->documents->pdata[1];
  g_assert_true (fast_document_is_licence (document));
  g_assert_cmpstr (document->endorsements[0], ==, "hazardous-goods");
  g_assert_cmpint (fast_application_find_approval (application, FAST_NATION_US)->outcome, ==,
                   FAST_APPROVAL_PROVISIONAL);
  g_assert_true (fast_application_find_consent (application, FAST_NATION_CA)->given);
  g_assert_cmpstr (
      g_hash_table_lookup (fast_application_find_interview (application, FAST_AGENCY_CBP)->answers,
                           "admissibility"),
      ==, "no questions left");
  g_assert_cmpstr (fast_application_find_override (application, "photo/background")->approved_by,
                   ==, "cbp-1");
  g_assert_null (fast_application_find_missing (application, "finger-right-thumb"));
}

static void
test_michigan (void)
{
  g_autoptr (GBytes) bytes = read_folder ("michigan-driver");
  g_autoptr (FastApplication) application = NULL;

  if (bytes == NULL)
    return;
  application = parse (bytes);
  g_assert_cmpstr (fast_application_find_missing (application, "finger-right-ring"), ==,
                   "amputated");
  g_assert_cmpstr (fast_application_find_missing (application, "left-little"), ==, "damaged");
  g_assert_null (fast_application_find_interview (application, FAST_AGENCY_CBSA));
  g_assert_cmpuint (application->applicant->names->len, ==, 2);
}

/* Nothing is lost or added on the way through the model. */
static void
check_round_trip (const char *name)
{
  g_autoptr (GBytes) bytes = read_folder (name);
  g_autoptr (FastApplication) application = NULL;
  g_autoptr (FastApplication) copy = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *wanted = NULL;
  g_autoptr (GBytes) found = NULL;
  g_autoptr (GBytes) again = NULL;

  if (bytes == NULL)
    return;
  node = fast_json_parse (bytes, name, NULL);
  wanted = fast_json_canonical (node);
  application = parse (bytes);
  found = fast_application_to_bytes (application);
  g_assert_cmpmem (g_bytes_get_data (found, NULL), g_bytes_get_size (found), wanted,
                   strlen (wanted));
  copy = fast_application_new (application, &error);
  g_assert_no_error (error);
  again = fast_application_to_bytes (copy);
  g_assert_true (g_bytes_equal (found, again));
}

static void
test_round_trips (void)
{
  check_round_trip ("quebec-driver");
  check_round_trip ("michigan-driver");
}

static void
check_parts (const char *name)
{
  g_autoptr (GBytes) bytes = read_folder (name);
  g_autoptr (GHashTable) parts =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_bytes_unref);
  g_autoptr (FastApplication) application = NULL;
  g_autoptr (FastApplication) again = NULL;
  g_autoptr (GBytes) left = NULL;
  g_autoptr (GBytes) right = NULL;
  g_autoptr (GError) error = NULL;

  if (bytes == NULL)
    return;
  application = parse (bytes);
  for (guint i = 0; fast_application_part_names[i] != NULL; i++) {
    GBytes *part = fast_application_dup_part (application, fast_application_part_names[i]);
    if (part != NULL)
      g_hash_table_insert (parts, (gpointer)fast_application_part_names[i], part);
  }
  again = fast_application_from_parts (parts, &error);
  g_assert_no_error (error);
  left = fast_application_to_bytes (application);
  right = fast_application_to_bytes (again);
  g_assert_true (g_bytes_equal (left, right));
  g_hash_table_remove (parts, "payment.json");
  g_assert_null (fast_application_from_parts (parts, &error));
  fast_test_assert_id (error, "model-missing");
}

static void
test_parts (void)
{
  check_parts ("quebec-driver");
  check_parts ("michigan-driver");
}

static void
test_shared (void)
{
  g_autoptr (GBytes) bytes = read_folder ("quebec-driver");
  g_autoptr (FastApplicant) applicant = NULL;
  FastApplication *application;

  if (bytes == NULL)
    return;
  application = parse (bytes);
  applicant = fast_applicant_ref (application->applicant);
  fast_application_unref (application);
  g_assert_cmpstr (applicant->birth->place, ==, "Trois-Rivières");
  g_assert_true (G_TYPE_IS_BOXED (fast_application_get_type ()));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/application/quebec", test_quebec);
  g_test_add_func ("/model/application/michigan", test_michigan);
  g_test_add_func ("/model/application/round-trips", test_round_trips);
  g_test_add_func ("/model/application/parts", test_parts);
  g_test_add_func ("/model/application/shared", test_shared);
  return g_test_run ();
}
