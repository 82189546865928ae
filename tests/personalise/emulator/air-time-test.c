/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/air-time.h"

/* Worked out by hand from the clauses in air-time.h, in periods of the carrier. */
static const struct {
  guint kbit;
  gsize command;
  gsize response;
  guint64 periods;
} rows[] = {
    /* blocks of 8 and 13 bytes: (74 + 119) bits of 128, two pauses of 1172 */
    {106, 5, 10, 74 * 128 + 119 * 128 + 2 * 1172},
    {106, 5, 10, 27048},
    {212, 5, 10, 15208}, /* with 512 of subcarrier before the card's frame */
    {424, 5, 10, 9032},
    {848, 5, 10, 5944},
    /* 256 bytes, R(ACK) of the card, 11 bytes; then 5 */
    {106, 261, 2, 296340 + 4884 + 14100 + 7188},
    /* 8 bytes; then 256, R(ACK) of the reader, 8 bytes */
    {848, 5, 258, 2356 + 38580 + 1636 + 2868},
    /* what just fits into a block, and one byte more */
    {424, 253, 2, 2306 * 32 + 1172 + 512 + 47 * 32 + 1172},
    {424, 254, 2, 2306 * 32 + 1172 + 512 + 29 * 32 + 1172 + 38 * 32 + 1172 + 512 + 47 * 32 + 1172},
};

static void
test_exchanges (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    FastAirTime air = fast_air_time_default;

    air.kbit = rows[i].kbit;
    g_assert_cmpuint (fast_air_time_exchange (&air, rows[i].command, rows[i].response), ==,
                      rows[i].periods);
  }
}

/* FWI 8 is 77.33 ms: within it nothing is asked for, after it once for each. */
static void
test_work (void)
{
  FastAirTime air = {.kbit = 106, .fsc = 256, .fsd = 256, .fwi = 8};
  static const struct {
    guint work_us;
    guint64 more;
  } works[] = {
      {0, 0},
      {1000, 13560},
      {77328, 1048567},
      {100000, 1356000 + 12072},
      {250000, 3390000 + 3 * 12072},
  };

  for (guint i = 0; i < G_N_ELEMENTS (works); i++) {
    air.work_us = works[i].work_us;
    g_assert_cmpuint (fast_air_time_exchange (&air, 5, 10), ==, 27048 + works[i].more);
  }
}

static void
test_small_frames (void)
{
  FastAirTime air = {.kbit = 106, .fsc = 16, .fsd = 32, .fwi = 8};

  /* 26 bytes to the card: 13 and 13; 58 to the reader: 29 and 29 */
  g_assert_cmpuint (fast_air_time_exchange (&air, 26, 58), ==,
                    2 * (146 * 128 + 1172) + (29 * 128 + 1172) + 2 * (290 * 128 + 1172) +
                        (29 * 128 + 1172));
}

static void
test_tally (void)
{
  const FastAirTime *air = &fast_air_time_default;

  g_assert_cmpuint (fast_air_time_tally (air, 0, 0, 0), ==, 0);
  g_assert_cmpuint (fast_air_time_tally (air, 1, 5, 10), ==, 9032);
  g_assert_cmpuint (fast_air_time_tally (air, 3, 16, 30), ==,
                    2 * fast_air_time_exchange (air, 5, 10) + fast_air_time_exchange (air, 6, 10));
}

static void
test_validity (void)
{
  static const struct {
    FastAirTime air;
    gboolean valid;
  } airs[] = {
      {{106, 256, 256, 8, 0}, TRUE},   {{212, 16, 4096, 14, 0}, TRUE},
      {{848, 4096, 16, 0, 0}, TRUE},   {{0, 256, 256, 8, 0}, FALSE},
      {{318, 256, 256, 8, 0}, FALSE},  {{107, 256, 256, 8, 0}, FALSE},
      {{1696, 256, 256, 8, 0}, FALSE}, {{106, 15, 256, 8, 0}, FALSE},
      {{106, 256, 4097, 8, 0}, FALSE}, {{106, 256, 256, 15, 0}, FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (airs); i++)
    g_assert_cmpint (fast_air_time_is_valid (&airs[i].air), ==, airs[i].valid);
  g_assert_true (fast_air_time_is_valid (&fast_air_time_default));
}

static void
test_ms (void)
{
  g_assert_cmpfloat (fast_air_time_ms (13560), ==, 1.0);
  g_assert_cmpfloat_with_epsilon (fast_air_time_ms (27048), 1.994690, 0.000001);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/air-time/exchanges", test_exchanges);
  g_test_add_func ("/emulator/air-time/work", test_work);
  g_test_add_func ("/emulator/air-time/small-frames", test_small_frames);
  g_test_add_func ("/emulator/air-time/tally", test_tally);
  g_test_add_func ("/emulator/air-time/validity", test_validity);
  g_test_add_func ("/emulator/air-time/ms", test_ms);
  return g_test_run ();
}
