/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/specimen/print.h"

#include <math.h>

#include "tests/specimen/pattern.h"
#include "tests/specimen/relief.h"
#include "tests/specimen/ridges.h"

#define W SPECIMEN_PRINT_WIDTH
#define H SPECIMEN_PRINT_HEIGHT

/* Passes over white noise at half the resolution: the more, the fewer minutiae are left. */
#define PASSES 12
#define PERIOD 9.0

typedef struct {
  SpecimenPattern pattern;
  SpecimenRelief *pressure;
  SpecimenRelief *spacing;
  SpecimenRelief *outline;
} Finger;

/* How far inside the finger's outline a point is: 1 on the border, 0 in the middle. */
static double
reach (const Finger *finger, double x, double y)
{
  double across = (x - W / 2.0) / (W * 0.43);
  double up = (y - H / 2.0) / (H * (y < H / 2.0 ? 0.45 : 0.47));
  double power = y < H / 2.0 ? 2.1 : 2.7;

  return pow (fabs (across), power) + pow (fabs (up), power) +
         0.12 * specimen_relief_at (finger->outline, x / W, y / H);
}

static double
angle_at (gpointer data, double x, double y)
{
  const Finger *finger = data;

  return specimen_pattern_angle (&finger->pattern, x - W / 2.0, H / 2.0 - y);
}

static double
period_at (gpointer data, double x, double y)
{
  const Finger *finger = data;

  return PERIOD + 0.9 * specimen_relief_at (finger->spacing, x / W, y / H) + 0.6 * (y / H - 0.5);
}

static gboolean
inside (gpointer data, double x, double y)
{
  return reach (data, x, y) < 1.15;
}

static double
smooth_step (double low, double high, double value)
{
  double t = CLAMP ((value - low) / (high - low), 0, 1);

  return t * t * (3 - 2 * t);
}

/* Ink where skin touches: more under pressure, fading and breaking up towards the outline. */
static guint8
shade (const Finger *finger, double ridge, double x, double y, GRand *random)
{
  double pressure = specimen_relief_at (finger->pressure, x / W, y / H);
  double edge = 1 - smooth_step (0.80, 1.03, reach (finger, x, y));
  double grain = g_rand_double_range (random, -1, 1);
  double touch =
      1 / (1 + exp (-5.5 * (ridge + 0.22 * pressure + 0.12 * grain - 0.45 * (1 - edge))));
  double ink = touch * edge * (0.80 + 0.12 * pressure);
  double paper = 246 - 16 * edge + 3 * grain;

  return (guint8)CLAMP (paper - 215 * ink + 7 * grain * ink, 0, 255);
}

static void
finger_init (Finger *finger, GRand *random)
{
  specimen_pattern_init (&finger->pattern, random);
  finger->pressure = specimen_relief_new (random, 6);
  finger->spacing = specimen_relief_new (random, 4);
  finger->outline = specimen_relief_new (random, 5);
}

static void
finger_clear (Finger *finger)
{
  specimen_relief_free (finger->pressure);
  specimen_relief_free (finger->spacing);
  specimen_relief_free (finger->outline);
}

/**
 * specimen_print_make:
 * @seed: names an invented person
 * @finger: names one of that person's fingers
 *
 * Returns: (transfer full): that finger's print, grey, 500 dpi; the same each time
 */
FastImage *
specimen_print_make (guint32 seed, guint finger)
{
  const guint32 seeds[] = {seed, finger};
  GRand *random = g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
  FastImage *image = fast_image_new (W, H, 1);
  Finger one;
  SpecimenFlow flow = {angle_at, period_at, inside, &one};
  g_autofree float *ridges = NULL;

  finger_init (&one, random);
  ridges = specimen_ridges_grow (&flow, W, H, PASSES, random);
  for (guint y = 0; y < H; y++)
    for (guint x = 0; x < W; x++)
      image->pixels[y * W + x] = shade (&one, ridges[y * W + x], x, y, random);
  image->pixels_per_metre = FAST_IMAGE_500_DPI;
  finger_clear (&one);
  g_rand_free (random);
  return image;
}
