/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/face-token.h"

#include "record/base/error.h"
#include "record/biometric/cbeff.h"

/* TR-03121, COM-FI-CHIP: 622 × 800, which is 7:9. */
#define ACROSS 7
#define DOWN 9
#define WIDTH 622
#define HEIGHT 800

/* Below this JPEG quality blocks hide the features that a comparison needs. */
#define QUALITY_LOWEST 30
#define QUALITY_HIGHEST 95
#define SIDE_LOWEST 64

/* Tag 75 and a three-byte length before the group. */
#define GROUP_TAG_SIZE 4
#define OVERHEAD (GROUP_TAG_SIZE + FAST_BIOMETRIC_GROUP_OVERHEAD + FAST_FACE_RECORD_OVERHEAD)

/**
 * fast_face_token_free:
 * @token: (transfer full): a chip face
 */
void
fast_face_token_free (FastFaceToken *token)
{
  g_clear_pointer (&token->image, g_bytes_unref);
  g_free (token);
}

static FastImage *
crop_to_aspect (const FastImage *original)
{
  guint width = original->width;
  guint height = original->height;

  if ((guint64)width * DOWN > (guint64)height * ACROSS)
    width = (guint)((guint64)height * ACROSS / DOWN);
  else
    height = (guint)((guint64)width * DOWN / ACROSS);
  return fast_image_crop (original, (original->width - width) / 2, (original->height - height) / 2,
                          width, height);
}

/**
 * fast_face_frame:
 * @original: a portrait
 *
 * The largest part of the aspect 7:9 around the centre, scaled down to 622 × 800 where it is
 * larger; never scaled up.
 *
 * Returns: (transfer full): the picture that chip and card show
 */
FastImage *
fast_face_frame (const FastImage *original)
{
  g_autoptr (FastImage) part = crop_to_aspect (original);

  return part->width > WIDTH ? fast_image_shrink (part, WIDTH, HEIGHT) : g_steal_pointer (&part);
}

/* The best quality that fits: sizes grow with quality, so halve the range. */
static GBytes *
search_jpeg (const FastImage *image, gsize limit, guint *quality, GError **error)
{
  g_autoptr (GBytes) best = NULL;
  guint low = QUALITY_LOWEST;
  guint high = QUALITY_HIGHEST;

  while (low <= high) {
    guint middle = (low + high) / 2;
    g_autoptr (GBytes) trial = fast_image_encode_jpeg (image, middle, error);

    if (trial == NULL)
      return NULL;
    if (g_bytes_get_size (trial) > limit) {
      high = middle - 1;
      continue;
    }
    g_clear_pointer (&best, g_bytes_unref);
    best = g_steal_pointer (&trial);
    *quality = middle;
    low = middle + 1;
  }
  if (best == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "face-budget",
                           "limit=%" G_GSIZE_FORMAT, limit);
  return g_steal_pointer (&best);
}

/* The coder aims at a size and may miss it by a little: then aim half a percent lower. */
static GBytes *
search_jpeg2000 (const FastImage *image, gsize limit, GError **error)
{
  gsize aim = limit;

  for (guint i = 0; i < 10; i++) {
    g_autoptr (GBytes) trial = fast_image_encode_jpeg2000 (image, aim, error);

    if (trial == NULL)
      return NULL;
    if (g_bytes_get_size (trial) <= limit)
      return g_steal_pointer (&trial);
    aim -= limit / 200 + 1;
    if (g_bytes_get_size (trial) > 2 * limit)
      break;
  }
  return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "face-budget",
                         "limit=%" G_GSIZE_FORMAT, limit);
}

static gboolean
check_request (const FastImage *image, FastImageFormat format, gsize budget, GError **error)
{
  if (image->width < SIDE_LOWEST || image->height < SIDE_LOWEST)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "face-small",
                      "width=%u, height=%u", image->width, image->height);
  if (format == FAST_IMAGE_PNG || budget <= OVERHEAD)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "face-budget",
                      "limit=%" G_GSIZE_FORMAT, budget);
  return TRUE;
}

/**
 * fast_face_token_make:
 * @original: the original portrait, once decoded: the token is the only lossy step
 * @format: JPEG or JPEG 2000
 * @budget: bytes of the whole EF.DG2, its headers counted
 * @error: return location for an error
 *
 * Returns: (transfer full): the best picture of that format that keeps within @budget
 */
FastFaceToken *
fast_face_token_make (const FastImage *original, FastImageFormat format, gsize budget,
                      GError **error)
{
  g_autoptr (FastImage) image = fast_face_frame (original);
  g_autoptr (FastFaceToken) token = g_new0 (FastFaceToken, 1);

  if (!check_request (image, format, budget, error))
    return NULL;
  token->format = format;
  token->width = image->width;
  token->height = image->height;
  token->image = format == FAST_IMAGE_JPEG
                     ? search_jpeg (image, budget - OVERHEAD, &token->quality, error)
                     : search_jpeg2000 (image, budget - OVERHEAD, error);
  return token->image != NULL ? g_steal_pointer (&token) : NULL;
}
