/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pango/pangocairo.h>

#include "personalise/print/artwork.h"
#include "personalise/print/card-face.h"

G_BEGIN_DECLS

/* Which slot of a side shows which text. */

extern const char *const fast_card_slots[FAST_CARD_SIDES][28];
extern const char *const fast_card_reserved[FAST_CARD_SIDES][4];

/**
 * FastCardLine:
 * @slot: a slot of the artwork
 * @layout: the text, fitted into it
 *
 * One text on a side.
 */
typedef struct {
  const FastSlot *slot;
  PangoLayout *layout;
} FastCardLine;

GPtrArray *fast_card_layout_new (const FastCardInput *input, FastCardSide side,
                                 const FastArtwork *artwork, PangoContext *context, GError **error);

G_END_DECLS
