/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <json-glib/json-glib.h>
#include <string.h>

#include "tests/programs/place.h"
#include "tests/support.h"

/* What an officer sees who feeds the programs something wrong: the field by its name, what to do,
 * one line, the right exit code, and nothing in the store. */

static ProgramPlace place;

#define OVERRIDE(asked, approved)                                                                  \
  "[{\"gate\": \"photo/pose\", \"reason\": \"as seen\", \"asked_by\": \"" asked                    \
  "\", \"approved_by\": \"" approved "\"}]"

/**
 * Row:
 * @name: of the test
 * @change: to the good application
 * @file: (nullable): a file of the folder
 * @content: (nullable): what it holds instead; %NULL when it is not there at all
 * @code: the exit code
 * @field: what the line must name
 * @remedy: what the line must advise
 */
typedef struct {
  const char *name;
  SpecimenChange change;
  const char *file;
  const char *content;
  int code;
  const char *field;
  const char *remedy;
} Row;

static const Row rows[] = {
    {"finger-undeclared",
     {NULL, NULL},
     "finger-left-ring.png",
     NULL,
     3,
     "finger-left-ring",
     "declare it under “missing”"},
    {"finger-declared-alone",
     {"missing", "{\"left-ring\": \"bandaged\"}"},
     "finger-left-ring.png",
     NULL,
     3,
     "fingers/missing",
     "that a second officer approves"},
    {"birth-in-future",
     {"applicant.birth.date", "\"{{day 1}}\""},
     NULL,
     NULL,
     3,
     "“applicant.birth.date”",
     "compare it with the passport"},
    {"under-age",
     {"applicant.birth.date", "\"{{day -6500}}\""},
     NULL,
     NULL,
     3,
     "“applicant.birth.date”",
     "come back at that age"},
    {"licence-expired",
     {"documents[1].expiry", "\"{{day -1}}\""},
     NULL,
     NULL,
     3,
     "“documents[1].expiry”",
     "ask for the renewed licence"},
    {"no-consent",
     {"consents[1].given", "false"},
     NULL,
     NULL,
     3,
     "“consents”",
     "without consent to both nations"},
    {"name",
     {"applicant.names[0].surname", "\"王\""},
     NULL,
     NULL,
     3,
     "applicant.names[0].surname",
     "as the person’s passport spells it"},
    {"override-by-asker",
     {"overrides", OVERRIDE ("cbp-1", "cbp-1")},
     NULL,
     NULL,
     3,
     "“overrides[0].approved_by”",
     "another officer"},
    {"override-by-stranger",
     {"overrides", OVERRIDE ("cbsa-1", "nobody-1")},
     NULL,
     NULL,
     3,
     "overrides: nobody-1",
     "must sign in too"},
    {"override-by-capturer",
     {"overrides", OVERRIDE ("cbsa-2", "cbsa-1")},
     NULL,
     NULL,
     3,
     "overrides: cbsa-1",
     "another officer"},
    {"birth-no-date",
     {"applicant.birth.date", "\"19 July\""},
     NULL,
     NULL,
     1,
     "applicant.birth.date",
     "correct it"},
    {"member-missing", {"applicant.birth", NULL}, NULL, NULL, 1, "applicant.birth", "add it"},
    {"member-unknown",
     {"applicant.shoe_size", "42"},
     NULL,
     NULL,
     1,
     "applicant.shoe_size",
     "remove it"},
    {"jpeg-cut",
     {NULL, NULL},
     "face.jpg",
     "\xFF\xD8\xFF\xE0",
     1,
     "face.jpg",
     "take the picture again"},
    {"jpeg-none", {NULL, NULL}, "face.jpg", "a face", 1, "face.jpg", "export it as JPEG or PNG"},
    {"png-empty",
     {NULL, NULL},
     "finger-left-ring.png",
     "",
     1,
     "finger-left-ring.png",
     "export it as JPEG or PNG"},
    {"json-cut",
     {NULL, NULL},
     "application.json",
     "{\"format\": ",
     1,
     "application.json",
     "correct the text"},
    {"json-twice",
     {NULL, NULL},
     "application.json",
     "{\"format\": 1, \"format\": 2}",
     1,
     "“format”",
     "leave one"},
    {"json-empty", {NULL, NULL}, "application.json", "", 1, "application.json", "export it again"},
    {"json-other", {NULL, NULL}, "application.json", "[]", 1, "application.json", "correct it"},
    {"json-absent",
     {NULL, NULL},
     "application.json",
     NULL,
     1,
     "application.json",
     "check the path"},
    {"misspelt",
     {NULL, NULL},
     "finger-rigth-thumb.png",
     "x",
     1,
     "finger-rigth-thumb.png",
     "correct the name"},
    {"two-faces",
     {NULL, NULL},
     "face.png",
     "x",
     1,
     "face.jpg and face.png",
     "leave the one that was captured"},
};

static void
assert_one_line (const char *text)
{
  const char *end = strchr (text, '\n');

  g_assert_true (g_str_has_prefix (text, "fast-enrol: "));
  g_assert_nonnull (end);
  g_assert_cmpstr (end, ==, "\n");
}

static void
assert_holds (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” is not in: %s", part, text);
}

static JsonNode *
parse_object (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
  return node;
}

static guint
count_enrolments (void)
{
  const char *const argv[] = {place.enrol, "list", "--json", "--config", place.config, NULL};
  g_autofree char *out = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_assert_cmpint (fast_test_run (&out, NULL, argv), ==, 0);
  node = parse_object (out);
  return json_array_get_length (
      json_object_get_array_member (json_node_get_object (node), "enrolments"));
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *folder = program_place_folder (&place, &row->change);
  const char *const argv[] = {place.enrol, "folder", folder, "--config", place.config, NULL};
  const guint before = count_enrolments ();
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;

  if (row->file != NULL)
    program_place_put (folder, row->file, row->content);
  g_assert_cmpint (fast_test_run (&out, &err, argv), ==, row->code);
  g_assert_cmpstr (out, ==, "");
  assert_one_line (err);
  assert_holds (err, row->field);
  assert_holds (err, row->remedy);
  g_assert_cmpuint (count_enrolments (), ==, before);
}

static void
test_french (void)
{
  const SpecimenChange change = {"applicant.birth.date", "\"{{day 1}}\""};
  g_autofree char *folder = program_place_folder (&place, &change);
  const char *const argv[] = {
      "env",       "-u",     "LC_ALL", "-u",       "LANGUAGE",   "LANG=fr_CA.UTF-8",
      place.enrol, "folder", folder,   "--config", place.config, NULL};
  g_autofree char *err = NULL;

  g_assert_cmpint (fast_test_run (NULL, &err, argv), ==, 3);
  assert_one_line (err);
  assert_holds (err, "la date de naissance dans « applicant.birth.date » est dans l’avenir");
  assert_holds (err, "comparez-la avec le passeport et corrigez-la");
}

/* In a folder the name of who approved is a claim until that officer signs in too. */
static void
test_claim (void)
{
  const SpecimenChange change = {"overrides", OVERRIDE ("cbsa-1", "cbp-2")};
  g_autofree char *folder = program_place_folder (&place, &change);
  const char *const alone[] = {place.enrol,  "folder",    folder,   "--config",
                               place.config, "--officer", "cbsa-1", NULL};
  const char *const both[] = {place.enrol,  "folder",    folder,   "--config",
                              place.config, "--officer", "cbsa-1", "--officer",
                              "cbp-2",      "--json",    NULL};
  const guint before = count_enrolments ();
  g_autofree char *err = NULL;
  g_autofree char *out = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_assert_cmpint (fast_test_run (NULL, &err, alone), ==, 3);
  assert_holds (err, "cbp-2 is said to have approved");
  g_assert_cmpuint (count_enrolments (), ==, before);
  g_assert_cmpint (fast_test_run (&out, NULL, both), ==, 0);
  node = parse_object (out);
  g_assert_nonnull (json_object_get_string_member (json_node_get_object (node), "enrolment"));
  g_assert_cmpuint (count_enrolments (), ==, before + 1);
}

/* A passphrase that is wrong, missing or too much. */
static void
test_sign_in (void)
{
  static const struct {
    const char *shell;
    int code;
    const char *says;
    const char *remedy;
  } calls[] = {
      {"\"$@\" --officer cbsa-1 --passphrase-fd 0 <<< wrong", 1,
       "the passphrase of cbsa-1 is wrong", "type it again"},
      {"\"$@\" --officer cbsa-1 --passphrase-fd 77", 1, "descriptor 77", "--passphrase-fd"},
      {"\"$@\" --officer cbsa-1 --passphrase-fd 0 < /dev/null", 1, "descriptor 0", "one line"},
      {"\"$@\" --officer zed", 1, "no officer zed", "check the name"},
      {"\"$@\" --officer cbsa-1 --officer cbp-1 --passphrase-fd 0", 2, "2 officers but 1",
       "once for each officer"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++) {
    const char *const argv[] = {"bash",   "-c",       calls[i].shell, "bash",       place.enrol,
                                "folder", place.good, "--config",     place.config, NULL};
    g_autofree char *err = NULL;

    g_assert_cmpint (fast_test_run (NULL, &err, argv), ==, calls[i].code);
    assert_one_line (err);
    assert_holds (err, calls[i].says);
    assert_holds (err, calls[i].remedy);
  }
}

/* One object for each verb that succeeds, and sentences without --json. */
static void
test_json (void)
{
  const char *const capture[] = {place.enrol, "folder",     place.good, "--json",
                                 "--config",  place.config, NULL};
  g_autofree char *out = NULL;
  g_autoptr (JsonNode) node = NULL;
  const char *item;

  g_assert_cmpint (fast_test_run (&out, NULL, capture), ==, 0);
  node = parse_object (out);
  item = json_object_get_string_member (json_node_get_object (node), "enrolment");
  {
    const char *const calls[][10] = {
        {place.enrol, "show", item, "--json", "--config", place.config, NULL},
        {place.enrol, "decide", item, "--agency", "CBP", "grant", "--json", "--config",
         place.config, NULL},
        {place.enrol, "seal", item, "--json", "--config", place.config, NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS (calls); i++) {
      g_autofree char *text = NULL;
      g_autofree char *err = NULL;
      g_autoptr (JsonNode) object = NULL;

      g_assert_cmpint (fast_test_run (&text, &err, calls[i]), ==, 0);
      g_assert_cmpstr (err, ==, "");
      object = parse_object (text);
    }
  }
}

static void
test_refused_steps (void)
{
  const char *const capture[] = {place.enrol, "folder", place.good, "--config", place.config, NULL};
  g_autofree char *item = NULL;

  g_assert_cmpint (fast_test_run (&item, NULL, capture), ==, 0);
  g_strchomp (item);
  {
    const struct {
      const char *argv[9];
      int code;
      const char *says;
    } calls[] = {
        {{"handover", item, NULL}, 3, "is captured"},
        {{"decide", item, "--agency", "CBSA", "refuse", NULL}, 3, "--reason"},
        {{"decide", item, "--agency", "CBSA", "refuse", "--reason", "Not Good", NULL},
         1,
         "“reason”"},
        {{"decide", item, "--agency", "CSIS", "grant", NULL}, 2, "CSIS"},
        {{"decide", item, "--agency", "CBSA", "maybe", NULL}, 2, "maybe"},
        {{"decide", item, "grant", NULL}, 2, "--agency is missing"},
        {{"show", "U1-99999", NULL}, 1, "no enrolment U1-99999"},
        {{"seal", "U1-99999", NULL}, 1, "no enrolment U1-99999"},
    };

    for (guint i = 0; i < G_N_ELEMENTS (calls); i++) {
      g_autoptr (GPtrArray) argv = g_ptr_array_new ();
      g_autofree char *err = NULL;

      g_ptr_array_add (argv, place.enrol);
      for (guint j = 0; calls[i].argv[j] != NULL; j++)
        g_ptr_array_add (argv, (gpointer)calls[i].argv[j]);
      g_ptr_array_add (argv, (gpointer) "--config");
      g_ptr_array_add (argv, place.config);
      g_ptr_array_add (argv, NULL);
      g_assert_cmpint (fast_test_run (NULL, &err, (const char *const *)argv->pdata), ==,
                       calls[i].code);
      assert_one_line (err);
      assert_holds (err, calls[i].says);
    }
  }
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  program_place_open (&place);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/programs/bad-input/", rows[i].name, NULL);
    g_test_add_data_func (path, &rows[i], test_row);
  }
  g_test_add_func ("/programs/bad-input/french", test_french);
  g_test_add_func ("/programs/bad-input/claim", test_claim);
  g_test_add_func ("/programs/bad-input/sign-in", test_sign_in);
  g_test_add_func ("/programs/bad-input/json", test_json);
  g_test_add_func ("/programs/bad-input/refused-steps", test_refused_steps);
  code = g_test_run ();
  program_place_close (&place);
  return code;
}
