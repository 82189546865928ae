/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

/*
 * The only decoder of outside images. Whatever a camera, a kiosk or a stranger's chip hands over
 * passes here first: by its first bytes, never by its name; with limits on size, sides and pixels
 * that are checked before memory is taken; and whole or not at all, because a truncated portrait
 * that a lenient decoder pads with grey would be signed and printed.
 */

/** FAST_IMAGE_FILE_LIMIT: bytes of an encoded picture */
#define FAST_IMAGE_FILE_LIMIT (16 * 1024 * 1024)
/** FAST_IMAGE_SIDE_LIMIT: pixels of a side */
#define FAST_IMAGE_SIDE_LIMIT 10000
/** FAST_IMAGE_PIXEL_LIMIT: pixels altogether */
#define FAST_IMAGE_PIXEL_LIMIT 25000000
/** FAST_IMAGE_500_DPI: 500 dots per inch in pixels per metre */
#define FAST_IMAGE_500_DPI 19685

/**
 * FastImageFormat:
 * @FAST_IMAGE_JPEG: ISO/IEC 10918-1
 * @FAST_IMAGE_JPEG2000: ISO/IEC 15444-1, in its file format or as a bare codestream
 * @FAST_IMAGE_PNG: ISO/IEC 15948
 */
typedef enum {
  FAST_IMAGE_JPEG,
  FAST_IMAGE_JPEG2000,
  FAST_IMAGE_PNG,
} FastImageFormat;

/**
 * FastImage:
 * @width: pixels across
 * @height: pixels down
 * @channels: 1 (grey) or 3 (RGB), 8 bits each
 * @pixels_per_metre: the resolution that the file declares; 0 when it declares none
 * @pixels: rows from the top without padding; @width × @height × @channels bytes
 *
 * A decoded picture. Reference-counted; only who made it may change it, before sharing it.
 */
typedef struct {
  guint width;
  guint height;
  guint channels;
  guint pixels_per_metre;
  guint8 *pixels;
  gatomicrefcount references;
} FastImage;

FastImage *fast_image_new (guint width, guint height, guint channels);
FastImage *fast_image_ref (FastImage *image);
void fast_image_unref (FastImage *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastImage, fast_image_unref)

gboolean fast_image_sniff (GBytes *encoded, const char *what, FastImageFormat *format,
                           GError **error);
FastImage *fast_image_decode (GBytes *encoded, const char *what, GError **error);
FastImage *fast_image_load (const char *path, GError **error);

GBytes *fast_image_encode_jpeg (const FastImage *image, guint quality, GError **error);
GBytes *fast_image_encode_jpeg2000 (const FastImage *image, gsize limit, GError **error);
GBytes *fast_image_encode_png (const FastImage *image, GError **error);

FastImage *fast_image_crop (const FastImage *image, guint x, guint y, guint width, guint height);
FastImage *fast_image_shrink (const FastImage *image, guint width, guint height);
FastImage *fast_image_grey (const FastImage *image);

G_END_DECLS
