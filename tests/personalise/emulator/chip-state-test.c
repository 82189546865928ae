/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/chip-state.h"

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

static FastChipState *
make (void)
{
  g_autoptr (GError) error = NULL;
  FastChipState *state = fast_chip_state_new_blank (1, &error);
  FastChipFile *file;

  g_assert_no_error (error);
  state->life = FAST_LIFE_CYCLE_OPEN;
  fast_chip_state_set_secret (state, FAST_DATA_ACCESS_KEYS, "\x80\x01\x17", 3);
  fast_chip_state_set_secret (state, 0x0012, "", 0);
  fast_chip_state_add (state, FAST_CHIP_MASTER_FILE, 0x011E, 5);
  file = fast_chip_state_add (state, FAST_CHIP_APPLICATION, 0x0101, 3);
  file->content->data[1] = 0x42;
  return state;
}

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastChipState) state = make ();
  g_autoptr (GBytes) bytes = fast_chip_state_format (state);
  g_autoptr (FastChipState) again = fast_chip_state_parse (bytes, &error);
  g_autoptr (GBytes) same = NULL;

  g_assert_no_error (error);
  same = fast_chip_state_format (again);
  g_assert_true (g_bytes_equal (bytes, same));
  g_assert_cmpuint (fast_chip_state_used (again), ==, 8);
  g_assert_cmphex (
      fast_chip_state_find_short (again, FAST_CHIP_APPLICATION, 0x01)->content->data[1], ==, 0x42);
  g_assert_null (fast_chip_state_find (again, FAST_CHIP_APPLICATION, 0x0102));
  g_assert_null (fast_chip_state_find (again, FAST_CHIP_APPLICATION, 0x011E));
  g_assert_cmpuint (fast_secret_size (fast_chip_state_get_secret (again, FAST_DATA_ACCESS_KEYS)),
                    ==, 3);
}

static void
test_altered (void)
{
  g_autoptr (FastChipState) state = make ();
  g_autoptr (GBytes) bytes = fast_chip_state_format (state);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size; i++) {
    g_autoptr (GError) error = NULL;
    guint8 *copy = g_memdup2 (data, size);
    g_autoptr (GBytes) altered = g_bytes_new_take (copy, size);

    copy[i] ^= 0x01;
    g_assert_null (fast_chip_state_parse (altered, &error));
    g_assert_true (error->domain == FAST_INPUT_ERROR);
  }
}

static void
test_truncated (void)
{
  g_autoptr (FastChipState) state = make ();
  g_autoptr (GBytes) bytes = fast_chip_state_format (state);

  for (gsize i = 0; i < g_bytes_get_size (bytes); i++) {
    g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, 0, i);
    g_assert_null (fast_chip_state_parse (part, NULL));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/chip-state/round-trip", test_round_trip);
  g_test_add_func ("/emulator/chip-state/altered", test_altered);
  g_test_add_func ("/emulator/chip-state/truncated", test_truncated);
  return g_test_run ();
}
