/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/print/card-text.h"

#include "record/base/error.h"

/* Layout units in a millimetre: Pango rounds some things to whole units. */
#define UNITS 100.0
#define STEP 0.96
/* Where in a slot's height the baseline of a single line stands. */
#define BASELINE 0.78
/* How much of a slot several lines may fill, so that they keep off their neighbours. */
#define SEVERAL 0.94

/**
 * fast_text_context_new:
 *
 * Returns: (transfer full): a Pango context of its own font map, without hinting; for one thread
 */
PangoContext *
fast_text_context_new (void)
{
  g_autoptr (PangoFontMap) map = pango_cairo_font_map_new ();
  PangoContext *context = pango_font_map_create_context (map);
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (context, options);
  cairo_font_options_destroy (options);
  pango_cairo_context_set_resolution (context, 72);
  pango_context_set_round_glyph_positions (context, FALSE);
  pango_context_set_language (context, pango_language_from_string ("en"));
  return context;
}

/**
 * fast_text_check_family:
 * @context: a context
 * @family: a font family
 * @package: the Debian package that has it
 * @error: return location for an error
 *
 * Fontconfig falls back in silence; a card in the wrong face must not be printed.
 *
 * Returns: whether the family is installed; FAST_INPUT_ERROR_MISSING names the package otherwise
 */
gboolean
fast_text_check_family (PangoContext *context, const char *family, const char *package,
                        GError **error)
{
  g_autofree PangoFontFamily **families = NULL;
  int n;

  pango_context_list_families (context, &families, &n);
  for (int i = 0; i < n; i++) {
    if (g_ascii_strcasecmp (pango_font_family_get_name (families[i]), family) == 0)
      return TRUE;
  }
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "print-font",
                    "family=%s, package=%s", family, package);
}

static void
set_size (PangoLayout *layout, const FastSlot *slot, double size)
{
  g_autoptr (PangoFontDescription) font = pango_font_description_new ();
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_font_description_set_family (font, slot->font_family);
  pango_font_description_set_weight (font, (PangoWeight)slot->font_weight);
  pango_font_description_set_absolute_size (font, size * UNITS * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_attr_list_insert (
      attributes, pango_attr_letter_spacing_new (
                      (int)(slot->letter_spacing * UNITS * PANGO_SCALE * size / slot->font_size)));
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
}

static gboolean
is_within (PangoLayout *layout, const PangoRectangle *ink, double height)
{
  int baseline = pango_layout_get_baseline (layout);

  if (pango_layout_get_line_count (layout) > 1)
    return ink->height <= SEVERAL * height;
  return baseline - ink->y <= BASELINE * height &&
         ink->y + ink->height - baseline <= (1 - BASELINE) * height;
}

static gboolean
fits (PangoLayout *layout, const FastSlot *slot)
{
  PangoRectangle ink, logical;

  pango_layout_get_extents (layout, &ink, &logical);
  return MAX (ink.x + ink.width, logical.width) <= slot->width * UNITS * PANGO_SCALE &&
         ink.x >= -PANGO_SCALE * UNITS / 20 &&
         is_within (layout, &ink, slot->height * UNITS * PANGO_SCALE);
}

static gboolean
shrink_line (PangoLayout *layout, const FastSlot *slot)
{
  double least =
      MAX (slot->font_size * FAST_TEXT_SHRINK, MIN (slot->font_size, FAST_TEXT_SMALLEST_MM));

  for (double size = slot->font_size; size >= least - 1e-6; size *= STEP) {
    set_size (layout, slot, size);
    if (fits (layout, slot))
      return TRUE;
  }
  return FALSE;
}

static gboolean
shrink_wrapped (PangoLayout *layout, const FastSlot *slot, PangoWrapMode wrap)
{
  pango_layout_set_width (layout, (int)(slot->width * UNITS * PANGO_SCALE));
  pango_layout_set_wrap (layout, wrap);
  for (double size = slot->font_size; size >= FAST_TEXT_SMALLEST_MM; size *= STEP) {
    set_size (layout, slot, size);
    if (fits (layout, slot))
      return TRUE;
  }
  return FALSE;
}

static void
cut (PangoLayout *layout, const FastSlot *slot)
{
  double size = MIN (slot->font_size, FAST_TEXT_SMALLEST_MM);

  pango_layout_set_width (layout, (int)(slot->width * UNITS * PANGO_SCALE));
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  for (int lines = 4; lines >= 1; lines--) {
    set_size (layout, slot, size);
    pango_layout_set_height (layout, -lines);
    if (fits (layout, slot))
      return;
  }
}

/**
 * fast_text_fit:
 * @context: a context of fast_text_context_new()
 * @slot: where the text goes, with its style
 * @text: UTF-8; each line feed begins a new line
 *
 * Returns: (transfer full): a layout that fits the slot
 */
PangoLayout *
fast_text_fit (PangoContext *context, const FastSlot *slot, const char *text)
{
  static const PangoAlignment alignments[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER,
                                              PANGO_ALIGN_RIGHT};
  PangoLayout *layout = pango_layout_new (context);

  pango_layout_set_text (layout, text, -1);
  pango_layout_set_auto_dir (layout, FALSE);
  pango_layout_set_alignment (layout, alignments[slot->align]);
  pango_layout_set_line_spacing (layout, 0.92f);
  if (!shrink_line (layout, slot) && !shrink_wrapped (layout, slot, PANGO_WRAP_WORD) &&
      !shrink_wrapped (layout, slot, PANGO_WRAP_WORD_CHAR))
    cut (layout, slot);
  return layout;
}

/* One line stands with its baseline at the slot's lower edge less the room of descenders, so that
 * neighbours of the same size share a baseline; several lines are centred by their ink. */
static void
get_origin (PangoLayout *layout, const FastSlot *slot, double *x, double *y)
{
  double free_width = 0;
  PangoRectangle ink, logical;

  pango_layout_get_extents (layout, &ink, &logical);
  if (pango_layout_get_width (layout) < 0)
    free_width = slot->width - logical.width / (UNITS * PANGO_SCALE);
  *x = slot->x + free_width * (slot->align == FAST_ALIGN_END      ? 1.0
                               : slot->align == FAST_ALIGN_MIDDLE ? 0.5
                                                                  : 0.0);
  if (pango_layout_get_line_count (layout) == 1)
    *y = slot->y + slot->height * BASELINE -
         pango_layout_get_baseline (layout) / (UNITS * PANGO_SCALE);
  else
    *y = slot->y + (slot->height - ink.height / (UNITS * PANGO_SCALE)) / 2 -
         ink.y / (UNITS * PANGO_SCALE);
}

/**
 * fast_text_get_extents:
 * @layout: a layout of fast_text_fit()
 * @slot: its slot
 * @extents: (out): the rectangle of its ink, in mm on the card
 */
void
fast_text_get_extents (PangoLayout *layout, const FastSlot *slot, cairo_rectangle_t *extents)
{
  PangoRectangle ink;
  double x, y;

  pango_layout_get_extents (layout, &ink, NULL);
  get_origin (layout, slot, &x, &y);
  extents->x = x + ink.x / (UNITS * PANGO_SCALE);
  extents->y = y + ink.y / (UNITS * PANGO_SCALE);
  extents->width = ink.width / (UNITS * PANGO_SCALE);
  extents->height = ink.height / (UNITS * PANGO_SCALE);
}

/**
 * fast_text_show:
 * @layout: a layout of fast_text_fit()
 * @slot: its slot
 * @cr: a context in millimetres
 */
void
fast_text_show (PangoLayout *layout, const FastSlot *slot, cairo_t *cr)
{
  double x, y;

  get_origin (layout, slot, &x, &y);
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, 1 / UNITS, 1 / UNITS);
  cairo_set_source_rgba (cr, slot->fill.red, slot->fill.green, slot->fill.blue, slot->opacity);
  pango_cairo_show_layout (cr, layout);
  cairo_restore (cr);
}
