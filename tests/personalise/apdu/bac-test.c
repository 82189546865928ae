/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/bac.h"

#include <string.h>

#include "personalise/apdu/mrz-information.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

static void
set (gpointer to, gsize size, const char *hex)
{
  g_autoptr (GBytes) bytes = fast_hex_decode (hex, NULL);

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, size);
  fast_copy (to, size, g_bytes_get_data (bytes, NULL), size);
}

static void
check (gconstpointer data, gsize size, const char *hex)
{
  g_autofree char *text = fast_hex_encode (data, size);

  g_assert_cmpint (g_ascii_strcasecmp (text, hex), ==, 0);
}

static void
check_information (const char *mrz, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) information = fast_mrz_information (mrz, strlen (mrz), &error);

  g_assert_no_error (error);
  g_assert_cmpmem (fast_secret_data (information), fast_secret_size (information), wanted,
                   strlen (wanted));
}

/* ICAO 9303-11, appendix D.2: the examples with TD1 and TD2/TD3 documents. */
static void
test_information (void)
{
  check_information ("I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\n"
                     "STEVENSON<<PETER<JOHN<<<<<<<<<\n",
                     "D23145890734934071279507122");
  check_information ("I<UTOL898902C<3<<<<<<<<<<<<<<<6908061F9406236UTO<<<<<<<<<<<2"
                     "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
                     "L898902C<369080619406236");
  check_information ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                     "L898902C<3UTO6908061F9406236ZE184226B<<<<<14\n",
                     "L898902C<369080619406236");
  check_information ("L898902C<369080619406236", "L898902C<369080619406236");
}

static void
test_information_refused (void)
{
  static const struct {
    const char *mrz;
    const char *id;
  } cases[] = {
      {"L898902C<469080619406236", "mrz-information-digit"},
      {"L898902C<369080619406237", "mrz-information-digit"},
      {"l898902c<369080619406236", "mrz-information-character"},
      {"L898902C<36908061940623", "mrz-information-size"},
      {"", "mrz-information-size"},
      {"I<UTOD23145890<<<<<<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<",
       "mrz-information-digit"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (fast_mrz_information (cases[i].mrz, strlen (cases[i].mrz), &error));
    fast_test_assert_id (error, cases[i].id);
  }
}

static void
derive (FastBacKeys *keys)
{
  g_autoptr (FastSecret) information = fast_mrz_information ("L898902C<369080619406236", 24, NULL);

  fast_bac_keys_derive (keys, information);
}

/* ICAO 9303-11, appendix D.2. */
static void
test_keys (void)
{
  FastBacKeys keys;

  derive (&keys);
  check (keys.enc, 16, "AB94FDECF2674FDFB9B391F85D7F76F2");
  check (keys.mac, 16, "7962D9ECE03D1ACD4C76089DCE131543");
}

#define ASK "72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A7"
#define ANSWER "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449"

static void
set_sides (FastBacSide *reader, FastBacSide *chip)
{
  set (reader->challenge, 8, "781723860C06C226");
  set (reader->keying, 16, "0B795240CB7049B01C19B33E32804F0B");
  set (chip->challenge, 8, "4608F91988702212");
  set (chip->keying, 16, "0B4F80323EB3191CB04970CB4052790B");
}

/* Both sessions must secure the next command and answer as appendix D.4 does. */
static void
check_sessions (FastSecureMessaging *reader, FastSecureMessaging *chip)
{
  g_autoptr (GError) error = NULL;
  const guint8 fid[] = {0x01, 0x1E};
  const FastCommand select = {0x00, 0xA4, 0x02, 0x0C, fid, 2, 0, FALSE};
  g_autoptr (GBytes) command = fast_secure_messaging_wrap_command (reader, &select, &error);
  g_autoptr (GBytes) plain = NULL;
  FastCommand parsed;

  check (g_bytes_get_data (command, NULL), g_bytes_get_size (command),
         "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800");
  g_assert_true (fast_command_parse (&parsed, g_bytes_get_data (command, NULL),
                                     g_bytes_get_size (command), &error));
  plain = fast_secure_messaging_unwrap_command (chip, &parsed, &error);
  g_assert_no_error (error);
  check (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), "00A4020C02011E");
}

/* ICAO 9303-11, appendix D.3. */
static void
test_both_roles (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecureMessaging) at_reader = NULL;
  g_autoptr (FastSecureMessaging) at_chip = NULL;
  guint8 cryptogram[40];
  guint8 answer[40];
  FastBacKeys keys;
  FastBacSide reader;
  FastBacSide chip;

  derive (&keys);
  set_sides (&reader, &chip);
  g_assert_true (fast_bac_reader_ask (&keys, &reader, chip.challenge, cryptogram, &error));
  check (cryptogram, sizeof cryptogram, ASK);
  at_chip = fast_bac_chip_answer (&keys, &chip, cryptogram, answer, &error);
  g_assert_no_error (error);
  check (answer, sizeof answer, ANSWER);
  at_reader = fast_bac_reader_finish (&keys, &reader, chip.challenge, answer, &error);
  g_assert_no_error (error);
  check_sessions (at_reader, at_chip);
}

static void
test_tampered (void)
{
  guint8 bytes[40];
  guint8 answer[40];
  FastBacKeys keys;
  FastBacSide reader;
  FastBacSide chip;

  derive (&keys);
  set_sides (&reader, &chip);
  for (guint i = 0; i < sizeof bytes; i++) {
    g_autoptr (GError) error = NULL;

    set (bytes, sizeof bytes, ASK);
    bytes[i] ^= 0x01;
    g_assert_null (fast_bac_chip_answer (&keys, &chip, bytes, answer, NULL));
    set (bytes, sizeof bytes, ANSWER);
    bytes[i] ^= 0x80;
    g_assert_null (fast_bac_reader_finish (&keys, &reader, chip.challenge, bytes, &error));
    g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS);
  }
}

/* A recorded exchange replayed against another challenge must not open the chip. */
static void
test_replayed (void)
{
  g_autoptr (GError) error = NULL;
  guint8 bytes[40];
  guint8 answer[40];
  FastBacKeys keys;
  FastBacSide reader;
  FastBacSide chip;

  derive (&keys);
  set_sides (&reader, &chip);
  set (bytes, sizeof bytes, ASK);
  chip.challenge[0] ^= 1;
  g_assert_null (fast_bac_chip_answer (&keys, &chip, bytes, answer, &error));
  fast_test_assert_id (error, "bac-refused");
  g_clear_error (&error);
  set (bytes, sizeof bytes, ANSWER);
  chip.challenge[0] ^= 1;
  reader.challenge[7] ^= 1;
  g_assert_null (fast_bac_reader_finish (&keys, &reader, chip.challenge, bytes, &error));
  fast_test_assert_id (error, "bac-refused");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/mrz-information/examples", test_information);
  g_test_add_func ("/apdu/mrz-information/refused", test_information_refused);
  g_test_add_func ("/apdu/bac/keys", test_keys);
  g_test_add_func ("/apdu/bac/both-roles", test_both_roles);
  g_test_add_func ("/apdu/bac/tampered", test_tampered);
  g_test_add_func ("/apdu/bac/replayed", test_replayed);
  return g_test_run ();
}
