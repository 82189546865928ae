/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/secure-messaging.h"

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

typedef struct {
  const char *plain;
  const char *secured;
  const char *answer;
  const char *plain_answer;
} Step;

/* ICAO 9303-11, appendix D.4: three commands of one session, with their answers. */
static const Step steps[] = {
    {"00A4020C02011E", "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
     "990290008E08FA855A5D4C50A8ED9000", "9000"},
    {"00B0000004", "0CB000000D9701048E08ED6705417E96BA5500",
     "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000", "60145F019000"},
    {"00B0000412", "0CB000040D9701128E082EA28A70F3C7B53500",
     "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
     "04303130365F36063034303030305C0261759000"},
};

/* The same reading under AES-256, recorded by gmrtd (iso7816/nfc_session_test.go). */
static const Step steps_256[] = {
    {"00A4020C02011E", "0CA4020C1D8711011D35E7EB510E21A0DD12380D9AD2B92D8E0828CB68B81D3FAFC000",
     "990290008E08E083EAA61ADABFCE9000", "9000"},
    {"00B0000004", "0CB000000D9701048E084AFC933E0CDBE5F000",
     "871101D8059A9CF835105082CA2B1837E4AEC0990290008E08B36DB56761D706BB9000", "60185F019000"},
    {"00B0000416", "0CB000040D9701168E0811F7EFC907D1F27400",
     "87210142E919C115FAF69350B01813D77A9E8D91912A7F717AFD073F199070E61B79C6"
     "990290008E083382E3D983F441369000",
     "04303130385F36063034303030305C06617563766D6E9000"},
};

/* One command of chip authentication and one long answer under AES-128, from the same project
 * (iso7816/secure_messaging_test.go). */
static const Step steps_128_command[] = {
    {"002241A40F800A04007F000702020302028401C3",
     "0C2241A41D871101980953D37F67558690045D78A853B18A8E08929767A2CEF172E200", NULL, NULL},
};
static const Step steps_128_answer[] = {
    {NULL, NULL,
     "8781E1012FABF9E0655D7E987FD28A8AEB19C9CADD990D49399799ED1FE465BCEA56DA9BA3024291D40D23D7F1E0"
     "0485D71FADDC6D8C1382E8028DD22EFDCC72ED47663D56D20DD6C4B867956FE0507313083AE7FC54FB46133F184F"
     "EBBE13AD6FD3E2616A1F4A829E75ADA1A0E443CA738288F6014BE8A7745D8259B089E6BEE35BCC4BF5B63DB5FDD8"
     "4244F67ECA099213B70A861B4487225AA68AF684278FCEB4CB809DE42BE3EE95B0E0D72BCDB0ED47CB56EFC264E0"
     "4A9397A90E81AD1D81EFA2D14B2CA8EC7BD997F4B1C1FD344D5DEE8589C38B227CA4CB35810060A7CC76403E9902"
     "90008E083EB47EF4FA82AFC99000",
     "A729901D1A71874700133107EC53306404307BC382C63D8C150C3C72080ACE05AFA0C2BEA28E4FB22787139165EF"
     "BA91F90F8AA5814A503AD4EB04A8C7DD22CE2826043004A8C7DD22CE28268B39B55416F0447C2FB77DE107DCD2A6"
     "2E880EA53EEB62D57CB4390295DBC9943AB78696FA504C110461041D1C64F068CF45FFA2A63A81B7C13F6B8847A3"
     "E77EF14FE3DB7FCAFE0CBD10E8E826E03436D646AAEF87B2E247D4AF1E8ABE1D7520F9C2A45CB1EB8E95CFD55262"
     "B70B29FEEC5864E19C054FF99129280E4646217791811142820341263C53150231008CB91E82A39000"},
};

static const struct {
  FastCipher cipher;
  const char *enc;
  const char *mac;
  const char *counter;
  const Step *steps;
  guint count;
} sessions[] = {
    {FAST_CIPHER_TDES, "979EC13B1CBFE9DCD01AB0FED307EAE5", "F1CB1F1FB5ADF208806B89DC579DC1F8",
     "887022120C06C226", steps, 3},
    {FAST_CIPHER_AES_256, "74B94F408BBB2CD92571FD5B6370A94CCE7A2FA42AE3EB4DA47B97CE6EAA24C6",
     "9E28D5D9FF1D979BE752E8926BF0E1D35A440FC0AEFC4AA3BC5610055AC8B113",
     "00000000000000000000000000000020", steps_256, 3},
    {FAST_CIPHER_AES_128, "CC86415F2ED7E8FD663B754265695AE1", "581E84B8EE06C4D3EEE30461498D7FB3",
     "000000000000000000000000000000BA", steps_128_command, 1},
    {FAST_CIPHER_AES_128, "A8E85E938514EC67AE33CDA3D43D3C48", "27F1ADEB705A049A305B0C619B14B9B3",
     "0000000000000000000000000000000B", steps_128_answer, 1},
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
start_session (guint n)
{
  g_autoptr (GBytes) enc = unhex (sessions[n].enc);
  g_autoptr (GBytes) mac = unhex (sessions[n].mac);
  g_autoptr (GBytes) counter = unhex (sessions[n].counter);

  g_assert_cmpuint (g_bytes_get_size (enc), ==, fast_cipher_key_size (sessions[n].cipher));
  return fast_secure_messaging_new (sessions[n].cipher, g_bytes_get_data (enc, NULL),
                                    g_bytes_get_data (mac, NULL), g_bytes_get_data (counter, NULL));
}

static FastSecureMessaging *
start (void)
{
  return start_session (0);
}

static void
parse (FastCommand *command, GBytes *bytes)
{
  g_autoptr (GError) error = NULL;

  fast_command_parse (command, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
}

static void
check_reader_step (FastSecureMessaging *session, const Step *step)
{
  g_autoptr (GError) error = NULL;

  if (step->plain != NULL) {
    g_autoptr (GBytes) plain = unhex (step->plain);
    g_autoptr (GBytes) secured = NULL;
    FastCommand command;

    parse (&command, plain);
    secured = fast_secure_messaging_wrap_command (session, &command, &error);
    g_assert_no_error (error);
    check (secured, step->secured);
  }
  if (step->answer != NULL) {
    g_autoptr (GBytes) answer = unhex (step->answer);
    g_autoptr (GBytes) read = fast_secure_messaging_unwrap_response (session, answer, &error);

    g_assert_no_error (error);
    check (read, step->plain_answer);
  }
}

static void
check_chip_step (FastSecureMessaging *session, const Step *step)
{
  g_autoptr (GError) error = NULL;

  if (step->plain != NULL) {
    g_autoptr (GBytes) secured = unhex (step->secured);
    g_autoptr (GBytes) plain = NULL;
    FastCommand command;

    parse (&command, secured);
    plain = fast_secure_messaging_unwrap_command (session, &command, &error);
    g_assert_no_error (error);
    check (plain, step->plain);
  }
  if (step->answer != NULL) {
    g_autoptr (GBytes) answer = unhex (step->plain_answer);
    g_autoptr (GBytes) sent = NULL;
    FastResponse response;

    g_assert_true (fast_response_parse (&response, answer, &error));
    sent = fast_secure_messaging_wrap_response (session, response.data, response.size,
                                                response.status, &error);
    g_assert_no_error (error);
    check (sent, step->answer);
  }
}

static void
test_reader (void)
{
  for (guint n = 0; n < G_N_ELEMENTS (sessions); n++) {
    g_autoptr (FastSecureMessaging) session = start_session (n);

    for (guint i = 0; i < sessions[n].count; i++)
      check_reader_step (session, &sessions[n].steps[i]);
  }
}

static void
test_chip (void)
{
  for (guint n = 0; n < G_N_ELEMENTS (sessions); n++) {
    g_autoptr (FastSecureMessaging) session = start_session (n);

    for (guint i = 0; i < sessions[n].count; i++)
      check_chip_step (session, &sessions[n].steps[i]);
  }
}

static GBytes *
flip (GBytes *bytes, gsize at, guint8 bit)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  guint8 *copy = g_memdup2 (data, size);

  copy[at] ^= bit;
  return g_bytes_new_take (copy, size);
}

/* No altered bit of an answer may pass, and the session must be dead afterwards. */
static void
check_answer_tampered (guint n, gsize at, guint8 bit)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecureMessaging) session = start_session (n);
  g_autoptr (GBytes) good = unhex (sessions[n].steps[1].answer);
  g_autoptr (GBytes) bad = flip (good, at, bit);
  g_autoptr (GBytes) second = unhex (sessions[n].steps[1].plain);
  g_autoptr (GBytes) secured = NULL;
  FastCommand command;

  check_reader_step (session, &sessions[n].steps[0]);
  parse (&command, second);
  secured = fast_secure_messaging_wrap_command (session, &command, NULL);
  g_assert_nonnull (secured);
  g_assert_null (fast_secure_messaging_unwrap_response (session, bad, &error));
  g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC);
  g_clear_error (&error);
  g_assert_null (fast_secure_messaging_unwrap_response (session, good, &error));
  fast_test_assert_id (error, "sm-broken");
}

static void
test_answer_tampered (void)
{
  for (guint n = 0; n < 2; n++) {
    g_autoptr (GBytes) good = unhex (sessions[n].steps[1].answer);

    for (gsize i = 0; i < 8 * g_bytes_get_size (good); i++)
      check_answer_tampered (n, i / 8, (guint8)(1 << i % 8));
  }
}

static void
check_command_tampered (guint n, guint step, GBytes *bad)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecureMessaging) session = start_session (n);
  g_autoptr (GBytes) good = unhex (sessions[n].steps[step].secured);
  FastCommand command;

  for (guint i = 0; i < step; i++)
    check_chip_step (session, &sessions[n].steps[i]);
  if (!fast_command_parse (&command, g_bytes_get_data (bad, NULL), g_bytes_get_size (bad), NULL))
    return;
  g_assert_null (fast_secure_messaging_unwrap_command (session, &command, &error));
  g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC);
  parse (&command, good);
  g_assert_null (fast_secure_messaging_unwrap_command (session, &command, NULL));
}

/* The last byte is the new Le, which no MAC covers. */
static void
test_command_tampered (void)
{
  for (guint n = 0; n < 2; n++)
    for (guint step = 0; step < 2; step++) {
      g_autoptr (GBytes) good = unhex (sessions[n].steps[step].secured);

      for (gsize i = 0; i < 8 * (g_bytes_get_size (good) - 1); i++) {
        g_autoptr (GBytes) bad = flip (good, i / 8, (guint8)(1 << i % 8));
        check_command_tampered (n, step, bad);
      }
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

/* A command with @size data bytes and @le through both roles. */
static gsize
secure_command (guint n, const FastCommand *command)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecureMessaging) reader = start_session (n);
  g_autoptr (FastSecureMessaging) chip = start_session (n);
  g_autoptr (GBytes) secured = fast_secure_messaging_wrap_command (reader, command, &error);
  g_autoptr (GBytes) plain = NULL;
  FastCommand parsed;

  g_assert_no_error (error);
  parse (&parsed, secured);
  plain = fast_secure_messaging_unwrap_command (chip, &parsed, &error);
  g_assert_no_error (error);
  parse (&parsed, plain);
  g_assert_cmpmem (parsed.data, parsed.size, command->data, command->size);
  g_assert_cmpuint (parsed.le, ==, command->le);
  g_assert_cmpint (parsed.ins, ==, command->ins);
  return g_bytes_get_size (secured);
}

static gsize
secure_answer (guint n, gconstpointer data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecureMessaging) reader = start_session (n);
  g_autoptr (FastSecureMessaging) chip = start_session (n);
  g_autoptr (GBytes) sent = fast_secure_messaging_wrap_response (chip, data, size, 0x9000, &error);
  g_autoptr (GBytes) plain = NULL;
  FastResponse response;

  g_assert_no_error (error);
  plain = fast_secure_messaging_unwrap_response (reader, sent, &error);
  g_assert_no_error (error);
  g_assert_true (fast_response_parse (&response, plain, &error));
  g_assert_cmpmem (response.data, response.size, data, size);
  return g_bytes_get_size (sent);
}

static const guint8 zeros[FAST_EXTENDED_LE_MAX];

/* What the session says to fit does, and one byte more does not. */
static void
check_maxima (guint n, gsize limit)
{
  g_autoptr (FastSecureMessaging) session = start_session (n);
  const gsize most = fast_secure_messaging_write_max (session, limit);
  const gsize least = fast_secure_messaging_read_max (session, limit);
  FastCommand command = {.ins = 0xD6, .data = zeros, .size = most};

  g_assert_cmpuint (secure_command (n, &command), <=, limit);
  command.size++;
  g_assert_cmpuint (secure_command (n, &command), >, limit);
  g_assert_cmpuint (secure_answer (n, zeros, least), <=, limit);
  g_assert_cmpuint (secure_answer (n, zeros, least + 1), >, limit);
}

static void
test_maxima (void)
{
  g_autoptr (FastSecureMessaging) tdes = start_session (0);
  g_autoptr (FastSecureMessaging) aes = start_session (1);

  for (guint n = 0; n < 2; n++)
    for (gsize limit = 60; limit < 600; limit++)
      check_maxima (n, limit);
  check_maxima (0, 65000);
  check_maxima (1, 65000);
  g_assert_cmpuint (fast_secure_messaging_write_max (tdes, FAST_COMMAND_SIZE_MAX), ==, 239);
  g_assert_cmpuint (fast_secure_messaging_write_max (aes, FAST_COMMAND_SIZE_MAX), ==, 239);
  g_assert_cmpuint (fast_secure_messaging_read_max (tdes, FAST_RESPONSE_SIZE_MAX), ==, 231);
  g_assert_cmpuint (fast_secure_messaging_read_max (aes, FAST_RESPONSE_SIZE_MAX), ==, 223);
  g_assert_cmpuint (fast_secure_messaging_write_max (aes, 10), ==, 0);
  g_assert_cmpuint (fast_secure_messaging_read_max (aes, 1), ==, 0);
}

/* Short where that does, extended where it must or where the command says so. */
static void
test_lengths (void)
{
  static const struct {
    FastCommand command;
    gboolean extended;
  } rows[] = {
      {{.ins = 0xD6, .data = zeros, .size = 239}, FALSE},
      {{.ins = 0xD6, .data = zeros, .size = 240}, TRUE},
      {{.ins = 0xD6, .data = zeros, .size = 100, .extended = TRUE}, TRUE},
      {{.ins = 0xB0, .le = 1}, FALSE},
      {{.ins = 0xB0, .le = 256}, FALSE},
      {{.ins = 0xB0, .le = 256, .extended = TRUE}, TRUE},
      {{.ins = 0xB0, .le = 257}, TRUE},
      {{.ins = 0xB0, .le = 65536}, TRUE},
      {{.ins = 0xB1, .data = (const guint8 *)"\x54\x02\x80\x00", .size = 4, .le = 512}, TRUE},
      {{.ins = 0x86, .data = zeros, .size = 60000, .le = 65536}, TRUE},
  };

  for (guint n = 0; n < 2; n++)
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
      const gsize size = secure_command (n, &rows[i].command);

      if (!rows[i].extended)
        g_assert_cmpuint (size, <=, FAST_COMMAND_SIZE_MAX);
      else
        g_assert_cmpuint (size, >, 4 + 3);
    }
}

static void
test_extended_tampered (void)
{
  const FastCommand command = {.ins = 0xD6, .data = zeros, .size = 300};
  g_autoptr (FastSecureMessaging) reader = start_session (1);
  g_autoptr (GBytes) good = fast_secure_messaging_wrap_command (reader, &command, NULL);

  for (gsize i = 0; i + 2 < g_bytes_get_size (good); i++) {
    g_autoptr (GBytes) bad = flip (good, i, 0x04);
    check_command_tampered (1, 0, bad);
  }
}

/* The plain length of an odd instruction's cryptogram is told by its tag: 85 has no indicator. */
static void
test_odd (void)
{
  const FastCommand read = {
      .ins = 0xB1, .data = (const guint8 *)"\x54\x01\x07", .size = 3, .le = 9};
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecureMessaging) reader = start ();
  g_autoptr (FastSecureMessaging) chip = start ();
  g_autoptr (GBytes) secured = fast_secure_messaging_wrap_command (reader, &read, &error);
  g_autoptr (GBytes) plain = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GBytes) got = NULL;
  FastCommand parsed;

  g_assert_no_error (error);
  parse (&parsed, secured);
  g_assert_cmphex (parsed.data[0], ==, 0x85);
  g_assert_cmpuint (parsed.data[1], ==, 8);
  plain = fast_secure_messaging_unwrap_command (chip, &parsed, &error);
  check (plain, "00B100000354010709");
  answer = fast_secure_messaging_wrap_response (chip, "\x53\x02\xAA\xBB", 4, 0x9000, &error);
  g_assert_cmphex (*(const guint8 *)g_bytes_get_data (answer, NULL), ==, 0x85);
  got = fast_secure_messaging_unwrap_response (reader, answer, &error);
  g_assert_no_error (error);
  check (got, "5302AABB9000");
}

static void
test_limits (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecureMessaging) session = start ();
  FastCommand command = {.ins = 0xD6, .data = zeros, .size = FAST_EXTENDED_DATA_MAX};

  g_assert_null (fast_secure_messaging_wrap_command (session, &command, &error));
  g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_null (fast_secure_messaging_wrap_response (session, zeros, sizeof zeros, 0, &error));
  g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_LIMIT);
  check_reader_step (session, &steps[0]);
}

/* ICAO 9303-11, appendix G.1: the keys of a session come from the shared secret. */
static void
test_from_secret (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) secret =
      unhex ("28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925");
  g_autoptr (GBytes) enc = unhex ("F5F0E35C0D7161EE6724EE513A0D9A7F");
  g_autoptr (GBytes) mac = unhex ("FE251C7858B356B24514B3BD5F4297D1");
  g_autoptr (FastSecureMessaging) made = fast_secure_messaging_from_secret (
      FAST_CIPHER_AES_128, g_bytes_get_data (secret, NULL), g_bytes_get_size (secret), &error);
  g_autoptr (FastSecureMessaging) wanted = fast_secure_messaging_new (
      FAST_CIPHER_AES_128, g_bytes_get_data (enc, NULL), g_bytes_get_data (mac, NULL), NULL);
  const FastCommand command = {.ins = 0xB0, .data = zeros, .size = 20, .le = 4};
  g_autoptr (GBytes) left = fast_secure_messaging_wrap_command (made, &command, &error);
  g_autoptr (GBytes) right = fast_secure_messaging_wrap_command (wanted, &command, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (left, right));
  g_assert_null (fast_secure_messaging_from_secret (FAST_CIPHER_TDES, zeros, 0, &error));
  fast_test_assert_id (error, "sm-secret");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/secure-messaging/reader", test_reader);
  g_test_add_func ("/apdu/secure-messaging/chip", test_chip);
  g_test_add_func ("/apdu/secure-messaging/answer-tampered", test_answer_tampered);
  g_test_add_func ("/apdu/secure-messaging/command-tampered", test_command_tampered);
  g_test_add_func ("/apdu/secure-messaging/extended-tampered", test_extended_tampered);
  g_test_add_func ("/apdu/secure-messaging/answer-foreign", test_answer_foreign);
  g_test_add_func ("/apdu/secure-messaging/lengths", test_lengths);
  g_test_add_func ("/apdu/secure-messaging/limits", test_limits);
  g_test_add_func ("/apdu/secure-messaging/maxima", test_maxima);
  g_test_add_func ("/apdu/secure-messaging/odd-instruction", test_odd);
  g_test_add_func ("/apdu/secure-messaging/from-secret", test_from_secret);
  return g_test_run ();
}
