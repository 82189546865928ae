/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/image.h"

#include <math.h>

#include "record/base/error.h"
#include "tests/support.h"

/* A smooth picture with an edge, so that lossy coders have something to do. */
static FastImage *
picture (guint width, guint height, guint channels)
{
  FastImage *image = fast_image_new (width, height, channels);

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      for (guint c = 0; c < channels; c++)
        image->pixels[((gsize)y * width + x) * channels + c] =
            (guint8)(x * 200 / width + (y > height / 2 ? 40 : 0) + c * 7);
  return image;
}

static double
difference (const FastImage *left, const FastImage *right)
{
  gsize count = (gsize)left->width * left->height * left->channels;
  double sum = 0;

  g_assert_cmpuint (left->width, ==, right->width);
  g_assert_cmpuint (left->height, ==, right->height);
  g_assert_cmpuint (left->channels, ==, right->channels);
  for (gsize i = 0; i < count; i++)
    sum += fabs ((double)left->pixels[i] - right->pixels[i]);
  return sum / (double)count;
}

static GBytes *
encode (const FastImage *image, FastImageFormat format)
{
  g_autoptr (GError) error = NULL;
  GBytes *encoded = format == FAST_IMAGE_JPEG ? fast_image_encode_jpeg (image, 90, &error)
                    : format == FAST_IMAGE_JPEG2000
                        ? fast_image_encode_jpeg2000 (image, 4000, &error)
                        : fast_image_encode_png (image, &error);

  g_assert_no_error (error);
  return encoded;
}

static void
check_round_trip (FastImageFormat format, guint channels, double tolerance)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) image = picture (120, 90, channels);
  g_autoptr (GBytes) encoded = encode (image, format);
  g_autoptr (FastImage) back = fast_image_decode (encoded, "picture", &error);
  FastImageFormat found;

  g_assert_no_error (error);
  g_assert_true (fast_image_sniff (encoded, "picture", &found, NULL));
  g_assert_cmpint (found, ==, format);
  g_assert_cmpfloat (difference (image, back), <=, tolerance);
}

static void
test_round_trips (void)
{
  for (guint channels = 1; channels <= 3; channels += 2) {
    check_round_trip (FAST_IMAGE_PNG, channels, 0);
    check_round_trip (FAST_IMAGE_JPEG, channels, 3);
    check_round_trip (FAST_IMAGE_JPEG2000, channels, 3);
  }
}

static void
test_resolution (void)
{
  g_autoptr (FastImage) image = picture (20, 20, 1);
  g_autoptr (GBytes) encoded = NULL;
  g_autoptr (FastImage) back = NULL;

  image->pixels_per_metre = FAST_IMAGE_500_DPI;
  encoded = encode (image, FAST_IMAGE_PNG);
  back = fast_image_decode (encoded, "picture", NULL);
  g_assert_cmpuint (back->pixels_per_metre, ==, FAST_IMAGE_500_DPI);
}

/* Cut after every byte: never a picture, never a crash. */
static void
check_truncation (FastImageFormat format)
{
  g_autoptr (FastImage) image = picture (40, 30, 3);
  g_autoptr (GBytes) encoded = encode (image, format);
  gsize size = g_bytes_get_size (encoded);

  for (gsize cut = 1; cut <= size; cut++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) part = g_bytes_new_from_bytes (encoded, 0, size - cut);
    g_autoptr (FastImage) back = fast_image_decode (part, "face.jpg", &error);

    if (back != NULL)
      g_error ("format %d, %" G_GSIZE_FORMAT " bytes short: decoded", format, cut);
    g_assert_cmpint (error->domain, ==, FAST_INPUT_ERROR);
  }
}

static void
test_truncated (void)
{
  check_truncation (FAST_IMAGE_JPEG);
  check_truncation (FAST_IMAGE_PNG);
  check_truncation (FAST_IMAGE_JPEG2000);
}

static void
test_broken_says_what_to_do (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) image = picture (40, 30, 3);
  g_autoptr (GBytes) encoded = encode (image, FAST_IMAGE_JPEG);
  g_autoptr (GBytes) part = g_bytes_new_from_bytes (encoded, 0, g_bytes_get_size (encoded) / 2);
  g_autofree char *text = NULL;

  g_assert_null (fast_image_decode (part, "face.jpg", &error));
  fast_test_assert_id (error, "image-broken");
  text = fast_error_format (error, "en");
  g_assert_true (g_str_has_prefix (text, "face.jpg is a broken JPEG picture"));
  g_assert_nonnull (g_strrstr (text, "take the picture again"));
}

static void
test_flipped_bytes (void)
{
  const FastImageFormat formats[] = {FAST_IMAGE_JPEG, FAST_IMAGE_JPEG2000, FAST_IMAGE_PNG};
  g_autoptr (FastImage) image = picture (40, 30, 3);

  for (guint f = 0; f < G_N_ELEMENTS (formats); f++) {
    g_autoptr (GBytes) encoded = encode (image, formats[f]);
    gsize size;
    const guint8 *data = g_bytes_get_data (encoded, &size);

    for (gsize i = 0; i < size; i++) {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (FastImage) back = NULL;

      copy[i] ^= (guint8)(1u << i % 8);
      changed = g_bytes_new (copy, size);
      back = fast_image_decode (changed, "picture", NULL);
    }
  }
}

/* A PNG header that announces a picture of 60,000 by 60,000. */
static void
test_size_limit (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) header =
      fast_hex_decode ("89504e470d0a1a0a0000000d494844520000ea600000ea600800000000bd0bd76e", NULL);

  g_assert_null (fast_image_decode (header, "big.png", &error));
  g_assert_error (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED);
}

static void
test_unknown (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = g_bytes_new_static ("GIF89a", 6);

  g_assert_null (fast_image_decode (text, "face.gif", &error));
  fast_test_assert_id (error, "image-unknown");
}

static void
test_shrink (void)
{
  g_autoptr (FastImage) image = picture (120, 90, 1);
  g_autoptr (FastImage) small = fast_image_shrink (image, 60, 45);
  g_autoptr (FastImage) flat = fast_image_new (7, 5, 1);
  g_autoptr (FastImage) smaller = NULL;

  g_assert_cmpint (abs (small->pixels[0] - image->pixels[0]), <=, 1);
  for (guint i = 0; i < 35; i++)
    flat->pixels[i] = 77;
  smaller = fast_image_shrink (flat, 3, 2);
  for (guint i = 0; i < 6; i++)
    g_assert_cmpuint (smaller->pixels[i], ==, 77);
}

static void
test_real_pictures (void)
{
  static const char *const NAMES[] = {
      "folder/quebec-driver/face.jpg", "folder/michigan-driver/face.png",
      "folder/quebec-driver/finger-right-thumb.png", "folder/quebec-driver/signature.png",
      "face/congress/020342.jpg"};

  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path = fast_test_data (NAMES[i]);
    g_autoptr (FastImage) image = path == NULL ? NULL : fast_image_load (path, &error);

    g_assert_no_error (error);
    if (path == NULL)
      return;
    g_assert_cmpuint (image->width, >, 100);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/biometric/image/round-trips", test_round_trips);
  g_test_add_func ("/biometric/image/resolution", test_resolution);
  g_test_add_func ("/biometric/image/truncated", test_truncated);
  g_test_add_func ("/biometric/image/broken-says-what-to-do", test_broken_says_what_to_do);
  g_test_add_func ("/biometric/image/flipped-bytes", test_flipped_bytes);
  g_test_add_func ("/biometric/image/size-limit", test_size_limit);
  g_test_add_func ("/biometric/image/unknown", test_unknown);
  g_test_add_func ("/biometric/image/shrink", test_shrink);
  g_test_add_func ("/biometric/image/real-pictures", test_real_pictures);
  return g_test_run ();
}
