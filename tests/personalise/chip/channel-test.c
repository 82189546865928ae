/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <openssl/rsa.h>

#include "personalise/chip/encode.h"
#include "record/base/bytes.h"
#include "record/base/clock.h"
#include "tests/personalise/chip/loop.h"
#include "tests/personalise/chip/small-lds.h"
#include "tests/support.h"

/* Personalisation through SCP03, at the writer and at the emulated chip. */

#define LDS_SIZE 3400
#define VERSION 0x30
#define CAN_ALL (FAST_SCP03_CAN_R_MAC | FAST_SCP03_CAN_R_ENCRYPTION)

static TestPki pki;

typedef struct {
  char *folder;
  char *journal;
  FastRadioField *field;
  FastTransport *transport;
  FastLds *lds;
  FastIssuerKeys *keys;
  FastChipChannel terms;
  FastEncoding encoding;
} Bench;

static FastIssuerKeys *
make_keys (guint8 first)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) key = fast_secret_new (16);
  FastIssuerKeys *keys;

  for (guint8 i = 0; i < 16; i++)
    fast_secret_data (key)[i] = (guint8)(first + i);
  keys = fast_issuer_keys_new (VERSION, key, key, key, &error);
  g_assert_no_error (error);
  g_assert_true (fast_issuer_keys_set_diversification (keys, "kdf3", &error));
  return keys;
}

static void
set_up_chip (Bench *bench, guint8 options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *card = NULL;

  bench->folder = fast_test_folder ();
  card = g_build_filename (bench->folder, "chip", NULL);
  bench->journal = g_build_filename (bench->folder, "journal", NULL);
  bench->keys = make_keys (0x40);
  fast_virtual_chip_make_blank (card, &(FastChipBlank){bench->keys, options, NULL}, &error);
  g_assert_no_error (error);
  bench->field = fast_radio_field_new (fast_virtual_chip_open (card, &error));
  bench->transport = test_loop_new (bench->field);
  bench->lds = test_small_lds (&pki, LDS_SIZE);
  bench->terms = (FastChipChannel){
      bench->keys, (options & FAST_SCP03_S16) != 0 ? FAST_SCP03_MODE_S16 : FAST_SCP03_MODE_S8,
      0x33};
  bench->encoding = (FastEncoding){.transport = bench->transport,
                                   .applet = &fast_applet_icao_perso,
                                   .lds = bench->lds,
                                   .trust = pki.trust,
                                   .at = fast_clock_now (),
                                   .channel = &bench->terms,
                                   .journal = fast_encode_journal_file (bench->journal)};
}

static void
set_up (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  set_up_chip (bench, CAN_ALL);
}

static void
tear_down (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  fast_lds_unref (bench->lds);
  fast_transport_free (bench->transport);
  fast_radio_field_free (bench->field);
  fast_issuer_keys_unref (bench->keys);
  g_free (bench->journal);
  fast_test_remove_folder (bench->folder);
}

static void
encode (Bench *bench, FastEncodeState wanted, const char *id)
{
  test_encode (&bench->encoding, wanted, id);
}

static void
test_levels (gconstpointer data)
{
  static const guint8 levels[] = {0x03, 0x13, 0x33};

  for (guint i = 0; i < G_N_ELEMENTS (levels); i++) {
    Bench bench = {0};

    set_up_chip (&bench, (guint8)GPOINTER_TO_UINT (data) | CAN_ALL);
    bench.terms.level = levels[i];
    encode (&bench, FAST_ENCODE_MADE, NULL);
    g_test_message ("level %02X: %u commands", levels[i], fast_radio_field_count (bench.field));
    tear_down (&bench, NULL);
  }
}

/* Wrong keys: INITIALIZE UPDATE and no more, however often the card is laid down again. */
static void
test_wrong_key (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  FastIssuerKeys *wrong = make_keys (0x70);
  guint before;

  bench->terms.keys = wrong;
  encode (bench, FAST_ENCODE_UNTOUCHED, "scp03-wrong-key");
  before = fast_radio_field_count (bench->field);
  g_assert_cmpuint (before, ==, 4);
  for (guint i = 0; i <= 3; i++)
    encode (bench, FAST_ENCODE_UNTOUCHED, "scp03-wrong-key");
  bench->terms.keys = bench->keys;
  encode (bench, FAST_ENCODE_MADE, NULL);
  fast_issuer_keys_unref (wrong);
}

/* An RSA key is longer than one short command: its links go through the channel one by one. */
static void
test_chain (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (EVP_PKEY) key = EVP_RSA_gen (2048);
  const FastChipSecrets secrets = {.active_key = key};

  g_assert_nonnull (key);
  bench->encoding.secrets = &secrets;
  encode (bench, FAST_ENCODE_MADE, NULL);
  g_assert_nonnull (fast_chip_state_get_secret (
      fast_virtual_chip_state (fast_radio_field_chip (bench->field)), FAST_DATA_ACTIVE_KEY));
}

static guint16
send (Bench *bench, const char *hex)
{
  g_autoptr (GBytes) command = fast_hex_decode (hex, NULL);
  g_autoptr (GBytes) answer = fast_radio_field_exchange (
      bench->field, g_bytes_get_data (command, NULL), g_bytes_get_size (command));
  gsize size;
  const guint8 *data = g_bytes_get_data (answer, &size);

  return (guint16)(data[size - 2] << 8 | data[size - 1]);
}

/* Somebody who tries proofs against the chip locks it for good. */
static void
test_locked (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmphex (send (bench, "84823300100000000000000000000000000000000000"), ==, 0x6985);
  for (guint i = 0; i < 3; i++) {
    g_assert_cmphex (send (bench, "8050300008010203040506070800"), ==, 0x9000);
    g_assert_cmphex (send (bench, "8482330010000000000000000000000000000000"
                                  "00"),
                     ==, 0x6300);
  }
  g_assert_cmphex (send (bench, "8050300008010203040506070800"), ==, 0x6983);
  encode (bench, FAST_ENCODE_UNTOUCHED, "scp03-refused");
}

/* What is not in the channel writes nothing, and what breaks it ends it. */
static void
test_plain_refused (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmphex (send (bench, "00A4040C07A0000002471001"), ==, 0x9000);
  g_assert_cmphex (send (bench, "00E000000A6208800200058302010200"), ==, 0x6982);
  g_assert_cmphex (send (bench, "84D60000080000000000000000"), ==, 0x6982);
  bench->encoding.channel = NULL;
  encode (bench, FAST_ENCODE_UNTOUCHED, "encode-plain-secrets");
  bench->encoding.training = TRUE;
  encode (bench, FAST_ENCODE_RESUMABLE, "status-security");
  bench->encoding.channel = &bench->terms;
  encode (bench, FAST_ENCODE_MADE, NULL);
  g_assert_cmphex (send (bench, "8050300008010203040506070800"), ==, 0x6985);
}

/* A link in plain is refused, and nothing of it is left for the channel. */
static void
test_plain_link (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmphex (send (bench, "00A4040C07A0000002471001"), ==, 0x9000);
  g_assert_cmphex (send (bench, "10DA0062020102"), ==, 0x6982);
  encode (bench, FAST_ENCODE_MADE, NULL);
}

/* The files of the master file can be read in the channel too. */
static void
test_read (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  static const guint8 content[] = {0x43, 0x01, 0x98};
  g_autoptr (FastChipSession) session = fast_chip_session_new (bench->transport, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) found = NULL;

  fast_chip_session_start (session, &error);
  g_assert_no_error (error);
  fast_chip_session_open_channel (session, &bench->terms, &error);
  g_assert_no_error (error);
  fast_applet_icao_perso.create_file (session, fast_file_atr_info (), sizeof content, &error);
  g_assert_no_error (error);
  fast_applet_icao_perso.write (session, 0, content, sizeof content, &error);
  g_assert_no_error (error);
  found = fast_chip_session_read_file (session, fast_file_atr_info (), &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (found, NULL), g_bytes_get_size (found), content,
                   sizeof content);
}

static void
test_terms (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  static const guint8 levels[] = {0x01, 0x11};
  FastApplet deaf = fast_applet_icao_perso;

  for (guint i = 0; i < G_N_ELEMENTS (levels); i++) {
    bench->terms.level = levels[i];
    encode (bench, FAST_ENCODE_UNTOUCHED, "chip-channel-level");
  }
  bench->terms.level = 0x33;
  bench->terms.mode = FAST_SCP03_MODE_S16;
  encode (bench, FAST_ENCODE_UNTOUCHED, "status-length");
  bench->terms.mode = FAST_SCP03_MODE_S8;
  deaf.capabilities &= (FastAppletCapabilities)~FAST_APPLET_CHANNEL;
  bench->encoding.applet = &deaf;
  encode (bench, FAST_ENCODE_UNTOUCHED, "chip-channel-applet");
}

static void
test_load (void)
{
  static const char *const bad[][2] = {{NULL, "33"}, {"S9", "33"}, {"S8", "01"}, {"S8", "3"}};
  char *folder = fast_test_folder ();
  g_autofree char *path = g_build_filename (folder, "issuer.keys", NULL);
  g_autoptr (GError) error = NULL;
  FastChipChannel *channel;

  g_assert_true (g_file_set_contents_full (
      path, "version=0x30\ndiversification=kdf3\nmaster=404142434445464748494A4B4C4D4E4F\n", -1,
      G_FILE_SET_CONTENTS_NONE, 0600, &error));
  channel = fast_chip_channel_load (path, "S16", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (channel->mode, ==, FAST_SCP03_MODE_S16);
  g_assert_cmphex (channel->level, ==, 0x33);
  fast_chip_channel_free (channel);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_null (fast_chip_channel_load (path, bad[i][0], bad[i][1], &error));
    fast_test_assert_id (error, "chip-channel-term");
    g_clear_error (&error);
  }
  fast_test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
  g_test_add_data_func ("/chip/channel/s8", GUINT_TO_POINTER (0), test_levels);
  g_test_add_data_func ("/chip/channel/s16", GUINT_TO_POINTER (FAST_SCP03_S16), test_levels);
  g_test_add_data_func ("/chip/channel/pseudo-random",
                        GUINT_TO_POINTER (FAST_SCP03_S16 | FAST_SCP03_PSEUDO_RANDOM), test_levels);
#define ADD(name, run) g_test_add ("/chip/channel/" name, Bench, NULL, set_up, run, tear_down)
  ADD ("wrong-key", test_wrong_key);
  ADD ("chain", test_chain);
  ADD ("locked", test_locked);
  ADD ("plain-refused", test_plain_refused);
  ADD ("plain-link", test_plain_link);
  ADD ("read", test_read);
  ADD ("terms", test_terms);
  g_test_add_func ("/chip/channel/load", test_load);
  code = g_test_run ();
  test_pki_clear (&pki);
  return code;
}
