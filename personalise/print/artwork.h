/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/*
 * One side of a card as a designer draws it: an SVG in millimetres whose ids are the contract
 * (docs/card-artwork.md). Its groups `background` and `artwork` are painted as they are, an
 * `endorsement-NAME` only for cards that carry it. `slots` and `reserved` are never painted: their
 * rectangles say where the holder's data goes and what the blank already carries. So a designer
 * moves, restyles and redraws without touching C, and a slip (an id that is missing or that nobody
 * fills) is an error before anything is printed.
 */

#define FAST_CARD_WIDTH_MM 85.60
#define FAST_CARD_HEIGHT_MM 53.98
#define FAST_CARD_RADIUS_MM 3.18

/**
 * FastAlign:
 * @FAST_ALIGN_START: at the slot's left edge
 * @FAST_ALIGN_MIDDLE: centred
 * @FAST_ALIGN_END: at its right edge
 *
 * SVG's text-anchor.
 */
typedef enum {
  FAST_ALIGN_START,
  FAST_ALIGN_MIDDLE,
  FAST_ALIGN_END,
} FastAlign;

/**
 * FastInk:
 *
 * An sRGB colour, each part 0 to 1.
 */
typedef struct {
  double red;
  double green;
  double blue;
} FastInk;

/**
 * FastSlot:
 * @id: its id
 * @x: left edge, in mm from the card's left edge
 * @y: top edge, in mm from the card's top edge
 * @width: in mm
 * @height: in mm
 * @font_family: (nullable): as SVG's attribute
 * @font_size: in mm; 0 when not given
 * @font_weight: 100 to 900
 * @letter_spacing: in mm
 * @fill: ink of text, first ink of a guilloche
 * @stroke: second ink of a guilloche
 * @stroke_width: line width of a guilloche, in mm
 * @opacity: 0 to 1
 * @align: how text stands
 *
 * Where something of the holder goes, and in which style.
 */
typedef struct {
  char *id;
  double x;
  double y;
  double width;
  double height;
  char *font_family;
  double font_size;
  guint font_weight;
  double letter_spacing;
  FastInk fill;
  FastInk stroke;
  double stroke_width;
  double opacity;
  FastAlign align;
} FastSlot;

typedef struct _FastArtwork FastArtwork;

FastArtwork *fast_artwork_load (const char *name, const char *const *slots,
                                const char *const *reserved, GError **error);
void fast_artwork_free (FastArtwork *artwork);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastArtwork, fast_artwork_free)

const FastSlot *fast_artwork_get_slot (const FastArtwork *artwork, const char *id);
const FastSlot *fast_artwork_get_reserved (const FastArtwork *artwork, const char *id);
gboolean fast_artwork_has_layer (const FastArtwork *artwork, const char *layer);
gboolean fast_artwork_paint (FastArtwork *artwork, const char *layer, cairo_t *cr, GError **error);

G_END_DECLS
