/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/chip/device-bench.h"

/* The programs as people run them, through Debian's libnfc and a pseudo-terminal. */

static TestPki pki;

static void
set_up (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  test_bench_init (bench, &pki);
  test_reader_start (&bench->reader, bench->folder, "chip");
}

static void
tear_down (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  test_reader_stop (&bench->reader);
  test_bench_clear (bench);
}

static void
encode (TestBench *bench, int wanted, const char *text)
{
  test_bench_encode (bench, bench->reader.reader, wanted, text);
}

static void
test_encode (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  encode (bench, 0, "made");
  test_bench_inspect (bench, TEST_MRZ, 0, "specimen");
  test_bench_assert_read (bench);
  test_bench_inspect (bench, "L898902C<369080619406236", 1, "MRZ");
  test_bench_inspect (bench, "L898902C<469080619406236", 1, "check digit");
  encode (bench, 0, "made");
  test_bench_forget_journal (bench);
  encode (bench, 1, "not blank");
}

static void
test_absent (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  test_bench_encode (bench, "nfc:pn532_uart:/dev/nowhere:115200", 1, "/dev/nowhere");
  test_reader_order (&bench->reader, "remove");
  encode (bench, 1, "no card");
  test_reader_order (&bench->reader, "insert");
  encode (bench, 0, "made");
}

static void
test_taken_away (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  test_reader_order (&bench->reader, "tear 15");
  encode (bench, 1, "resumable");
  test_reader_order (&bench->reader, "insert");
  test_reader_order (&bench->reader, "tear 30 unanswered");
  encode (bench, 1, "left the reader");
  test_reader_order (&bench->reader, "insert");
  encode (bench, 0, "made");
}

static void
test_silent (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  test_reader_order (&bench->reader, "mute");
  encode (bench, 1, "does not answer");
  test_reader_order (&bench->reader, "speak");
  test_reader_order (&bench->reader, "delay 20");
  encode (bench, 0, "made");
}

/* The reader falls silent in the middle, and a caller who gives up. */
static void
test_silent_midway (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  GThread *thread;

  test_reader_order (&bench->reader, "delay 40");
  thread = test_bench_order_later (bench, "mute", 1500);
  encode (bench, 1, "the reader");
  g_thread_join (thread);
  test_reader_order (&bench->reader, "speak");
  test_reader_order (&bench->reader, "delay 0");
  encode (bench, 0, "made");
}

/* Noise on the line, and a card that answers nonsense: neither harms the card. */
static void
test_garbage (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  test_reader_order (&bench->reader, "seed 3");
  test_reader_order (&bench->reader, "garbage 2 frame");
  encode (bench, 1, "does not answer");
  test_reader_order (&bench->reader, "garbage 1000");
  encode (bench, 1, "fast-card:");
  test_reader_order (&bench->reader, "garbage 0");
  encode (bench, 0, "made");
  test_bench_inspect (bench, TEST_MRZ, 0, "specimen");
}

/* What was said can be said again without a chip, to the same reader only. */
static void
test_replay (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *recording = g_build_filename (bench->folder, "recording", NULL);
  g_autofree char *record = g_strconcat ("record ", recording, NULL);
  g_autofree char *replay = g_strconcat ("replay ", recording, NULL);
  g_autofree char *count = NULL;

  test_reader_order (&bench->reader, "tear 15");
  test_reader_order (&bench->reader, record);
  encode (bench, 1, "resumable");
  test_reader_order (&bench->reader, "record");
  count = test_reader_ask (&bench->reader, "count");
  g_assert_cmpstr (count, ==, "16");
  test_bench_forget_journal (bench);
  test_reader_order (&bench->reader, "insert");
  test_reader_order (&bench->reader, replay);
  encode (bench, 1, "resumable");
  test_bench_forget_journal (bench);
  test_reader_order (&bench->reader, "insert");
  encode (bench, 1, "fast-card:"); /* the recording is over */
}

static void
test_cuts (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  test_bench_cut (bench, 2, 6);
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
#define ADD(name, run) g_test_add ("/device/reader/" name, TestBench, NULL, set_up, run, tear_down)
  ADD ("encode", test_encode);
  ADD ("absent", test_absent);
  ADD ("taken-away", test_taken_away);
  ADD ("silent", test_silent);
  ADD ("silent-midway", test_silent_midway);
  ADD ("garbage", test_garbage);
  ADD ("replay", test_replay);
  ADD ("cuts", test_cuts);
  code = g_test_run ();
  test_pki_clear (&pki);
  return code;
}
