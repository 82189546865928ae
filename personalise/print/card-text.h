/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pango/pangocairo.h>

#include "personalise/print/artwork.h"

G_BEGIN_DECLS

/*
 * Text in slots. A line that is too long first shrinks to FAST_TEXT_SHRINK of the designer's size,
 * then wraps (and shrinks further if it must) as long as it is at least FAST_TEXT_SMALLEST_MM tall;
 * what does not fit then is cut with an ellipsis, so that ink never leaves its slot and nothing
 * ever overlaps. (The MRZ carries the name by ICAO's own truncation.)
 *
 * Hinting is off and the layout is made in hundredths of a millimetre: so glyphs stand at the same
 * place in a PNG of any resolution and in the PDF.
 */

#define FAST_TEXT_SHRINK 0.72
#define FAST_TEXT_SMALLEST_MM 1.05

PangoContext *fast_text_context_new (void);
gboolean fast_text_check_family (PangoContext *context, const char *family, const char *package,
                                 GError **error);
PangoLayout *fast_text_fit (PangoContext *context, const FastSlot *slot, const char *text);
void fast_text_get_extents (PangoLayout *layout, const FastSlot *slot, cairo_rectangle_t *extents);
void fast_text_show (PangoLayout *layout, const FastSlot *slot, cairo_t *cr);

G_END_DECLS
