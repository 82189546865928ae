/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/scp03.h"
#include "personalise/apdu/status-word.h"
#include "record/base/error.h"
#include "tests/personalise/apdu/scp03-fixture.h"
#include "tests/support.h"

static const guint8 sample[32] = {0xB0, 0x0B, 0x80, 0x00, 0x80};

/* --- what was altered is refused --- */

static const char *
refusal_at_card (Scp03Pair *pair, const guint8 *bytes, gsize size)
{
  g_autoptr (GError) error = NULL;
  FastCommand sent;

  if (!fast_command_parse (&sent, bytes, size, NULL))
    return "length";
  g_assert_null (fast_scp03_unwrap_command (pair->card, &sent, &error));
  g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC);
  g_assert_true (fast_scp03_is_closed (pair->card));
  return g_intern_string (fast_message_get_id (fast_error_get_message (error)));
}

static void
check_altered_commands (const Scp03Case *wanted)
{
  const FastCommand plain = {0x00, 0xDA, 0x00, 0x62, sample, 20, 0, FALSE};

  for (gsize at = 0;; at++) {
    g_auto (Scp03Pair) pair = scp03_open (wanted);
    g_autoptr (GBytes) secured = fast_scp03_wrap_command (pair.host, &plain, NULL);
    gsize size = g_bytes_get_size (secured);
    g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (secured, NULL), size);

    if (at == size)
      break;
    bytes[at] ^= (guint8)(1 << at % 8);
    g_assert_cmpstr (refusal_at_card (&pair, bytes, size), !=, NULL);
  }
}

static void
test_altered_commands (void)
{
  scp03_for_each_case (check_altered_commands);
}

static GBytes *
exchange (Scp03Pair *pair)
{
  const FastCommand plain = {0x00, 0xCA, 0x9F, 0x7F, NULL, 0, 256, FALSE};
  g_autoptr (GBytes) secured = fast_scp03_wrap_command (pair->host, &plain, NULL);
  const FastCommand sent = scp03_parse (secured);
  g_autoptr (GBytes) received = fast_scp03_unwrap_command (pair->card, &sent, NULL);

  g_assert_nonnull (received);
  return fast_scp03_wrap_response (pair->card, sample, 11, 0x9000, NULL);
}

/* All but SW1 turned into an error: then the data that comes with it is what is refused. */
static void
check_altered_answers (const Scp03Case *wanted)
{
  if ((wanted->level & FAST_SCP03_R_MAC) == 0)
    return;
  for (gsize at = 0;; at++) {
    g_auto (Scp03Pair) pair = scp03_open (wanted);
    g_autoptr (GBytes) answer = exchange (&pair);
    gsize size = g_bytes_get_size (answer);
    g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (answer, NULL), size);
    g_autoptr (GBytes) altered = NULL;
    g_autoptr (GError) error = NULL;

    if (at == size)
      break;
    bytes[at] ^= (guint8)(1 << at % 8);
    altered = g_bytes_new (bytes, size);
    g_assert_null (fast_scp03_unwrap_response (pair.host, altered, &error));
    g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC);
    g_assert_true (fast_scp03_is_closed (pair.host));
    g_clear_error (&error);
    g_assert_null (fast_scp03_unwrap_response (pair.host, answer, &error));
    fast_test_assert_id (error, "scp03-closed");
  }
}

static void
test_altered_answers (void)
{
  scp03_for_each_case (check_altered_answers);
}

/* --- order --- */

static GBytes *
wrap (FastScp03 *host, guint8 p1)
{
  const FastCommand plain = {0x00, 0xD6, p1, 0, sample, 20, 0, FALSE};
  g_autoptr (GError) error = NULL;
  GBytes *secured = fast_scp03_wrap_command (host, &plain, &error);

  g_assert_no_error (error);
  return secured;
}

static const char *
receive (FastScp03 *card, GBytes *secured)
{
  const FastCommand sent = scp03_parse (secured);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plain = fast_scp03_unwrap_command (card, &sent, &error);

  return plain != NULL ? "taken"
                       : g_intern_string (fast_message_get_id (fast_error_get_message (error)));
}

static void
check_order (const Scp03Case *wanted)
{
  static const struct {
    guint sent[3];
    const char *third;
  } orders[] = {
      {{0, 1, 2}, "taken"},        {{0, 1, 1}, "scp03-mac"},    {{0, 1, 0}, "scp03-mac"},
      {{0, 0, 1}, "scp03-closed"}, {{1, 0, 2}, "scp03-closed"}, {{0, 2, 1}, "scp03-closed"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++) {
    g_auto (Scp03Pair) pair = scp03_open (wanted);
    g_autoptr (GBytes) first = wrap (pair.host, 0);
    g_autoptr (GBytes) second = wrap (pair.host, 1);
    g_autoptr (GBytes) third = wrap (pair.host, 2);
    GBytes *commands[] = {first, second, third};

    receive (pair.card, commands[orders[i].sent[0]]);
    receive (pair.card, commands[orders[i].sent[1]]);
    g_assert_cmpstr (receive (pair.card, commands[orders[i].sent[2]]), ==, orders[i].third);
  }
}

static void
test_order (void)
{
  scp03_for_each_case (check_order);
}

static void
test_other_session (void)
{
  const Scp03Case wanted = {32, FAST_SCP03_MODE_S16, 0x33};
  g_auto (Scp03Pair) pair = scp03_open (&wanted);
  g_auto (Scp03Pair) other = scp03_open (&wanted);
  g_autoptr (GBytes) secured = wrap (other.host, 0);
  g_autoptr (GBytes) first = exchange (&pair);
  g_autoptr (GBytes) second = exchange (&pair);

  g_assert_null (fast_scp03_unwrap_response (pair.host, first, NULL));
  g_assert_cmpstr (receive (pair.card, secured), ==, "scp03-mac");
}

/* --- answers in error --- */

static void
check_bare (guint8 level, const char *answer, const char *refusal, gboolean closed)
{
  const Scp03Case wanted = {16, FAST_SCP03_MODE_S8, level};
  g_auto (Scp03Pair) pair = scp03_open (&wanted);
  g_autoptr (GBytes) secured = wrap (pair.host, 0);
  g_autoptr (GBytes) bytes = scp03_unhex (answer);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plain = fast_scp03_unwrap_response (pair.host, bytes, &error);

  if (refusal == NULL) {
    g_assert_no_error (error);
    g_assert_true (g_bytes_equal (plain, bytes));
  } else {
    fast_test_assert_id (error, refusal);
  }
  g_assert_cmpint (fast_scp03_is_closed (pair.host), ==, closed);
}

static void
test_bare_answers (void)
{
  check_bare (0x03, "9000", NULL, FALSE);
  check_bare (0x03, "6A84", NULL, FALSE);
  check_bare (0x33, "6A84", NULL, FALSE);
  check_bare (0x13, "6985", NULL, FALSE);
  check_bare (0x33, "6982", NULL, TRUE);
  check_bare (0x01, "6988", NULL, TRUE);
  check_bare (0x13, "9000", "scp03-form", TRUE);
  check_bare (0x13, "6300", "scp03-form", TRUE);
  check_bare (0x33, "6282", "scp03-form", TRUE);
  check_bare (0x33, "01026A84", "scp03-form", TRUE);
  check_bare (0x33, "00000000000000009000", "scp03-mac", TRUE);
}

static void
test_bare_from_card (void)
{
  const Scp03Case wanted = {16, FAST_SCP03_MODE_S16, 0x33};
  g_auto (Scp03Pair) pair = scp03_open (&wanted);
  g_autoptr (GBytes) secured = wrap (pair.host, 0);
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GBytes) next = NULL;

  g_assert_cmpstr (receive (pair.card, secured), ==, "taken");
  answer = fast_scp03_wrap_response (pair.card, sample, 5, FAST_SW_NO_SPACE, NULL);
  scp03_check (answer, "6A84");
  next = wrap (pair.host, 1);
  g_assert_cmpstr (receive (pair.card, next), ==, "taken");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/scp03/altered-commands", test_altered_commands);
  g_test_add_func ("/apdu/scp03/altered-answers", test_altered_answers);
  g_test_add_func ("/apdu/scp03/order", test_order);
  g_test_add_func ("/apdu/scp03/other-session", test_other_session);
  g_test_add_func ("/apdu/scp03/bare-answers", test_bare_answers);
  g_test_add_func ("/apdu/scp03/bare-from-card", test_bare_from_card);
  return g_test_run ();
}
