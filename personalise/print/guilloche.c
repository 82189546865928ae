/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/print/guilloche.h"

#include <math.h>
#include <string.h>

#include "record/base/bytes.h"

#define TURN (2 * G_PI)
#define BANDS 7
#define STEP_MM 0.35
#define ROSETTE_POINTS 720

/**
 * fast_guilloche_for:
 * @programme: a programme's name, as in `FAST`
 *
 * Returns: the programme's own parameters, within the ranges that look well
 */
FastGuilloche
fast_guilloche_for (const char *programme)
{
  guint8 digest[FAST_SHA256_SIZE];

  fast_sha256 (programme, strlen (programme), digest);
  return (FastGuilloche){
      .petals = 9 + digest[0] % 7,
      .ripple = 2 + digest[1] % 4,
      .strands = 9 + digest[2] % 4,
      .waves = 3.0 + digest[3] % 5 * 0.5,
      .beat = 1.0 + digest[4] % 4 * 0.25,
      .phase = digest[5] / 256.0,
  };
}

static void
add_stop (cairo_pattern_t *pattern, double at, const FastInk *ink, double opacity)
{
  cairo_pattern_add_color_stop_rgba (pattern, at, ink->red, ink->green, ink->blue, opacity);
}

/* The second ink in the middle, the first at both ends; the other way round when @inside_out. */
static void
set_inks (cairo_t *cr, const FastSlot *slot, gboolean inside_out)
{
  cairo_pattern_t *pattern =
      cairo_pattern_create_linear (slot->x, slot->y, slot->x + slot->width, slot->y + slot->height);
  const FastInk *outer = inside_out ? &slot->stroke : &slot->fill;
  const FastInk *inner = inside_out ? &slot->fill : &slot->stroke;

  add_stop (pattern, 0.0, outer, slot->opacity);
  add_stop (pattern, 0.18, outer, slot->opacity);
  add_stop (pattern, 0.5, inner, slot->opacity);
  add_stop (pattern, 0.82, outer, slot->opacity);
  add_stop (pattern, 1.0, outer, slot->opacity);
  cairo_set_source (cr, pattern);
  cairo_pattern_destroy (pattern);
}

/* Half the height of a band at @along (0 to 1): its envelope swells and shrinks but never closes.
 */
static double
envelope (const FastGuilloche *guilloche, guint band, double along)
{
  double turn = guilloche->beat * along + guilloche->phase + band * 0.37;

  return 0.62 + 0.38 * sin (TURN * turn) * cos (TURN * (along * 0.5 + band * 0.21));
}

static double
band_middle (const FastGuilloche *guilloche, guint band, double along)
{
  return 0.22 * sin (TURN * (along * 1.25 + guilloche->phase + band * 0.11));
}

static void
add_strand (const FastGuilloche *guilloche, const FastSlot *slot, guint band, guint strand,
            cairo_t *cr)
{
  double pitch = slot->height / BANDS;
  double middle = slot->y + (band + 0.5) * pitch;
  double shift = (double)strand / guilloche->strands + guilloche->phase;
  guint steps = (guint)ceil (slot->width / STEP_MM);

  for (guint i = 0; i <= steps; i++) {
    double along = (double)i / steps;
    double wave = sin (TURN * (guilloche->waves * along + shift));
    double y = middle + pitch * (band_middle (guilloche, band, along) +
                                 0.8 * envelope (guilloche, band, along) * wave);

    (i == 0 ? cairo_move_to : cairo_line_to) (cr, slot->x + along * slot->width, y);
  }
}

/**
 * fast_guilloche_paint_bands:
 * @guilloche: parameters
 * @slot: where, and in which inks
 * @cr: a context in millimetres
 *
 * Woven bands over the whole slot.
 */
void
fast_guilloche_paint_bands (const FastGuilloche *guilloche, const FastSlot *slot, cairo_t *cr)
{
  cairo_save (cr);
  cairo_rectangle (cr, slot->x, slot->y, slot->width, slot->height);
  cairo_clip (cr);
  cairo_set_line_width (cr, slot->stroke_width);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  set_inks (cr, slot, FALSE);
  for (guint band = 0; band < BANDS; band++) {
    for (guint strand = 0; strand < guilloche->strands; strand++)
      add_strand (guilloche, slot, band, strand, cr);
    cairo_stroke (cr);
  }
  cairo_restore (cr);
}

/* One closed curve: a petal wave whose depth is itself a wave. @ring goes from 0 to 1. */
static double
rosette_radius (const FastGuilloche *guilloche, double ring, double shift, double turn)
{
  double petals = sin (TURN * (guilloche->petals * turn + shift));
  double depth = 0.5 + 0.5 * cos (TURN * (guilloche->ripple * guilloche->petals * turn));

  return ring + 0.16 * petals * (0.55 + 0.45 * depth);
}

static void
add_loop (const FastGuilloche *guilloche, const FastSlot *slot, double ring, double shift,
          cairo_t *cr)
{
  double x = slot->x + slot->width / 2, y = slot->y + slot->height / 2;

  for (guint i = 0; i < ROSETTE_POINTS; i++) {
    double turn = (double)i / ROSETTE_POINTS;
    double radius = rosette_radius (guilloche, ring, shift, turn);

    (i == 0 ? cairo_move_to : cairo_line_to) (cr, x + slot->width / 2 * radius * cos (TURN * turn),
                                              y + slot->height / 2 * radius * sin (TURN * turn));
  }
  cairo_close_path (cr);
}

/**
 * fast_guilloche_paint_rosette:
 * @guilloche: parameters
 * @slot: the rosette touches its four sides
 * @cr: a context in millimetres
 *
 * Three rings of woven petals, one in the other.
 */
void
fast_guilloche_paint_rosette (const FastGuilloche *guilloche, const FastSlot *slot, cairo_t *cr)
{
  static const double rings[] = {0.84, 0.56, 0.30};

  cairo_save (cr);
  cairo_set_line_width (cr, slot->stroke_width);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  set_inks (cr, slot, TRUE);
  for (guint ring = 0; ring < G_N_ELEMENTS (rings); ring++) {
    for (guint strand = 0; strand < guilloche->strands; strand++)
      add_loop (guilloche, slot, rings[ring],
                (double)strand / guilloche->strands + guilloche->phase, cr);
    cairo_stroke (cr);
  }
  cairo_restore (cr);
}
