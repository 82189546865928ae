/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/apdu.h"

#include <string.h>

#include "personalise/apdu/status-word.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

typedef struct {
  const char *hex;
  gsize size;
  guint le;
} Case;

/* The seven cases, with the limits of each. */
static const Case cases[] = {
    {"00A4040C", 0, 0},
    {"0084000008", 0, 8},
    {"00B0000000", 0, 256},
    {"00A4020C02011E", 2, 0},
    {"00A4020002011E00", 2, 256},
    {"00820000011122", 1, 0x22},
    {"00B00000000100", 0, 256},
    {"00B00000000000", 0, 65536},
    {"00B00000000001", 0, 1},
    {"00D60000000002AABB", 2, 0},
    {"00860000000001AA0000", 1, 65536},
    {"00860000000001AA0101", 1, 257},
};

static void
check_case (const Case *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = fast_hex_decode (wanted->hex, &error);
  g_autoptr (GBytes) again = NULL;
  FastCommand command;

  g_assert_true (fast_command_parse (&command, g_bytes_get_data (bytes, NULL),
                                     g_bytes_get_size (bytes), &error));
  g_assert_cmpuint (command.size, ==, wanted->size);
  g_assert_cmpuint (command.le, ==, wanted->le);
  again = fast_command_build (&command, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, again));
}

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_case (&cases[i]);
}

static void
test_refused (void)
{
  static const char *const broken[] = {"",
                                       "00A404",
                                       "00A4040003AABB",
                                       "00B000000001",
                                       "00A4040001AABBCC",
                                       "00D60000000000AA",
                                       "00D60000000003AABB",
                                       "00D60000000002AABB01",
                                       "00D60000000002AABB010203"};

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = fast_hex_decode (broken[i], NULL);
    FastCommand command;

    g_assert_false (fast_command_parse (&command, g_bytes_get_data (bytes, NULL),
                                        g_bytes_get_size (bytes), &error));
    g_assert_true (error->domain == FAST_INPUT_ERROR);
  }
}

static void
check_extended (const FastCommand *command, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = fast_command_build (command, &error);
  FastCommand parsed;

  g_assert_no_error (error);
  g_assert_true (fast_command_is_extended (command));
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, size);
  g_assert_true (fast_command_parse (&parsed, g_bytes_get_data (bytes, NULL), size, &error));
  g_assert_cmpuint (parsed.size, ==, command->size);
  g_assert_cmpuint (parsed.le, ==, command->le);
}

static void
test_limits (void)
{
  static const guint8 data[FAST_EXTENDED_LE_MAX] = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) largest = NULL;
  FastCommand command = {.data = data, .size = 255, .le = 256};

  largest = fast_command_build (&command, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (largest), ==, FAST_COMMAND_SIZE_MAX);
  g_assert_false (fast_command_is_extended (&command));
  command.size = 256;
  check_extended (&command, 4 + 3 + 256 + 2);
  command.size = 0;
  command.le = 257;
  check_extended (&command, 4 + 3);
  command.size = FAST_EXTENDED_DATA_MAX;
  command.le = FAST_EXTENDED_LE_MAX;
  check_extended (&command, FAST_EXTENDED_COMMAND_SIZE_MAX);
  command.size++;
  g_assert_null (fast_command_build (&command, &error));
  g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_LIMIT);
  g_clear_error (&error);
  command.size = 0;
  command.le++;
  g_assert_null (fast_command_build (&command, &error));
  g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_LIMIT);
}

static void
test_response (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = fast_response_build ("abc", 3, FAST_SW_END_OF_FILE);
  g_autoptr (GBytes) one = g_bytes_new_static ("\x90", 1);
  g_autoptr (GBytes) large = g_bytes_new_take (g_malloc0 (65539), 65539);
  FastResponse response;

  g_assert_true (fast_response_parse (&response, bytes, &error));
  g_assert_cmpmem (response.data, response.size, "abc", 3);
  g_assert_cmphex (response.status, ==, 0x6282);
  g_assert_true (fast_response_check_size (&response, 3, &error));
  g_assert_false (fast_response_check_size (&response, 2, &error));
  fast_test_assert_id (error, "apdu-longer");
  g_clear_error (&error);
  g_assert_false (fast_response_parse (&response, one, &error));
  g_assert_error (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_TRUNCATED);
  g_clear_error (&error);
  g_assert_false (fast_response_parse (&response, large, &error));
  g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_LIMIT);
}

static void
test_status (void)
{
  static const struct {
    guint16 status;
    FastCardError code;
    const char *id;
  } words[] = {
      {0x6982, FAST_CARD_ERROR_ACCESS, "status-security"},
      {0x63C2, FAST_CARD_ERROR_ACCESS, "status-authentication"},
      {0x6988, FAST_CARD_ERROR_MAC, "status-secure-messaging"},
      {0x6A82, FAST_CARD_ERROR_STATUS, "status-file-absent"},
      {0x6A89, FAST_CARD_ERROR_NOT_BLANK, "status-file-exists"},
      {0x1234, FAST_CARD_ERROR_STATUS, "status-other"},
  };

  g_assert_true (fast_status_check (0x9000, "SELECT", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *text = NULL;

    g_assert_false (fast_status_check (words[i].status, "SELECT", &error));
    g_assert_error (error, FAST_CARD_ERROR, (int)words[i].code);
    fast_test_assert_id (error, words[i].id);
    text = fast_error_format (error, "fr");
    g_assert_null (strchr (text, '{'));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/command/cases", test_cases);
  g_test_add_func ("/apdu/command/refused", test_refused);
  g_test_add_func ("/apdu/command/limits", test_limits);
  g_test_add_func ("/apdu/response", test_response);
  g_test_add_func ("/apdu/status-word", test_status);
  return g_test_run ();
}
