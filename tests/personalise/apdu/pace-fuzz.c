/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/pace.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Numbers that are in range on every curve and do not repeat within a run. */
static gboolean
draw (gpointer data, gpointer to, gsize size, GError **error G_GNUC_UNUSED)
{
  guint8 *next = data;

  for (gsize i = 0; i < size; i++)
    ((guint8 *)to)[i] = i == 0 ? 1 : (*next)++;
  return TRUE;
}

/* One run in each role stops in front of step @step; then the input comes. */
static void
run (guint step, const guint8 *data, gsize size)
{
  static const FastPaceSelection selection = {
      {FAST_PACE_ECDH_GM, FAST_CIPHER_AES_128}, FAST_PACE_PASSWORD_CAN, 12};
  guint8 reader_next = 1;
  guint8 chip_next = 101;
  const FastRandomSource reader_source = {draw, &reader_next};
  const FastRandomSource chip_source = {draw, &chip_next};
  g_autoptr (FastSecret) password = fast_secret_new_from ("123456", 6);
  g_autoptr (FastPace) reader = fast_pace_new_reader (&selection, password, &reader_source, NULL);
  g_autoptr (FastPace) chip = fast_pace_new_chip (&selection, password, &chip_source, NULL);
  g_autoptr (GBytes) asked = fast_pace_reader_ask (reader, NULL);
  g_autoptr (GBytes) answer = NULL;

  for (guint i = 0; i < step; i++) {
    g_clear_pointer (&answer, g_bytes_unref);
    answer = fast_pace_chip_answer (chip, g_bytes_get_data (asked, NULL), g_bytes_get_size (asked),
                                    NULL);
    g_assert_true (fast_pace_reader_take (reader, g_bytes_get_data (answer, NULL),
                                          g_bytes_get_size (answer), NULL));
    g_clear_pointer (&asked, g_bytes_unref);
    asked = fast_pace_reader_ask (reader, NULL);
  }
  fast_pace_reader_take (reader, data, size, NULL);
  g_clear_pointer (&answer, g_bytes_unref);
  answer = fast_pace_chip_answer (chip, data, size, NULL);
}

/* The first byte says where the rest arrives: at a step of either role, or as MSE:Set AT. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  FastPaceSelection selection;

  if (size == 0)
    return 0;
  if (data[0] % 5 < 4)
    run (data[0] % 5, data + 1, size - 1);
  else if (fast_pace_selection_parse (&selection, data + 1, size - 1, NULL))
    g_bytes_unref (fast_pace_selection_build (&selection));
  return 0;
}
