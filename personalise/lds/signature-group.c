/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/signature-group.h"

#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/biometric/image.h"

#define WHAT "EF.DG7"

enum {
  TAG_GROUP = 0x67,
  TAG_COUNT = 0x02,
  TAG_SIGNATURE = 0x5F43,
};

/* What a signature on a card is drawn from: as wide as its panel at 300 dots per inch. */
enum {
  WIDTH_MAX = 600,
  HEIGHT_MAX = 240,
  BUDGET = 6144,
  QUALITY_BEST = 90,
  QUALITY_WORST = 20,
  QUALITY_STEP = 10,
};

static void
bytes_unref (gpointer bytes)
{
  g_bytes_unref (bytes);
}

static gboolean
check_image (GBytes *image, GError **error)
{
  FastImageFormat format;

  if (!fast_image_sniff (image, WHAT, &format, error))
    return FALSE;
  return format == FAST_IMAGE_JPEG || format == FAST_IMAGE_JPEG2000 ||
         fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "signature-group-format",
                    NULL);
}

/**
 * fast_signature_group_make:
 * @image: one signature, JPEG or JPEG 2000
 * @error: return location for an error
 *
 * Returns: (transfer full): EF.DG7
 */
GBytes *
fast_signature_group_make (GBytes *image, GError **error)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  const guint8 count = 1;
  GByteArray *out;

  if (!check_image (image, error))
    return NULL;
  fast_tlv_append (content, TAG_COUNT, &count, sizeof count);
  fast_tlv_append_bytes (content, TAG_SIGNATURE, image);
  out = g_byte_array_new ();
  fast_tlv_append_array (out, TAG_GROUP, content);
  return g_byte_array_free_to_bytes (out);
}

static gboolean
read_count (FastReader *reader, guint8 *count, GError **error)
{
  FastTlv tlv;

  if (!fast_tlv_expect (reader, TAG_COUNT, &tlv, error))
    return FALSE;
  *count = tlv.size == 1 ? tlv.value[0] : 0;
  return *count >= 1 || fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID,
                                   "signature-group-count", NULL);
}

/**
 * fast_signature_group_parse:
 * @encoded: EF.DG7
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type GBytes): the signatures, as many as are announced, each
 *   JPEG or JPEG 2000 by its first bytes
 */
GPtrArray *
fast_signature_group_parse (GBytes *encoded, GError **error)
{
  FastReader outer = fast_reader_from_bytes (encoded, WHAT);
  g_autoptr (GPtrArray) images = g_ptr_array_new_with_free_func (bytes_unref);
  FastReader reader;
  FastTlv tlv;
  guint8 count;

  if (!fast_tlv_expect (&outer, TAG_GROUP, &tlv, error) || !fast_reader_end (&outer, error))
    return NULL;
  reader = fast_tlv_open (&tlv, WHAT);
  if (!read_count (&reader, &count, error))
    return NULL;
  for (guint i = 0; i < count; i++) {
    if (!fast_tlv_expect (&reader, TAG_SIGNATURE, &tlv, error))
      return NULL;
    g_ptr_array_add (images, fast_tlv_dup_value (&tlv));
    if (!check_image (images->pdata[i], error))
      return NULL;
  }
  return fast_reader_end (&reader, error) ? g_steal_pointer (&images) : NULL;
}

/* Never scaled up; its proportions stay. */
static FastImage *
fit (const FastImage *image)
{
  const double scale =
      MIN (1.0, MIN ((double)WIDTH_MAX / image->width, (double)HEIGHT_MAX / image->height));
  const guint width = MAX (1, (guint)(image->width * scale));
  const guint height = MAX (1, (guint)(image->height * scale));
  g_autoptr (FastImage) grey = fast_image_grey (image);

  return fast_image_shrink (grey, width, height);
}

/**
 * fast_signature_group_from_sample:
 * @sample: the signature as it was captured, dark on light
 * @name: of the sample, for errors
 * @budget: the most bytes that its picture may have; 0 for 6 kB
 * @error: return location for an error
 *
 * Grey, at most 600 × 240 pixels, JPEG of the best quality that keeps within @budget.
 *
 * Returns: (transfer full): EF.DG7
 */
GBytes *
fast_signature_group_from_sample (GBytes *sample, const char *name, gsize budget, GError **error)
{
  g_autoptr (FastImage) original = fast_image_decode (sample, name, error);
  g_autoptr (FastImage) small = original == NULL ? NULL : fit (original);
  const gsize limit = budget != 0 ? budget : BUDGET;

  if (small == NULL)
    return NULL;
  for (guint quality = QUALITY_BEST; quality >= QUALITY_WORST; quality -= QUALITY_STEP) {
    g_autoptr (GBytes) encoded = fast_image_encode_jpeg (small, quality, error);

    if (encoded == NULL)
      return NULL;
    if (g_bytes_get_size (encoded) <= limit)
      return fast_signature_group_make (encoded, error);
  }
  return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "signature-group-large",
                         "name=%s, limit=%" G_GSIZE_FORMAT, name, limit);
}
