/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/specimen/relief.h"

struct _SpecimenRelief {
  guint cells;
  double *heights;
};

/**
 * specimen_relief_new:
 * @random: where the heights come from
 * @cells: how many hills and hollows to a side, about
 *
 * Returns: (transfer full): a surface
 */
SpecimenRelief *
specimen_relief_new (GRand *random, guint cells)
{
  SpecimenRelief *relief = g_new0 (SpecimenRelief, 1);
  guint points = (cells + 1) * (cells + 1);

  relief->cells = cells;
  relief->heights = g_new (double, points);
  for (guint i = 0; i < points; i++)
    relief->heights[i] = g_rand_double_range (random, -1, 1);
  return relief;
}

/**
 * specimen_relief_free:
 * @relief: (transfer full): a surface
 */
void
specimen_relief_free (SpecimenRelief *relief)
{
  g_free (relief->heights);
  g_free (relief);
}

static double
height (const SpecimenRelief *relief, guint column, guint line)
{
  return relief->heights[line * (relief->cells + 1) + column];
}

static double
blend (double from, double to, double t)
{
  return from + (to - from) * t * t * (3 - 2 * t);
}

/**
 * specimen_relief_at:
 * @relief: a surface
 * @x: 0 to 1
 * @y: 0 to 1
 *
 * Returns: its height there
 */
double
specimen_relief_at (const SpecimenRelief *relief, double x, double y)
{
  double across = CLAMP (x, 0, 1) * relief->cells;
  double down = CLAMP (y, 0, 1) * relief->cells;
  guint column = MIN ((guint)across, relief->cells - 1);
  guint line = MIN ((guint)down, relief->cells - 1);

  return blend (
      blend (height (relief, column, line), height (relief, column + 1, line), across - column),
      blend (height (relief, column, line + 1), height (relief, column + 1, line + 1),
             across - column),
      down - line);
}
