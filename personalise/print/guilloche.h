/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/print/artwork.h"

G_BEGIN_DECLS

/*
 * The fine line work under the text. It is computed when a card is drawn, not stored in the SVG:
 * the lines follow from the programme's name alone, so each programme has its own rosette without
 * anybody drawing one, the SVG stays small enough to read and edit, and PNG and PDF get the same
 * curves at whatever resolution. The designer says where (slots `guilloche` and `rosette`), in
 * which two inks (`fill`, `stroke`), how thick and how strong. The inks run into each other across
 * the slot, as they do in a rainbow printing press, in both kinds of lines in opposite directions.
 */

/**
 * FastGuilloche:
 * @petals: maxima of the rosette's outer wave
 * @ripple: waves of the second order on it
 * @strands: curves of one rosette or band
 * @waves: waves of a band over the width of its slot
 * @beat: waves of the band's envelope
 * @phase: where the waves begin, in turns
 *
 * What the lines are computed from.
 */
typedef struct {
  guint petals;
  guint ripple;
  guint strands;
  double waves;
  double beat;
  double phase;
} FastGuilloche;

FastGuilloche fast_guilloche_for (const char *programme);
void fast_guilloche_paint_bands (const FastGuilloche *guilloche, const FastSlot *slot, cairo_t *cr);
void fast_guilloche_paint_rosette (const FastGuilloche *guilloche, const FastSlot *slot,
                                   cairo_t *cr);

G_END_DECLS
