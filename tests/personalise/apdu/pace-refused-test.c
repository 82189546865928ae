/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/pace.h"

#include <string.h>

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/personalise/apdu/pace-example.h"
#include "tests/support.h"

/* Stops the chip of the example before step @step. */
static FastPace *
chip_at (guint step, FastTestPaceDraws *draws)
{
  const FastRandomSource source = fast_test_pace_source (draws);
  const FastPaceSelection selection = fast_test_pace_select (FAST_CIPHER_AES_128, 13);
  FastPace *pace = fast_test_pace_chip (&selection, FAST_TEST_PACE_MRZ, &source);

  for (guint i = 0; i < step; i++) {
    g_autoptr (GBytes) asked = fast_test_unhex (fast_test_pace_steps[i].asked);
    g_autoptr (GBytes) answer = fast_pace_chip_answer (pace, g_bytes_get_data (asked, NULL),
                                                       g_bytes_get_size (asked), NULL);
    g_assert_nonnull (answer);
  }
  return pace;
}

/* Stops the reader of the example after it asked in step @step. */
static FastPace *
reader_at (guint step, FastTestPaceDraws *draws)
{
  const FastRandomSource source = fast_test_pace_source (draws);
  const FastPaceSelection selection = fast_test_pace_select (FAST_CIPHER_AES_128, 13);
  FastPace *pace = fast_test_pace_reader (&selection, FAST_TEST_PACE_MRZ, &source);

  for (guint i = 0; i <= step; i++) {
    g_autoptr (GBytes) asked = fast_pace_reader_ask (pace, NULL);
    g_autoptr (GBytes) answer = fast_test_unhex (fast_test_pace_steps[i].answered);

    g_assert_nonnull (asked);
    if (i < step)
      g_assert_true (fast_pace_reader_take (pace, g_bytes_get_data (answer, NULL),
                                            g_bytes_get_size (answer), NULL));
  }
  return pace;
}

static void
refuse_at_chip (guint step, GBytes *asked, const char *id)
{
  g_autoptr (GError) error = NULL;
  FastTestPaceDraws draws = fast_test_pace_chip_draws ();
  g_autoptr (FastPace) pace = chip_at (step, &draws);
  g_autoptr (GBytes) right = fast_test_unhex (fast_test_pace_steps[step].asked);

  g_assert_null (fast_pace_chip_answer (pace, g_bytes_get_data (asked, NULL),
                                        g_bytes_get_size (asked), &error));
  fast_test_assert_id (error, id);
  g_clear_error (&error);
  g_assert_null (fast_pace_chip_answer (pace, g_bytes_get_data (right, NULL),
                                        g_bytes_get_size (right), &error));
  fast_test_assert_id (error, "pace-order");
}

static void
refuse_at_reader (guint step, GBytes *answer, const char *id)
{
  g_autoptr (GError) error = NULL;
  FastTestPaceDraws draws = fast_test_pace_reader_draws ();
  g_autoptr (FastPace) pace = reader_at (step, &draws);

  g_assert_false (fast_pace_reader_take (pace, g_bytes_get_data (answer, NULL),
                                         g_bytes_get_size (answer), &error));
  fast_test_assert_id (error, id);
  g_clear_error (&error);
  g_assert_null (fast_pace_reader_ask (pace, &error));
  fast_test_assert_id (error, "pace-order");
}

/* Every command in every place but its own; and one that comes twice. */
static void
test_order (void)
{
  g_autoptr (GError) error = NULL;
  FastTestPaceDraws draws = fast_test_pace_reader_draws ();
  g_autoptr (FastPace) reader = reader_at (0, &draws);

  for (guint step = 0; step < FAST_TEST_PACE_STEPS; step++)
    for (guint other = 0; other < FAST_TEST_PACE_STEPS; other++) {
      g_autoptr (GBytes) asked = fast_test_unhex (fast_test_pace_steps[other].asked);
      g_autoptr (GBytes) answer = fast_test_unhex (fast_test_pace_steps[other].answered);

      if (other == step)
        continue;
      refuse_at_chip (step, asked, other == 0 ? "pace-data" : "pace-order");
      refuse_at_reader (step, answer, "pace-order");
    }
  g_assert_null (fast_pace_reader_ask (reader, &error));
  fast_test_assert_id (error, "pace-order");
}

/* A role that is not the object's own. */
static void
test_roles (void)
{
  g_autoptr (GError) error = NULL;
  const FastPaceSelection selection = fast_test_pace_select (FAST_CIPHER_AES_128, 12);
  g_autoptr (FastPace) reader = fast_test_pace_reader (&selection, FAST_TEST_PACE_MRZ, NULL);
  g_autoptr (FastPace) chip = fast_test_pace_chip (&selection, FAST_TEST_PACE_MRZ, NULL);

  g_assert_null (fast_pace_reader_ask (chip, &error));
  fast_test_assert_id (error, "pace-order");
  g_clear_error (&error);
  g_assert_null (fast_pace_chip_answer (reader, "\x7C\x00", 2, &error));
  fast_test_assert_id (error, "pace-order");
}

/* Every altered byte of every command and answer is found, at once or by the tokens. */
static gboolean
run_altered (guint step, gsize at, gboolean at_chip)
{
  const FastPaceSelection selection = fast_test_pace_select (FAST_CIPHER_AES_128, 12);
  g_autoptr (FastPace) reader = fast_test_pace_reader (&selection, FAST_TEST_PACE_MRZ, NULL);
  g_autoptr (FastPace) chip = fast_test_pace_chip (&selection, FAST_TEST_PACE_MRZ, NULL);

  for (guint i = 0; i < FAST_TEST_PACE_STEPS; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) asked = fast_pace_reader_ask (reader, &error);
    g_autoptr (GBytes) answer = NULL;
    gsize size;
    guint8 *data = g_bytes_unref_to_data (g_steal_pointer (&asked), &size);

    if (i == step && at_chip)
      data[at % size] ^= 0x01;
    answer = fast_pace_chip_answer (chip, data, size, &error);
    g_free (data);
    if (answer == NULL)
      return FALSE;
    data = g_bytes_unref_to_data (g_steal_pointer (&answer), &size);
    if (i == step && !at_chip)
      data[at % size] ^= 0x01;
    if (!fast_pace_reader_take (reader, data, size, &error)) {
      g_free (data);
      return FALSE;
    }
    g_free (data);
  }
  return fast_pace_is_done (reader);
}

static void
test_altered (void)
{
  for (guint step = 0; step < FAST_TEST_PACE_STEPS; step++) {
    for (gsize at = 0; at < strlen (fast_test_pace_steps[step].asked) / 2; at++)
      g_assert_false (run_altered (step, at, TRUE));
    for (gsize at = 0; at < strlen (fast_test_pace_steps[step].answered) / 2; at++)
      g_assert_false (run_altered (step, at, FALSE));
  }
}

#define OFF_CURVE                                                                                  \
  "042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C3556F3B3B186DF10B857B58F6A7E" \
  "B80F20BA5DC7BE1D43D9BF850149FBB36463"
#define INFINITY_LONG                                                                              \
  "04000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"   \
  "00000000000000000000000000000000000000"
/* The generator of P-256, which is on another curve. */
#define FOREIGN                                                                                    \
  "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2964FE342E2FE1A7F9B8EE7EB4A7C0F" \
  "9E162BCE33576B315ECECBB6406837BF51F5"

static void
test_points (void)
{
  static const char *const points[] = {
      "41" OFF_CURVE, "41" INFINITY_LONG,
      "41" FOREIGN,   "0100",
      "00",           "21022DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C",
  };

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    for (guint step = 1; step <= 2; step++) {
      const gsize size = strlen (points[i]) / 2;
      g_autofree char *asked =
          g_strdup_printf ("7C%02X%02X%s", (guint)size + 1, 0x7F + 2 * step, points[i]);
      g_autofree char *answered =
          g_strdup_printf ("7C%02X%02X%s", (guint)size + 1, 0x80 + 2 * step, points[i]);
      g_autoptr (GBytes) command = fast_test_unhex (asked);
      g_autoptr (GBytes) answer = fast_test_unhex (answered);

      refuse_at_chip (step, command, "pace-point");
      refuse_at_reader (step, answer, "pace-point");
    }
}

/* Who sends back the other's public key would make it agree with itself. */
static void
test_reflected (void)
{
  for (guint step = 1; step <= 2; step++) {
    g_autofree char *asked = g_strdup (fast_test_pace_steps[step].answered);
    g_autofree char *answered = g_strdup (fast_test_pace_steps[step].asked);
    g_autoptr (GBytes) command = NULL;
    g_autoptr (GBytes) answer = NULL;

    asked[5] = fast_test_pace_steps[step].asked[5];
    answered[5] = fast_test_pace_steps[step].answered[5];
    command = fast_test_unhex (asked);
    answer = fast_test_unhex (answered);
    refuse_at_chip (step, command, "pace-reflected");
    refuse_at_reader (step, answer, "pace-reflected");
  }
}

static void
test_malformed (void)
{
  static const char *const data[] = {"", "7C", "7C01", "7C0181", "8100", "7C000000", "7C0285"};
  static const char *const last[] = {"7C0A860800", "7C078605AABBCCDDEE",
                                     "7C0B86083ABB9674BCE93C0800",
                                     "7C0D86083ABB9674BCE93C08810100"};
  static const char *const nonces[] = {"7C028000", "7C11800F95A3A016522EE98D01E76CB6B98B42",
                                       "7C0A800895A3A016522EE98D"};

  for (guint step = 0; step < FAST_TEST_PACE_STEPS; step++)
    for (guint i = 0; i < G_N_ELEMENTS (data); i++) {
      g_autoptr (GBytes) bytes = fast_test_unhex (data[i]);

      refuse_at_chip (step, bytes, "pace-data");
      refuse_at_reader (step, bytes, "pace-data");
    }
  for (guint i = 0; i < G_N_ELEMENTS (last); i++) {
    g_autoptr (GBytes) bytes = fast_test_unhex (last[i]);
    refuse_at_reader (3, bytes, "pace-data");
  }
  for (guint i = 0; i < G_N_ELEMENTS (nonces); i++) {
    g_autoptr (GBytes) bytes = fast_test_unhex (nonces[i]);
    refuse_at_reader (0, bytes, "pace-data");
  }
}

/* A chip of EAC 2 tells its trust points with the token. */
static void
test_trust_points (void)
{
  g_autoptr (GError) error = NULL;
  FastTestPaceDraws draws = fast_test_pace_reader_draws ();
  g_autoptr (FastPace) pace = reader_at (3, &draws);
  g_autoptr (GBytes) answer =
      fast_test_unhex ("7C1886083ABB9674BCE93C088705444543564188054445435642");

  g_assert_true (fast_pace_reader_take (pace, g_bytes_get_data (answer, NULL),
                                        g_bytes_get_size (answer), &error));
  g_assert_true (fast_pace_is_done (pace));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/pace/refused/order", test_order);
  g_test_add_func ("/apdu/pace/refused/roles", test_roles);
  g_test_add_func ("/apdu/pace/refused/altered", test_altered);
  g_test_add_func ("/apdu/pace/refused/points", test_points);
  g_test_add_func ("/apdu/pace/refused/reflected", test_reflected);
  g_test_add_func ("/apdu/pace/refused/malformed", test_malformed);
  g_test_add_func ("/apdu/pace/refused/trust-points", test_trust_points);
  return g_test_run ();
}
