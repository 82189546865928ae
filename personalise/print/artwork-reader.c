/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/print/artwork-reader.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/number.h"

typedef struct {
  FastArtworkIds *ids;
  const char *name;
  GHashTable *open;
  guint depth;
} Reading;

static void
slot_free (gpointer data)
{
  FastSlot *slot = data;

  g_free (slot->id);
  g_free (slot->font_family);
  g_free (slot);
}

void
fast_artwork_ids_free (FastArtworkIds *ids)
{
  if (ids == NULL)
    return;
  g_hash_table_unref (ids->layers);
  g_hash_table_unref (ids->slots);
  g_hash_table_unref (ids->reserved);
  g_free (ids);
}

static FastArtworkIds *
ids_new (void)
{
  FastArtworkIds *ids = g_new0 (FastArtworkIds, 1);

  ids->layers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  ids->slots = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, slot_free);
  ids->reserved = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, slot_free);
  return ids;
}

static const char *
attribute (const char **names, const char **values, const char *name)
{
  for (guint i = 0; names[i] != NULL; i++) {
    if (strcmp (names[i], name) == 0)
      return values[i];
  }
  return NULL;
}

static gboolean
read_number (const char *text, double *number)
{
  char *end;

  if (text == NULL)
    return TRUE;
  *number = g_ascii_strtod (text, &end);
  return end != text && *end == '\0';
}

static gboolean
read_ink (const char *text, FastInk *ink)
{
  guint64 value;

  if (text == NULL)
    return TRUE;
  if (text[0] != '#' || strlen (text) != 7 ||
      !fast_number_parse (text + 1, 16, 0, 0xFFFFFF, &value))
    return FALSE;
  ink->red = (double)(value >> 16) / 255;
  ink->green = (double)(value >> 8 & 0xFF) / 255;
  ink->blue = (double)(value & 0xFF) / 255;
  return TRUE;
}

static gboolean
read_weight (const char *text, guint *weight)
{
  guint64 value;

  if (text == NULL)
    return TRUE;
  if (!fast_number_parse (text, 10, 100, 900, &value))
    return FALSE;
  *weight = (guint)value;
  return TRUE;
}

static gboolean
read_align (const char *text, FastAlign *align)
{
  static const char *const names[] = {"start", "middle", "end"};

  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (names); i++) {
    if (strcmp (text, names[i]) == 0) {
      *align = (FastAlign)i;
      return TRUE;
    }
  }
  return text == NULL;
}

static gboolean
read_style (FastSlot *slot, const char **names, const char **values)
{
  slot->font_family = g_strdup (attribute (names, values, "font-family"));
  return read_number (attribute (names, values, "font-size"), &slot->font_size) &&
         read_weight (attribute (names, values, "font-weight"), &slot->font_weight) &&
         read_number (attribute (names, values, "letter-spacing"), &slot->letter_spacing) &&
         read_ink (attribute (names, values, "fill"), &slot->fill) &&
         read_ink (attribute (names, values, "stroke"), &slot->stroke) &&
         read_number (attribute (names, values, "stroke-width"), &slot->stroke_width) &&
         read_number (attribute (names, values, "opacity"), &slot->opacity) &&
         read_align (attribute (names, values, "text-anchor"), &slot->align);
}

static gboolean
read_place (FastSlot *slot, const char **names, const char **values)
{
  return attribute (names, values, "transform") == NULL &&
         read_number (attribute (names, values, "x"), &slot->x) &&
         read_number (attribute (names, values, "y"), &slot->y) &&
         read_number (attribute (names, values, "width"), &slot->width) &&
         read_number (attribute (names, values, "height"), &slot->height);
}

/* A slot that leaves the card would be cut off in silence. */
static gboolean
is_on_card (const FastSlot *slot)
{
  return slot->x >= 0 && slot->y >= 0 && slot->width > 0 && slot->height > 0 &&
         slot->x + slot->width <= FAST_CARD_WIDTH_MM + 0.005 &&
         slot->y + slot->height <= FAST_CARD_HEIGHT_MM + 0.005;
}

/* The key is the slot's own id. */
static void
insert_slot (GHashTable *slots, FastSlot *slot)
{
  g_hash_table_insert (slots, slot->id, slot);
}

static void
read_slot (Reading *reading, const char *element, const char **names, const char **values,
           GError **error)
{
  const char *id = attribute (names, values, "id");
  FastSlot *slot = g_new0 (FastSlot, 1);

  slot->id = g_strdup (id);
  slot->font_weight = 400;
  slot->opacity = 1;
  if (id == NULL || strcmp (element, "rect") != 0 || !read_place (slot, names, values) ||
      !read_style (slot, names, values) || !is_on_card (slot))
    fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-artwork-slot",
               "name=%s, id=%s", reading->name, id != NULL ? id : element);
  else if (g_hash_table_contains (reading->open, id))
    fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-artwork-repeated",
               "name=%s, id=%s", reading->name, id);
  else
    insert_slot (reading->open, g_steal_pointer (&slot));
  if (slot != NULL)
    slot_free (slot);
}

/* The unit must be the millimetre, else every position would be off by a factor. */
static void
check_root (Reading *reading, const char **names, const char **values, GError **error)
{
  const char *box = attribute (names, values, "viewBox");

  if (box == NULL || strcmp (box, "0 0 85.6 53.98") != 0)
    fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-artwork-size", "name=%s",
               reading->name);
}

static void
read_layer (Reading *reading, const char **names, const char **values)
{
  const char *id = attribute (names, values, "id");

  if (id == NULL)
    return;
  g_hash_table_add (reading->ids->layers, g_strdup (id));
  if (strcmp (id, "slots") == 0)
    reading->open = reading->ids->slots;
  else if (strcmp (id, "reserved") == 0)
    reading->open = reading->ids->reserved;
}

static void
start_element (GMarkupParseContext *context G_GNUC_UNUSED, const char *element, const char **names,
               const char **values, gpointer data, GError **error)
{
  Reading *reading = data;

  reading->depth++;
  if (reading->depth == 1)
    check_root (reading, names, values, error);
  else if (reading->depth == 2 && strcmp (element, "g") == 0)
    read_layer (reading, names, values);
  else if (reading->depth == 3 && reading->open != NULL)
    read_slot (reading, element, names, values, error);
}

static void
end_element (GMarkupParseContext *context G_GNUC_UNUSED, const char *element G_GNUC_UNUSED,
             gpointer data, GError **error G_GNUC_UNUSED)
{
  Reading *reading = data;

  reading->depth--;
  if (reading->depth == 1)
    reading->open = NULL;
}

/**
 * fast_artwork_read_ids:
 * @name: the file's name, for errors
 * @svg: its text
 * @error: return location for an error
 *
 * Returns: (transfer full): its ids, or %NULL with FAST_INPUT_ERROR
 */
FastArtworkIds *
fast_artwork_read_ids (const char *name, GBytes *svg, GError **error)
{
  static const GMarkupParser parser = {.start_element = start_element, .end_element = end_element};
  g_autoptr (FastArtworkIds) ids = ids_new ();
  Reading reading = {.ids = ids, .name = name};
  g_autoptr (GMarkupParseContext) context =
      g_markup_parse_context_new (&parser, G_MARKUP_DEFAULT_FLAGS, &reading, NULL);
  g_autoptr (GError) cause = NULL;
  gsize size;
  const char *text = g_bytes_get_data (svg, &size);

  if (g_markup_parse_context_parse (context, text, (gssize)size, &cause) &&
      g_markup_parse_context_end_parse (context, &cause))
    return g_steal_pointer (&ids);
  if (cause->domain == FAST_INPUT_ERROR)
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    fast_fail_from (error, g_steal_pointer (&cause), FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED,
                    "print-artwork-malformed", "name=%s", name);
  return NULL;
}
