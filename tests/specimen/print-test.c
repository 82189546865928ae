/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/specimen/print.h"

#include <math.h>

#include "record/base/error.h"
#include "record/biometric/finger-image.h"

#define COUNT 10
#define SHIFT 24

static FastImage *prints[COUNT];

/* The middle of the finger, every other pixel, without its mean and with unit length. */
#define STEP 2
#define PART_W 100
#define PART_H 120

static void
take_part (const FastImage *image, int dx, int dy, double *part)
{
  double mean = 0;
  double power = 0;
  int left = (SPECIMEN_PRINT_WIDTH - PART_W * STEP) / 2 + dx;
  int top = (SPECIMEN_PRINT_HEIGHT - PART_H * STEP) / 2 + dy;

  for (int i = 0; i < PART_W * PART_H; i++) {
    part[i] =
        image->pixels[(top + i / PART_W * STEP) * SPECIMEN_PRINT_WIDTH + left + i % PART_W * STEP];
    mean += part[i] / (PART_W * PART_H);
  }
  for (int i = 0; i < PART_W * PART_H; i++) {
    part[i] -= mean;
    power += part[i] * part[i];
  }
  for (int i = 0; i < PART_W * PART_H; i++)
    part[i] /= sqrt (power);
}

static double
correlation (const FastImage *left, const FastImage *right, int dx, int dy)
{
  static double a[PART_W * PART_H];
  static double b[PART_W * PART_H];
  double sum = 0;

  take_part (left, 0, 0, a);
  take_part (right, dx, dy, b);
  for (int i = 0; i < PART_W * PART_H; i++)
    sum += a[i] * b[i];
  return sum;
}

static double
best_correlation (const FastImage *left, const FastImage *right)
{
  double best = -1;

  for (int dy = -SHIFT; dy <= SHIFT; dy += 4)
    for (int dx = -SHIFT; dx <= SHIFT; dx += 4)
      best = MAX (best, correlation (left, right, dx, dy));
  return best;
}

static void
test_distinct (void)
{
  g_assert_cmpfloat (best_correlation (prints[0], prints[0]), >, 0.99);
  for (guint i = 0; i < COUNT; i++)
    for (guint j = i + 1; j < COUNT; j++) {
      double value = best_correlation (prints[i], prints[j]);

      if (value > 0.45)
        g_error ("prints %u and %u look alike: %.2f", i, j, value);
    }
}

static void
test_same_each_time (void)
{
  g_autoptr (FastImage) again = specimen_print_make (1, 3);
  g_autoptr (FastImage) other = specimen_print_make (2, 3);

  g_assert_cmpmem (again->pixels, SPECIMEN_PRINT_WIDTH * SPECIMEN_PRINT_HEIGHT, prints[3]->pixels,
                   SPECIMEN_PRINT_WIDTH * SPECIMEN_PRINT_HEIGHT);
  g_assert_cmpfloat (best_correlation (prints[3], other), <, 0.45);
}

static gboolean
is_dark (const FastImage *image, double x, double y)
{
  return image->pixels[(guint)y * SPECIMEN_PRINT_WIDTH + (guint)x] < 128;
}

/* Along a line that stands across the ridges, the most changes from dark to light are counted. */
static double
ridge_period (const FastImage *image, double x, double y)
{
  const double length = 90;
  guint most = 0;

  for (guint direction = 0; direction < 18; direction++) {
    double dx = cos (direction * G_PI / 18);
    double dy = sin (direction * G_PI / 18);
    guint ridges = 0;

    for (double t = 1; t < length; t++)
      if (is_dark (image, x + t * dx, y + t * dy) &&
          !is_dark (image, x + (t - 1) * dx, y + (t - 1) * dy))
        ridges++;
    most = MAX (most, ridges);
  }
  return length / MAX (most, 1);
}

/* An adult's ridges at 500 dpi are 8 to 10 pixels apart, here and there 7 or 12. */
static void
test_ridge_frequency (void)
{
  for (guint i = 0; i < COUNT; i++) {
    double sum = 0;

    for (guint place = 0; place < 12; place++)
      sum += ridge_period (prints[i], 120 + 25 * (place % 4), 140 + 60 * (place / 4)) / 12;
    g_test_message ("print %u: %.1f pixels", i, sum);
    g_assert_cmpfloat (sum, >, 7.0);
    g_assert_cmpfloat (sum, <, 11.5);
  }
}

static void
test_is_a_finger_image (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) encoded = fast_image_encode_png (prints[0], &error);
  g_autoptr (FastImage) image = fast_finger_image_load (encoded, "finger-right-thumb.png", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (image->pixels_per_metre, ==, FAST_IMAGE_500_DPI);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < COUNT; i++)
    prints[i] = specimen_print_make (1, i);
  g_test_add_func ("/specimen/print/distinct", test_distinct);
  g_test_add_func ("/specimen/print/same-each-time", test_same_each_time);
  g_test_add_func ("/specimen/print/ridge-frequency", test_ridge_frequency);
  g_test_add_func ("/specimen/print/is-a-finger-image", test_is_a_finger_image);
  result = g_test_run ();
  for (guint i = 0; i < COUNT; i++)
    fast_image_unref (prints[i]);
  return result;
}
