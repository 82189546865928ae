/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "personalise/apdu/status-word.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/personalise/apdu/scp03-fixture.h"
#include "tests/support.h"

/* The published session of pysim, AES-128 at level 03. */
#define ENC "000102030405060708090A0B0C0D0E0F"
#define MAC "101112131415161718191A1B1C1D1E1F"
#define CHALLENGE "8E1552D0513C60F3"
#define DATA "00000000000000000000"
#define TOLD                                                                                       \
  "30760CD2C47C1DD3"                                                                               \
  "95065FE5EAD8A9D7"

static FastScp03Host *
ask (guint8 version, const char *enc, FastScp03Mode mode, guint8 level)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastIssuerKeys) keys = scp03_keys (version, enc, MAC);
  g_autoptr (GBytes) challenge = scp03_unhex (CHALLENGE CHALLENGE);
  FastScp03Host *host = fast_scp03_host_new (keys, mode, level, &error);
  g_autoptr (GBytes) command = NULL;

  g_assert_no_error (error);
  fast_scp03_host_set_challenge (host, g_bytes_get_data (challenge, NULL));
  command = fast_scp03_host_initialize_update (host, &error);
  g_assert_no_error (error);
  return host;
}

/* Whatever is refused, the host's side is over: there is no second try with it. */
static void
check_refused (FastScp03Host *host, const char *answer, const char *id)
{
  g_autoptr (GBytes) bytes = scp03_unhex (answer);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;

  g_assert_null (fast_scp03_host_external_authenticate (host, bytes, &error));
  fast_test_assert_id (error, id);
  g_assert_null (fast_scp03_host_external_authenticate (host, bytes, &again));
  fast_test_assert_id (again, "scp03-closed");
}

static void
test_answers_refused (void)
{
  static const struct {
    const char *answer;
    const char *id;
  } rows[] = {
      {DATA "310370" TOLD "0000019000", "scp03-version"},
      {DATA "300270" TOLD "0000019000", "scp03-protocol"},
      {DATA "300371" TOLD "0000019000", "scp03-mode"},
      {DATA "3003F0" TOLD "0000019000", "scp03-mode"},
      {DATA "300372" TOLD "0000019000", "scp03-mode"},
      {DATA "300370"
            "31760CD2C47C1DD3"
            "95065FE5EAD8A9D7"
            "0000019000",
       "scp03-wrong-key"},
      {DATA "300370"
            "30760CD2C47C1DD3"
            "95065FE5EAD8A9D6"
            "0000019000",
       "scp03-wrong-key"},
      {DATA "300370"
            "30760CD2C47C1DD3"
            "14065FE5EAD8A9D7"
            "0000019000",
       "scp03-wrong-key"},
      {DATA "300370" TOLD "00009000", "truncated"},
      {DATA "300370" TOLD "9000", "truncated"},
      {DATA "300370" TOLD "000001009000", "trailing-bytes"},
      {DATA "300360" TOLD "0000019000", "trailing-bytes"},
      {DATA "9000", "truncated"},
      {"9000", "truncated"},
      {"90", "truncated"},
      {"6A88", "scp03-no-version"},
      {"6982", "scp03-refused"},
      {"6983", "scp03-refused"},
      {"6985", "scp03-refused"},
      {"6D00", "status-instruction"},
      {"6700", "status-length"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (FastScp03Host) host = ask (0x30, ENC, FAST_SCP03_MODE_S8, 0x03);
    g_test_message ("%s", rows[i].answer);
    check_refused (host, rows[i].answer, rows[i].id);
  }
}

/* Every byte of the answer matters, but for the ten that `none` does not use and the counter. */
static void
test_answer_flipped (void)
{
  g_autoptr (GBytes) answer = scp03_unhex (DATA "300370" TOLD "0000019000");
  gsize size = g_bytes_get_size (answer);

  for (gsize at = 10; at < size; at++) {
    g_autoptr (FastScp03Host) host = ask (0x30, ENC, FAST_SCP03_MODE_S8, 0x33);
    g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (answer, NULL), size);
    g_autoptr (GBytes) altered = NULL;
    g_autoptr (GBytes) command = NULL;

    bytes[at] ^= 0x40;
    altered = g_bytes_new (bytes, size);
    command = fast_scp03_host_external_authenticate (host, altered, NULL);
    g_assert_cmpint (command != NULL, ==, at >= 29 && at < 32);
  }
}

static void
test_wrong_key_says_so (void)
{
  g_autoptr (FastScp03Host) host = ask (0, MAC, FAST_SCP03_MODE_S8, 0x03);
  g_autoptr (FastIssuerKeys) keys = scp03_keys (0, ENC, ENC);
  g_autoptr (FastScp03Host) other = fast_scp03_host_new (keys, FAST_SCP03_MODE_S8, 0x03, NULL);
  g_autoptr (GBytes) command = fast_scp03_host_initialize_update (other, NULL);
  g_autoptr (GBytes) answer = scp03_unhex (DATA "300370" TOLD "0000019000");
  g_autoptr (GError) error = NULL;
  g_autofree char *english = NULL;
  g_autofree char *french = NULL;

  g_assert_null (fast_scp03_host_external_authenticate (other, answer, &error));
  fast_test_assert_id (error, "scp03-wrong-key");
  english = fast_message_format_remedy (fast_error_get_message (error), "en");
  french = fast_message_format_remedy (fast_error_get_message (error), "fr");
  g_assert_nonnull (strstr (english, "lock it for ever"));
  g_assert_nonnull (strstr (french, "bloquent à jamais"));
}

/* What the card cannot do is found before a key is used. */
static void
test_level_of_card (void)
{
  static const struct {
    const char *options;
    guint8 level;
    const char *id;
  } rows[] = {
      {"00", 0x33, "scp03-level"},     {"20", 0x33, "scp03-level"},
      {"00", 0x11, "scp03-level"},     {"60", 0x33, "scp03-wrong-key"},
      {"20", 0x13, "scp03-wrong-key"}, {"00", 0x03, "scp03-wrong-key"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (FastScp03Host) host = ask (0x30, ENC, FAST_SCP03_MODE_S8, rows[i].level);
    g_autofree char *answer = g_strdup_printf (DATA "3003%s" TOLD "9000", rows[i].options);
    g_autofree char *wrong = g_strdup_printf ("%.*s%s", 26, answer, "00" TOLD);
    g_autofree char *bad = g_strdup_printf ("%.*s9000", 58, wrong);
    check_refused (host, bad, rows[i].id);
  }
}

static void
test_levels (void)
{
  g_autoptr (FastIssuerKeys) keys = scp03_keys_sized (16);

  for (guint level = 0; level < 256; level++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FastScp03Host) host =
        fast_scp03_host_new (keys, FAST_SCP03_MODE_S8, (guint8)level, &error);
    gboolean known = FALSE;

    for (guint i = 0; i < G_N_ELEMENTS (scp03_levels); i++)
      known |= scp03_levels[i] == level;
    g_assert_cmpint (host != NULL, ==, known);
    if (!known)
      fast_test_assert_id (error, "scp03-level");
  }
}

static void
check_opening (const char *answer, const char *id)
{
  g_autoptr (FastScp03Host) host = ask (0x30, ENC, FAST_SCP03_MODE_S8, 0x03);
  g_autoptr (GBytes) told = scp03_unhex (DATA "300370" TOLD "0000019000");
  g_autoptr (GBytes) bytes = scp03_unhex (answer);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) command = fast_scp03_host_external_authenticate (host, told, &error);

  g_assert_no_error (error);
  g_assert_null (fast_scp03_host_open (host, bytes, &error));
  fast_test_assert_id (error, id);
}

static void
test_opening_refused (void)
{
  check_opening ("6300", "scp03-refused");
  check_opening ("63C2", "scp03-refused");
  check_opening ("6982", "scp03-refused");
  check_opening ("6D00", "status-instruction");
  check_opening ("019000", "scp03-form");
  check_opening ("90", "truncated");
}

static void
test_steps_in_order (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastIssuerKeys) keys = scp03_keys_sized (16);
  g_autoptr (FastScp03Host) host = fast_scp03_host_new (keys, FAST_SCP03_MODE_S8, 0x03, NULL);
  g_autoptr (GBytes) accepted = scp03_unhex ("9000");

  g_assert_null (fast_scp03_host_open (host, accepted, &error));
  fast_test_assert_id (error, "scp03-closed");
}

/* --- the card's side --- */

static void
check_initialize (FastScp03Card *card, const char *command, const char *answer)
{
  g_autoptr (GBytes) bytes = scp03_unhex (command);
  const FastCommand parsed = scp03_parse (bytes);
  g_autoptr (GBytes) told = fast_scp03_card_initialize_update (card, &parsed, NULL);

  scp03_check (told, answer);
}

static void
test_card_refuses_start (void)
{
  g_autoptr (FastIssuerKeys) keys = scp03_keys_sized (16);
  g_autoptr (FastScp03Card) card = scp03_card (keys, FAST_SCP03_MODE_S8);
  FastScp03Settings settings = {.options = FAST_SCP03_PSEUDO_RANDOM,
                                .sequence = FAST_SCP03_SEQUENCE_MAX - 1,
                                .aid = {0xA0, 0, 0, 1, 0x51},
                                .aid_size = 5};
  g_autoptr (FastScp03Card) worn = fast_scp03_card_new (keys, &settings);
  g_autoptr (GBytes) last = scp03_unhex ("8050300008" CHALLENGE "00");
  const FastCommand parsed = scp03_parse (last);
  g_autoptr (GBytes) told = fast_scp03_card_initialize_update (worn, &parsed, NULL);

  check_initialize (card, "8050310008" CHALLENGE "00", "6A88");
  check_initialize (card, "8050300108" CHALLENGE "00", "6A86");
  check_initialize (card, "8050300010" CHALLENGE CHALLENGE "00", "6700");
  check_initialize (card, "80503000", "6700");
  check_initialize (card, "0050300008" CHALLENGE "00", "6E00");
  check_initialize (card, "8051300008" CHALLENGE "00", "6D00");
  g_assert_cmpuint (g_bytes_get_size (told), ==, 34);
  check_initialize (worn, "8050300008" CHALLENGE "00", "6985");
}

/* What was right is altered in one place; the card's answer to that and to the right one after it.
 */
static void
check_authenticate (gsize at, guint8 mask, guint16 wanted)
{
  g_autoptr (FastIssuerKeys) keys = scp03_keys_sized (24);
  g_autoptr (FastScp03Card) card = scp03_card (keys, FAST_SCP03_MODE_S16);
  g_autoptr (FastScp03Host) host = fast_scp03_host_new (keys, FAST_SCP03_MODE_S16, 0x13, NULL);
  g_autoptr (GBytes) start = fast_scp03_host_initialize_update (host, NULL);
  const FastCommand started = scp03_parse (start);
  g_autoptr (GBytes) told = fast_scp03_card_initialize_update (card, &started, NULL);
  g_autoptr (GBytes) proof = fast_scp03_host_external_authenticate (host, told, NULL);
  gsize size = g_bytes_get_size (proof);
  g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (proof, NULL), size);
  const FastCommand right = scp03_parse (proof);
  FastCommand altered;
  guint16 status;

  bytes[at] ^= mask;
  g_assert_true (fast_command_parse (&altered, bytes, size, NULL));
  g_assert_null (fast_scp03_card_external_authenticate (card, &altered, &status));
  g_assert_cmphex (status, ==, wanted);
  g_assert_null (fast_scp03_card_external_authenticate (card, &right, &status));
  g_assert_cmphex (status, ==, FAST_SW_CONDITIONS);
}

static void
test_card_refuses_proof (void)
{
  check_authenticate (0, 0x80, FAST_SW_CLASS);
  check_authenticate (0, 0x01, FAST_SW_CLASS);
  check_authenticate (1, 0x02, FAST_SW_INSTRUCTION);
  check_authenticate (2, 0x02, FAST_SW_SECURITY);
  check_authenticate (2, 0x12, FAST_SW_SECURITY);
  check_authenticate (2, 0x04, FAST_SW_P1P2);
  check_authenticate (3, 0x01, FAST_SW_P1P2);
  for (gsize at = 5; at < 5 + 16; at++)
    check_authenticate (at, 0x10, FAST_SW_AUTHENTICATION);
  for (gsize at = 5 + 16; at < 5 + 32; at++)
    check_authenticate (at, 0x10, FAST_SW_SECURITY);
}

static void
test_card_diversified (void)
{
  g_autoptr (FastIssuerKeys) issuer = scp03_keys_sized (32);
  const guint8 data[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  g_autoptr (FastIssuerKeys) own = NULL;
  g_autoptr (FastScp03Card) card = NULL;
  g_autoptr (FastScp03Host) host = NULL;
  g_autoptr (GBytes) start = NULL;
  g_autoptr (GBytes) told = NULL;
  g_autoptr (GBytes) proof = NULL;
  g_autoptr (GError) error = NULL;
  FastCommand command;

  g_assert_true (fast_issuer_keys_set_diversification (issuer, "kdf3", &error));
  own = fast_issuer_keys_diversify (issuer, data, &error);
  card = scp03_card (own, FAST_SCP03_MODE_S8);
  host = fast_scp03_host_new (issuer, FAST_SCP03_MODE_S8, 0x33, &error);
  start = fast_scp03_host_initialize_update (host, &error);
  command = scp03_parse (start);
  told = fast_scp03_card_initialize_update (card, &command, &error);
  proof = fast_scp03_host_external_authenticate (host, told, &error);
  g_assert_no_error (error);
  g_assert_nonnull (proof);
  g_assert_cmpmem (fast_scp03_host_get_diversification (host), 10, data, 10);
}

/* A card that is seeded answers the same twice; otherwise its challenge is drawn. */
static void
test_card_challenge (void)
{
  g_autoptr (FastIssuerKeys) keys = scp03_keys_sized (16);
  g_autoptr (FastScp03Card) card = scp03_card (keys, FAST_SCP03_MODE_S8);
  g_autoptr (GBytes) challenge = scp03_unhex (CHALLENGE);
  g_autoptr (GBytes) bytes = scp03_unhex ("8050000008" CHALLENGE "00");
  const FastCommand command = scp03_parse (bytes);
  g_autoptr (GBytes) first = NULL;
  g_autoptr (GBytes) second = NULL;
  g_autoptr (GBytes) third = NULL;

  fast_scp03_card_set_challenge (card, g_bytes_get_data (challenge, NULL));
  first = fast_scp03_card_initialize_update (card, &command, NULL);
  fast_scp03_card_set_challenge (card, g_bytes_get_data (challenge, NULL));
  second = fast_scp03_card_initialize_update (card, &command, NULL);
  third = fast_scp03_card_initialize_update (card, &command, NULL);
  g_assert_true (g_bytes_equal (first, second));
  g_assert_false (g_bytes_equal (second, third));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/scp03/answers-refused", test_answers_refused);
  g_test_add_func ("/apdu/scp03/answer-flipped", test_answer_flipped);
  g_test_add_func ("/apdu/scp03/wrong-key-says-so", test_wrong_key_says_so);
  g_test_add_func ("/apdu/scp03/level-of-card", test_level_of_card);
  g_test_add_func ("/apdu/scp03/levels", test_levels);
  g_test_add_func ("/apdu/scp03/opening-refused", test_opening_refused);
  g_test_add_func ("/apdu/scp03/steps-in-order", test_steps_in_order);
  g_test_add_func ("/apdu/scp03/card-refuses-start", test_card_refuses_start);
  g_test_add_func ("/apdu/scp03/card-refuses-proof", test_card_refuses_proof);
  g_test_add_func ("/apdu/scp03/card-diversified", test_card_diversified);
  g_test_add_func ("/apdu/scp03/card-challenge", test_card_challenge);
  return g_test_run ();
}
