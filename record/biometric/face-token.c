/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/face-token.h"

#include "record/base/error.h"
#include "record/biometric/cbeff.h"
#include "record/biometric/face-block.h"
#include "record/biometric/jpeg2000-fit.h"

#define WIDTH FAST_FACE_TOKEN_WIDTH
#define HEIGHT FAST_FACE_TOKEN_HEIGHT

/* Below this JPEG quality blocks hide the features that a comparison needs. */
#define QUALITY_LOWEST 30
#define QUALITY_HIGHEST 95
#define SIDE_LOWEST 64

/* COM-FI-CHIP: the budget less 5 % is reached, headers counted. */
#define FLOOR_PERCENT 95

/* Tag 75 and a three-byte length before the group. */
#define GROUP_TAG_SIZE 4
#define AROUND (GROUP_TAG_SIZE + FAST_BIOMETRIC_GROUP_OVERHEAD)

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

  if ((guint64)width * HEIGHT > (guint64)height * WIDTH)
    width = (guint)((guint64)height * WIDTH / HEIGHT);
  else
    height = (guint)((guint64)width * HEIGHT / WIDTH);
  return fast_image_crop (original, (original->width - width) / 2, (original->height - height) / 2,
                          width, height);
}

/**
 * fast_face_frame:
 * @original: a portrait
 *
 * The largest part of the aspect 622:800 (7:9 but for rounding) around the centre, scaled down to
 * 622 × 800 where it is larger; never scaled up (TR-03121, COD-FI-PRD).
 *
 * Returns: (transfer full): the picture that chip and card show
 */
FastImage *
fast_face_frame (const FastImage *original)
{
  g_autoptr (FastImage) part = crop_to_aspect (original);

  if (part->width < WIDTH || part->height < HEIGHT ||
      (part->width == WIDTH && part->height == HEIGHT))
    return g_steal_pointer (&part);
  return fast_image_shrink (part, WIDTH, HEIGHT);
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

static GBytes *
search_jpeg2000 (const FastImage *image, gsize least, gsize limit, GError **error)
{
  GBytes *best;

  if (!fast_jpeg2000_fit (image, least, limit, &best, error))
    return NULL;
  if (best == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "face-budget",
                           "limit=%" G_GSIZE_FORMAT, limit);
  return best;
}

static gboolean
check_request (const FastImage *image, FastImageFormat format, gsize budget, gsize around,
               GError **error)
{
  if (image->width < SIDE_LOWEST || image->height < SIDE_LOWEST)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "face-small",
                      "width=%u, height=%u", image->width, image->height);
  if (format == FAST_IMAGE_PNG || budget <= around)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "face-budget",
                      "limit=%" G_GSIZE_FORMAT, budget);
  return TRUE;
}

/**
 * fast_face_token_floor:
 * @budget: bytes of the whole EF.DG2
 *
 * Returns: the bytes from which on it uses its budget well: 16,538 of 17,408
 */
gsize
fast_face_token_floor (gsize budget)
{
  return (budget * FLOOR_PERCENT + 99) / 100;
}

/**
 * fast_face_token_make_edition:
 * @original: the original portrait, once decoded: the token is the only lossy step
 * @format: JPEG or JPEG 2000
 * @edition: the standard that EF.DG2 will be written by, whose headers count
 * @budget: bytes of the whole EF.DG2, its headers counted
 * @error: return location for an error
 *
 * As large as @budget allows. JPEG 2000 comes out between fast_face_token_floor() and @budget, but
 * for pictures that are smaller without loss; JPEG has coarser steps. Blocking, a few encodings;
 * any thread.
 *
 * Returns: (transfer full): the best picture of that format that keeps within @budget
 */
FastFaceToken *
fast_face_token_make_edition (const FastImage *original, FastImageFormat format,
                              FastFaceEdition edition, gsize budget, GError **error)
{
  gsize around = AROUND + (edition == FAST_FACE_39794 ? FAST_FACE_BLOCK_OVERHEAD_MOST
                                                      : FAST_FACE_RECORD_OVERHEAD);
  /* What a block adds to the picture is known within limits only: those that keep the promise. */
  gsize counted = edition == FAST_FACE_39794 ? AROUND : around;
  gsize least = fast_face_token_floor (budget);
  g_autoptr (FastImage) image = fast_face_frame (original);
  g_autoptr (FastFaceToken) token = g_new0 (FastFaceToken, 1);

  if (!check_request (image, format, budget, around, error))
    return NULL;
  least -= MIN (least, counted);
  token->format = format;
  token->width = image->width;
  token->height = image->height;
  token->image = format == FAST_IMAGE_JPEG
                     ? search_jpeg (image, budget - around, &token->quality, error)
                     : search_jpeg2000 (image, least, budget - around, error);
  if (token->image == NULL)
    return NULL;
  token->below_floor = g_bytes_get_size (token->image) < least;
  return g_steal_pointer (&token);
}

/**
 * fast_face_token_make:
 * @original: the original portrait, once decoded
 * @format: JPEG or JPEG 2000
 * @budget: bytes of the whole EF.DG2, its headers counted
 * @error: return location for an error
 *
 * As fast_face_token_make_edition() for ISO/IEC 19794-5:2005.
 *
 * Returns: (transfer full): the best picture of that format that keeps within @budget
 */
FastFaceToken *
fast_face_token_make (const FastImage *original, FastImageFormat format, gsize budget,
                      GError **error)
{
  return fast_face_token_make_edition (original, format, FAST_FACE_19794, budget, error);
}
