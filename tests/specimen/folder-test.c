/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/application.h"
#include "tests/specimen/template.h"
#include "tests/support.h"

static char *
program (void)
{
  return g_build_filename (g_getenv ("FAST_BUILD_DIR"), "tests", "specimen", "fast-specimen", NULL);
}

/* A passport of ICAO 9303-4, appendix A, whose check digits are printed there. */
static void
test_mrz (void)
{
  g_autoptr (GDate) day = g_date_new_dmy (15, 4, 2012);
  g_autofree char *first = specimen_template_fill ("{{mrz1 UTO ERIKSSON<<ANNA<MARIA}}", day);
  g_autofree char *second = specimen_template_fill ("{{mrz2 L898902C3 UTO 740812 F 0}}", day);

  g_assert_cmpstr (first, ==, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<");
  /* Without optional data the composite digit differs from the printed specimen's. */
  g_assert_true (g_str_has_prefix (second, "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<0"));
  g_assert_cmpuint (g_utf8_strlen (second, -1), ==, 44);
}

static void
test_dates (void)
{
  g_autoptr (GDate) day = g_date_new_dmy (28, 2, 2027);
  g_autofree char *text = specimen_template_fill ("{{year}} {{day 1}} {{day -59}} {x}", day);

  g_assert_cmpstr (text, ==, "2027 2027-03-01 2026-12-31 {x}");
}

static gboolean
has_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

static void
check_schema (const char *folder)
{
  g_autofree char *schema = fast_test_source ("assets/schema/application.schema.json");
  g_autofree char *file = g_build_filename (folder, "application.json", NULL);
  g_autofree char *err = NULL;
  const char *const command[] = {
      "/usr/bin/python3",
      "-c",
      "import json, sys\n"
      "try:\n"
      "    import jsonschema\n"
      "except ImportError:\n"
      "    sys.exit(77)\n"
      "jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))\n",
      schema,
      file,
      NULL};
  int code;

  if (!g_file_test (schema, G_FILE_TEST_EXISTS) ||
      !g_file_test (command[0], G_FILE_TEST_IS_EXECUTABLE)) {
    g_test_message ("not validated: schema or python3 is not here");
    return;
  }
  code = fast_test_run (NULL, &err, command);
  if (code != 0 && code != 77)
    g_error ("%s", err);
}

static void
check_model (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastApplication) application = fast_application_load (folder, &error);

  g_assert_no_error (error);
  g_assert_nonnull (application);
}

static void
check_folder (const char *template_name)
{
  g_autofree char *command = program ();
  char *folder = fast_test_folder ();
  g_autofree char *portrait = g_build_filename (folder, "portrait.jpg", NULL);
  g_autofree char *out = g_build_filename (folder, "out", NULL);
  const char *const argv[] = {command,  "folder", "--template", template_name, "--portrait",
                              portrait, "--out",  out,          NULL};
  g_autofree char *err = NULL;

  g_assert_true (g_file_set_contents (portrait, "\xFF\xD8\xFF\xE0", 4, NULL));
  g_assert_cmpint (fast_test_run (NULL, &err, argv), ==, 0);
  g_assert_true (has_file (out, "application.json"));
  g_assert_true (has_file (out, "face.jpg"));
  g_assert_true (has_file (out, "finger-right-thumb.png"));
  g_assert_true (has_file (out, "finger-left-little.png"));
  g_assert_true (has_file (out, "signature.png"));
  check_schema (out);
  check_model (out);
  fast_test_remove_folder (folder);
}

static void
test_folders (void)
{
  check_folder ("ca");
  check_folder ("us");
}

static void
test_usage (void)
{
  g_autofree char *command = program ();
  const char *const argv[] = {command, "folder", "--out", "x", NULL};
  g_autofree char *err = NULL;

  g_assert_cmpint (fast_test_run (NULL, &err, argv), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/specimen/template/mrz", test_mrz);
  g_test_add_func ("/specimen/template/dates", test_dates);
  g_test_add_func ("/specimen/folder/built-in", test_folders);
  g_test_add_func ("/specimen/folder/usage", test_usage);
  return g_test_run ();
}
