/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/finger-image.h"

#include "record/base/error.h"

/* A single-finger area is at least 16 × 20 mm (TR-03121, AH-FP-OPT); cut ones may be narrower. */
#define SIDE_LOWEST 150
#define SIDE_HIGHEST 2000
/* 500 dpi ± 1 % (TR-03121, AH-FP-OPT), in pixels per metre, rounded outwards. */
#define RESOLUTION_LOWEST 19488
#define RESOLUTION_HIGHEST 19882
/* A blank platen has a standard deviation of 2 to 5 grey levels, the palest print above 20. */
#define DEVIATION_LOWEST 12.0

static gboolean
check_form (const FastImage *image, const char *what, GError **error)
{
  if (image->channels != 1)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "finger-colour", "what=%s",
                      what);
  if (image->pixels_per_metre != 0 &&
      (image->pixels_per_metre < RESOLUTION_LOWEST || image->pixels_per_metre > RESOLUTION_HIGHEST))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "finger-resolution",
                      "what=%s, dpi=%.0f", what, image->pixels_per_metre * 0.0254);
  if (MIN (image->width, image->height) < SIDE_LOWEST ||
      MAX (image->width, image->height) > SIDE_HIGHEST)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "finger-size",
                      "what=%s, width=%u, height=%u, least=%d, most=%d", what, image->width,
                      image->height, SIDE_LOWEST, SIDE_HIGHEST);
  return TRUE;
}

static double
variance (const FastImage *image)
{
  gsize pixels = (gsize)image->width * image->height;
  double sum = 0;
  double squares = 0;

  for (gsize i = 0; i < pixels; i++) {
    sum += image->pixels[i];
    squares += (double)image->pixels[i] * image->pixels[i];
  }
  return squares / (double)pixels - (sum / (double)pixels) * (sum / (double)pixels);
}

/**
 * fast_finger_image_load:
 * @encoded: a fingerprint image
 * @what: its name, for errors, as in `finger-right-thumb.png`
 * @error: return location for an error
 *
 * What can be said without minutiae: it is grey, of 500 dpi where it declares a resolution, of a
 * finger's size, and not blank. Not a measure of quality.
 *
 * Returns: (transfer full): the decoded image
 */
FastImage *
fast_finger_image_load (GBytes *encoded, const char *what, GError **error)
{
  g_autoptr (FastImage) image = fast_image_decode (encoded, what, error);

  if (image == NULL || !check_form (image, what, error))
    return NULL;
  if (variance (image) < DEVIATION_LOWEST * DEVIATION_LOWEST)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "finger-blank",
                           "what=%s", what);
  return g_steal_pointer (&image);
}
