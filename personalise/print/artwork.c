/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/print/artwork.h"

#include <librsvg/rsvg.h>

#include "personalise/print/artwork-reader.h"
#include "record/base/asset.h"
#include "record/base/error.h"

struct _FastArtwork {
  char *name;
  FastArtworkIds *ids;
  RsvgHandle *handle;
};

static const char *const painted[] = {"background", "artwork", "slots", "reserved", NULL};

static gboolean
check_known (const FastArtwork *artwork, GHashTable *found, const char *const *known,
             GError **error)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, &id, NULL)) {
    if (!g_strv_contains (known, id))
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-artwork-unknown",
                        "name=%s, id=%s", artwork->name, (const char *)id);
  }
  return TRUE;
}

static gboolean
check_ids (const FastArtwork *artwork, GHashTable *found, const char *const *wanted, GError **error)
{
  for (guint i = 0; wanted[i] != NULL; i++) {
    if (!g_hash_table_contains (found, wanted[i]))
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "print-artwork-missing",
                        "name=%s, id=%s", artwork->name, wanted[i]);
  }
  return TRUE;
}

static gboolean
check_layers (const FastArtwork *artwork, GError **error)
{
  GHashTableIter iter;
  gpointer id;

  if (!check_ids (artwork, artwork->ids->layers, painted, error))
    return FALSE;
  g_hash_table_iter_init (&iter, artwork->ids->layers);
  while (g_hash_table_iter_next (&iter, &id, NULL)) {
    if (!g_strv_contains (painted, id) && !g_str_has_prefix (id, "endorsement-"))
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-artwork-unknown",
                        "name=%s, id=%s", artwork->name, (const char *)id);
  }
  return TRUE;
}

static gboolean
check_contract (const FastArtwork *artwork, const char *const *slots, const char *const *reserved,
                GError **error)
{
  return check_layers (artwork, error) && check_ids (artwork, artwork->ids->slots, slots, error) &&
         check_known (artwork, artwork->ids->slots, slots, error) &&
         check_ids (artwork, artwork->ids->reserved, reserved, error) &&
         check_known (artwork, artwork->ids->reserved, reserved, error);
}

static gboolean
open_svg (FastArtwork *artwork, GBytes *svg, GError **error)
{
  GError *cause = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (svg, &size);

  artwork->handle = rsvg_handle_new_from_data (data, size, &cause);
  if (artwork->handle == NULL)
    return fast_fail_from (error, cause, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED,
                           "print-artwork-malformed", "name=%s", artwork->name);
  return TRUE;
}

/**
 * fast_artwork_load:
 * @name: an asset, as in `card/fast-front.svg`
 * @slots: (array zero-terminated=1): the ids that the group `slots` must have, and no others
 * @reserved: (array zero-terminated=1): likewise for the group `reserved`
 * @error: return location for an error
 *
 * Returns: (transfer full): the artwork, or %NULL with FAST_INPUT_ERROR that names the id
 */
FastArtwork *
fast_artwork_load (const char *name, const char *const *slots, const char *const *reserved,
                   GError **error)
{
  g_autoptr (FastArtwork) artwork = g_new0 (FastArtwork, 1);
  g_autoptr (GBytes) svg = fast_asset_load (name, error);

  if (svg == NULL)
    return NULL;
  artwork->name = g_strdup (name);
  artwork->ids = fast_artwork_read_ids (name, svg, error);
  if (artwork->ids == NULL || !check_contract (artwork, slots, reserved, error) ||
      !open_svg (artwork, svg, error))
    return NULL;
  return g_steal_pointer (&artwork);
}

/**
 * fast_artwork_free:
 * @artwork: (nullable): an artwork
 */
void
fast_artwork_free (FastArtwork *artwork)
{
  if (artwork == NULL)
    return;
  g_free (artwork->name);
  fast_artwork_ids_free (artwork->ids);
  g_clear_object (&artwork->handle);
  g_free (artwork);
}

/**
 * fast_artwork_get_slot:
 * @artwork: an artwork
 * @id: a slot's id
 *
 * Returns: (transfer none) (nullable): the slot
 */
const FastSlot *
fast_artwork_get_slot (const FastArtwork *artwork, const char *id)
{
  return g_hash_table_lookup (artwork->ids->slots, id);
}

/**
 * fast_artwork_get_reserved:
 * @artwork: an artwork
 * @id: the id of an area that the blank already carries something in
 *
 * Returns: (transfer none) (nullable): the area
 */
const FastSlot *
fast_artwork_get_reserved (const FastArtwork *artwork, const char *id)
{
  return g_hash_table_lookup (artwork->ids->reserved, id);
}

/**
 * fast_artwork_has_layer:
 * @artwork: an artwork
 * @layer: a layer's id
 *
 * Returns: whether the artwork has that layer
 */
gboolean
fast_artwork_has_layer (const FastArtwork *artwork, const char *layer)
{
  return g_hash_table_contains (artwork->ids->layers, layer);
}

/**
 * fast_artwork_paint:
 * @artwork: an artwork
 * @layer: the id of a layer that it has
 * @cr: a context whose unit is the millimetre and whose origin is the card's upper left corner
 * @error: return location for an error
 *
 * Returns: whether it was painted
 */
gboolean
fast_artwork_paint (FastArtwork *artwork, const char *layer, cairo_t *cr, GError **error)
{
  const RsvgRectangle card = {0, 0, FAST_CARD_WIDTH_MM, FAST_CARD_HEIGHT_MM};
  g_autofree char *id = g_strconcat ("#", layer, NULL);
  GError *cause = NULL;

  if (!rsvg_handle_render_layer (artwork->handle, cr, id, &card, &cause))
    return fast_fail_from (error, cause, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED,
                           "print-artwork-malformed", "name=%s", artwork->name);
  return TRUE;
}
