/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/jmrtd.h"

#include <openssl/rsa.h>

#include "personalise/chip/encode.h"
#include "personalise/lds/public-key-group.h"
#include "record/base/bytes.h"
#include "record/base/clock.h"
#include "tests/personalise/chip/loop.h"
#include "tests/personalise/chip/small-lds.h"
#include "tests/support.h"

/* The driver of the open JMRTD applet, and the emulator's chip with it. */

static TestPki pki;

typedef struct {
  char *folder;
  char *journal;
  FastRadioField *field;
  FastTransport *transport;
  FastLds *lds;
  FastChipSecrets secrets;
  FastEncoding encoding;
} Bench;

static void
set_up (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *card = NULL;

  bench->folder = fast_test_folder ();
  card = g_build_filename (bench->folder, "chip", NULL);
  bench->journal = g_build_filename (bench->folder, "journal", NULL);
  fast_virtual_chip_make_blank (card, &(FastChipBlank){.software = "jmrtd"}, &error);
  g_assert_no_error (error);
  bench->field = fast_radio_field_new (fast_virtual_chip_open (card, &error));
  g_assert_no_error (error);
  bench->transport = test_loop_new (bench->field);
  bench->lds = test_small_lds (&pki, 3000);
  bench->encoding = (FastEncoding){.transport = bench->transport,
                                   .applet = &fast_applet_jmrtd,
                                   .lds = bench->lds,
                                   .secrets = &bench->secrets,
                                   .trust = pki.trust,
                                   .at = fast_clock_now (),
                                   .training = TRUE,
                                   .journal = fast_encode_journal_file (bench->journal)};
}

static void
tear_down (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  fast_lds_unref (bench->lds);
  EVP_PKEY_free (bench->secrets.active_key);
  fast_transport_free (bench->transport);
  fast_radio_field_free (bench->field);
  g_free (bench->journal);
  fast_test_remove_folder (bench->folder);
}

/* An RSA key for active authentication, and EF.DG15 with its public half. */
static void
add_key (Bench *bench, guint bits)
{
  g_autoptr (GError) error = NULL;
  GBytes *group;

  bench->secrets.active_key = EVP_RSA_gen (bits);
  group = fast_public_key_group_make (bench->secrets.active_key, &error);
  g_assert_no_error (error);
  test_lds_put (bench->lds, fast_file_group (15), group);
  test_lds_sign (bench->lds, &pki);
}

static void
encode (Bench *bench, FastEncodeState wanted, const char *id)
{
  test_encode (&bench->encoding, wanted, id);
}

static void
test_made (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  encode (bench, FAST_ENCODE_MADE, NULL);
}

static void
test_active (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) information = fast_lds_mrz_information (bench->lds, &error);
  const FastInspectOptions options = {
      .access = {.mrz_information = information}, .trust = pki.trust, .at = fast_clock_now ()};
  g_autoptr (FastInspection) inspection = NULL;

  add_key (bench, 1024);
  encode (bench, FAST_ENCODE_MADE, NULL);
  inspection = fast_chip_inspect (bench->transport, &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fast_verdicts_find (inspection->verdicts, FAST_CHECK_ACTIVE, NULL)->outcome, ==,
                   FAST_VERDICT_DONE);
}

static guint16
ask (Bench *bench, const char *hex)
{
  g_autoptr (GBytes) command = fast_hex_decode (hex, NULL);
  g_autoptr (GBytes) answer = fast_radio_field_exchange (
      bench->field, g_bytes_get_data (command, NULL), g_bytes_get_size (command));
  gsize size;
  const guint8 *data = g_bytes_get_data (answer, &size);

  return (guint16)(data[size - 2] << 8 | data[size - 1]);
}

#define SELECT_APPLET "00A4040C07A0000002471001"

/* What the applet refuses, takes and does not check, in order. */
static const struct {
  const char *command;
  guint16 status;
} blank_commands[] = {
    {"00A4020C02011E", 0x6A82},
    {"00D600000100", 0x6D00},
    {SELECT_APPLET, 0x9000},
    {"00CA9F7F00", 0x6D00},
    {"0084000008", 0x6982},
    {"00A4020C02011E", 0x6A82},
    {"00A4020C01011E", 0x6700},
    {"00D600000100", 0x6985},
    {"00E000000562040010011E", 0x6700},
    {"00E000000662040010011E", 0x6984},
    {"00E000000663040010011E", 0x9000},
    {"00D600000100", 0x6985},
    {"00A4020C02011E", 0x9000},
    {"00D6000F0100", 0x9000},
    {"00D600100100", 0x6F00},
    {"00B0000004", 0x6985},
    {"00E000000663040008011E", 0x9000},
    {"00E000000663040020011E", 0x6A84},
    {"00E000000663047FFF0101", 0x9000},
    {"00E0000006630470000102", 0x9000},
    {"00E000000663047FFF0103", 0x6A84},
    {"00DA00620462020400", 0x6F00},
    {"00DA00610461000400", 0x6F00},
    {"00DA123401FF", 0x9000},
    {"0088000008000000000000000000", 0x6982},
    {"0022C1A400", 0x6D00},
    {"0086000000", 0x6D00},
    {"00DADEAD", 0x9000},
    {"00A4020C02011E", 0x6982},
    {"00D600000100", 0x6985},
    {"00E000000663040010011E", 0x6985},
    {"00DADEAD", 0x6985},
};

static void
test_commands (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  for (guint i = 0; i < G_N_ELEMENTS (blank_commands); i++) {
    const guint16 status = ask (bench, blank_commands[i].command);

    if (status != blank_commands[i].status)
      g_error ("%s: %04X, not %04X", blank_commands[i].command, status, blank_commands[i].status);
  }
}

static void
test_needs_more (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastSecret) can = fast_secret_new_from ("123456", 6);

  bench->secrets.can = can;
  encode (bench, FAST_ENCODE_UNTOUCHED, "applet-cannot");
  bench->secrets.can = NULL;
  test_lds_put (bench->lds, fast_file_group (3), g_bytes_new_static ("\x63\x03\x02\x01\x00", 5));
  test_lds_sign (bench->lds, &pki);
  encode (bench, FAST_ENCODE_UNTOUCHED, "applet-cannot");
}

/* The applet's key has 1024 bits, neither more nor less, and no production card takes it in plain.
 */
static void
test_refused (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  bench->encoding.training = FALSE;
  encode (bench, FAST_ENCODE_UNTOUCHED, "encode-plain-secrets");
  bench->encoding.training = TRUE;
  add_key (bench, 2048);
  encode (bench, FAST_ENCODE_UNTOUCHED, "applet-cannot");
}

/* A chip is known before it is locked. */
static void
test_other_chip (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  bench->encoding.serial = "0011223344556677";
  encode (bench, FAST_ENCODE_UNTOUCHED, "encode-other-chip");
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
#define ADD(name, run) g_test_add ("/chip/jmrtd/" name, Bench, NULL, set_up, run, tear_down)
  ADD ("made", test_made);
  ADD ("active", test_active);
  ADD ("commands", test_commands);
  ADD ("needs-more", test_needs_more);
  ADD ("refused", test_refused);
  ADD ("other-chip", test_other_chip);
  code = g_test_run ();
  test_pki_clear (&pki);
  return code;
}
