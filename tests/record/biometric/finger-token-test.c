/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/finger-token.h"

#include "record/base/error.h"
#include "tests/support.h"

static FastImage *
draw (guint width, guint height)
{
  FastImage *image = fast_image_new (width, height, 1);
  g_autoptr (GRand) random = g_rand_new_with_seed (500);

  image->pixels_per_metre = FAST_IMAGE_500_DPI;
  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      image->pixels[(gsize)y * width + x] =
          (guint8)((((x + y / 2) % 9) < 4 ? 40 : 200) + g_rand_int_range (random, 0, 40));
  return image;
}

static void
test_limit (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) original = draw (320, 400);
  g_autoptr (FastFingerRecord) record =
      fast_finger_token_make (original, FAST_FINGER_LEFT_THUMB, 10000, &error);
  g_autoptr (FastImage) back = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (record->finger, ==, FAST_FINGER_LEFT_THUMB);
  g_assert_cmpint (record->coding, ==, FAST_FINGER_JPEG2000);
  g_assert_cmpuint (g_bytes_get_size (record->image), >=, 9500);
  g_assert_cmpuint (g_bytes_get_size (record->image), <=, 10000);
  back = fast_finger_record_decode (record, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (back->width, ==, 320);
  g_assert_cmpuint (back->channels, ==, 1);
  g_assert_cmpuint (back->pixels_per_metre, ==, FAST_IMAGE_500_DPI);
}

/* Where there is room for it nothing is lost. */
static void
test_lossless (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) original = draw (160, 160);
  g_autoptr (FastFingerRecord) record =
      fast_finger_token_make (original, FAST_FINGER_LEFT_THUMB, 60000, &error);
  g_autoptr (FastImage) back = NULL;

  g_assert_no_error (error);
  back = fast_finger_record_decode (record, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (back->pixels, (gsize)160 * 160, original->pixels, (gsize)160 * 160);
}

static void
test_refuse (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) original = draw (800, 750);

  g_assert_null (fast_finger_token_make (original, FAST_FINGER_LEFT_THUMB, 14999, &error));
  fast_test_assert_id (error, "finger-budget");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/biometric/finger-token/limit", test_limit);
  g_test_add_func ("/biometric/finger-token/lossless", test_lossless);
  g_test_add_func ("/biometric/finger-token/refuse", test_refuse);
  return g_test_run ();
}
