/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/secure-messaging.h"

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

/* ICAO 9303-11, appendix D.4: three commands of one session, with their answers. */
static const struct {
  const char *plain;
  const char *secured;
  const char *answer;
  const char *plain_answer;
} steps[] = {
    {"00A4020C02011E", "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
     "990290008E08FA855A5D4C50A8ED9000", "9000"},
    {"00B0000004", "0CB000000D9701048E08ED6705417E96BA5500",
     "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000", "60145F019000"},
    {"00B0000412", "0CB000040D9701128E082EA28A70F3C7B53500",
     "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
     "04303130365F36063034303030305C0261759000"},
};

static GBytes *
unhex (const char *hex)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = fast_hex_decode (hex, &error);

  g_assert_no_error (error);
  return bytes;
}

static void
check (GBytes *bytes, const char *hex)
{
  g_autofree char *text =
      fast_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpint (g_ascii_strcasecmp (text, hex), ==, 0);
}

static FastSecureMessaging *
start (void)
{
  g_autoptr (GBytes) enc = unhex ("979EC13B1CBFE9DCD01AB0FED307EAE5");
  g_autoptr (GBytes) mac = unhex ("F1CB1F1FB5ADF208806B89DC579DC1F8");
  g_autoptr (GBytes) counter = unhex ("887022120C06C226");

  return fast_secure_messaging_new (g_bytes_get_data (enc, NULL), g_bytes_get_data (mac, NULL),
                                    g_bytes_get_data (counter, NULL));
}

static void
parse (FastCommand *command, GBytes *bytes)
{
  g_autoptr (GError) error = NULL;

  fast_command_parse (command, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
}

static void
test_reader (void)
{
  g_autoptr (FastSecureMessaging) session = start ();

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) plain = unhex (steps[i].plain);
    g_autoptr (GBytes) answer = unhex (steps[i].answer);
    g_autoptr (GBytes) secured = NULL;
    g_autoptr (GBytes) read = NULL;
    FastCommand command;

    parse (&command, plain);
    secured = fast_secure_messaging_wrap_command (session, &command, &error);
    g_assert_no_error (error);
    check (secured, steps[i].secured);
    read = fast_secure_messaging_unwrap_response (session, answer, &error);
    g_assert_no_error (error);
    check (read, steps[i].plain_answer);
  }
}

static void
test_chip (void)
{
  g_autoptr (FastSecureMessaging) session = start ();

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) secured = unhex (steps[i].secured);
    g_autoptr (GBytes) answer = unhex (steps[i].plain_answer);
    g_autoptr (GBytes) plain = NULL;
    g_autoptr (GBytes) sent = NULL;
    FastCommand command;
    FastResponse response;

    parse (&command, secured);
    plain = fast_secure_messaging_unwrap_command (session, &command, &error);
    g_assert_no_error (error);
    check (plain, steps[i].plain);
    g_assert_true (fast_response_parse (&response, answer, &error));
    sent = fast_secure_messaging_wrap_response (session, response.data, response.size,
                                                response.status, &error);
    g_assert_no_error (error);
    check (sent, steps[i].answer);
  }
}

static GBytes *
flip (GBytes *bytes, gsize at)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  guint8 *copy = g_memdup2 (data, size);

  copy[at] ^= 0x01;
  return g_bytes_new_take (copy, size);
}

/* No altered byte of an answer may pass, and the session must be dead afterwards. */
static void
test_answer_tampered (void)
{
  g_autoptr (GBytes) good = unhex (steps[0].answer);
  g_autoptr (GBytes) request = unhex (steps[0].plain);

  for (gsize i = 0; i < g_bytes_get_size (good); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FastSecureMessaging) session = start ();
    g_autoptr (GBytes) bad = flip (good, i);
    g_autoptr (GBytes) secured = NULL;
    FastCommand command;

    parse (&command, request);
    secured = fast_secure_messaging_wrap_command (session, &command, NULL);
    g_assert_null (fast_secure_messaging_unwrap_response (session, bad, &error));
    g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC);
    g_assert_null (fast_secure_messaging_unwrap_response (session, good, NULL));
  }
}

static void
test_command_tampered (void)
{
  g_autoptr (GBytes) good = unhex (steps[0].secured);

  for (gsize i = 0; i + 1 < g_bytes_get_size (good); i++) {
    g_autoptr (FastSecureMessaging) session = start ();
    g_autoptr (GBytes) bad = flip (good, i);
    g_autoptr (GBytes) plain = NULL;
    FastCommand command;

    if (!fast_command_parse (&command, g_bytes_get_data (bad, NULL), g_bytes_get_size (bad), NULL))
      continue;
    plain = fast_secure_messaging_unwrap_command (session, &command, NULL);
    g_assert_null (plain);
  }
}

/* An answer taken from elsewhere in the session, or one that leaves out its MAC. */
static void
test_answer_foreign (void)
{
  static const char *const answers[] = {"8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000",
                                        "990290009000", "9000", "6988", "8E08FA855A5D4C50A8ED9000"};

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FastSecureMessaging) session = start ();
    g_autoptr (GBytes) answer = unhex (answers[i]);

    g_assert_null (fast_secure_messaging_unwrap_response (session, answer, &error));
    g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC);
  }
}

static void
check_write (gsize size, gboolean fits)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecureMessaging) reader = start ();
  g_autoptr (FastSecureMessaging) chip = start ();
  g_autofree guint8 *data = g_malloc0 (size);
  FastCommand command = {.ins = 0xD6, .data = data, .size = size};
  g_autoptr (GBytes) secured = fast_secure_messaging_wrap_command (reader, &command, &error);
  g_autoptr (GBytes) plain = NULL;

  if (!fits) {
    g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_LIMIT);
    return;
  }
  g_assert_no_error (error);
  parse (&command, secured);
  plain = fast_secure_messaging_unwrap_command (chip, &command, &error);
  g_assert_no_error (error);
  parse (&command, plain);
  g_assert_cmpuint (command.size, ==, size);
}

static void
test_limits (void)
{
  static const guint8 data[231] = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecureMessaging) chip = start ();
  g_autoptr (GBytes) answer =
      fast_secure_messaging_wrap_response (chip, data, sizeof data, 0x9000, &error);

  for (gsize size = 0; size <= FAST_SECURE_WRITE_MAX; size++)
    check_write (size, TRUE);
  check_write (FAST_SECURE_WRITE_MAX + 1, FALSE);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (answer), <=, FAST_RESPONSE_SIZE_MAX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/secure-messaging/reader", test_reader);
  g_test_add_func ("/apdu/secure-messaging/chip", test_chip);
  g_test_add_func ("/apdu/secure-messaging/answer-tampered", test_answer_tampered);
  g_test_add_func ("/apdu/secure-messaging/command-tampered", test_command_tampered);
  g_test_add_func ("/apdu/secure-messaging/answer-foreign", test_answer_foreign);
  g_test_add_func ("/apdu/secure-messaging/limits", test_limits);
  return g_test_run ();
}
