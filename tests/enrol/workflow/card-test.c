/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/capture.h"
#include "enrol/workflow/production.h"
#include "personalise/lds/finger-group.h"
#include "record/base/error.h"
#include "tests/enrol/workflow/workplace.h"
#include "tests/support.h"

/* What decides whether a card may be begun on a blank, and which prints its chip gets. Signed in:
 * cbsa-1 and cbp-1. */
static Workplace place;

static void
open_place (void)
{
  workplace_open (&place, NULL);
  workplace_sign_in (&place, "cbsa-1");
  workplace_sign_in (&place, "cbp-1");
}

/* A preview gives the membership its number; whatever is refused after that leaves no row. */
static void
give_number (const char *item)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastContent) content = NULL;
  gboolean preview;

  content = fast_production_content (place.unit, item, &preview, &error);
  g_assert_no_error (error);
  g_assert_true (preview);
}

static void
assert_begin_refused (const char *item, const char *id)
{
  const gint64 rows = workplace_count_rows (fast_unit_store (place.unit));
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_false (
      fast_production_begin (place.unit, item, "FC0000001", &fast_applet_icao_perso, &error));
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  fast_test_assert_id (error, id);
  text = fast_error_format (error, "en");
  g_test_message ("%s", text);
  g_assert_cmpint (workplace_count_rows (fast_unit_store (place.unit)), ==, rows);
}

static void
assert_fingers (FastLds *lds, const FastFinger *wanted, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) fingers =
      fast_finger_group_parse (fast_lds_get (lds, fast_file_group (3)), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (fingers->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (((const FastFingerRecord *)fingers->pdata[i])->finger, ==, wanted[i]);
}

#define OVERRIDE                                                                                   \
  "[{\"gate\": \"fingers/missing\", \"reason\": \"seen\", \"asked_by\": \"cbsa-1\", "              \
  "\"approved_by\": \"cbp-1\"}]"

/* An enrolment of somebody without @missing, a list that ends with %NULL. */
static char *
grant_without (const char *const *missing)
{
  g_autoptr (GString) declared = g_string_new ("{");
  SpecimenChange changes[] = {{"missing", NULL}, {"overrides", OVERRIDE}, {NULL, NULL}};
  g_autoptr (FastFolder) folder = NULL;
  g_autoptr (FastEnrolment) enrolment = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; missing[i] != NULL; i++)
    g_string_append_printf (declared, "%s\"%s\": \"amputated\"", i == 0 ? "" : ", ", missing[i]);
  g_string_append_c (declared, '}');
  changes[0].value = declared->str;
  folder = workplace_folder (&place, changes);
  for (guint i = 0; missing[i] != NULL; i++) {
    g_autofree char *sample = g_strdup_printf ("finger-%s.png", missing[i]);
    g_assert_true (g_hash_table_remove (folder->samples, sample));
  }
  enrolment = fast_capture_folder (place.unit, folder, fast_unit_nth_actor (place.unit, 0), &error);
  g_assert_no_error (error);
  workplace_decide (&place, enrolment->item, FAST_AGENCY_CBSA, "grant", NULL);
  workplace_decide (&place, enrolment->item, FAST_AGENCY_CBP, "grant", NULL);
  return g_strdup (enrolment->item);
}

static void
assert_chosen (const char *const *missing, const FastFinger *wanted, guint n)
{
  g_autofree char *item = grant_without (missing);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastContent) content = NULL;
  gboolean preview;

  content = fast_production_content (place.unit, item, &preview, &error);
  g_assert_no_error (error);
  assert_fingers (content->lds, wanted, n);
}

/* Index, thumb, middle, ring, one of each hand; two of one hand where the other has none; nobody
 * without prints goes without the group. */
static void
test_fingers (void)
{
  static const char *const no_index[] = {"right-index", "left-index", "left-thumb", NULL};
  static const char *const no_left[] = {"left-thumb", "left-index",  "left-middle",
                                        "left-ring",  "left-little", NULL};
  static const char *const little_only[] = {
      "left-thumb",  "left-index",  "left-middle", "left-ring",    "left-little",
      "right-thumb", "right-index", "right-ring",  "right-middle", NULL};
  static const char *const no_little[] = {"right-little", NULL};
  static const FastFinger indexes[] = {FAST_FINGER_RIGHT_INDEX, FAST_FINGER_LEFT_INDEX};
  static const FastFinger others[] = {FAST_FINGER_RIGHT_THUMB, FAST_FINGER_LEFT_MIDDLE};
  static const FastFinger right[] = {FAST_FINGER_RIGHT_INDEX, FAST_FINGER_RIGHT_THUMB};

  open_place ();
  workplace_add_blank (&place, "FC0000001", "00000001", "E2000001", TRUE);
  assert_chosen (no_little, indexes, G_N_ELEMENTS (indexes));
  assert_chosen (no_index, others, G_N_ELEMENTS (others));
  assert_chosen (no_left, right, G_N_ELEMENTS (right));
  assert_chosen (little_only, NULL, 0);
  workplace_close (&place);
}

/* The unit is opened anew after a line of its configuration changed. */
static void
configure (const char *from, const char *to)
{
  g_autofree char *path = g_build_filename (place.root, "unit.conf", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GString) config = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  config = g_string_new (text);
  g_assert_cmpuint (g_string_replace (config, from, to, 0), ==, 1);
  g_file_set_contents (path, config->str, -1, &error);
  g_assert_no_error (error);
  fast_unit_close (place.unit);
  fast_config_free (place.config);
  place.config = fast_config_load (path, &error);
  g_assert_no_error (error);
  place.unit = fast_unit_open (place.config, &error);
  g_assert_no_error (error);
  workplace_sign_in (&place, "cbsa-1");
  workplace_sign_in (&place, "cbp-1");
}

/* A card whose fingers its own unit could not read back is not begun. */
static void
test_terminal (void)
{
  g_autofree char *item = NULL;

  open_place ();
  item = workplace_grant (&place, NULL);
  workplace_add_blank (&place, "FC0000001", "00000001", "E2000001", TRUE);
  give_number (item);
  configure ("\nterminal=CA/terminal.key\n", "\n#terminal=CA/terminal.key\n");
  assert_begin_refused (item, "production-no-terminal");
  configure ("\n#terminal=CA/terminal.key\n", "\nterminal=US/terminal.key\n");
  assert_begin_refused (item, "production-terminal");
  configure ("\nterminal=US/terminal.key\n", "\nterminal=CA/terminal.key\n");
  configure ("CA/dv-CA.cvcert;", "US/dv-CA.cvcert;");
  assert_begin_refused (item, "production-terminal");
  configure ("US/dv-CA.cvcert;", "CA/dv-CA.cvcert;");
  configure ("\ncvca=CA/cvca.cvcert\n", "\ncvca=US/cvca.cvcert\n");
  assert_begin_refused (item, "production-cvca-nation");
  configure ("\ncvca=US/cvca.cvcert\n", "\n");
  assert_begin_refused (item, "production-no-cvca");
  g_assert_cmpint (workplace_state (&place, item), ==, FAST_ENROLMENT_GRANTED);
  workplace_close (&place);
}

static void
assert_applet_refused (const char *item, FastAppletCapabilities without, const char *id)
{
  FastApplet applet = fast_applet_icao_perso;
  g_autoptr (GError) error = NULL;

  applet.capabilities &= ~without;
  g_assert_false (fast_production_begin (place.unit, item, "FC0000001", &applet, &error));
  fast_test_assert_id (error, id);
  g_assert_cmpint (workplace_state (&place, item), ==, FAST_ENROLMENT_GRANTED);
}

/* Software that cannot do what the programme wants, or may not be told keys in plain. */
static void
test_applet (void)
{
  g_autofree char *item = NULL;
  g_autoptr (GError) error = NULL;

  open_place ();
  item = workplace_grant (&place, NULL);
  workplace_add_blank (&place, "FC0000001", "00000001", "E2000001", TRUE);
  assert_applet_refused (item, FAST_APPLET_TRAINING, "encode-plain-secrets");
  assert_applet_refused (item, FAST_APPLET_PACE, "applet-cannot");
  assert_applet_refused (item, FAST_APPLET_TERMINAL_AUTHENTICATION, "applet-cannot");
  fast_production_begin (place.unit, item, "FC0000001", &fast_applet_icao_perso, &error);
  g_assert_no_error (error);
  workplace_close (&place);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workflow/card/fingers", test_fingers);
  g_test_add_func ("/workflow/card/terminal", test_terminal);
  g_test_add_func ("/workflow/card/applet", test_applet);
  return g_test_run ();
}
