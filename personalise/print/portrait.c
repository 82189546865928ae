/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/print/portrait.h"

#include <math.h>

#include "personalise/print/card-text.h"
#include "record/base/error.h"
#include "record/biometric/image.h"

/* Pixels that 600 dpi can show of the widest picture on a card. */
#define SIDE_LIMIT 800
/* The head of a portrait is in its upper part: of what is cut off above and below, this above. */
#define CUT_ABOVE 0.35
/* Of the ghost's sides: how wide its edges fade. */
#define FEATHER 0.12
/* Of the font size: from line to line, capitals only. */
#define GHOST_LEADING 0.80
/* How strong the tone between the lines is. */
#define GHOST_TONE 0.5

static guint32
rgb_at (const FastImage *image, gsize index)
{
  const guint8 *pixel = image->pixels + index * image->channels;

  if (image->channels == 1)
    return 0xFF000000u | pixel[0] * 0x010101u;
  return 0xFF000000u | (guint32)pixel[0] << 16 | (guint32)pixel[1] << 8 | pixel[2];
}

static cairo_surface_t *
surface_of (const FastImage *image)
{
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int)image->width, (int)image->height);
  guint8 *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);

  cairo_surface_flush (surface);
  for (guint y = 0; y < image->height; y++) {
    guint32 *row = (guint32 *)(gpointer)(data + (gsize)y * (gsize)stride);

    for (guint x = 0; x < image->width; x++)
      row[x] = rgb_at (image, (gsize)y * image->width + x);
  }
  cairo_surface_mark_dirty (surface);
  return surface;
}

/* 0 (leave the paper) to 255 (full ink), for a grey value between the bounds @white and @black. */
static guint8
darkness (guint8 grey, guint8 black, guint8 white)
{
  int range = MAX (1, white - black);

  return (guint8)CLAMP ((white - grey) * 255 / range, 0, 255);
}

static cairo_surface_t *
mask_of (const FastImage *grey, guint8 black, guint8 white)
{
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_A8, (int)grey->width, (int)grey->height);
  guint8 *data = cairo_image_surface_get_data (surface);
  gsize stride = (gsize)cairo_image_surface_get_stride (surface);

  cairo_surface_flush (surface);
  for (guint y = 0; y < grey->height; y++) {
    for (guint x = 0; x < grey->width; x++)
      data[y * stride + x] = darkness (grey->pixels[(gsize)y * grey->width + x], black, white);
  }
  cairo_surface_mark_dirty (surface);
  return surface;
}

/* 1 inside, falling to 0 at the edges, so that the ghost has no frame. */
static double
feather (guint at, guint side)
{
  double margin = FEATHER * side;
  double distance = MIN (at + 0.5, side - at - 0.5) / margin;

  return distance >= 1 ? 1.0 : distance * distance * (3 - 2 * distance);
}

static void
feather_edges (cairo_surface_t *mask)
{
  guint width = (guint)cairo_image_surface_get_width (mask);
  guint height = (guint)cairo_image_surface_get_height (mask);
  gsize stride = (gsize)cairo_image_surface_get_stride (mask);
  guint8 *data = cairo_image_surface_get_data (mask);

  for (guint y = 0; y < height; y++) {
    for (guint x = 0; x < width; x++) {
      guint8 *alpha = data + y * stride + x;

      *alpha = (guint8)(*alpha * feather (x, width) * feather (y, height));
    }
  }
  cairo_surface_mark_dirty (mask);
}

/* The grey value below which @part of the pixels lie. */
static guint8
percentile (const FastImage *grey, double part)
{
  gsize counts[256] = {0};
  gsize total = (gsize)grey->width * grey->height, sum = 0;

  for (gsize i = 0; i < total; i++)
    counts[grey->pixels[i]]++;
  for (guint value = 0; value < 256; value++) {
    sum += counts[value];
    if ((double)sum >= part * (double)total)
      return (guint8)value;
  }
  return 255;
}

static FastImage *
crop_to (const FastImage *image, double proportion)
{
  guint width = MIN (image->width, (guint)lround (image->height * proportion));
  guint height = MIN (image->height, (guint)lround (image->width / proportion));

  return fast_image_crop (image, (image->width - width) / 2,
                          (guint)((image->height - height) * CUT_ABOVE), width, height);
}

static FastImage *
shrink_to_limit (const FastImage *image)
{
  guint side = MAX (image->width, image->height);
  double scale = MIN (1.0, (double)SIDE_LIMIT / side);

  return fast_image_shrink (image, MAX (1u, (guint)lround (image->width * scale)),
                            MAX (1u, (guint)lround (image->height * scale)));
}

/**
 * fast_portrait_new:
 * @encoded: a picture that FastImage decodes
 * @proportion: width by height of the slot
 * @error: return location for an error
 *
 * Returns: (transfer full): the portrait, cut to @proportion
 */
FastPortrait *
fast_portrait_new (GBytes *encoded, double proportion, GError **error)
{
  g_autoptr (FastImage) image = fast_image_decode (encoded, "portrait", error);
  g_autoptr (FastImage) cropped = NULL;
  g_autoptr (FastImage) small = NULL;
  g_autoptr (FastImage) grey = NULL;
  FastPortrait *portrait;

  if (image == NULL)
    return NULL;
  cropped = crop_to (image, proportion);
  small = shrink_to_limit (cropped);
  grey = fast_image_grey (small);
  portrait = g_new0 (FastPortrait, 1);
  portrait->colour = surface_of (small);
  portrait->ghost = mask_of (grey, percentile (grey, 0.03), percentile (grey, 0.93));
  feather_edges (portrait->ghost);
  return portrait;
}

/**
 * fast_portrait_free:
 * @portrait: (nullable): a portrait
 */
void
fast_portrait_free (FastPortrait *portrait)
{
  if (portrait == NULL)
    return;
  cairo_surface_destroy (portrait->colour);
  cairo_surface_destroy (portrait->ghost);
  g_free (portrait);
}

static void
scale_to (cairo_surface_t *surface, double x, double y, double width, double height, cairo_t *cr)
{
  cairo_translate (cr, x, y);
  cairo_scale (cr, width / cairo_image_surface_get_width (surface),
               height / cairo_image_surface_get_height (surface));
}

/**
 * fast_portrait_show:
 * @portrait: a portrait
 * @slot: where
 * @cr: a context in millimetres
 */
void
fast_portrait_show (const FastPortrait *portrait, const FastSlot *slot, cairo_t *cr)
{
  cairo_save (cr);
  cairo_rectangle (cr, slot->x, slot->y, slot->width, slot->height);
  cairo_clip (cr);
  scale_to (portrait->colour, slot->x, slot->y, slot->width, slot->height, cr);
  cairo_set_source_surface (cr, portrait->colour, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_BEST);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_paint (cr);
  cairo_restore (cr);
}

/* The mask as a pattern that fills the slot. */
static cairo_pattern_t *
mask_pattern (cairo_surface_t *mask, const FastSlot *slot)
{
  cairo_pattern_t *pattern = cairo_pattern_create_for_surface (mask);
  cairo_matrix_t matrix;

  cairo_matrix_init_scale (&matrix, cairo_image_surface_get_width (mask) / slot->width,
                           cairo_image_surface_get_height (mask) / slot->height);
  cairo_matrix_translate (&matrix, -slot->x, -slot->y);
  cairo_pattern_set_matrix (pattern, &matrix);
  cairo_pattern_set_filter (pattern, CAIRO_FILTER_BEST);
  return pattern;
}

static void
set_ink (cairo_t *cr, const FastSlot *slot, double part)
{
  cairo_set_source_rgba (cr, slot->fill.red, slot->fill.green, slot->fill.blue,
                         slot->opacity * part);
}

/* Lines of the holder's own text, each begun further on than the one above. */
static void
add_text_lines (const FastSlot *slot, PangoContext *context, const char *text, cairo_t *cr)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (context);
  g_autoptr (PangoFontDescription) font = pango_font_description_new ();
  g_autoptr (GString) line = g_string_new (NULL);
  double leading = slot->font_size * GHOST_LEADING;
  guint rows = (guint)ceil (slot->height / leading);

  while (line->len < 4 * slot->width / slot->font_size + 40)
    g_string_append_printf (line, "%s ", text);
  pango_font_description_set_family (font, slot->font_family);
  pango_font_description_set_weight (font, (PangoWeight)slot->font_weight);
  pango_font_description_set_absolute_size (font, slot->font_size * 100 * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, line->str, -1);
  for (guint row = 0; row < rows; row++) {
    cairo_save (cr);
    cairo_translate (cr, slot->x - row % 7 * 1.7, slot->y + (row + 0.92) * leading);
    cairo_scale (cr, 0.01, 0.01);
    cairo_translate (cr, 0, -(double)pango_layout_get_baseline (layout) / PANGO_SCALE);
    pango_cairo_layout_path (cr, layout);
    cairo_restore (cr);
  }
}

/**
 * fast_portrait_show_ghost:
 * @portrait: a portrait
 * @slot: where, in which ink
 * @context: a context of fast_text_context_new()
 * @text: capitals of the holder's name and number
 * @cr: a context in millimetres
 *
 * The portrait once more in one ink: a soft tone, and over it lines of micro text that are as dark
 * as the portrait is there. Who changes the large portrait has to redraw these lines too.
 */
void
fast_portrait_show_ghost (const FastPortrait *portrait, const FastSlot *slot, PangoContext *context,
                          const char *text, cairo_t *cr)
{
  cairo_pattern_t *mask = mask_pattern (portrait->ghost, slot);

  cairo_save (cr);
  cairo_rectangle (cr, slot->x, slot->y, slot->width, slot->height);
  cairo_clip (cr);
  set_ink (cr, slot, GHOST_TONE);
  cairo_mask (cr, mask);
  /* Masked, not filled or clipped: those two vanish in a PDF when the picture is translucent. */
  cairo_push_group (cr);
  set_ink (cr, slot, 1);
  add_text_lines (slot, context, text, cr);
  cairo_fill (cr);
  cairo_pop_group_to_source (cr);
  cairo_mask (cr, mask);
  cairo_restore (cr);
  cairo_pattern_destroy (mask);
}

/* The box around what is dark, so that every signature fills its panel alike. */
static FastImage *
crop_to_ink (const FastImage *grey, guint8 limit)
{
  guint left = grey->width, top = grey->height, right = 0, bottom = 0;

  for (guint y = 0; y < grey->height; y++) {
    for (guint x = 0; x < grey->width; x++) {
      if (grey->pixels[(gsize)y * grey->width + x] >= limit)
        continue;
      left = MIN (left, x);
      right = MAX (right, x);
      top = MIN (top, y);
      bottom = MAX (bottom, y);
    }
  }
  if (right < left)
    return fast_image_crop (grey, 0, 0, grey->width, grey->height);
  return fast_image_crop (grey, left, top, right - left + 1, bottom - top + 1);
}

/**
 * fast_signature_mask_new:
 * @encoded: a signature, dark on light, in a format that FastImage decodes
 * @error: return location for an error
 *
 * What is paper and what is ink follows from the picture's own grey values, since scans are seldom
 * white.
 *
 * Returns: (transfer full): an alpha mask of its strokes
 */
cairo_surface_t *
fast_signature_mask_new (GBytes *encoded, GError **error)
{
  g_autoptr (FastImage) image = fast_image_decode (encoded, "signature", error);
  g_autoptr (FastImage) grey = NULL;
  g_autoptr (FastImage) cropped = NULL;
  g_autoptr (FastImage) small = NULL;
  guint8 paper, ink;

  if (image == NULL)
    return NULL;
  grey = fast_image_grey (image);
  paper = percentile (grey, 0.5);
  ink = percentile (grey, 0.002);
  cropped = crop_to_ink (grey, (guint8)((paper + ink) / 2));
  small = shrink_to_limit (cropped);
  return mask_of (small, (guint8)(ink + (paper - ink) * 0.45),
                  (guint8)(paper - (paper - ink) * 0.12));
}

/**
 * fast_signature_mask_show:
 * @mask: a mask of fast_signature_mask_new()
 * @slot: where; the signature keeps its proportions and stands in the middle
 * @cr: a context in millimetres
 */
void
fast_signature_mask_show (cairo_surface_t *mask, const FastSlot *slot, cairo_t *cr)
{
  double width = cairo_image_surface_get_width (mask),
         height = cairo_image_surface_get_height (mask);
  double scale = MIN (slot->width / width, slot->height / height);
  FastSlot box = *slot;
  cairo_pattern_t *pattern;

  box.width = width * scale;
  box.height = height * scale;
  box.x += (slot->width - box.width) / 2;
  box.y += (slot->height - box.height) / 2;
  pattern = mask_pattern (mask, &box);
  cairo_save (cr);
  cairo_rectangle (cr, box.x, box.y, box.width, box.height);
  cairo_clip (cr);
  set_ink (cr, slot, 1);
  cairo_mask (cr, pattern);
  cairo_restore (cr);
  cairo_pattern_destroy (pattern);
}
