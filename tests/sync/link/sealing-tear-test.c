/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "record/base/error.h"
#include "sync/link/batch-table.h"
#include "sync/link/batch.h"
#include "sync/link/sealing.h"
#include "tests/shim/power-cut.h"
#include "tests/support.h"
#include "tests/sync/link/unit-fixture.h"

/*
 * SIGKILL, and then a lost disk, at every passing of every failpoint of sealing and of closing a
 * batch. After each, the unit is opened again, and what was begun is finished; then there is
 * exactly one packet for each nation and revision, lanes have no gap and no double, and no file is
 * too many.
 */

#define ITEMS 2
#define KILLED (128 + 9)
#define MOST_PASSES 40

static int
run (char **environment, const char *folder, const char *verb)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program =
      g_build_filename (g_getenv ("FAST_BUILD_DIR"), "tests/sync/link/seal-program", NULL);
  char *argv[] = {program, (char *)folder, (char *)verb, NULL};
  int status;

  g_spawn_sync (NULL, argv, environment, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}

/* Every third passing where the whole loop would take too long (FAST_TEAR_STEP). */
static guint
step (void)
{
  const char *text = g_getenv ("FAST_TEAR_STEP");
  guint n = text == NULL ? 1 : (guint)g_ascii_strtoull (text, NULL, 10);

  return MAX (n, 1);
}

static void
copy_folder (const char *from, const char *to)
{
  const char *argv[] = {"cp", "-a", from, to, NULL};

  g_assert_cmpint (fast_test_run (NULL, NULL, argv), ==, 0);
}

static void
reopen_and_check (const char *folder, const char *verb, guint revisions)
{
  UnitFixture unit = {0};
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (run (NULL, folder, verb), ==, 0);
  unit_fixture_open (&unit, folder);
  fast_sealing_resume (unit.sealer, NULL, &error);
  g_assert_no_error (error);
  unit_fixture_check (&unit, revisions);
  if (strcmp (verb, "close") == 0)
    fast_batch_verify (unit.store, fast_sealer_folder (unit.sealer), "U1-b1", &error);
  g_assert_no_error (error);
  unit_fixture_close (&unit);
}

typedef struct {
  const char *verb;
  const char *points[6];
  guint revisions;
} Act;

/* One passing of one failpoint, in a copy of the unit. Returns whether it was passed at all. */
static gboolean
tear (const char *made, const Act *act, const char *point, guint pass, gboolean lose)
{
  char *work = fast_test_folder ();
  g_autofree char *folder = g_build_filename (work, "unit", NULL);
  g_autofree char *order = g_strdup_printf ("%s:%u:kill", point, pass);
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "FAST_FAILPOINT", order, TRUE);
  FastPowerCut *cut = NULL;
  int code;

  copy_folder (made, folder);
  if (lose) {
    cut = fast_power_cut_new (folder);
    environment = fast_power_cut_environment (cut, g_steal_pointer (&environment));
  }
  code = run (environment, folder, act->verb);
  g_assert_true (code == KILLED || code == 0);
  if (lose) {
    fast_power_cut_happen (cut);
    fast_power_cut_free (cut);
  }
  reopen_and_check (folder, act->verb, act->revisions);
  fast_test_remove_folder (work);
  return code == KILLED;
}

static void
loop (const char *made, const Act *act, gboolean lose)
{
  guint killed = 0;

  for (guint i = 0; act->points[i] != NULL; i++) {
    guint pass = 1;

    while (pass < MOST_PASSES && tear (made, act, act->points[i], pass, lose)) {
      killed++;
      pass += step ();
    }
    g_test_message ("%s: %s passed up to %u", act->verb, act->points[i], pass);
    g_assert_true (pass > 1);
  }
  g_test_message ("%s: killed %u times", act->verb, killed);
}

static const Act sealing = {"seal", {"seal-reserve", "seal-file", "seal-commit", NULL}, ITEMS};
static const Act closing = {
    "close", {"batch-close", "seal-reserve", "seal-file", "seal-commit", NULL}, ITEMS + 1};

typedef struct {
  const Act *act;
  gboolean sealed;
  gboolean lose;
} Case;

static void
test_loop (gconstpointer data)
{
  const Case *wanted = data;
  UnitFixture unit = {0};
  g_autofree char *folder = NULL;

  unit_fixture_make (&unit);
  for (guint i = 0; i < ITEMS; i++)
    g_free (unit_fixture_freeze (&unit, i == 0 ? "payment" : "card", NULL));
  if (wanted->sealed)
    g_assert_true (fast_sealing_run_all (unit.sealer, NULL, NULL, NULL));
  folder = g_strdup (unit.folder);
  unit_fixture_close (&unit);
  loop (folder, wanted->act, wanted->lose);
  fast_test_remove_folder (g_steal_pointer (&folder));
}

static gpointer
close_slowly (gpointer folder)
{
  g_auto (GStrv) environment =
      g_environ_setenv (g_get_environ (), "FAST_FAILPOINT", "batch-close:1:delay", TRUE);

  return GINT_TO_POINTER (run (environment, folder, "close"));
}

/* Two desks close the day at once: the second waits for the first, and one day is closed. */
static void
test_two_desks (void)
{
  UnitFixture unit = {0};
  GThread *threads[2];
  g_autofree char *folder = NULL;
  g_autoptr (FastBatchRow) last = NULL;
  g_autoptr (GError) error = NULL;

  unit_fixture_make (&unit);
  g_free (unit_fixture_freeze (&unit, "payment", NULL));
  g_assert_true (fast_sealing_run_all (unit.sealer, NULL, NULL, NULL));
  folder = g_strdup (unit.folder);
  unit_fixture_close (&unit);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("desk", close_slowly, folder);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (threads[i])), ==, 0);
  unit_fixture_open (&unit, folder);
  fast_batch_table_find_last_closed (unit.store, &last, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (last->batch, ==, "U1-b1");
  unit_fixture_close (&unit);
  fast_test_remove_folder (g_steal_pointer (&folder));
}

int
main (int argc, char **argv)
{
  static const Case cases[] = {{&sealing, FALSE, FALSE},
                               {&closing, TRUE, FALSE},
                               {&sealing, FALSE, TRUE},
                               {&closing, TRUE, TRUE}};

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/link/tear/closing/two-desks", test_two_desks);
  g_test_add_data_func ("/sync/link/tear/sealing/kill", &cases[0], test_loop);
  g_test_add_data_func ("/sync/link/tear/closing/kill", &cases[1], test_loop);
  g_test_add_data_func ("/sync/link/tear/sealing/lost-write", &cases[2], test_loop);
  g_test_add_data_func ("/sync/link/tear/closing/lost-write", &cases[3], test_loop);
  return g_test_run ();
}
