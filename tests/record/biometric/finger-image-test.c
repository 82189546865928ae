/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/finger-image.h"

#include "record/base/error.h"
#include "tests/support.h"

static GBytes *
stripes (guint width, guint height, guint channels, guint resolution, guint contrast)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) image = fast_image_new (width, height, channels);
  GBytes *encoded;
  gsize size = (gsize)width * height * channels;

  image->pixels_per_metre = resolution;
  for (gsize i = 0; i < size; i++)
    image->pixels[i] = (guint8)(200 - ((i / channels % width) % 9 < 5 ? contrast : 0));
  encoded = fast_image_encode_png (image, &error);
  g_assert_no_error (error);
  return encoded;
}

static void
check (GBytes *encoded, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) owned = encoded;
  g_autoptr (FastImage) image = fast_finger_image_load (owned, "finger-right-thumb.png", &error);

  if (id == NULL)
    g_assert_no_error (error);
  else
    fast_test_assert_id (error, id);
  g_assert_true ((image != NULL) == (id == NULL));
}

static void
test_rules (void)
{
  check (stripes (400, 500, 1, FAST_IMAGE_500_DPI, 100), NULL);
  check (stripes (400, 500, 1, 0, 100), NULL);
  check (stripes (400, 500, 3, FAST_IMAGE_500_DPI, 100), "finger-colour");
  check (stripes (400, 500, 1, 2 * FAST_IMAGE_500_DPI, 100), "finger-resolution");
  check (stripes (100, 500, 1, FAST_IMAGE_500_DPI, 100), "finger-size");
  check (stripes (400, 2500, 1, FAST_IMAGE_500_DPI, 100), "finger-size");
  check (stripes (400, 500, 1, FAST_IMAGE_500_DPI, 6), "finger-blank");
}

static void
check_folder (const char *folder)
{
  g_autofree char *path = fast_test_data (folder);
  g_autoptr (GDir) files = path == NULL ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (files != NULL && (name = g_dir_read_name (files)) != NULL) {
    g_autoptr (GError) error = NULL;
    g_autofree char *file = g_build_filename (path, name, NULL);
    g_autoptr (GBytes) encoded = NULL;
    g_autoptr (FastImage) image = NULL;

    if (!g_str_has_prefix (name, "finger-"))
      continue;
    encoded = fast_bytes_read_file (file, FAST_IMAGE_FILE_LIMIT, &error);
    image = fast_finger_image_load (encoded, name, &error);
    g_assert_no_error (error);
    g_assert_nonnull (image);
  }
}

static void
test_real_fingers (void)
{
  check_folder ("folder/quebec-driver");
  check_folder ("folder/michigan-driver");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/biometric/finger-image/rules", test_rules);
  g_test_add_func ("/biometric/finger-image/real-fingers", test_real_fingers);
  return g_test_run ();
}
