/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "record/base/error.h"
#include "record/store/revision.h"
#include "sync/link/batch.h"
#include "sync/link/sealing.h"
#include "tests/sync/link/unit-fixture.h"

/*
 * What the tear tests kill: seal-program FOLDER seal|close|freeze N
 *
 *   freeze N   freezes N items in a unit that is there
 *   seal       finishes what was begun and seals what is frozen
 *   close      closes the day's batch
 *   points     prints the failpoints
 */

static int
finish (gboolean done, GError *error)
{
  if (!done)
    fprintf (stderr, "%s\n", error->message);
  g_clear_error (&error);
  return done ? 0 : 1;
}

static int
seal (UnitFixture *unit)
{
  GError *error = NULL;
  gboolean done = fast_sealing_resume (unit->sealer, NULL, &error) &&
                  fast_sealing_run_all (unit->sealer, NULL, NULL, &error);

  return finish (done, error);
}

static int
close_batch (UnitFixture *unit)
{
  GError *error = NULL;
  g_autofree char *batch = fast_batch_close (unit->sealer, "cbsa-1", "cbp-1", NULL, &error);

  return finish (batch != NULL, error);
}

static int
freeze (UnitFixture *unit, const char *count)
{
  for (gint64 i = g_ascii_strtoll (count, NULL, 10); i > 0; i--)
    g_free (unit_fixture_freeze (unit, i % 2 == 0 ? "payment" : "card", NULL));
  return 0;
}

static int
list_points (void)
{
  g_auto (GStrv) names = fast_point_list ();

  for (guint i = 0; names[i] != NULL; i++)
    printf ("%s\n", names[i]);
  return 0;
}

int
main (int argc, char **argv)
{
  UnitFixture unit = {0};
  int code = 2;

  if (argc == 2 && strcmp (argv[1], "points") == 0)
    return list_points ();
  if (argc < 3)
    return 2;
  unit_fixture_open (&unit, argv[1]);
  if (strcmp (argv[2], "seal") == 0)
    code = seal (&unit);
  else if (strcmp (argv[2], "close") == 0)
    code = close_batch (&unit);
  else if (strcmp (argv[2], "freeze") == 0 && argc == 4)
    code = freeze (&unit, argv[3]);
  unit_fixture_close (&unit);
  return code;
}
