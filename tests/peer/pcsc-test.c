/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "personalise/chip/encode.h"
#include "personalise/lds/security-info.h"
#include "record/base/bytes.h"
#include "record/base/clock.h"
#include "tests/personalise/chip/device-bench.h"
#include "tests/personalise/chip/full-chip.h"
#include "tests/personalise/chip/loop.h"
#include "tests/personalise/chip/pcsc-service.h"
#include "tests/support.h"

/* Other people's readers on the emulated card, through pcscd and vpcd: Debian's opensc-tool, and a
 * client of PC/SC that has nothing of ours. */

#define SELECT "00A4040C07A0000002471001"
#define LIFE_CYCLE "00CA008A00"

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
  test_reader_stop (&bench->reader);
  test_pcsc_stop (&service);
  test_bench_clear (bench);
}

/* pcscd sees a card within half a second of its coming. */
static void
wait_for_card (void)
{
  const char *const argv[] = {"opensc-tool", "--wait", "--atr", NULL};

  g_assert_cmpint (fast_test_run (NULL, NULL, argv), ==, 0);
}

static char *
client (void)
{
  return g_build_filename (g_getenv ("FAST_BUILD_DIR"), "tests", "peer", "pcsc-client", NULL);
}

static void
test_opensc (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  const char *const list[] = {"opensc-tool", "--list-readers", NULL};
  const char *const atr[] = {"opensc-tool", "--reader", "0", "--atr", NULL};
  const char *const send[] = {"opensc-tool", "--reader",    "0",          "--card-driver",
                              "default",     "--send-apdu", SELECT,       "--send-apdu",
                              LIFE_CYCLE,    "--send-apdu", "00B0000004", NULL};

  wait_for_card ();
  test_bench_run (0, TEST_PCSC_READER, list);
  test_bench_run (0, "3b:85:80:01:80:73:94:21:", atr);
  test_bench_run (0, "8A 01 01", send);
  test_bench_encode (bench, bench->reader.reader, 0, "made");
  test_bench_run (0, "8A 01 05", send);
  test_bench_run (0, "SW1=0x69", send); /* nothing is read before access control */
}

static void
test_client (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *program = client ();
  const char *const argv[] = {program, TEST_PCSC_READER, NULL};
  const char *const other[] = {program, "No Such Reader", NULL};

  wait_for_card ();
  test_bench_run (0, "eMRTD: 9000", argv);
  test_bench_encode (bench, bench->reader.reader, 0, "made");
  test_bench_run (0, "eMRTD: 9000", argv);
  test_bench_run (2, "connect: ", other);
}

static void
test_removed (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *program = client ();
  const char *const argv[] = {program, TEST_PCSC_READER, NULL};

  wait_for_card ();
  test_reader_order (&bench->reader, "tear 2");
  test_bench_run (1, "eMRTD: ", argv);
  test_bench_run (2, "connect: ", argv);
  test_reader_order (&bench->reader, "insert");
  wait_for_card ();
  test_bench_run (0, "eMRTD: 9000", argv);
}

/* A chip with every protocol, written without a reader. */
static void
write_full (const char *card, TestFullChip *full)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};
  g_autofree char *journal = g_strconcat (card, ".journal", NULL);
  FastRadioField *field = fast_radio_field_new (fast_virtual_chip_open (card, &error));
  FastTransport *transport = test_loop_new (field);
  const FastEncoding encoding = {.transport = transport,
                                 .applet = &fast_applet_icao_perso,
                                 .lds = full->lds,
                                 .secrets = full->secrets,
                                 .at = fast_clock_now (),
                                 .training = TRUE,
                                 .terminal = full->terminal,
                                 .journal = fast_encode_journal_file (journal)};

  fast_chip_encode (&encoding, &result, NULL, &error);
  g_assert_no_error (error);
  fast_transport_free (transport);
  fast_radio_field_free (field);
}

/* EF.CardAccess is for everybody, before anything is proved. */
static void
test_card_access (TestBench *bench, gconstpointer data G_GNUC_UNUSED)
{
  const TestFullTerms terms = {FAST_SECURITY_PACE_ECDH_GM_AES_128, FAST_SECURITY_PARAMETERS_P256,
                               FAST_SECURITY_CA_ECDH_AES_128, "P-256", 100};
  TestFullChip full;
  g_autofree char *card = g_build_filename (bench->folder, "full", NULL);
  g_autofree char *order = g_strconcat ("card ", card, NULL);
  g_autofree char *program = client ();
  g_autofree char *hex = NULL;
  g_autofree char *line = NULL;
  const char *const argv[] = {program, TEST_PCSC_READER, NULL};
  const char *const send[] = {
      "opensc-tool", "--reader",       "0",           "--card-driver", "default",
      "--send-apdu", "00A4000C023F00", "--send-apdu", "00B09C0000",    NULL};
  GBytes *access;

  test_full_chip_init (&full, &pki, &terms);
  write_full (card, &full);
  test_reader_order (&bench->reader, order);
  wait_for_card ();
  access = fast_lds_get (full.lds, fast_file_card_access ());
  hex = fast_hex_encode (g_bytes_get_data (access, NULL), g_bytes_get_size (access));
  for (char *at = hex; *at != 0; at++)
    *at = g_ascii_toupper (*at);
  line = g_strdup_printf ("EF.CardAccess: 9000 %s\n", hex);
  test_bench_run (0, line, argv);
  test_bench_run (0, "31 14 30 12 06 0A 04 00 7F 00 07 02 02 04 02 02", send);
  test_full_chip_clear (&full);
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  if (!test_pcsc_init (&service))
    return g_test_run ();
  test_pki_init (&pki);
#define ADD(name, run) g_test_add ("/peer/pcsc/" name, TestBench, NULL, set_up, run, tear_down)
  ADD ("opensc-tool", test_opensc);
  ADD ("client", test_client);
  ADD ("card-access", test_card_access);
  ADD ("removed", test_removed);
  code = g_test_run ();
  test_pki_clear (&pki);
  test_pcsc_clear (&service);
  return code;
}
