/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/print/card-face.h"

#include <math.h>

#include "personalise/print/card-layout.h"
#include "personalise/print/card-text.h"
#include "personalise/print/card-wording.h"
#include "personalise/print/guilloche.h"
#include "personalise/print/machine-zone.h"
#include "personalise/print/portrait.h"
#include "record/base/error.h"

#define MRZ_LINES 3

static const char *const side_names[] = {"front", "back"};
static const char *const mrz_slots[] = {"mrz-1", "mrz-2", "mrz-3"};

struct _FastCardFace {
  PangoContext *context;
  FastArtwork *artwork[FAST_CARD_SIDES];
  GPtrArray *lines[FAST_CARD_SIDES];
  FastGuilloche guilloche;
  FastPortrait *portrait;
  cairo_surface_t *signature;
  FastQr *qr;
  char *mrz[MRZ_LINES];
  char *ghost_text;
  char *micro_text;
  char **endorsements;
  gboolean specimen;
};

static const FastSlot *
slot_of (const FastCardFace *face, FastCardSide side, const char *id)
{
  return fast_artwork_get_slot (face->artwork[side], id);
}

static gboolean
load_side (FastCardFace *face, const FastCardInput *input, FastCardSide side, GError **error)
{
  g_autofree char *programme = g_ascii_strdown (input->programme, -1);
  g_autofree char *name = g_strdup_printf ("card/%s-%s.svg", programme, side_names[side]);

  face->artwork[side] =
      fast_artwork_load (name, fast_card_slots[side], fast_card_reserved[side], error);
  if (face->artwork[side] == NULL)
    return FALSE;
  face->lines[side] = fast_card_layout_new (input, side, face->artwork[side], face->context, error);
  return face->lines[side] != NULL;
}

static gboolean
load_pictures (FastCardFace *face, const FastCardInput *input, GError **error)
{
  const FastSlot *photo = slot_of (face, FAST_CARD_FRONT, "photo");

  if (input->photo == NULL)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "print-field",
                      "field=photo");
  face->portrait = fast_portrait_new (input->photo, photo->width / photo->height, error);
  if (face->portrait == NULL)
    return FALSE;
  if (input->signature != NULL)
    face->signature = fast_signature_mask_new (input->signature, error);
  return input->signature == NULL || face->signature != NULL;
}

static gboolean
load_machine_zones (FastCardFace *face, const FastCardInput *input, GError **error)
{
  for (guint i = 0; i < MRZ_LINES; i++) {
    if (!fast_mrz_line_check (face->context, slot_of (face, FAST_CARD_BACK, mrz_slots[i]),
                              input->mrz[i], error))
      return FALSE;
    face->mrz[i] = g_strdup (input->mrz[i]);
  }
  if (input->seal == NULL)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "print-field",
                      "field=seal");
  face->qr = fast_qr_new (input->seal, slot_of (face, FAST_CARD_BACK, "seal"), error);
  return face->qr != NULL;
}

static gboolean
load_endorsements (FastCardFace *face, const FastCardInput *input, GError **error)
{
  static const char *const none[] = {NULL};
  const char *const *names = input->endorsements != NULL ? input->endorsements : none;

  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *layer = g_strconcat ("endorsement-", names[i], NULL);

    if (!fast_artwork_has_layer (face->artwork[FAST_CARD_FRONT], layer))
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "print-endorsement",
                        "name=%s", names[i]);
  }
  face->endorsements = g_strdupv ((char **)names);
  return TRUE;
}

static void
load_texts (FastCardFace *face, const FastCardInput *input)
{
  g_autofree char *name =
      g_strdup_printf ("%s %s", input->surname, input->given != NULL ? input->given : "");
  g_autofree char *capitals = g_utf8_strup (name, -1);

  face->ghost_text = g_strdup_printf ("%s %s", capitals, input->membership);
  face->micro_text = g_strdup_printf ("%s EXPRES ", input->programme);
  face->guilloche = fast_guilloche_for (input->programme);
  face->specimen = input->specimen;
}

/**
 * fast_card_face_new:
 * @input: what the card shows
 * @error: return location for an error
 *
 * Loads the artwork `card/PROGRAMME-front.svg` and `-back.svg`, decodes the pictures and lays out
 * every text. Independent of the locale. Blocking.
 *
 * Returns: (transfer full): the card, or %NULL with FAST_INPUT_ERROR that names what is wrong
 */
FastCardFace *
fast_card_face_new (const FastCardInput *input, GError **error)
{
  g_autoptr (FastCardFace) face = g_new0 (FastCardFace, 1);

  if (!fast_wording_check_state (input->state, error))
    return NULL;
  face->context = fast_text_context_new ();
  if (!load_side (face, input, FAST_CARD_FRONT, error) ||
      !load_side (face, input, FAST_CARD_BACK, error) || !load_pictures (face, input, error) ||
      !load_machine_zones (face, input, error) || !load_endorsements (face, input, error))
    return NULL;
  load_texts (face, input);
  return g_steal_pointer (&face);
}

/**
 * fast_card_face_free:
 * @face: (nullable): a card
 */
void
fast_card_face_free (FastCardFace *face)
{
  if (face == NULL)
    return;
  for (guint side = 0; side < FAST_CARD_SIDES; side++) {
    g_clear_pointer (&face->lines[side], g_ptr_array_unref);
    fast_artwork_free (face->artwork[side]);
  }
  for (guint i = 0; i < MRZ_LINES; i++)
    g_free (face->mrz[i]);
  fast_portrait_free (face->portrait);
  g_clear_pointer (&face->signature, cairo_surface_destroy);
  fast_qr_free (face->qr);
  g_free (face->ghost_text);
  g_free (face->micro_text);
  g_strfreev (face->endorsements);
  g_clear_object (&face->context);
  g_free (face);
}

/* One line of micro text over the whole slot; cut at its edges. */
static void
paint_microtext (const FastCardFace *face, const FastSlot *slot, cairo_t *cr)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (face->context);
  g_autoptr (PangoFontDescription) font = pango_font_description_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  while (text->len < slot->width / slot->font_size * 2.5)
    g_string_append (text, face->micro_text);
  pango_font_description_set_family (font, slot->font_family);
  pango_font_description_set_weight (font, (PangoWeight)slot->font_weight);
  pango_font_description_set_absolute_size (font, slot->font_size * 100 * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text->str, -1);
  cairo_save (cr);
  cairo_rectangle (cr, slot->x, slot->y, slot->width, slot->height);
  cairo_clip (cr);
  cairo_set_source_rgba (cr, slot->fill.red, slot->fill.green, slot->fill.blue, slot->opacity);
  cairo_translate (cr, slot->x, slot->y + slot->height * 0.86);
  cairo_scale (cr, 0.01, 0.01);
  cairo_translate (cr, 0, -(double)pango_layout_get_baseline (layout) / PANGO_SCALE);
  pango_cairo_layout_path (cr, layout);
  cairo_fill (cr);
  cairo_restore (cr);
}

/* Along the slot's diagonal, in outline, so that what lies below stays legible. */
static void
paint_specimen (const FastCardFace *face, const FastSlot *slot, cairo_t *cr)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (face->context);
  g_autoptr (PangoFontDescription) font = pango_font_description_new ();
  PangoRectangle ink;
  double diagonal = hypot (slot->width, slot->height), scale;

  pango_font_description_set_family (font, slot->font_family);
  pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_font_description_set_absolute_size (font, 1000 * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, "SPECIMEN", -1);
  pango_layout_get_extents (layout, &ink, NULL);
  scale = diagonal * 0.74 / ((double)ink.width / PANGO_SCALE);
  cairo_save (cr);
  cairo_translate (cr, slot->x + slot->width / 2, slot->y + slot->height / 2);
  cairo_rotate (cr, -atan2 (slot->height, slot->width));
  cairo_scale (cr, scale, scale);
  cairo_translate (cr, -(ink.x + ink.width / 2.0) / PANGO_SCALE,
                   -(ink.y + ink.height / 2.0) / PANGO_SCALE);
  pango_cairo_layout_path (cr, layout);
  cairo_set_source_rgba (cr, slot->fill.red, slot->fill.green, slot->fill.blue,
                         slot->opacity * 0.22);
  cairo_fill_preserve (cr);
  cairo_set_source_rgba (cr, slot->fill.red, slot->fill.green, slot->fill.blue, slot->opacity);
  cairo_set_line_width (cr, slot->stroke_width / scale);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static gboolean
paint_ground (FastCardFace *face, FastCardSide side, cairo_t *cr, GError **error)
{
  FastArtwork *artwork = face->artwork[side];

  if (!fast_artwork_paint (artwork, "background", cr, error))
    return FALSE;
  fast_guilloche_paint_bands (&face->guilloche, slot_of (face, side, "guilloche"), cr);
  fast_guilloche_paint_rosette (&face->guilloche, slot_of (face, side, "rosette"), cr);
  if (!fast_artwork_paint (artwork, "artwork", cr, error))
    return FALSE;
  paint_microtext (face, slot_of (face, side, "microtext"), cr);
  return TRUE;
}

static gboolean
paint_front (FastCardFace *face, cairo_t *cr, GError **error)
{
  fast_portrait_show_ghost (face->portrait, slot_of (face, FAST_CARD_FRONT, "ghost"), face->context,
                            face->ghost_text, cr);
  fast_portrait_show (face->portrait, slot_of (face, FAST_CARD_FRONT, "photo"), cr);
  if (face->signature != NULL)
    fast_signature_mask_show (face->signature, slot_of (face, FAST_CARD_FRONT, "signature"), cr);
  for (guint i = 0; face->endorsements[i] != NULL; i++) {
    g_autofree char *layer = g_strconcat ("endorsement-", face->endorsements[i], NULL);

    if (!fast_artwork_paint (face->artwork[FAST_CARD_FRONT], layer, cr, error))
      return FALSE;
  }
  return TRUE;
}

static void
paint_back (FastCardFace *face, cairo_t *cr)
{
  fast_qr_show (face->qr, slot_of (face, FAST_CARD_BACK, "seal"), cr);
  for (guint i = 0; i < MRZ_LINES; i++)
    fast_mrz_line_show (face->context, slot_of (face, FAST_CARD_BACK, mrz_slots[i]), face->mrz[i],
                        cr);
}

/**
 * fast_card_face_paint:
 * @face: a card
 * @side: which side
 * @cr: a context whose unit is the millimetre and whose origin is the card's upper left corner
 * @error: return location for an error
 *
 * Returns: whether the side was painted
 */
gboolean
fast_card_face_paint (FastCardFace *face, FastCardSide side, cairo_t *cr, GError **error)
{
  if (!paint_ground (face, side, cr, error))
    return FALSE;
  if (side == FAST_CARD_BACK)
    paint_back (face, cr);
  else if (!paint_front (face, cr, error))
    return FALSE;
  for (guint i = 0; i < face->lines[side]->len; i++) {
    FastCardLine *line = face->lines[side]->pdata[i];

    fast_text_show (line->layout, line->slot, cr);
  }
  if (face->specimen)
    paint_specimen (face, slot_of (face, side, "specimen"), cr);
  return TRUE;
}

static void
add_slot (GArray *placements, const FastSlot *slot)
{
  FastPlacement placement = {slot->id, {slot->x, slot->y, slot->width, slot->height}};

  g_array_append_val (placements, placement);
}

/**
 * fast_card_face_get_placements:
 * @face: a card; must outlive the result
 * @side: which side
 *
 * Where the holder's data is: the ink of each text, and the whole slots of pictures and machine
 * zones. No two of them overlap.
 *
 * Returns: (transfer full) (element-type FastPlacement): the places
 */
GArray *
fast_card_face_get_placements (FastCardFace *face, FastCardSide side)
{
  static const char *const solid[FAST_CARD_SIDES][5] = {
      {"photo", "ghost", "signature", NULL},
      {"seal", "mrz-1", "mrz-2", "mrz-3", NULL},
  };
  GArray *placements = g_array_new (FALSE, TRUE, sizeof (FastPlacement));

  for (guint i = 0; solid[side][i] != NULL; i++)
    add_slot (placements, slot_of (face, side, solid[side][i]));
  for (guint i = 0; i < face->lines[side]->len; i++) {
    FastCardLine *line = face->lines[side]->pdata[i];
    FastPlacement placement = {.slot = line->slot->id};

    fast_text_get_extents (line->layout, line->slot, &placement.area);
    if (placement.area.width > 0)
      g_array_append_val (placements, placement);
  }
  return placements;
}
