/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <sys/wait.h>

#include "record/base/error.h"
#include "record/store/outbox.h"
#include "sync/link/batch.h"
#include "sync/link/sealing.h"
#include "tests/support.h"
#include "tests/sync/link/service.h"
#include "tests/sync/link/unit-fixture.h"

/*
 * `fast-sync once` is killed at every passing of every failpoint on its way, with a new packet each
 * time. Run again, it ends with every packet stored by both nations and nothing doubled; at the end
 * both nations open everything, and unit, Canada and the United States agree.
 */

#define KILLED (128 + 9)
#define MOST_PASSES 60

typedef struct {
  UnitFixture unit;
  Service ca, us;
  char *config;
} Fixture;

static void
change_port (Fixture *fixture, const char *old, guint port)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *here = g_strdup_printf ("localhost:%u", port);
  g_autoptr (GString) changed = NULL;

  g_file_get_contents (fixture->config, &text, NULL, &error);
  g_assert_no_error (error);
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, old, here, 0), ==, 1);
  g_file_set_contents (fixture->config, changed->str, -1, &error);
  g_assert_no_error (error);
}

static int
run (const char *order, const char *program, const char *verb, const char *config)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fast_test_program (program);
  g_auto (GStrv) environment = g_get_environ ();
  char *argv[] = {path, (char *)verb, "--config", (char *)config, NULL};
  int status;

  if (order != NULL)
    environment = g_environ_setenv (g_steal_pointer (&environment), "FAST_FAILPOINT", order, TRUE);
  g_spawn_sync (NULL, argv, environment, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}

static void
seal_one (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_free (unit_fixture_freeze (&fixture->unit, "payment", NULL));
  fast_sealing_run_all (fixture->unit.sealer, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_all (Fixture *fixture, FastOutboxState least)
{
  for (guint i = 0; i < FAST_NATION_COUNT; i++) {
    g_autoptr (GPtrArray) rows =
        fast_outbox_list_all (fixture->unit.store, fast_nation_names[i], NULL);

    for (guint j = 0; j < rows->len; j++) {
      const FastOutboxRow *row = rows->pdata[j];
      g_assert_cmpint (row->state, >=, least);
      g_assert_cmpint (row->state, <=, FAST_OUTBOX_OPENED);
    }
  }
}

static gboolean
tear (Fixture *fixture, const char *point, guint pass)
{
  g_autofree char *order = g_strdup_printf ("%s:%u:kill", point, pass);
  int code;

  seal_one (fixture);
  code = run (order, "fast-sync", "once", fixture->config);
  g_assert_true (code == KILLED || code == 0);
  g_assert_cmpint (run (NULL, "fast-sync", "once", fixture->config), ==, 0);
  assert_all (fixture, FAST_OUTBOX_STORED);
  return code == KILLED;
}

static guint
step (void)
{
  const char *text = g_getenv ("FAST_TEAR_STEP");
  guint n = text == NULL ? 1 : (guint)g_ascii_strtoull (text, NULL, 10);

  return MAX (n, 1);
}

static void
test_once (void)
{
  static const char *const points[] = {
      "link-send",    "link-send-body", "lane-moved",   "lane-receipt-file",
      "lane-receipt", "lane-cursor",    "lane-trouble", NULL};
  Fixture fixture = {0};
  g_autofree char *ca = NULL;
  g_autofree char *us = NULL;
  g_autofree char *batch = NULL;
  g_autoptr (GError) error = NULL;

  unit_fixture_make (&fixture.unit);
  fixture.config = g_build_filename (fixture.unit.folder, "unit.conf", NULL);
  change_port (&fixture, "localhost:8441",
               service_start_intake (&fixture.ca, fixture.unit.folder, "CA"));
  change_port (&fixture, "localhost:8442",
               service_start_intake (&fixture.us, fixture.unit.folder, "US"));
  for (guint i = 0; points[i] != NULL; i++) {
    guint pass = 1;

    while (pass < MOST_PASSES && tear (&fixture, points[i], pass))
      pass += step ();
    g_test_message ("%s passed up to %u", points[i], pass);
    g_assert_true (pass > 1);
  }
  batch = fast_batch_close (fixture.unit.sealer, "cbsa-1", "cbp-1", NULL, &error);
  g_assert_no_error (error);
  ca = g_build_filename (fixture.unit.folder, "intake-CA.conf", NULL);
  us = g_build_filename (fixture.unit.folder, "intake-US.conf", NULL);
  g_assert_cmpint (run (NULL, "fast-sync", "once", fixture.config), ==, 0);
  g_assert_cmpint (run (NULL, "fast-intake", "open", ca), ==, 0);
  g_assert_cmpint (run (NULL, "fast-intake", "open", us), ==, 0);
  g_assert_cmpint (run (NULL, "fast-sync", "once", fixture.config), ==, 0);
  assert_all (&fixture, FAST_OUTBOX_OPENED);
  g_assert_cmpint (run (NULL, "fast-sync", "reconcile", fixture.config), ==, 0);
  service_stop (&fixture.ca);
  service_stop (&fixture.us);
  g_free (fixture.config);
  unit_fixture_tear_down (&fixture.unit, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/link/tear/once", test_once);
  return g_test_run ();
}
