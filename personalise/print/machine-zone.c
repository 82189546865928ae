/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/print/machine-zone.h"

#include <math.h>
#include <qrencode.h>
#include <string.h>

#include "personalise/print/card-text.h"
#include "record/base/error.h"

#define UNITS 100.0
/* OCR-B size I: 12 points set ten characters an inch. */
#define OCR_B_SIZE_MM (12 * 25.4 / 72)

/* How many dots of 300 dpi a module may take in the slot. */
static guint
module_dots (guint size, const FastSlot *slot)
{
  double side = MIN (slot->width, slot->height);

  return (guint)floor (side / ((size + 2 * FAST_QR_QUIET_MODULES) * FAST_QR_DOT_MM) + 1e-6);
}

static FastQr *
qr_from (const QRcode *code)
{
  FastQr *qr = g_new0 (FastQr, 1);

  qr->size = (guint)code->width;
  qr->modules = g_new0 (guint8, (gsize)qr->size * qr->size);
  for (gsize i = 0; i < (gsize)qr->size * qr->size; i++)
    qr->modules[i] = code->data[i] & 1;
  return qr;
}

static FastQr *
encode (GBytes *bytes, QRecLevel level, const FastSlot *slot)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  QRcode *code = QRcode_encodeData ((int)size, data, 0, level);
  FastQr *qr = NULL;

  if (code != NULL && module_dots ((guint)code->width, slot) >= FAST_QR_LEAST_DOTS)
    qr = qr_from (code);
  if (code != NULL)
    QRcode_free (code);
  return qr;
}

/**
 * fast_qr_new:
 * @bytes: what the code carries, in the 8-bit byte mode
 * @slot: where it goes, quiet zone included
 * @error: return location for an error
 *
 * Takes the strongest error correction (Q, M, L) whose modules are still at least 0.3386 mm.
 *
 * Returns: (transfer full): the code, or %NULL with FAST_INPUT_ERROR_INVALID when it is too large
 */
FastQr *
fast_qr_new (GBytes *bytes, const FastSlot *slot, GError **error)
{
  static const QRecLevel levels[] = {QR_ECLEVEL_Q, QR_ECLEVEL_M, QR_ECLEVEL_L};

  for (guint i = 0; i < G_N_ELEMENTS (levels) && g_bytes_get_size (bytes) > 0; i++) {
    FastQr *qr = encode (bytes, levels[i], slot);

    if (qr != NULL)
      return qr;
  }
  return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-qr-size",
                         "size=%zu, id=%s", g_bytes_get_size (bytes), slot->id);
}

/**
 * fast_qr_free:
 * @qr: (nullable): a code
 */
void
fast_qr_free (FastQr *qr)
{
  if (qr == NULL)
    return;
  g_free (qr->modules);
  g_free (qr);
}

/**
 * fast_qr_get_module_mm:
 * @qr: a code
 * @slot: where it goes
 *
 * Returns: the side of a module, in mm: a whole number of dots at 300 dpi
 */
double
fast_qr_get_module_mm (const FastQr *qr, const FastSlot *slot)
{
  return module_dots (qr->size, slot) * FAST_QR_DOT_MM;
}

/* Snapped to the dots of 300 dpi, so that no module's edge is grey. */
static double
snap (double position)
{
  return round (position / FAST_QR_DOT_MM) * FAST_QR_DOT_MM;
}

static void
add_modules (const FastQr *qr, double x, double y, double module, cairo_t *cr)
{
  for (guint row = 0; row < qr->size; row++) {
    for (guint column = 0; column < qr->size; column++) {
      if (qr->modules[row * qr->size + column] != 0)
        cairo_rectangle (cr, x + column * module, y + row * module, module, module);
    }
  }
}

/**
 * fast_qr_show:
 * @qr: a code
 * @slot: where it goes; the code stands in its middle
 * @cr: a context in millimetres
 */
void
fast_qr_show (const FastQr *qr, const FastSlot *slot, cairo_t *cr)
{
  double module = fast_qr_get_module_mm (qr, slot);
  double side = qr->size * module;
  double x = snap (slot->x + (slot->width - side) / 2);
  double y = snap (slot->y + (slot->height - side) / 2);
  double quiet = FAST_QR_QUIET_MODULES * module;

  cairo_save (cr);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_rectangle (cr, x - quiet, y - quiet, side + 2 * quiet, side + 2 * quiet);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  add_modules (qr, x, y, module, cr);
  cairo_fill (cr);
  cairo_restore (cr);
}

static PangoLayout *
ocr_b_layout (PangoContext *context)
{
  PangoLayout *layout = pango_layout_new (context);
  g_autoptr (PangoFontDescription) font = pango_font_description_new ();

  pango_font_description_set_family (font, "OCR B");
  pango_font_description_set_absolute_size (font, OCR_B_SIZE_MM * UNITS * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  return layout;
}

/**
 * fast_mrz_line_check:
 * @context: a context of fast_text_context_new()
 * @slot: the line's slot
 * @line: a line of the MRZ
 * @error: return location for an error
 *
 * Returns: whether OCR-B is installed, the slot is wide enough and the line has 30 characters of
 *   the MRZ's set
 */
gboolean
fast_mrz_line_check (PangoContext *context, const FastSlot *slot, const char *line, GError **error)
{
  gboolean valid = line != NULL && strlen (line) == FAST_MRZ_CHARACTERS;

  for (guint i = 0; valid && i < FAST_MRZ_CHARACTERS; i++)
    valid = g_ascii_isupper (line[i]) || g_ascii_isdigit (line[i]) || line[i] == '<';
  if (!valid)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-mrz-line", "id=%s",
                      slot->id);
  if (slot->width < FAST_MRZ_CHARACTERS * FAST_MRZ_PITCH_MM)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-mrz-slot", "id=%s",
                      slot->id);
  return fast_text_check_family (context, "OCR B", "fonts-ocr-b", error);
}

/**
 * fast_mrz_line_show:
 * @context: a context of fast_text_context_new()
 * @slot: its lower edge is the line's baseline, its left edge the first character cell's
 * @line: 30 characters
 * @cr: a context in millimetres
 *
 * ICAO 9303-3, 4.4: OCR-B size I, each character in a cell of 2.54 mm. Drawn as paths, because
 * cairo-pdf loses this font.
 */
void
fast_mrz_line_show (PangoContext *context, const FastSlot *slot, const char *line, cairo_t *cr)
{
  g_autoptr (PangoLayout) layout = ocr_b_layout (context);

  cairo_save (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  for (guint i = 0; line[i] != '\0'; i++) {
    PangoRectangle logical;

    pango_layout_set_text (layout, line + i, 1);
    pango_layout_get_extents (layout, NULL, &logical);
    cairo_save (cr);
    cairo_translate (cr, slot->x + (i + 0.5) * FAST_MRZ_PITCH_MM, slot->y + slot->height);
    cairo_scale (cr, 1 / UNITS, 1 / UNITS);
    cairo_translate (cr, -logical.width / 2.0 / PANGO_SCALE,
                     -(double)pango_layout_get_baseline (layout) / PANGO_SCALE);
    pango_cairo_layout_path (cr, layout);
    cairo_restore (cr);
  }
  cairo_fill (cr);
  cairo_restore (cr);
}
