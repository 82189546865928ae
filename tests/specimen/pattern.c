/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/specimen/pattern.h"

#include <math.h>

static SpecimenPoint
somewhere (GRand *random, double x, double y, double spread)
{
  return (SpecimenPoint){x + g_rand_double_range (random, -spread, spread),
                         y + g_rand_double_range (random, -spread, spread)};
}

static void
make_loop (SpecimenPattern *pattern, GRand *random)
{
  double side = g_rand_boolean (random) ? 1 : -1;

  pattern->pairs = 1;
  pattern->cores[0] = somewhere (random, -side * 12, 38, 12);
  pattern->deltas[0] = somewhere (random, side * 100, -105, 22);
}

static void
make_whorl (SpecimenPattern *pattern, GRand *random)
{
  double apart = g_rand_double_range (random, 8, 26);

  pattern->pairs = 2;
  pattern->cores[0] = somewhere (random, 0, 30 + apart, 5);
  pattern->cores[1] = somewhere (random, 0, 30 - apart, 5);
  pattern->deltas[0] = somewhere (random, -112, -110, 18);
  pattern->deltas[1] = somewhere (random, 112, -110, 18);
}

/* Two loops in three, as in nature; arches are rare. */
static SpecimenKind
choose (GRand *random)
{
  double value = g_rand_double (random);

  return value < 0.62 ? SPECIMEN_LOOP : value < 0.92 ? SPECIMEN_WHORL : SPECIMEN_ARCH;
}

/**
 * specimen_pattern_init:
 * @pattern: (out caller-allocates): an invented finger
 * @random: where its traits come from
 */
void
specimen_pattern_init (SpecimenPattern *pattern, GRand *random)
{
  *pattern = (SpecimenPattern){.kind = choose (random)};
  pattern->tilt = g_rand_double_range (random, -0.16, 0.16);
  pattern->rise = g_rand_double_range (random, 0.8, 1.5);
  if (pattern->kind == SPECIMEN_LOOP)
    make_loop (pattern, random);
  else if (pattern->kind == SPECIMEN_WHORL)
    make_whorl (pattern, random);
}

static double
arch_angle (const SpecimenPattern *pattern, double x, double y)
{
  double height = (y + 20) / 100;
  double slope = pattern->rise * exp (-height * height) + (y > 0 ? 0.004 * y : 0);

  return atan (-slope * sin (G_PI * CLAMP (x, -190, 190) / 190));
}

static double
seen_from (SpecimenPoint point, double x, double y)
{
  return atan2 (y - point.y, x - point.x);
}

/**
 * specimen_pattern_angle:
 * @pattern: an invented finger
 * @x: pixels of 500 dpi to the right of the centre
 * @y: pixels above it
 *
 * Returns: the direction of the ridges there, in radians; modulo π
 */
double
specimen_pattern_angle (const SpecimenPattern *pattern, double x, double y)
{
  double across = x * cos (pattern->tilt) + y * sin (pattern->tilt);
  double up = y * cos (pattern->tilt) - x * sin (pattern->tilt);
  double angle = 0;

  if (pattern->kind == SPECIMEN_ARCH)
    return arch_angle (pattern, across, up) + pattern->tilt;
  for (guint i = 0; i < pattern->pairs; i++)
    angle += seen_from (pattern->cores[i], across, up) - seen_from (pattern->deltas[i], across, up);
  return angle / 2 + pattern->tilt;
}
