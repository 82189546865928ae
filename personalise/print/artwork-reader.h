/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/print/artwork.h"

G_BEGIN_DECLS

/**
 * FastArtworkIds:
 * @layers: (element-type utf8): ids of the groups right below the root
 * @slots: (element-type utf8 FastSlot): the rectangles of the group `slots`
 * @reserved: (element-type utf8 FastSlot): those of the group `reserved`
 *
 * What the text of an SVG says about ids.
 */
typedef struct {
  GHashTable *layers;
  GHashTable *slots;
  GHashTable *reserved;
} FastArtworkIds;

FastArtworkIds *fast_artwork_read_ids (const char *name, GBytes *svg, GError **error);
void fast_artwork_ids_free (FastArtworkIds *ids);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastArtworkIds, fast_artwork_ids_free)

G_END_DECLS
