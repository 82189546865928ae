/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/image.h"

#include <string.h>

#include "record/base/error.h"
#include "record/biometric/image-codec.h"

typedef FastImage *(*Decoder) (GBytes *encoded, const char *what, GError **error);

typedef struct {
  const char *magic;
  gsize size;
  FastImageFormat format;
} Magic;

static const Magic MAGICS[] = {
    {"\xFF\xD8\xFF", 3, FAST_IMAGE_JPEG},
    {"\x89PNG\r\n\x1A\n", 8, FAST_IMAGE_PNG},
    {"\x00\x00\x00\x0CjP  \r\n\x87\n", 12, FAST_IMAGE_JPEG2000},
    {"\xFF\x4F\xFF\x51", 4, FAST_IMAGE_JPEG2000},
};

static const Decoder DECODERS[] = {
    [FAST_IMAGE_JPEG] = fast_image_jpeg_decode,
    [FAST_IMAGE_JPEG2000] = fast_image_jpeg2000_decode,
    [FAST_IMAGE_PNG] = fast_image_png_decode,
};

/**
 * fast_image_new:
 * @width: pixels across; within the limits of this room
 * @height: pixels down
 * @channels: 1 or 3
 *
 * Returns: (transfer full): a black picture
 */
FastImage *
fast_image_new (guint width, guint height, guint channels)
{
  FastImage *image = g_new0 (FastImage, 1);

  image->width = width;
  image->height = height;
  image->channels = channels;
  image->pixels = g_malloc0_n ((gsize)width * height, channels);
  g_atomic_ref_count_init (&image->references);
  return image;
}

/**
 * fast_image_ref:
 * @image: a picture
 *
 * Returns: (transfer full): @image
 */
FastImage *
fast_image_ref (FastImage *image)
{
  g_atomic_ref_count_inc (&image->references);
  return image;
}

/**
 * fast_image_unref:
 * @image: (transfer full): a picture
 */
void
fast_image_unref (FastImage *image)
{
  if (!g_atomic_ref_count_dec (&image->references))
    return;
  g_free (image->pixels);
  g_free (image);
}

/* The one error for data that its own format's rules condemn. */
gboolean
fast_image_broken (GError **error, const char *what, const char *format, const char *why)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "image-broken",
                    "what=%s, format=%s, why=%s", what, format, why);
}

/* Asked for by each decoder as soon as it knows the size and before it takes memory. */
gboolean
fast_image_check_size (gsize width, gsize height, const char *what, GError **error)
{
  if (width > 0 && height > 0 && width <= FAST_IMAGE_SIDE_LIMIT &&
      height <= FAST_IMAGE_SIDE_LIMIT && width * height <= FAST_IMAGE_PIXEL_LIMIT)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "image-size",
                    "what=%s, width=%" G_GSIZE_FORMAT ", height=%" G_GSIZE_FORMAT
                    ", side=%d, pixels=%d",
                    what, width, height, FAST_IMAGE_SIDE_LIMIT, FAST_IMAGE_PIXEL_LIMIT);
}

/**
 * fast_image_sniff:
 * @encoded: an encoded picture
 * @what: its name, for errors, as in `face.jpg`
 * @format: (out): its format, by its first bytes
 * @error: return location for an error
 *
 * Returns: whether it begins like a picture that this room decodes
 */
gboolean
fast_image_sniff (GBytes *encoded, const char *what, FastImageFormat *format, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (encoded, &size);

  for (gsize i = 0; i < G_N_ELEMENTS (MAGICS); i++) {
    if (size >= MAGICS[i].size && memcmp (data, MAGICS[i].magic, MAGICS[i].size) == 0) {
      *format = MAGICS[i].format;
      return TRUE;
    }
  }
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "image-unknown",
                    "what=%s", what);
}

/**
 * fast_image_decode:
 * @encoded: an encoded picture: JPEG, PNG or JPEG 2000
 * @what: its name, for errors, as in `face.jpg`
 * @error: return location for an error
 *
 * Decodes to grey or RGB with 8 bits a channel; transparent parts become white. Truncated data is
 * refused, not padded. May be called from any thread.
 *
 * Returns: (transfer full): the picture
 */
FastImage *
fast_image_decode (GBytes *encoded, const char *what, GError **error)
{
  FastImageFormat format;

  if (g_bytes_get_size (encoded) > FAST_IMAGE_FILE_LIMIT)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "image-file-size",
                           "what=%s, limit=%d", what, FAST_IMAGE_FILE_LIMIT);
  if (!fast_image_sniff (encoded, what, &format, error))
    return NULL;
  return DECODERS[format](encoded, what, error);
}

/**
 * fast_image_load:
 * @path: a file
 * @error: return location for an error; it names the file without its folder
 *
 * Returns: (transfer full): the picture in it
 */
FastImage *
fast_image_load (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GBytes) encoded = fast_bytes_read_file (path, FAST_IMAGE_FILE_LIMIT, error);

  return encoded == NULL ? NULL : fast_image_decode (encoded, name, error);
}

static guint8 *
row (const FastImage *image, guint x, guint y)
{
  return image->pixels + ((gsize)y * image->width + x) * image->channels;
}

/**
 * fast_image_crop:
 * @image: a picture
 * @x: left edge of the part; @x + @width ≤ the picture's width
 * @y: upper edge
 * @width: pixels across
 * @height: pixels down
 *
 * Returns: (transfer full): the part, with the same pixels
 */
FastImage *
fast_image_crop (const FastImage *image, guint x, guint y, guint width, guint height)
{
  FastImage *part = fast_image_new (width, height, image->channels);
  gsize size = (gsize)width * image->channels;

  part->pixels_per_metre = image->pixels_per_metre;
  for (guint i = 0; i < height; i++)
    fast_copy (row (part, 0, i), size, row (image, x, y + i), size);
  return part;
}

/* The mean of the source pixels under one target pixel, weighted by the area they share. */
static double
mean_under (const FastImage *image, guint channel, double left, double top, double right,
            double bottom)
{
  double sum = 0;

  for (guint y = (guint)top; y < image->height && y < bottom; y++) {
    double high = MIN (bottom, y + 1.0) - MAX (top, (double)y);

    for (guint x = (guint)left; x < image->width && x < right; x++)
      sum += row (image, x, y)[channel] * high * (MIN (right, x + 1.0) - MAX (left, (double)x));
  }
  return sum / ((right - left) * (bottom - top));
}

/**
 * fast_image_shrink:
 * @image: a picture
 * @width: wanted pixels across, not more than the picture has
 * @height: wanted pixels down, not more than the picture has
 *
 * Scales down by area averaging; scaling up is not offered, since it invents detail.
 *
 * Returns: (transfer full): the smaller picture, of unknown resolution
 */
FastImage *
fast_image_shrink (const FastImage *image, guint width, guint height)
{
  FastImage *small = fast_image_new (width, height, image->channels);
  double across = (double)image->width / width;
  double down = (double)image->height / height;

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      for (guint c = 0; c < image->channels; c++)
        row (small, x, y)[c] =
            (guint8)(mean_under (image, c, x * across, y * down, (x + 1) * across, (y + 1) * down) +
                     0.5);
  return small;
}

/**
 * fast_image_grey:
 * @image: a picture
 *
 * Returns: (transfer full): it without colour (luma of ITU-R BT.601)
 */
FastImage *
fast_image_grey (const FastImage *image)
{
  FastImage *grey = fast_image_new (image->width, image->height, 1);
  gsize pixels = (gsize)image->width * image->height;

  grey->pixels_per_metre = image->pixels_per_metre;
  for (gsize i = 0; i < pixels; i++) {
    const guint8 *from = image->pixels + i * image->channels;

    grey->pixels[i] = image->channels == 1
                          ? from[0]
                          : (guint8)((299 * from[0] + 587 * from[1] + 114 * from[2] + 500) / 1000);
  }
  return grey;
}
