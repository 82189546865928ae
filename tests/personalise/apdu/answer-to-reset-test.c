/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/answer-to-reset.h"

#include "record/base/bytes.h"

/* Each answer to reset, its historical bytes (NULL for a broken answer), the third table. */
static const struct {
  const char *answer;
  const char *history;
  guint capabilities;
} rows[] = {
    /* an ePassport on a contactless PC/SC reader, PC/SC part 3: a card of type A without history */
    {"3B80800101", "", 0},
    /* the same with our history */
    {"3B858001807394216022", "8073942160", 0x60},
    /* T=0 and T=1 with TA1, TB1, TC1, TD1, TA2 */
    {"3BF01100FF101500", "", 0},
    {"3F021407", "1407", 0},
    /* category 00: three bytes of status at the end */
    {"3B8980010073BE00C0319000059000", "0073BE00C031900005", 0xC0},
    {"3B890073BE00C005900000", NULL, 0},
    {"3B090073BE00C0059000AA", "0073BE00C0059000AA", 0xC0},
    /* an object that runs over the end */
    {"3B04807394C0", "807394C0", 0},
    {"3B06807294C07194", "807294C07194", 0},
    /* a proprietary category */
    {"3B05C1739421C0", "C1739421C0", 0},
    {"3B", NULL, 0},
    {"", NULL, 0},
    {"3A00", NULL, 0},
    {"3B0F01", NULL, 0},
    {"3B8081", NULL, 0},
    {"3BF0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", NULL, 0},
};

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GBytes) answer = fast_hex_decode (rows[i].answer, NULL);
    gsize size;
    const guint8 *data = g_bytes_get_data (answer, &size);
    const guint8 *history = NULL;
    gsize length = 0;
    const gboolean good = fast_answer_to_reset_history (data, size, &history, &length);
    g_autofree char *hex = good ? fast_hex_encode (history, length) : NULL;
    g_autofree char *upper = good ? g_ascii_strup (hex, -1) : NULL;

    g_test_message ("%s", rows[i].answer);
    g_assert_cmpstr (upper, ==, rows[i].history);
    g_assert_cmphex (fast_answer_to_reset_capabilities (data, size), ==, rows[i].capabilities);
  }
}

/* PC/SC part 3, 3.1.3.2.3.1: TCK makes the exclusive or of T0 to TCK zero. */
static void
test_contactless (void)
{
  for (guint capabilities = 0; capabilities < 256; capabilities++) {
    g_autoptr (GBytes) history = fast_answer_to_reset_history_for (capabilities);
    gsize length;
    const guint8 *bytes = g_bytes_get_data (history, &length);
    g_autoptr (GBytes) answer = fast_answer_to_reset_contactless (bytes, length);
    gsize size;
    const guint8 *data = g_bytes_get_data (answer, &size);
    guint8 check = 0;

    for (gsize i = 1; i < size; i++)
      check ^= data[i];
    g_assert_cmphex (check, ==, 0);
    g_assert_cmpmem (data, 4, "\x3B\x85\x80\x01", 4);
    g_assert_cmphex (fast_answer_to_reset_capabilities (data, size), ==, capabilities);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/answer-to-reset/parse", test_parse);
  g_test_add_func ("/apdu/answer-to-reset/contactless", test_contactless);
  return g_test_run ();
}
