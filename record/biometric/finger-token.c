/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/finger-token.h"

#include "record/base/error.h"
#include "record/biometric/jpeg2000-fit.h"

/* The share of the limit that is good enough, as for the face. */
#define FLOOR_PERCENT 95
/* 40:1 is twice the strongest compression that TR-03121, COM-FP-IMA, gives a register's prints:
 * beyond it the ridges are gone. */
#define RATIO_MOST 40

/**
 * fast_finger_token_make:
 * @original: the print as captured, of 500 or 1000 dpi, decoded once: this is its only lossy step
 * @finger: which finger it is
 * @limit: bytes that the encoded picture may have; see fast_finger_group_share()
 * @error: return location for an error
 *
 * Never scaled, since 500 dpi must stay 500 dpi; lossless where that fits. Its quality is not
 * measured here. Blocking, a few encodings; any thread.
 *
 * Returns: (transfer full): the print as it goes on the chip, JPEG 2000
 */
FastFingerRecord *
fast_finger_token_make (const FastImage *original, FastFinger finger, gsize limit, GError **error)
{
  g_autoptr (FastImage) image = fast_image_grey (original);
  gsize pixels = (gsize)image->width * image->height;
  g_autoptr (FastFingerRecord) record = NULL;

  if (limit < pixels / RATIO_MOST)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "finger-budget",
                           "width=%u, height=%u, limit=%" G_GSIZE_FORMAT, image->width,
                           image->height, limit);
  record = g_new0 (FastFingerRecord, 1);
  record->finger = finger;
  record->coding = FAST_FINGER_JPEG2000;
  record->dpi = image->pixels_per_metre > FAST_IMAGE_500_DPI * 3 / 2 ? 1000 : 500;
  record->width = image->width;
  record->height = image->height;
  record->quality = FAST_FINGER_QUALITY_NONE;
  if (!fast_jpeg2000_fit (image, limit * FLOOR_PERCENT / 100, limit, &record->image, error))
    return NULL;
  if (record->image == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "finger-budget",
                           "width=%u, height=%u, limit=%" G_GSIZE_FORMAT, image->width,
                           image->height, limit);
  return g_steal_pointer (&record);
}
