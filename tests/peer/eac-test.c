/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "personalise/chip/encode.h"
#include "personalise/emulator/chip-state.h"
#include "personalise/lds/security-info.h"
#include "record/base/bytes.h"
#include "record/base/clock.h"
#include "record/base/tlv.h"
#include "tests/personalise/chip/full-chip.h"
#include "tests/personalise/chip/loop.h"
#include "tests/personalise/chip/pcsc-service.h"
#include "tests/personalise/chip/reader-process.h"
#include "tests/support.h"

/* An inspection system built on OpenPACE's libeac reads our chip through pcscd: eac-reader.c, which
 * has nothing of ours. */

/* The number is another. */
#define WRONG_MRZ                                                                                  \
  "IDCAND231458915<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<"

static TestPki pki;
static TestPcsc service;

static const TestFullTerms kinds[] = {
    {FAST_SECURITY_PACE_ECDH_GM_AES_128, FAST_SECURITY_PARAMETERS_P256,
     FAST_SECURITY_CA_ECDH_AES_128, "P-256", 1500},
    {FAST_SECURITY_PACE_ECDH_GM_AES_256, FAST_SECURITY_PARAMETERS_BRAINPOOL256,
     FAST_SECURITY_CA_ECDH_AES_256, "brainpoolP256r1", 1500},
};

typedef struct {
  char *folder;
  char *card;
  TestFullChip chip;
  TestReader reader;
} Bench;

static void
encode (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};
  g_autofree char *journal = g_build_filename (bench->folder, "journal", NULL);
  FastRadioField *field = fast_radio_field_new (fast_virtual_chip_open (bench->card, &error));
  FastTransport *transport = test_loop_new (field);
  const FastEncoding encoding = {.transport = transport,
                                 .applet = &fast_applet_icao_perso,
                                 .lds = bench->chip.lds,
                                 .secrets = bench->chip.secrets,
                                 .trust = pki.trust,
                                 .at = fast_clock_now (),
                                 .training = TRUE,
                                 .terminal = bench->chip.terminal,
                                 .journal = fast_encode_journal_file (journal)};

  fast_chip_encode (&encoding, &result, NULL, &error);
  g_assert_no_error (error);
  fast_transport_free (transport);
  fast_radio_field_free (field);
}

static void
serve (Bench *bench)
{
  const char *const wait[] = {"opensc-tool", "--wait", "--atr", NULL};

  test_pcsc_start (&service);
  test_reader_start_card (&bench->reader, bench->folder, "chip", service.address, TEST_PCSC_READER);
  g_assert_cmpint (fast_test_run (NULL, NULL, wait), ==, 0);
}

/* libeac does not know document numbers that go on in the optional data. */
static void
shorten_number (FastLds *lds)
{
  g_autoptr (GByteArray) inner = g_byte_array_new ();
  GByteArray *group = g_byte_array_new ();

  fast_tlv_append (inner, 0x5F1F, (const guint8 *)TEST_OTHER_MRZ, strlen (TEST_OTHER_MRZ));
  fast_tlv_append_array (group, fast_file_group (1)->tag, inner);
  test_lds_put (lds, fast_file_group (1), g_byte_array_free_to_bytes (group));
  test_lds_sign (lds, &pki);
}

static void
set_up (Bench *bench, gconstpointer data)
{
  bench->folder = fast_test_folder ();
  bench->card = g_build_filename (bench->folder, "chip", NULL);
  test_full_chip_init (&bench->chip, &pki, data);
  shorten_number (bench->chip.lds);
  encode (bench);
}

static void
tear_down (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  test_reader_stop (&bench->reader);
  test_pcsc_stop (&service);
  test_full_chip_clear (&bench->chip);
  g_free (bench->card);
  fast_test_remove_folder (bench->folder);
}

static char *
inspection_system (void)
{
  return g_build_filename (g_getenv ("FAST_BUILD_DIR"), "tests", "peer", "eac-reader", NULL);
}

/* What the inspection system prints; @nation is whose terminal it is, or %NULL for none. */
static char *
inspect (const char *kind, const char *secret, const char *nation, const char *verifier, int wanted)
{
  const char *home = nation == NULL ? "CA" : nation;
  g_autofree char *program = inspection_system ();
  g_autofree char *root = g_build_filename (pki.folder, "CA", "cvca.cvcert", NULL);
  g_autofree char *middle = g_build_filename (pki.folder, home, verifier, NULL);
  g_autofree char *last = g_build_filename (pki.folder, home, "terminal.cvcert", NULL);
  g_autofree char *key = g_build_filename (pki.folder, home, "terminal.key", NULL);
  const char *const argv[] = {
      program, TEST_PCSC_READER, kind, secret, nation == NULL ? NULL : root, middle, last, key,
      NULL};
  g_autofree char *err = NULL;
  char *out = NULL;
  const int code = fast_test_run (&out, &err, argv);

  g_test_message ("%s%s", out, err);
  if (code != wanted)
    g_error ("%s %s ended with %d, not %d:\n%s%s", kind, secret, code, wanted, out, err);
  return out;
}

static void
assert_line (const char *text, const char *line)
{
  g_autofree char *whole = g_strconcat (line, "\n", NULL);

  if (strstr (text, whole) == NULL)
    g_error ("no “%s” in:\n%s", line, text);
}

/* The file's line has the digest of what was to be written. */
static void
assert_read (const char *text, FastLds *lds, const FastFile *file, const char *rest)
{
  GBytes *content = fast_lds_get (lds, file);
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);
  g_autofree char *line = g_strdup_printf ("%s: 9000 %s%s", file->name, digest, rest);

  assert_line (text, line);
}

static void
assert_all_read (const char *text, FastLds *lds)
{
  static const guint groups[] = {1, 2, 14};

  assert_read (text, lds, fast_file_card_access (), "");
  assert_read (text, lds, fast_file_com (), "");
  assert_read (text, lds, fast_file_sod (), "");
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    assert_read (text, lds, fast_file_group (groups[i]), " signed");
  assert_line (text, "PACE: done");
  assert_line (text, "chip authentication: done");
  assert_line (text, "EF.DG3: 6982");
}

/* By what is printed on the card; without a terminal there are no fingers. */
static void
test_pace (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *by_zone = NULL;
  g_autofree char *by_number = NULL;

  serve (bench);
  by_zone = inspect ("mrz", TEST_OTHER_MRZ, NULL, "", 0);
  assert_all_read (by_zone, bench->chip.lds);
  g_assert_null (strstr (by_zone, "EF.DG3: 9000"));
  by_number = inspect ("can", TEST_CAN, NULL, "", 0);
  assert_all_read (by_number, bench->chip.lds);
  g_free (inspect ("can", "493828", NULL, "", 1));
  g_free (inspect ("mrz", WRONG_MRZ, NULL, "", 1));
}

/* The terminal of either nation, which the card's nation certified; and one that it did not. */
static void
test_terminal (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *home = NULL;
  g_autofree char *abroad = NULL;
  g_autofree char *stranger = NULL;

  serve (bench);
  home = inspect ("can", TEST_CAN, "CA", "dv-CA.cvcert", 0);
  assert_all_read (home, bench->chip.lds);
  assert_line (home, "terminal authentication: done");
  assert_read (home, bench->chip.lds, fast_file_group (3), " signed");
  abroad = inspect ("mrz", TEST_OTHER_MRZ, "US", "dv-CA.cvcert", 0);
  assert_read (abroad, bench->chip.lds, fast_file_group (3), " signed");
  stranger = inspect ("can", TEST_CAN, "US", "dv-US.cvcert", 1);
  assert_line (stranger, "terminal authentication: 6A88");
  g_assert_null (strstr (stranger, "EF.DG3: 9000"));
}

/* One bit of the fingers, in the chip's own memory. */
static void
flip (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) before = fast_bytes_read_file (bench->card, 1024 * 1024, &error);
  g_autoptr (FastChipState) state = fast_chip_state_parse (before, &error);
  g_autoptr (GBytes) after = NULL;
  FastChipFile *file;

  g_assert_no_error (error);
  file = fast_chip_state_find (state, FAST_CHIP_APPLICATION, fast_file_group (3)->fid);
  file->content->data[file->content->len - 1] ^= 1;
  after = fast_chip_state_format (state);
  g_assert_true (g_file_set_contents (bench->card, g_bytes_get_data (after, NULL),
                                      (gssize)g_bytes_get_size (after), &error));
}

static void
test_flipped (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *text = NULL;

  flip (bench);
  serve (bench);
  text = inspect ("can", TEST_CAN, "CA", "dv-CA.cvcert", 0);
  assert_all_read (text, bench->chip.lds);
  g_assert_nonnull (strstr (text, "EF.DG3: 9000"));
  g_assert_nonnull (strstr (text, " not signed\n"));
}

static void
test_absent (void)
{
  g_test_skip ("libeac is not installed");
}

int
main (int argc, char **argv)
{
  g_autofree char *program = inspection_system ();
  int code;

  g_test_init (&argc, &argv, NULL);
  if (!g_file_test (program, G_FILE_TEST_IS_EXECUTABLE)) {
    g_test_add_func ("/peer/eac", test_absent);
    return g_test_run ();
  }
  if (!test_pcsc_init (&service))
    return g_test_run ();
  test_pki_init (&pki);
#define ADD(name, kind, run)                                                                       \
  g_test_add ("/peer/eac/" name, Bench, &kinds[kind], set_up, run, tear_down)
  ADD ("pace/aes-128-p256", 0, test_pace);
  ADD ("pace/aes-256-brainpool", 1, test_pace);
  ADD ("terminal/aes-128-p256", 0, test_terminal);
  ADD ("terminal/aes-256-brainpool", 1, test_terminal);
  ADD ("flipped", 0, test_flipped);
  code = g_test_run ();
  test_pki_clear (&pki);
  test_pcsc_clear (&service);
  return code;
}
