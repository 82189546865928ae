/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/virtual-chip.h"

#include <string.h>

#include "personalise/apdu/bac.h"
#include "personalise/apdu/mrz-information.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

#define SELECT_APPLICATION "00A4040C07A0000002471001"
#define MRZ "L898902C<369080619406236"

typedef struct {
  char *folder;
  char *path;
  FastVirtualChip *chip;
} Bench;

static void
set_up (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  bench->folder = fast_test_folder ();
  bench->path = g_build_filename (bench->folder, "chip", NULL);
  bench->chip = fast_virtual_chip_open (bench->path, &error);
  g_assert_no_error (error);
}

static void
tear_down (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  fast_virtual_chip_free (bench->chip);
  g_free (bench->path);
  fast_test_remove_folder (bench->folder);
}

/* Sends a plain command; its answer's end must be @wanted. */
static GBytes *
send (Bench *bench, const char *hex, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) command = fast_hex_decode (hex, &error);
  GBytes *answer = fast_virtual_chip_transmit (bench->chip, g_bytes_get_data (command, NULL),
                                               g_bytes_get_size (command));
  g_autofree char *text =
      fast_hex_encode (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  g_autofree char *upper = g_ascii_strup (text, -1);

  if (!g_str_has_suffix (upper, wanted))
    g_error ("%s: %s instead of %s", hex, upper, wanted);
  return answer;
}

static void
expect (Bench *bench, const char *hex, const char *wanted)
{
  g_bytes_unref (send (bench, hex, wanted));
}

static char *
put_keys (FastBacKeys *keys)
{
  g_autoptr (FastSecret) information = fast_mrz_information (MRZ, strlen (MRZ), NULL);
  g_autofree char *enc = NULL;
  g_autofree char *mac = NULL;

  fast_bac_keys_derive (keys, information);
  enc = fast_hex_encode (keys->enc, 16);
  mac = fast_hex_encode (keys->mac, 16);
  return g_strdup_printf ("00DA0062248010%s8110%s", enc, mac);
}

static void
personalise (Bench *bench, FastBacKeys *keys)
{
  g_autofree char *put = put_keys (keys);

  expect (bench, SELECT_APPLICATION, "9000");
  expect (bench,
          "00E000000A620880020005830201"
          "1E",
          "9000");
  expect (bench,
          "00D6000005"
          "6003010203",
          "9000");
  expect (bench, put, "9000");
  expect (bench, "00440000", "9000");
  fast_virtual_chip_reset (bench->chip);
}

/* What a chip says before anybody proved to know its MRZ. */
static void
test_refusals (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const steps[][2] = {
      {"00A4020C02011E", "6A82"},
      {"00A4040C07A0000002471002", "6A82"},
      {"00A4090C02011E", "6A86"},
      {SELECT_APPLICATION, "9000"},
      {"00A4020C02011E", "6982"},
      {"00A4020C02010A", "6982"},
      {"00B0000004", "6982"},
      {"00B09E0004", "6982"},
      {"0CB0000004", "6982"},
      {"00D600000100", "6985"},
      {"00E000000A62088002000583020101", "6985"},
      {"00DA00620100", "6985"},
      {"00440000", "6985"},
      {"00CA9F7F00", "6A88"},
      {"00CA008A00", "8A01059000"},
      {"0084000007", "6700"},
      {"008200000101", "6700"},
      {"00FF0000", "6D00"},
      {"80B0000004", "6E00"},
      {"00B0", "6700"},
      {"00A4000C023F00", "9000"},
      {"00B0000004", "6986"},
      {"0084000008", "6985"},
  };
  FastBacKeys keys;

  personalise (bench, &keys);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    expect (bench, steps[i][0], steps[i][1]);
}

static void
test_before_lock (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const steps[][2] = {
      {SELECT_APPLICATION, "9000"},
      {"00CA008A00", "8A01019000"},
      {"00D600000100", "6986"},
      {"00440000", "6985"},
      {"00E000000A6208800200058302011E", "9000"},
      {"00CA008A00", "8A01039000"},
      {"00E000000A6208800200058302011E", "6A89"},
      {"00E000000A62088002800083020101", "6A80"},
      {"00E00000086208800200058302", "6A80"},
      {"00E0000000", "6A80"},
      {"00D600000100", "9000"},
      {"00D60005"
       "0100",
       "6B00"},
      {"00D6000406"
       "000000000000",
       "6A84"},
      {"00A4020402011E", "620B800200058201018302"
                         "011E9000"},
      {"00B0000004", "6982"},
      {"00440000", "6985"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    expect (bench, steps[i][0], steps[i][1]);
}

static FastSecureMessaging *
authenticate (Bench *bench, const FastBacKeys *keys)
{
  g_autoptr (GBytes) challenge = send (bench, "0084000008", "9000");
  g_autoptr (GBytes) answer = NULL;
  g_autofree char *hex = NULL;
  g_autofree char *command = NULL;
  guint8 cryptogram[FAST_BAC_CRYPTOGRAM_SIZE];
  FastBacSide side;

  g_assert_true (fast_bac_side_draw (&side, NULL));
  g_assert_true (
      fast_bac_reader_ask (keys, &side, g_bytes_get_data (challenge, NULL), cryptogram, NULL));
  hex = fast_hex_encode (cryptogram, sizeof cryptogram);
  command = g_strdup_printf ("0082000028%s28", hex);
  answer = send (bench, command, "9000");
  return fast_bac_reader_finish (keys, &side, g_bytes_get_data (challenge, NULL),
                                 g_bytes_get_data (answer, NULL), NULL);
}

static void
check_secured (Bench *bench, FastSecureMessaging *session, const char *hex, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = fast_hex_decode (hex, NULL);
  g_autoptr (GBytes) secured = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GBytes) plain = NULL;
  g_autofree char *text = NULL;
  FastCommand command;

  fast_command_parse (&command, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  secured = fast_secure_messaging_wrap_command (session, &command, &error);
  answer = fast_virtual_chip_transmit (bench->chip, g_bytes_get_data (secured, NULL),
                                       g_bytes_get_size (secured));
  plain = fast_secure_messaging_unwrap_response (session, answer, &error);
  g_assert_no_error (error);
  text = fast_hex_encode (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
  g_assert_cmpint (g_ascii_strcasecmp (text, wanted), ==, 0);
}

static void
test_secured (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const steps[][2] = {
      {"00A4020C02011E", "9000"}, {"00B0000005", "60030102039000"},
      {"00B0000302", "02039000"}, {"00B0000309", "02036282"},
      {"00B0000501", "6B00"},     {"00B09E0000", "60030102039000"},
      {"00B0810001", "6A82"},     {"00A4020C020101", "6A82"},
      {"00D600000100", "6985"},   {"0084000008", "6985"},
      {"00B0000001", "609000"},
  };
  g_autoptr (FastSecureMessaging) session = NULL;
  FastBacKeys keys;

  personalise (bench, &keys);
  expect (bench, SELECT_APPLICATION, "9000");
  session = authenticate (bench, &keys);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    check_secured (bench, session, steps[i][0], steps[i][1]);
}

/* ICAO 9303-11, 9.8.3: a plain command, or a broken secured one, ends the session. */
static void
test_session_ends (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastSecureMessaging) first = NULL;
  g_autoptr (FastSecureMessaging) second = NULL;
  FastBacKeys keys;

  personalise (bench, &keys);
  expect (bench, SELECT_APPLICATION, "9000");
  first = authenticate (bench, &keys);
  expect (bench, "00B0000004", "6982");
  expect (bench, "0CB000000D9701048E08ED6705417E96BA5500", "6982");
  second = authenticate (bench, &keys);
  expect (bench, "0CB000000D9701048E08ED6705417E96BA5500", "6988");
  expect (bench, "00B0000004", "6982");
}

static void
test_wrong_key (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  FastBacKeys keys;
  char command[100] = "0082000028";

  personalise (bench, &keys);
  expect (bench, SELECT_APPLICATION, "9000");
  for (guint i = 0; i < 40; i++)
    g_strlcat (command, "5A", sizeof command);
  expect (bench, command, "6985");
  expect (bench, "0084000008", "9000");
  expect (bench, command, "6300");
  expect (bench, command, "6985");
}

/* Power loss forgets the session and nothing of the memory. */
static void
test_survives (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecureMessaging) session = NULL;
  FastBacKeys keys;

  personalise (bench, &keys);
  fast_virtual_chip_free (bench->chip);
  bench->chip = fast_virtual_chip_open (bench->path, &error);
  g_assert_no_error (error);
  expect (bench, "00B0000004", "6986");
  expect (bench, SELECT_APPLICATION, "9000");
  session = authenticate (bench, &keys);
  check_secured (bench, session, "00B09E0005", "60030102039000");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, run) g_test_add ("/emulator/chip/" name, Bench, NULL, set_up, run, tear_down)
  ADD ("refusals", test_refusals);
  ADD ("before-lock", test_before_lock);
  ADD ("secured", test_secured);
  ADD ("session-ends", test_session_ends);
  ADD ("wrong-key", test_wrong_key);
  ADD ("survives", test_survives);
  return g_test_run ();
}
