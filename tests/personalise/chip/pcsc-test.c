/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/transport.h"
#include "record/base/error.h"
#include "tests/personalise/chip/device-bench.h"
#include "tests/personalise/chip/pcsc-service.h"
#include "tests/support.h"

/* The programs as people run them, through Debian's pcscd and its virtual reader vpcd. */

static TestPki pki;
static TestPcsc service;

static void
set_up (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  test_bench_init (bench, &pki);
  test_pcsc_start (&service);
  test_reader_start_card (&bench->reader, bench->folder, "chip", service.address, TEST_PCSC_READER);
}

static void
tear_down (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  if (bench->reader.process != NULL)
    test_reader_stop (&bench->reader);
  if (service.process != NULL)
    test_pcsc_stop (&service);
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
  test_bench_forget_journal (bench);
  encode (bench, 1, "not blank");
}

static void
test_absent (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  test_bench_encode (bench, "pcsc:No Such Reader", 1,
                     "“No Such Reader”; it has: " TEST_PCSC_READER);
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

/* vpcd waits for a mute card without end, and pcscd with it; the program does not. */
static void
test_silent (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  test_reader_order (&bench->reader, "mute");
  encode (bench, 1, "did not answer in time");
  test_reader_order (&bench->reader, "speak");
  test_reader_order (&bench->reader, "delay 20");
  encode (bench, 0, "made");
}

static void
test_garbage (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  test_reader_order (&bench->reader, "seed 3");
  test_reader_order (&bench->reader, "garbage 1000 frame");
  encode (bench, 1, "fast-card:");
  test_reader_order (&bench->reader, "garbage 0 frame");
  test_reader_order (&bench->reader, "garbage 1000");
  encode (bench, 1, "fast-card:");
  test_reader_order (&bench->reader, "garbage 0");
  encode (bench, 0, "made");
  test_bench_inspect (bench, TEST_MRZ, 0, "specimen");
}

/* Without the service both sides say so: the program at once, the card because vpcd left it. */
static void
test_no_service (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *reader = g_strdup (bench->reader.reader);
  g_autofree char *program = fast_test_program ("fast-emulator");
  g_autofree char *chip = g_build_filename (bench->folder, "other", NULL);
  const char *const card[] = {program, "card", "--vpcd", service.address, "--card", chip, NULL};

  test_pcsc_stop (&service);
  test_reader_wait (&bench->reader, 1);
  test_bench_encode (bench, reader, 1, "the smart card service (PC/SC) is not running");
  test_bench_run (1, "does not listen at", card);
}

static gpointer
stop_later (gpointer data G_GNUC_UNUSED)
{
  g_usleep (1000 * 1000);
  g_subprocess_force_exit (service.process);
  g_subprocess_wait (service.process, NULL, NULL);
  return NULL;
}

/* The service is killed while a chip is written: the encoding can go on once it is back. */
static void
test_service_killed (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *reader = g_strdup (bench->reader.reader);
  GThread *thread;

  test_reader_order (&bench->reader, "delay 40");
  thread = g_thread_new ("stop", stop_later, NULL);
  encode (bench, 1, "resumable");
  g_thread_join (thread);
  g_clear_object (&service.process);
  test_reader_wait (&bench->reader, 1);
  test_pcsc_start (&service);
  test_reader_start_card (&bench->reader, bench->folder, "chip", service.address, TEST_PCSC_READER);
  encode (bench, 0, "made");
}

static FastTransport *
open_transport (TestBench *bench)
{
  g_autoptr (GError) error = NULL;
  FastTransport *transport = fast_transport_open (bench->reader.reader, &error);

  g_assert_no_error (error);
  g_assert_true (fast_transport_connect (transport, 3000, NULL, &error));
  g_assert_no_error (error);
  return transport;
}

/* While one program has the card nobody else can speak to it. */
static void
test_exclusive (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  FastTransport *transport = open_transport (bench);

  encode (bench, 1, "another program");
  fast_transport_free (transport);
  encode (bench, 0, "made");
}

static gpointer
cancel_later (gpointer data)
{
  g_usleep (300 * 1000);
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GBytes) command = g_bytes_new_static ("\x00\xCA\x00\x8A\x00", 5);
  FastTransport *transport = open_transport (bench);
  const gint64 start = g_get_monotonic_time ();
  GThread *thread = g_thread_new ("cancel", cancel_later, cancellable);

  test_reader_order (&bench->reader, "mute");
  g_assert_null (fast_transport_transmit (transport, command, cancellable, &error));
  fast_test_assert_id (error, "transport-cancelled");
  g_assert_cmpint (g_get_monotonic_time () - start, <, 3 * G_USEC_PER_SEC);
  g_thread_join (thread);
  test_reader_order (&bench->reader, "speak");
  fast_transport_free (transport);
}

/* The card lies about lengths, or says nothing that a card may say: the state has a name. */
static void
test_broken_answers (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) command = g_bytes_new_static ("\x00\xCA\x00\x8A\x00", 5);
  FastTransport *transport = open_transport (bench);
  g_autoptr (GBytes) answer = NULL;

  test_reader_order (&bench->reader, "garbage 1 frame");
  g_assert_null (fast_transport_transmit (transport, command, NULL, &error));
  fast_test_assert_id (error, "truncated");
  answer = fast_transport_transmit (transport, command, NULL, NULL);
  g_assert_nonnull (answer);
  g_assert_cmpuint (fast_transport_tally (transport)->commands, ==, 2);
  fast_transport_free (transport);
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
  if (!test_pcsc_init (&service))
    return g_test_run ();
  test_pki_init (&pki);
#define ADD(name, run) g_test_add ("/device/pcsc/" name, TestBench, NULL, set_up, run, tear_down)
  ADD ("encode", test_encode);
  ADD ("absent", test_absent);
  ADD ("taken-away", test_taken_away);
  ADD ("silent", test_silent);
  ADD ("garbage", test_garbage);
  ADD ("no-service", test_no_service);
  ADD ("service-killed", test_service_killed);
  ADD ("exclusive", test_exclusive);
  ADD ("cancel", test_cancel);
  ADD ("broken-answers", test_broken_answers);
  ADD ("cuts", test_cuts);
  code = g_test_run ();
  test_pki_clear (&pki);
  test_pcsc_clear (&service);
  return code;
}
