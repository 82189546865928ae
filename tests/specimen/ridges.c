/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/specimen/ridges.h"

#include <math.h>

#define ANGLES 36
#define PERIODS 5
#define PERIOD_LOWEST 7.6
#define PERIOD_STEP 0.7
#define OUTSIDE 0xFFFF

/* Filters for one resolution: @reach pixels to each side. */
typedef struct {
  int reach;
  int side;
  float *kernels;
} Bank;

static float *
kernel_of (const Bank *bank, guint angle, guint period)
{
  return bank->kernels + (gsize)(angle * PERIODS + period) * bank->side * bank->side;
}

/* Even and without a mean, so that only stripes pass; scaled to answer 1 to its own stripes. */
static void
fill (const Bank *bank, float *kernel, double angle, double period)
{
  double sigma = period * 0.42;
  double sum = 0;
  double power = 0;
  int count = bank->side * bank->side;

  for (int i = 0; i < count; i++) {
    double x = i % bank->side - bank->reach;
    double y = i / bank->side - bank->reach;
    double wave = cos (2 * G_PI * (x * sin (angle) + y * cos (angle)) / period);

    kernel[i] = (float)(wave * exp (-(x * x + y * y) / (2 * sigma * sigma)));
    sum += kernel[i];
  }
  for (int i = 0; i < count; i++) {
    kernel[i] -= (float)(sum / count);
    power += fabs (kernel[i]);
  }
  for (int i = 0; i < count; i++)
    kernel[i] *= (float)(2.6 / power);
}

static void
bank_init (Bank *bank, double scale)
{
  bank->reach = (int)(scale * 8 + 1);
  bank->side = 2 * bank->reach + 1;
  bank->kernels = g_new (float, (gsize)ANGLES *PERIODS * bank->side * bank->side);
  for (guint a = 0; a < ANGLES; a++)
    for (guint p = 0; p < PERIODS; p++)
      fill (bank, kernel_of (bank, a, p), a * G_PI / ANGLES,
            scale * (PERIOD_LOWEST + p * PERIOD_STEP));
}

/* Which filter each pixel takes, once for all passes. */
static guint16 *
choose (const SpecimenFlow *flow, guint width, guint height, double scale)
{
  guint16 *choice = g_new (guint16, (gsize)width * height);

  for (guint i = 0; i < width * height; i++) {
    double x = (i % width) / scale;
    double y = (i / width) / scale;
    double angle = fmod (flow->angle (flow->data, x, y) + 4 * G_PI, G_PI);
    double period = (flow->period (flow->data, x, y) - PERIOD_LOWEST) / PERIOD_STEP;
    guint a = (guint)(angle * ANGLES / G_PI + 0.5) % ANGLES;
    guint p = (guint)CLAMP (period + 0.5, 0, PERIODS - 1);

    choice[i] = flow->inside (flow->data, x, y) ? (guint16)(a * PERIODS + p) : OUTSIDE;
  }
  return choice;
}

static float
apply (const Bank *bank, const float *kernel, const float *field, guint width)
{
  float sums[4] = {0};
  const float *from = field - bank->reach * (int)width - bank->reach;

  for (int y = 0; y < bank->side; y++, from += width, kernel += bank->side)
    for (int x = 0; x < bank->side; x++)
      sums[x & 3] += kernel[x] * from[x];
  return sums[0] + sums[1] + sums[2] + sums[3];
}

static void
pass (const Bank *bank, const guint16 *choice, float **field, guint width, guint height)
{
  float *next = g_new0 (float, (gsize)width *height);
  guint reach = (guint)bank->reach;

  for (guint y = reach; y + reach < height; y++)
    for (guint x = reach; x + reach < width; x++) {
      gsize i = (gsize)y * width + x;

      if (choice[i] != OUTSIDE)
        next[i] = CLAMP (apply (bank, bank->kernels + (gsize)choice[i] * bank->side * bank->side,
                                *field + i, width),
                         -1.0f, 1.0f);
    }
  g_free (*field);
  *field = next;
}

static void
passes_at (const SpecimenFlow *flow, float **field, guint width, guint height, double scale,
           guint count)
{
  g_autofree guint16 *choice = choose (flow, width, height, scale);
  Bank bank;

  bank_init (&bank, scale);
  for (guint i = 0; i < count; i++)
    pass (&bank, choice, field, width, height);
  g_free (bank.kernels);
}

static float *
double_size (const float *half, guint width, guint height)
{
  float *full = g_new0 (float, (gsize)width *height);
  guint stride = width / 2;

  for (guint y = 0; y + 2 < height; y++)
    for (guint x = 0; x + 2 < width; x++) {
      const float *at = half + (gsize)(y / 2) * stride + x / 2;
      float right = (x & 1) * 0.5f;
      float below = (y & 1) * 0.5f;

      full[(gsize)y * width + x] = (at[0] * (1 - right) + at[1] * right) * (1 - below) +
                                   (at[stride] * (1 - right) + at[stride + 1] * right) * below;
    }
  return full;
}

/**
 * specimen_ridges_grow:
 * @flow: direction and width of the ridges
 * @width: pixels across, even
 * @height: pixels down, even
 * @passes: how often the noise is filtered
 * @random: the noise
 *
 * Returns: (transfer full): for each pixel from -1 (valley) to 1 (ridge)
 */
float *
specimen_ridges_grow (const SpecimenFlow *flow, guint width, guint height, guint passes,
                      GRand *random)
{
  gsize halves = (gsize)(width / 2) * (height / 2);
  float *half = g_new (float, halves);
  float *full;

  for (gsize i = 0; i < halves; i++)
    half[i] = (float)g_rand_double_range (random, -1, 1);
  passes_at (flow, &half, width / 2, height / 2, 0.5, passes);
  full = double_size (half, width, height);
  g_free (half);
  passes_at (flow, &full, width, height, 1.0, 1);
  return full;
}
