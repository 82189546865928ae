/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "personalise/chip/encode.h"
#include "personalise/lds/face-group.h"
#include "personalise/lds/security-info.h"
#include "record/base/bytes.h"
#include "record/base/clock.h"
#include "tests/personalise/chip/full-chip.h"
#include "tests/personalise/chip/reader-process.h"
#include "tests/personalise/lds/chip.h"
#include "tests/support.h"

/* Debian's own readers on a chip that the suite made: nfc-list and mrtdreader, unchanged. */

static TestPki pki;

static const FastAtrInfo capabilities = {
    .chaining = TRUE, .extended = TRUE, .command_max = 2048, .response_max = 2048};

/* The specimen's chip; with @full's keys it has every protocol. */
static FastLds *
make_lds (const TestFullChip *full)
{
  g_autoptr (GError) error = NULL;
  TestChip chip;
  FastLds *lds;
  FastChipKeys keys = {.trust_point = "CAFASTCVCA00001"};

  test_chip_init (&chip);
  if (full != NULL) {
    keys.chip_authentication = full->secrets->chip_key;
    keys.active_authentication = full->secrets->active_key;
    chip.input.keys = &keys;
    chip.input.atr_info = &capabilities;
  }
  lds = fast_lds_build (&chip.input, pki.signer, pki.key, &error);
  g_assert_no_error (error);
  test_chip_clear (&chip);
  return lds;
}

static void
encode (TestReader *reader, FastLds *lds, const TestFullChip *full, const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *journal = g_build_filename (folder, "journal", NULL);
  FastTransport *transport = fast_transport_open (reader->reader, &error);
  g_auto (FastEncodeResult) result = {0};
  const FastEncoding encoding = {.transport = transport,
                                 .applet = &fast_applet_icao_perso,
                                 .lds = lds,
                                 .secrets = full == NULL ? NULL : full->secrets,
                                 .terminal = full == NULL ? NULL : full->terminal,
                                 .at = fast_clock_now (),
                                 .training = TRUE,
                                 .journal = fast_encode_journal_file (journal)};

  g_assert_true (fast_chip_encode (&encoding, &result, NULL, &error));
  g_assert_no_error (error);
  fast_transport_free (transport);
}

/* Runs a program in @folder with the virtual reader as libnfc's only device. */
static char *
run (TestReader *reader, const char *folder, const char *program, const char *argument)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *device = g_file_read_link (reader->link, NULL);
  g_autofree char *setting = g_strdup_printf ("pn532_uart:%s:115200", device);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GBytes) out = NULL;

  g_subprocess_launcher_set_cwd (launcher, folder);
  g_subprocess_launcher_setenv (launcher, "LIBNFC_DEVICE", setting, TRUE);
  process =
      g_subprocess_launcher_spawn (launcher, &error, "timeout", "60", program, argument, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate (process, NULL, NULL, &out, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  return g_strndup (g_bytes_get_data (out, NULL), g_bytes_get_size (out));
}

static void
assert_holds (const char *text, GBytes *content)
{
  g_autofree char *hex =
      fast_hex_encode (g_bytes_get_data (content, NULL), g_bytes_get_size (content));

  if (strcasestr (text, hex) == NULL)
    g_error ("%s is not in:\n%s", hex, text);
}

/* mrtdreader names its file after the kind of picture. */
static char *
find_picture (const char *folder)
{
  static const char *const names[] = {"image.jp2", "image.jpg", "image.j2k"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&path);
  }
  g_error ("mrtdreader left no picture");
}

/* The picture in EF.DG2, byte for byte. */
static void
assert_picture (const char *folder, FastLds *lds)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastFaceRecord) face =
      fast_face_group_parse (fast_lds_get (lds, fast_file_group (2)), &error);
  g_autofree char *path = find_picture (folder);
  g_autoptr (GBytes) saved = fast_bytes_read_file (path, 100000, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (saved, face->image));
}

static void
run_readers (const TestFullChip *full)
{
  g_autoptr (GError) error = NULL;
  TestReader reader;
  char *folder = fast_test_folder ();
  g_autoptr (FastLds) lds = NULL;
  g_autoptr (FastSecret) information = NULL;
  g_autofree char *mrz = NULL;
  g_autofree char *listed = NULL;
  g_autofree char *read = NULL;

  lds = make_lds (full);
  test_reader_start (&reader, folder, "chip");
  encode (&reader, lds, full, folder);
  listed = run (&reader, folder, "nfc-list", "-v");
  g_assert_nonnull (strstr (listed, "1 ISO14443A passive target(s) found"));
  information = fast_lds_mrz_information (lds, &error);
  mrz = g_strndup ((const char *)fast_secret_data (information), fast_secret_size (information));
  read = run (&reader, folder, "mrtdreader", mrz);
  g_test_message ("%s", read);
  assert_holds (read, fast_lds_get (lds, fast_file_com ()));
  assert_holds (read, fast_lds_get (lds, fast_file_sod ()));
  g_assert_nonnull (strstr (read, "IDCANFB0000017"));
  assert_picture (folder, lds);
  test_reader_stop (&reader);
  fast_test_remove_folder (folder);
}

static void
test_readers (void)
{
  run_readers (NULL);
}

/* A chip that offers PACE and more still opens to those who know BAC alone. */
static void
test_full (void)
{
  const TestFullTerms terms = {FAST_SECURITY_PACE_ECDH_GM_AES_128, FAST_SECURITY_PARAMETERS_P256,
                               FAST_SECURITY_CA_ECDH_AES_128, "P-256", 100};
  TestFullChip full;

  test_full_chip_init (&full, &pki, &terms);
  run_readers (&full);
  test_full_chip_clear (&full);
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
  g_test_add_func ("/peer/reader/basic", test_readers);
  g_test_add_func ("/peer/reader/full", test_full);
  code = g_test_run ();
  test_pki_clear (&pki);
  return code;
}
