/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support.h"

/* The example of ICAO 9303-11, appendix D.2, as a TD1. */
#define MRZ                                                                                        \
  "IDCAND23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<"

static const char *const programs[] = {"fast-enrol", "fast-card", "fast-sync", "fast-intake",
                                       "fast-emulator"};

/* Every verb that the suite will have one day, with its program. */
static const char *const planned[][2] = {
    {"fast-enrol", "folder"},   {"fast-enrol", "decide"},     {"fast-enrol", "seal"},
    {"fast-enrol", "show"},     {"fast-enrol", "list"},       {"fast-enrol", "handover"},
    {"fast-enrol", "export"},   {"fast-enrol", "judge"},      {"fast-enrol", "statistics"},
    {"fast-card", "keys list"}, {"fast-card", "keys csr"},    {"fast-card", "keys import"},
    {"fast-card", "lds"},       {"fast-card", "encode"},      {"fast-card", "finish"},
    {"fast-card", "inspect"},   {"fast-card", "print"},       {"fast-card", "seal verify"},
    {"fast-card", "stock"},     {"fast-card", "stock spoil"}, {"fast-card", "stock report"},
    {"fast-sync", "run"},       {"fast-sync", "once"},        {"fast-sync", "status"},
    {"fast-sync", "export"},    {"fast-sync", "import"},      {"fast-sync", "trip fetch"},
    {"fast-sync", "erase"},     {"fast-sync", "restore"},     {"fast-sync", "batch close"},
    {"fast-intake", "import"},  {"fast-intake", "reseal"},    {"fast-intake", "trip"},
    {"fast-intake", "decide"},  {"fast-emulator", "card"},    {"fast-emulator", "finger"},
};

static int
run (const char *program, const char *verb, const char *option, char **out, char **err)
{
  g_autofree char *path = fast_test_program (program);
  g_auto (GStrv) words = g_strsplit (verb, " ", -1);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  g_ptr_array_add (argv, path);
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, words[i]);
  if (option != NULL)
    g_ptr_array_add (argv, (gpointer)option);
  g_ptr_array_add (argv, NULL);
  return fast_test_run (out, err, (const char *const *)argv->pdata);
}

/* A line of the help begins with two spaces, the verb's words and its operands. */
static char *
verb_of (const char *line)
{
  g_auto (GStrv) words = NULL;
  GString *verb;

  if (!g_str_has_prefix (line, "  ") || line[2] == ' ')
    return NULL;
  words = g_strsplit (line + 2, " ", -1);
  verb = g_string_new (words[0]);
  if (words[1] != NULL && g_ascii_islower (words[1][0]))
    g_string_append_printf (verb, " %s", words[1]);
  return g_string_free (verb, FALSE);
}

static GHashTable *
list_verbs (const char *program)
{
  GHashTable *verbs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_cmpint (run (program, "--help", NULL, &out, &err), ==, 0);
  g_assert_cmpstr (err, ==, "");
  lines = g_strsplit (out, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    char *verb = verb_of (lines[i]);
    if (verb != NULL)
      g_hash_table_add (verbs, verb);
  }
  g_assert_cmpuint (g_hash_table_size (verbs), >, 0);
  return verbs;
}

static void
assert_usage (const char *program, const char *verb, const char *option, const char *says)
{
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_autofree char *prefix = g_strconcat (program, ": ", NULL);

  g_assert_cmpint (run (program, verb, option, &out, &err), ==, 2);
  g_assert_cmpstr (out, ==, "");
  g_assert_true (g_str_has_prefix (err, prefix));
  g_assert_nonnull (strstr (err, says));
}

/* What the help lists is there: it knows its options. */
static void
test_help (gconstpointer program)
{
  g_autoptr (GHashTable) verbs = list_verbs (program);
  GHashTableIter iter;
  gpointer verb;

  g_hash_table_iter_init (&iter, verbs);
  while (g_hash_table_iter_next (&iter, &verb, NULL))
    assert_usage (program, verb, "--no-such-option", "Unknown option --no-such-option");
}

/* What it does not list is not there. */
static void
test_planned (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (planned); i++) {
    g_autoptr (GHashTable) verbs = list_verbs (planned[i][0]);

    if (!g_hash_table_contains (verbs, planned[i][1]))
      assert_usage (planned[i][0], planned[i][1], NULL, "there is no verb");
  }
}

static void
test_usage (gconstpointer program)
{
  assert_usage (program, "nonsense", NULL, "there is no verb “nonsense”");
  assert_usage (program, "--config", NULL, "--config needs a value");
  assert_usage (program, "--json", NULL, "no verb was given");
}

static void
test_operands (void)
{
  assert_usage ("fast-enrol", "folder", NULL, "folder");
  assert_usage ("fast-enrol", "folder a b", NULL, "folder");
  assert_usage ("fast-enrol", "list", NULL, "--config");
  assert_usage ("fast-card", "encode", NULL, "--reader is missing");
  assert_usage ("fast-card", "inspect --reader", NULL, "--reader");
  assert_usage ("fast-card", "print --enrolment U1-1 --out card.gif", NULL, "card.gif");
  assert_usage ("fast-card", "print --enrolment U1-1 --out card.png --dpi 72", NULL, "72");
  assert_usage ("fast-emulator", "reader", NULL, "--pty is missing");
}

static void
assert_no_reader (const char *connection)
{
  g_autofree char *program = fast_test_program ("fast-card");
  g_autofree char *reader = g_strconcat ("nfc:", connection, NULL);
  const char *const argv[] = {program, "inspect", "--reader", reader, "--mrz", MRZ, NULL};
  const gint64 start = g_get_monotonic_time ();
  g_autofree char *err = NULL;

  g_assert_cmpint (fast_test_run (NULL, &err, argv), ==, 1);
  g_assert_nonnull (strstr (err, connection));
  g_assert_nonnull (strstr (err, "is not there or does not answer"));
  g_assert_nonnull (strstr (err, "check its cable"));
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
}

/* Neither a reader that is not there nor one that is silent holds anybody up. */
static void
test_no_reader (void)
{
  const int master = posix_openpt (O_RDWR | O_NOCTTY);
  g_autofree char *silent = NULL;

  assert_no_reader ("pn532_uart:/dev/no-such-line:115200");
  g_assert_cmpint (master, >=, 0);
  g_assert_cmpint (grantpt (master), ==, 0);
  g_assert_cmpint (unlockpt (master), ==, 0);
  silent = g_strdup_printf ("pn532_uart:%s:115200", ptsname (master));
  assert_no_reader (silent);
  close (master);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++) {
    g_autofree char *help = g_strconcat ("/programs/help/", programs[i], NULL);
    g_autofree char *usage = g_strconcat ("/programs/usage/", programs[i], NULL);

    g_test_add_data_func (help, programs[i], test_help);
    g_test_add_data_func (usage, programs[i], test_usage);
  }
  g_test_add_func ("/programs/planned", test_planned);
  g_test_add_func ("/programs/operands", test_operands);
  g_test_add_func ("/programs/no-reader", test_no_reader);
  return g_test_run ();
}
