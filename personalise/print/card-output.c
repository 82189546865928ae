/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <cairo-pdf.h>
#include <math.h>
#include <string.h>

#include "personalise/print/artwork.h"
#include "personalise/print/card-face.h"
#include "record/base/bytes.h"
#include "record/base/durable.h"
#include "record/base/error.h"

#define MM_IN_INCH 25.4
#define POINTS_IN_INCH 72.0
/* Who may read what shows a person's face and number. */
#define FILE_MODE 0600
/* Signature (8) and the whole chunk IHDR (25) of a PNG. */
#define PNG_HEADER 33

static const char *const suffixes[] = {"front", "back"};

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int size)
{
  fast_append (closure, data, size);
  return CAIRO_STATUS_SUCCESS;
}

static gboolean
check_status (cairo_status_t status, GError **error)
{
  return status == CAIRO_STATUS_SUCCESS ||
         fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-cairo", "why=%s",
                    cairo_status_to_string (status));
}

/* The outline of ISO/IEC 7810 ID-1. */
static void
clip_to_card (cairo_t *cr)
{
  double r = FAST_CARD_RADIUS_MM, w = FAST_CARD_WIDTH_MM, h = FAST_CARD_HEIGHT_MM;

  cairo_new_sub_path (cr);
  cairo_arc (cr, w - r, r, r, -G_PI_2, 0);
  cairo_arc (cr, w - r, h - r, r, 0, G_PI_2);
  cairo_arc (cr, r, h - r, r, G_PI_2, G_PI);
  cairo_arc (cr, r, r, r, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
  cairo_clip (cr);
}

static cairo_surface_t *
raster (FastCardFace *face, FastCardSide side, guint dpi, GError **error)
{
  double scale = dpi / MM_IN_INCH;
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int)lround (FAST_CARD_WIDTH_MM * scale),
                                  (int)lround (FAST_CARD_HEIGHT_MM * scale));
  cairo_t *cr = cairo_create (surface);
  gboolean painted;

  cairo_scale (cr, scale, scale);
  clip_to_card (cr);
  painted = fast_card_face_paint (face, side, cr, error) && check_status (cairo_status (cr), error);
  cairo_destroy (cr);
  if (!painted)
    g_clear_pointer (&surface, cairo_surface_destroy);
  return surface;
}

static guint32
crc32_of (const guint8 *data, gsize size)
{
  guint32 crc = 0xFFFFFFFF;

  for (gsize i = 0; i < size; i++) {
    crc ^= data[i];
    for (guint bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
  }
  return crc ^ 0xFFFFFFFF;
}

/* Cairo writes no pHYs chunk; without it a printer does not know the card's size. */
static GBytes *
with_density (const GByteArray *png, guint dpi)
{
  guint32 per_metre = (guint32)lround (dpi / MM_IN_INCH * 1000);
  g_autoptr (GByteArray) chunk = g_byte_array_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();

  fast_append (chunk, "pHYs", 4);
  fast_append_u32 (chunk, per_metre);
  fast_append_u32 (chunk, per_metre);
  fast_append_u8 (chunk, 1);
  fast_append (out, png->data, PNG_HEADER);
  fast_append_u32 (out, chunk->len - 4);
  fast_append (out, chunk->data, chunk->len);
  fast_append_u32 (out, crc32_of (chunk->data, chunk->len));
  fast_append (out, png->data + PNG_HEADER, png->len - PNG_HEADER);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static GBytes *
encode_png (FastCardFace *face, FastCardSide side, guint dpi, GError **error)
{
  g_autoptr (GByteArray) png = g_byte_array_new ();
  cairo_surface_t *surface = raster (face, side, dpi, error);
  cairo_status_t status;

  if (surface == NULL)
    return NULL;
  status = cairo_surface_write_to_png_stream (surface, append_bytes, png);
  cairo_surface_destroy (surface);
  return check_status (status, error) ? with_density (png, dpi) : NULL;
}

/**
 * fast_card_face_write_png:
 * @face: a card
 * @base: a path; `-front.png` and `-back.png` follow it, a suffix `.png` that it has is dropped
 * @dpi: dots per inch, 150 to 1200; the seal's modules are whole dots at multiples of 300
 * @error: return location for an error
 *
 * Outside the rounded corners the pictures are transparent. Each file is replaced as a whole.
 * Blocking.
 *
 * Returns: whether both files are on stable storage
 */
gboolean
fast_card_face_write_png (FastCardFace *face, const char *base, guint dpi, GError **error)
{
  g_autofree char *stem = g_strdup (base);

  if (g_str_has_suffix (stem, ".png"))
    stem[strlen (stem) - strlen (".png")] = '\0';
  if (dpi < 150 || dpi > 1200)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-dpi", "dpi=%u",
                      dpi);
  for (guint side = 0; side < FAST_CARD_SIDES; side++) {
    g_autofree char *path = g_strdup_printf ("%s-%s.png", stem, suffixes[side]);
    g_autoptr (GBytes) png = encode_png (face, (FastCardSide)side, dpi, error);

    if (png == NULL ||
        !fast_durable_replace (path, png, FILE_MODE, FAST_POINT ("print-png"), error))
      return FALSE;
  }
  return TRUE;
}

static cairo_surface_t *
pdf_surface (GByteArray *out)
{
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (
      append_bytes, out, FAST_CARD_WIDTH_MM / MM_IN_INCH * POINTS_IN_INCH,
      FAST_CARD_HEIGHT_MM / MM_IN_INCH * POINTS_IN_INCH);

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, "Card / Carte");
  return surface;
}

static gboolean
paint_pages (FastCardFace *face, cairo_t *cr, GError **error)
{
  cairo_scale (cr, POINTS_IN_INCH / MM_IN_INCH, POINTS_IN_INCH / MM_IN_INCH);
  for (guint side = 0; side < FAST_CARD_SIDES; side++) {
    if (!fast_card_face_paint (face, (FastCardSide)side, cr, error))
      return FALSE;
    cairo_show_page (cr);
  }
  return check_status (cairo_status (cr), error);
}

/**
 * fast_card_face_write_pdf:
 * @face: a card
 * @path: the file
 * @error: return location for an error
 *
 * Two pages of ID-1 size, 85.60 × 53.98 mm, printed to the edge. The file is replaced as a whole.
 * Blocking.
 *
 * Returns: whether the file is on stable storage
 */
gboolean
fast_card_face_write_pdf (FastCardFace *face, const char *path, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  cairo_surface_t *surface = pdf_surface (out);
  cairo_t *cr = cairo_create (surface);
  gboolean painted = paint_pages (face, cr, error);

  cairo_destroy (cr);
  cairo_surface_finish (surface);
  painted = painted && check_status (cairo_surface_status (surface), error);
  cairo_surface_destroy (surface);
  if (!painted)
    return FALSE;
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&out));
  return fast_durable_replace (path, bytes, FILE_MODE, FAST_POINT ("print-pdf"), error);
}
