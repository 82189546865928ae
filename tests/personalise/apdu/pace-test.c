/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/pace.h"

#include <string.h>

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/personalise/apdu/pace-example.h"
#include "tests/support.h"

/* Whether a command secured by one is plain again at the other, and as the keys of G.1 have it. */
static void
check_session (FastSecureMessaging *reader, FastSecureMessaging *chip)
{
  g_autoptr (GError) error = NULL;
  const FastCommand command = {.ins = 0xB0, .le = 4};
  g_autoptr (GBytes) secured = fast_secure_messaging_wrap_command (reader, &command, &error);
  g_autoptr (GBytes) plain = NULL;
  FastCommand parsed;

  g_assert_true (fast_command_parse (&parsed, g_bytes_get_data (secured, NULL),
                                     g_bytes_get_size (secured), &error));
  plain = fast_secure_messaging_unwrap_command (chip, &parsed, &error);
  g_assert_no_error (error);
  fast_test_check_hex (plain, "00B0000004");
}

static FastSecureMessaging *
start_published (void)
{
  g_autoptr (GBytes) enc = fast_test_unhex ("F5F0E35C0D7161EE6724EE513A0D9A7F");
  g_autoptr (GBytes) mac = fast_test_unhex ("FE251C7858B356B24514B3BD5F4297D1");

  return fast_secure_messaging_new (FAST_CIPHER_AES_128, g_bytes_get_data (enc, NULL),
                                    g_bytes_get_data (mac, NULL), NULL);
}

/* The x coordinate of the chip's key in step 3, at either side. */
static void
check_identity (const FastPace *pace)
{
  g_autoptr (GBytes) answer = fast_test_unhex (fast_test_pace_steps[2].answered);
  g_autoptr (GBytes) identity = fast_pace_dup_identity (pace);

  g_assert_cmpmem (g_bytes_get_data (identity, NULL), g_bytes_get_size (identity),
                   (const guint8 *)g_bytes_get_data (answer, NULL) + 5, 32);
}

static void
test_example_reader (void)
{
  g_autoptr (GError) error = NULL;
  FastTestPaceDraws draws = fast_test_pace_reader_draws ();
  const FastRandomSource source = fast_test_pace_source (&draws);
  const FastPaceSelection selection = fast_test_pace_select (FAST_CIPHER_AES_128, 13);
  g_autoptr (FastPace) pace = fast_test_pace_reader (&selection, FAST_TEST_PACE_MRZ, &source);
  g_autoptr (FastSecureMessaging) session = NULL;
  g_autoptr (FastSecureMessaging) published = start_published ();

  for (guint i = 0; i < FAST_TEST_PACE_STEPS; i++) {
    g_autoptr (GBytes) answer = fast_test_unhex (fast_test_pace_steps[i].answered);
    g_autoptr (GBytes) asked = NULL;

    g_assert_cmphex (fast_pace_class (pace), ==, fast_test_pace_steps[i].class);
    g_assert_false (fast_pace_is_done (pace));
    asked = fast_pace_reader_ask (pace, &error);
    g_assert_no_error (error);
    fast_test_check_hex (asked, fast_test_pace_steps[i].asked);
    g_assert_true (fast_pace_reader_take (pace, g_bytes_get_data (answer, NULL),
                                          g_bytes_get_size (answer), &error));
  }
  g_assert_true (fast_pace_is_done (pace));
  check_identity (pace);
  session = fast_pace_finish (pace, &error);
  g_assert_null (fast_pace_dup_identity (pace));
  g_assert_no_error (error);
  check_session (session, published);
}

static void
test_example_chip (void)
{
  g_autoptr (GError) error = NULL;
  FastTestPaceDraws draws = fast_test_pace_chip_draws ();
  const FastRandomSource source = fast_test_pace_source (&draws);
  const FastPaceSelection selection = fast_test_pace_select (FAST_CIPHER_AES_128, 13);
  g_autoptr (FastPace) pace = fast_test_pace_chip (&selection, FAST_TEST_PACE_MRZ, &source);
  g_autoptr (FastSecureMessaging) session = NULL;
  g_autoptr (FastSecureMessaging) published = start_published ();

  for (guint i = 0; i < FAST_TEST_PACE_STEPS; i++) {
    g_autoptr (GBytes) asked = fast_test_unhex (fast_test_pace_steps[i].asked);
    g_autoptr (GBytes) answer = fast_pace_chip_answer (pace, g_bytes_get_data (asked, NULL),
                                                       g_bytes_get_size (asked), &error);

    g_assert_no_error (error);
    fast_test_check_hex (answer, fast_test_pace_steps[i].answered);
  }
  check_identity (pace);
  session = fast_pace_finish (pace, &error);
  g_assert_no_error (error);
  check_session (published, session);
}

/* --- both roles against each other --- */

/* Goes on until one side refuses; the reader's error or the chip's. */
static gboolean
exchange (FastPace *reader, FastPace *chip, GError **error)
{
  while (!fast_pace_is_done (reader)) {
    g_autoptr (GBytes) asked = fast_pace_reader_ask (reader, error);
    g_autoptr (GBytes) answer = NULL;

    if (asked == NULL)
      return FALSE;
    answer = fast_pace_chip_answer (chip, g_bytes_get_data (asked, NULL), g_bytes_get_size (asked),
                                    error);
    if (answer == NULL || !fast_pace_reader_take (reader, g_bytes_get_data (answer, NULL),
                                                  g_bytes_get_size (answer), error))
      return FALSE;
  }
  return TRUE;
}

static void
check_agreement (FastCipher cipher, guint parameters)
{
  g_autoptr (GError) error = NULL;
  FastPaceSelection selection = fast_test_pace_select (cipher, parameters);
  g_autoptr (FastPace) reader = NULL;
  g_autoptr (FastPace) chip = NULL;
  g_autoptr (FastSecureMessaging) at_reader = NULL;
  g_autoptr (FastSecureMessaging) at_chip = NULL;

  selection.password = FAST_PACE_PASSWORD_CAN;
  reader = fast_test_pace_reader (&selection, "123456", NULL);
  chip = fast_test_pace_chip (&selection, "123456", NULL);
  g_assert_true (exchange (reader, chip, &error));
  g_assert_no_error (error);
  g_assert_true (fast_pace_is_done (chip));
  at_reader = fast_pace_finish (reader, &error);
  at_chip = fast_pace_finish (chip, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fast_secure_messaging_get_cipher (at_reader), ==, cipher);
  check_session (at_reader, at_chip);
  g_assert_null (fast_pace_finish (chip, &error));
  fast_test_assert_id (error, "pace-order");
}

static void
test_agreements (void)
{
  static const FastCipher ciphers[] = {FAST_CIPHER_TDES, FAST_CIPHER_AES_128, FAST_CIPHER_AES_192,
                                       FAST_CIPHER_AES_256};

  for (guint i = 0; i < G_N_ELEMENTS (ciphers); i++) {
    check_agreement (ciphers[i], 12);
    check_agreement (ciphers[i], 13);
  }
  for (guint parameters = 8; parameters <= 18; parameters++)
    check_agreement (FAST_CIPHER_AES_256, parameters);
}

static void
check_password (FastPacePassword kind, const char *at_reader, const char *at_chip)
{
  g_autoptr (GError) error = NULL;
  FastPaceSelection selection = fast_test_pace_select (FAST_CIPHER_AES_128, 12);
  g_autoptr (FastPace) reader = NULL;
  g_autoptr (FastPace) chip = NULL;

  selection.password = kind;
  reader = fast_test_pace_reader (&selection, at_reader, NULL);
  chip = fast_test_pace_chip (&selection, at_chip, NULL);
  g_assert_false (exchange (reader, chip, &error));
  g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS);
  fast_test_assert_id (error, "pace-refused");
  g_clear_error (&error);
  g_assert_false (fast_pace_is_done (reader));
  g_assert_null (fast_pace_finish (chip, &error));
  fast_test_assert_id (error, "pace-order");
}

/* The chip finds it, at the last step; and nothing can be had from it afterwards. */
static void
test_wrong_password (void)
{
  check_password (FAST_PACE_PASSWORD_CAN, "123457", "123456");
  check_password (FAST_PACE_PASSWORD_MRZ, "T22000129364081251010319", FAST_TEST_PACE_MRZ);
}

static void
test_passwords (void)
{
  static const char *const cans[] = {"", "12345", "1234567", "12345A", "12 456"};
  g_autoptr (FastSecret) mrz = fast_test_pace_password (FAST_PACE_PASSWORD_MRZ, FAST_TEST_PACE_MRZ);
  g_autofree char *hex = fast_hex_encode (fast_secret_data (mrz), fast_secret_size (mrz));

  g_assert_cmpint (g_ascii_strcasecmp (hex, "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD"), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (cans); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FastSecret) can = fast_secret_new_from (cans[i], strlen (cans[i]));

    g_assert_null (fast_pace_password (FAST_PACE_PASSWORD_CAN, can, &error));
    fast_test_assert_id (error, "pace-can");
    g_clear_error (&error);
    g_assert_null (fast_pace_password (FAST_PACE_PASSWORD_PIN, can, &error));
    fast_test_assert_id (error, "pace-password");
  }
}

static void
test_unsupported (void)
{
  static const struct {
    FastPaceSelection selection;
    const char *id;
  } rows[] = {
      {{{FAST_PACE_ECDH_IM, FAST_CIPHER_AES_128}, FAST_PACE_PASSWORD_MRZ, 12}, "pace-protocol"},
      {{{FAST_PACE_ECDH_CAM, FAST_CIPHER_AES_128}, FAST_PACE_PASSWORD_MRZ, 12}, "pace-protocol"},
      {{{FAST_PACE_ECDH_GM, FAST_CIPHER_AES_128}, FAST_PACE_PASSWORD_MRZ, 2}, "pace-parameters"},
      {{{FAST_PACE_ECDH_GM, FAST_CIPHER_AES_128}, FAST_PACE_PASSWORD_MRZ, 0}, "pace-parameters"},
      {{{FAST_PACE_ECDH_GM, FAST_CIPHER_AES_128}, FAST_PACE_PASSWORD_PIN, 12}, "pace-password"},
  };
  g_autoptr (FastSecret) secret = fast_test_pace_password (FAST_PACE_PASSWORD_CAN, "123456");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (fast_pace_new_reader (&rows[i].selection, secret, NULL, &error));
    fast_test_assert_id (error, rows[i].id);
    g_clear_error (&error);
    g_assert_null (fast_pace_new_chip (&rows[i].selection, secret, NULL, &error));
    fast_test_assert_id (error, rows[i].id);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/pace/example-reader", test_example_reader);
  g_test_add_func ("/apdu/pace/example-chip", test_example_chip);
  g_test_add_func ("/apdu/pace/agreements", test_agreements);
  g_test_add_func ("/apdu/pace/wrong-password", test_wrong_password);
  g_test_add_func ("/apdu/pace/passwords", test_passwords);
  g_test_add_func ("/apdu/pace/unsupported", test_unsupported);
  return g_test_run ();
}
