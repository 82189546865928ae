/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/t0.h"

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

/* A card of T=0: what it must be sent and what it answers, in turn. */
typedef struct {
  const char *const *script;
  guint at;
} Card;

static GBytes *
exchange (gpointer data, GBytes *command, GError **error)
{
  Card *card = data;
  g_autofree char *hex =
      fast_hex_encode (g_bytes_get_data (command, NULL), g_bytes_get_size (command));
  g_autofree char *upper = g_ascii_strup (hex, -1);

  g_assert_cmpstr (upper, ==, card->script[card->at]);
  card->at += 2;
  return fast_hex_decode (card->script[card->at - 1], error);
}

static const struct {
  const char *command;
  const char *answer;
  const char *script[9];
} rows[] = {
    /* the four cases of ISO/IEC 7816-3, 12.2 */
    {"00440000", "9000", {"0044000000", "9000"}},
    {"0084000008", "01020304050607089000", {"0084000008", "01020304050607089000"}},
    {"00A4040C02AABB", "9000", {"00A4040C02AABB", "9000"}},
    {"00A4040402AABB00", "6F009000", {"00A4040402AABB", "6102", "00C0000002", "6F009000"}},
    /* nothing to fetch */
    {"00A4040402AABB00", "6A82", {"00A4040402AABB", "6A82"}},
    /* the wrong length, named */
    {"00B0000000", "01029000", {"00B0000000", "6C02", "00B0000002", "01029000"}},
    {"0CA4040402AABB00",
     "0102039000",
     {"0CA4040402AABB", "6100", "00C0000000", "6C03", "00C0000003", "0102039000"}},
    /* more than once */
    {"00CB3FFF00", "0102036A88", {"00CB3FFF00", "010261FF", "00C00000FF", "036A88"}},
    /* still wrong: that is the card's answer */
    {"00B0000000", "6C03", {"00B0000000", "6C02", "00B0000002", "6C03"}},
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) command = fast_hex_decode (rows[i].command, NULL);
    Card card = {.script = rows[i].script};
    g_autoptr (GBytes) answer = NULL;
    g_autofree char *hex = NULL;
    g_autofree char *upper = NULL;

    answer = fast_t0_transmit (command, exchange, &card, &error);
    g_assert_no_error (error);
    hex = fast_hex_encode (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
    upper = g_ascii_strup (hex, -1);
    g_assert_cmpstr (upper, ==, rows[i].answer);
    g_assert_null (rows[i].script[card.at]);
  }
}

static const struct {
  const char *id;
  const char *script[7];
} refusals[] = {
    {"transport-t0", {"00A4040402AABB", "6110", "00C0000010", "6110"}},
    {"truncated", {"00A4040402AABB", "90"}},
};

static GBytes *
give_more (gpointer data, GBytes *command G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  guint *calls = data;
  guint8 answer[258] = {0};

  ++*calls;
  answer[256] = 0x61;
  return g_bytes_new (answer, sizeof answer);
}

static void
test_refusals (void)
{
  g_autoptr (GBytes) command = fast_hex_decode ("00A4040402AABB00", NULL);
  g_autoptr (GError) endless = NULL;
  guint calls = 0;

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++) {
    g_autoptr (GError) error = NULL;
    Card card = {.script = refusals[i].script};

    g_assert_null (fast_t0_transmit (command, exchange, &card, &error));
    fast_test_assert_id (error, refusals[i].id);
  }
  g_assert_null (fast_t0_transmit (command, give_more, &calls, &endless));
  fast_test_assert_id (endless, "apdu-limit");
  g_assert_cmpuint (calls, ==, 257);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/t0/cases", test_cases);
  g_test_add_func ("/chip/t0/refusals", test_refusals);
  return g_test_run ();
}
