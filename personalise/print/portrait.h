/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pango/pangocairo.h>

#include "personalise/print/artwork.h"

G_BEGIN_DECLS

/* Pictures of the holder: the portrait, its ghost and the signature. They enter through FastImage,
 * the only decoder of outside images. */

/**
 * FastPortrait:
 * @colour: the portrait, cut to the slot's proportions
 * @ghost: an alpha mask: opaque where the portrait is dark
 */
typedef struct {
  cairo_surface_t *colour;
  cairo_surface_t *ghost;
} FastPortrait;

FastPortrait *fast_portrait_new (GBytes *encoded, double proportion, GError **error);
void fast_portrait_free (FastPortrait *portrait);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastPortrait, fast_portrait_free)
void fast_portrait_show (const FastPortrait *portrait, const FastSlot *slot, cairo_t *cr);
void fast_portrait_show_ghost (const FastPortrait *portrait, const FastSlot *slot,
                               PangoContext *context, const char *text, cairo_t *cr);

cairo_surface_t *fast_signature_mask_new (GBytes *encoded, GError **error);
void fast_signature_mask_show (cairo_surface_t *mask, const FastSlot *slot, cairo_t *cr);

G_END_DECLS
