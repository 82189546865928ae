/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "personalise/chip/encode.h"
#include "record/base/clock.h"
#include "tests/personalise/chip/reader-process.h"
#include "tests/personalise/chip/small-lds.h"
#include "tests/support.h"

/* The programs as people run them, through Debian's libnfc and a pseudo-terminal. */

#define SOON (15 * G_USEC_PER_SEC)

static TestPki pki;

typedef struct {
  char *folder;
  char *lds_folder;
  char *csca;
  FastLds *lds;
  TestReader reader;
} Bench;

static void
set_up (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  bench->folder = fast_test_folder ();
  bench->lds_folder = g_build_filename (bench->folder, "lds", NULL);
  bench->csca = g_build_filename (pki.folder, "CA", NULL);
  bench->lds = test_small_lds (&pki, 3000);
  g_assert_true (fast_lds_write_folder (bench->lds, bench->lds_folder, &error));
  test_reader_start (&bench->reader, bench->folder, "chip");
}

static void
tear_down (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  test_reader_stop (&bench->reader);
  fast_lds_unref (bench->lds);
  g_free (bench->csca);
  g_free (bench->lds_folder);
  fast_test_remove_folder (bench->folder);
}

/* Runs within seconds, whatever happens. */
static void
run (int wanted, const char *text, const char *const *argv)
{
  const gint64 start = g_get_monotonic_time ();
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  const int code = fast_test_run (&out, &err, argv);
  g_autofree char *all = g_strconcat (out, err, NULL);

  g_assert_cmpint (g_get_monotonic_time () - start, <, SOON);
  if (code != wanted || strstr (all, text) == NULL)
    g_error ("exit code %d instead of %d, or no “%s” in:\n%s", code, wanted, text, all);
}

static void
encode (Bench *bench, const char *reader, int wanted, const char *text)
{
  g_autofree char *program = fast_test_program ("fast-card");
  const char *const argv[] = {program,  "encode",          "--reader", reader,
                              "--lds",  bench->lds_folder, "--applet", "icao-perso",
                              "--csca", bench->csca,       NULL};

  run (wanted, text, argv);
}

static void
inspect (Bench *bench, const char *mrz, int wanted, const char *text)
{
  g_autofree char *program = fast_test_program ("fast-card");
  g_autofree char *out = g_build_filename (bench->folder, "out", NULL);
  const char *const argv[] = {program, "inspect", "--reader", bench->reader.reader,
                              "--mrz", mrz,       "--csca",   bench->csca,
                              "--out", out,       NULL};

  run (wanted, text, argv);
}

/* Without its journal an encoding cannot know that this chip is its own. */
static void
forget_journal (Bench *bench)
{
  g_autofree char *journal = g_build_filename (bench->lds_folder, "encode.journal", NULL);

  g_assert_cmpint (g_unlink (journal), ==, 0);
}

static void
test_encode (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *out = g_build_filename (bench->folder, "out", NULL);
  g_autoptr (FastLds) read = NULL;

  encode (bench, bench->reader.reader, 0, "made");
  inspect (bench, TEST_MRZ, 0, "specimen");
  read = fast_lds_read_folder (out, &error);
  g_assert_no_error (error);
  test_assert_same_lds (read, bench->lds);
  inspect (bench, "L898902C<369080619406236", 1, "MRZ");
  inspect (bench, "L898902C<469080619406236", 1, "check digit");
  encode (bench, bench->reader.reader, 0, "made");
  forget_journal (bench);
  encode (bench, bench->reader.reader, 1, "not blank");
}

static void
test_absent (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  encode (bench, "nfc:pn532_uart:/dev/nowhere:115200", 1, "/dev/nowhere");
  test_reader_order (&bench->reader, "remove");
  encode (bench, bench->reader.reader, 1, "no card");
  test_reader_order (&bench->reader, "insert");
  encode (bench, bench->reader.reader, 0, "made");
}

static void
test_taken_away (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  test_reader_order (&bench->reader, "tear 15");
  encode (bench, bench->reader.reader, 1, "resumable");
  test_reader_order (&bench->reader, "insert");
  test_reader_order (&bench->reader, "tear 30 unanswered");
  encode (bench, bench->reader.reader, 1, "left the reader");
  test_reader_order (&bench->reader, "insert");
  encode (bench, bench->reader.reader, 0, "made");
}

static void
test_silent (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  test_reader_order (&bench->reader, "mute");
  encode (bench, bench->reader.reader, 1, "does not answer");
  test_reader_order (&bench->reader, "speak");
  test_reader_order (&bench->reader, "delay 20");
  encode (bench, bench->reader.reader, 0, "made");
}

typedef struct {
  TestReader *reader;
  const char *order;
  guint delay_ms;
} Later;

static gpointer
order_later (gpointer data)
{
  Later *later = data;

  g_usleep (later->delay_ms * 1000);
  test_reader_order (later->reader, later->order);
  return NULL;
}

/* The reader falls silent in the middle, and a caller who gives up. */
static void
test_silent_midway (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  Later later = {&bench->reader, "mute", 1500};
  GThread *thread;

  test_reader_order (&bench->reader, "delay 40");
  thread = g_thread_new ("later", order_later, &later);
  encode (bench, bench->reader.reader, 1, "the reader");
  g_thread_join (thread);
  test_reader_order (&bench->reader, "speak");
  test_reader_order (&bench->reader, "delay 0");
  encode (bench, bench->reader.reader, 0, "made");
}

/* Ten cuts through the pseudo-terminal, on either side of the chip's act. */
static void
test_cuts (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  for (guint i = 0; i < 10; i++) {
    g_autofree char *card = g_strdup_printf ("card %s/chip-%u", bench->folder, i);
    g_autofree char *tear =
        g_strdup_printf ("tear %u%s", 2 + i * 6, i % 2 == 0 ? "" : " unanswered");

    test_reader_order (&bench->reader, card);
    test_reader_order (&bench->reader, tear);
    encode (bench, bench->reader.reader, 1, i == 0 ? "left the reader" : "resumable");
    test_reader_order (&bench->reader, "insert");
    encode (bench, bench->reader.reader, 0, "made");
    inspect (bench, TEST_MRZ, 0, "specimen");
  }
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
#define ADD(name, run) g_test_add ("/device/reader/" name, Bench, NULL, set_up, run, tear_down)
  ADD ("encode", test_encode);
  ADD ("absent", test_absent);
  ADD ("taken-away", test_taken_away);
  ADD ("silent", test_silent);
  ADD ("silent-midway", test_silent_midway);
  ADD ("cuts", test_cuts);
  code = g_test_run ();
  test_pki_clear (&pki);
  return code;
}
