/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/print/card-face.h"

#include <glib/gstdio.h>
#include <string.h>

#include "personalise/print/card-text.h"
#include "personalise/print/card-wording.h"
#include "personalise/print/machine-zone.h"
#include "record/base/asset.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/biometric/image.h"
#include "tests/personalise/print/specimen.h"
#include "tests/support.h"

const char *__asan_default_options (void);
const char *__lsan_default_suppressions (void);

/* Whole stacks, or the suppressions below cannot tell GLib's start from anything else. */
const char *
__asan_default_options (void)
{
  return "fast_unwind_on_malloc=0";
}

/* Fontconfig keeps its caches until the process ends. GLib lets go of its first table of quarks,
 * made when it is loaded, once librsvg's world needs more. Neither grows with the cards drawn. */
const char *
__lsan_default_suppressions (void)
{
  return "leak:libfontconfig\nleak:_dl_init\n";
}

static GBytes *
seal_bytes (gsize size)
{
  g_autofree guint8 *data = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    data[i] = (guint8)(i * 131 + 7);
  return g_bytes_new (data, size);
}

static FastCardFace *
new_face (FastCardInput input)
{
  g_autoptr (GBytes) photo = fast_specimen_grey_face ();
  g_autoptr (GBytes) seal = seal_bytes (210);
  g_autoptr (GError) error = NULL;
  FastCardFace *face;

  input.photo = photo;
  input.seal = seal;
  face = fast_card_face_new (&input, &error);
  g_assert_no_error (error);
  return face;
}

static gboolean
overlap (const cairo_rectangle_t *a, const cairo_rectangle_t *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
         b->y < a->y + a->height;
}

static gboolean
on_card (const cairo_rectangle_t *area)
{
  return area->x >= 0 && area->y >= 0 && area->x + area->width <= FAST_CARD_WIDTH_MM &&
         area->y + area->height <= FAST_CARD_HEIGHT_MM;
}

static void
assert_apart (FastCardFace *face, FastCardSide side)
{
  g_autoptr (GArray) places = fast_card_face_get_placements (face, side);

  g_assert_cmpuint (places->len, >, 8);
  for (guint i = 0; i < places->len; i++) {
    FastPlacement *a = &g_array_index (places, FastPlacement, i);

    g_assert_true (on_card (&a->area));
    for (guint k = i + 1; k < places->len; k++) {
      FastPlacement *b = &g_array_index (places, FastPlacement, k);

      if (overlap (&a->area, &b->area))
        g_error ("%s and %s overlap", a->slot, b->slot);
    }
  }
}

static const char *const names[][2] = {
    {"Li", ""},
    {"Tremblay-O’Connor", "Anne-Marie Éloïse"},
    {"Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Cholmondeley",
     "Hubert Blaine Wolfgang Maximilian Éloïse-Marguerite Zéphirine Apolline"},
    {"Keihanaikukauakahihuliheekahaunaele", "Janice Lokelani"},
    {"Wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww"
     "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww"
     "wwwwwwwwwwwwwwwwwwww",
     "Wwwwwwwwwwwwwwww Wwwwwwwwwwwwwwwwwww Wwwwwwwwwwwwwwwwwwww Wwwwwwwwwwwwwwwwwwww Wwwwwwwww"},
    {"Ångström-Þórðarson Đặng Łukasiewicz", "Çağrı Žofie Øystein Ẅ"},
    {"Παπαδόπουλος", "Κωνσταντίνος"},
    {"Преображенский-Вознесенский", "Александр Иоаннович"},
    {"יהושע", "محمد عبد الله"},
};

static void
test_names_apart (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    for (guint nation = 0; nation < (i == 2 ? 2 : 1); nation++) {
      FastCardInput input = nation == 0 ? fast_specimen_quebec () : fast_specimen_michigan ();
      g_autoptr (FastCardFace) face = NULL;

      input.surname = names[i][0];
      input.given = names[i][1];
      face = new_face (input);
      assert_apart (face, FAST_CARD_FRONT);
      assert_apart (face, FAST_CARD_BACK);
    }
  }
}

static FastPlacement
place_of (FastCardFace *face, FastCardSide side, const char *slot)
{
  g_autoptr (GArray) places = fast_card_face_get_placements (face, side);

  for (guint i = 0; i < places->len; i++) {
    FastPlacement *place = &g_array_index (places, FastPlacement, i);

    if (strcmp (place->slot, slot) == 0)
      return *place;
  }
  g_error ("%s is not placed", slot);
}

/* Long names shrink before they wrap: the ink of one line is lower than that of two. */
static void
test_shrink_then_wrap (void)
{
  FastCardInput input = fast_specimen_quebec ();
  g_autoptr (FastCardFace) usual = NULL;
  g_autoptr (FastCardFace) longer = NULL;
  g_autoptr (FastCardFace) longest = NULL;

  input.surname = "Roy";
  usual = new_face (input);
  input.surname = "Montgomery-Villeneuve";
  longer = new_face (input);
  input.surname = names[2][0];
  longest = new_face (input);
  g_assert_cmpfloat (place_of (longer, FAST_CARD_FRONT, "surname").area.height, <,
                     place_of (usual, FAST_CARD_FRONT, "surname").area.height);
  g_assert_cmpfloat (place_of (longest, FAST_CARD_FRONT, "surname").area.height, >,
                     place_of (usual, FAST_CARD_FRONT, "surname").area.height);
}

/* How many pixels of the front differ within an area in mm, and how many outside it. */
typedef struct {
  guint inside;
  guint outside;
} Difference;

static FastImage *
draw_front (FastCardFace *face)
{
  char *folder = fast_test_folder ();
  g_autofree char *base = g_build_filename (folder, "card", NULL);
  g_autofree char *path = g_strconcat (base, "-front.png", NULL);
  g_autoptr (GError) error = NULL;
  FastImage *image;

  g_assert_true (fast_card_face_write_png (face, base, 300, &error));
  image = fast_image_load (path, &error);
  g_assert_no_error (error);
  fast_test_remove_folder (folder);
  return image;
}

static Difference
compare_fronts (FastCardFace *one, FastCardFace *other, const cairo_rectangle_t *area)
{
  g_autoptr (FastImage) a = draw_front (one), b = draw_front (other);
  Difference difference = {0, 0};
  double scale = a->width / FAST_CARD_WIDTH_MM;
  guint channels = a->channels;

  for (guint y = 0; y < a->height; y++) {
    for (guint x = 0; x < a->width; x++) {
      gsize at = ((gsize)y * a->width + x) * channels;
      gboolean inside = x + 2 >= area->x * scale && x <= (area->x + area->width) * scale + 2 &&
                        y + 2 >= area->y * scale && y <= (area->y + area->height) * scale + 2;

      if (a->pixels[at] != b->pixels[at])
        *(inside ? &difference.inside : &difference.outside) += 1;
    }
  }
  return difference;
}

/* ICAO 9303-11, 4.4: the card access number stands on the card, here at the lower right of the
 * front and at least 1.6 mm tall; a chip without PACE has none, and nothing else changes. */
static void
test_card_access_number (void)
{
  FastCardInput input = fast_specimen_quebec ();
  g_autoptr (FastCardFace) with = new_face (input);
  FastPlacement place = place_of (with, FAST_CARD_FRONT, "can");
  g_autoptr (FastCardFace) without = NULL;
  g_autoptr (GArray) places = NULL;
  Difference difference;

  g_assert_cmpfloat (place.area.x, >, FAST_CARD_WIDTH_MM / 2);
  g_assert_cmpfloat (place.area.y, >, FAST_CARD_HEIGHT_MM * 0.8);
  g_assert_cmpfloat (place.area.height, >=, 1.6);
  input.can = NULL;
  without = new_face (input);
  places = fast_card_face_get_placements (without, FAST_CARD_FRONT);
  for (guint i = 0; i < places->len; i++)
    g_assert_cmpstr (g_array_index (places, FastPlacement, i).slot, !=, "can");
  difference = compare_fronts (with, without, &place.area);
  g_assert_cmpuint (difference.inside, >, 500);
  g_assert_cmpuint (difference.outside, ==, 0);
}

static void
assert_png (const char *base, const char *suffix, guint width, guint height, guint per_metre)
{
  g_autofree char *path = g_strconcat (base, suffix, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) image = fast_image_load (path, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (image->width, ==, width);
  g_assert_cmpuint (image->height, ==, height);
  g_assert_cmpuint (image->pixels_per_metre, ==, per_metre);
}

/* ID-1 at both resolutions, for both nations, as PDF, with SPECIMEN. */
static void
test_write (void)
{
  char *folder = fast_test_folder ();
  g_autofree char *base = g_build_filename (folder, "card.png", NULL);
  g_autofree char *stem = g_build_filename (folder, "card", NULL);
  g_autofree char *pdf = g_build_filename (folder, "card.pdf", NULL);

  for (guint nation = 0; nation < 2; nation++) {
    FastCardInput input = nation == 0 ? fast_specimen_quebec () : fast_specimen_michigan ();
    g_autoptr (GError) error = NULL;
    g_autoptr (FastCardFace) face = NULL;
    g_autofree char *start = NULL;

    input.specimen = TRUE;
    face = new_face (input);
    g_assert_true (fast_card_face_write_png (face, base, 300, &error));
    assert_png (stem, "-front.png", 1011, 638, 11811);
    assert_png (stem, "-back.png", 1011, 638, 11811);
    if (nation == 0) {
      g_assert_true (fast_card_face_write_png (face, stem, 600, &error));
      assert_png (stem, "-front.png", 2022, 1275, 23622);
    }
    g_assert_true (fast_card_face_write_pdf (face, pdf, &error));
    g_assert_no_error (error);
    g_assert_true (g_file_get_contents (pdf, &start, NULL, &error));
    g_assert_true (g_str_has_prefix (start, "%PDF-1."));
    g_assert_false (fast_card_face_write_png (face, base, 72, &error));
    fast_test_assert_id (error, "print-dpi");
  }
  fast_test_remove_folder (folder);
}

/* Artwork of a designer: FAST_ASSETS_DIR goes before what is compiled in. */
static char *designer;

static void
remove_front (void)
{
  g_autofree char *path = g_build_filename (designer, "card", "fast-front.svg", NULL);

  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
replace_in_front (const char *from, const char *to)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) svg = fast_asset_load ("card/fast-front.svg", &error);
  g_autofree char *text = g_strndup (g_bytes_get_data (svg, NULL), g_bytes_get_size (svg));
  g_autofree char *path = g_build_filename (designer, "card", "fast-front.svg", NULL);
  g_autofree char *card = g_path_get_dirname (path);
  g_auto (GStrv) parts = g_strsplit (text, from, -1);
  g_autofree char *changed = NULL;

  g_assert_cmpuint (g_strv_length (parts), >, 1);
  changed = g_strjoinv (to, parts);
  g_assert_cmpint (g_mkdir_with_parents (card, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, changed, -1, &error));
}

typedef struct {
  const char *from;
  const char *to;
  const char *message;
  const char *id;
} Slip;

static const Slip slips[] = {
    {"id=\"surname\"", "id=\"family-name\"", "print-artwork-missing", "surname"},
    {"<rect id=\"surname\"",
     "<rect id=\"extra\" x=\"1\" y=\"1\" width=\"1\" height=\"1\"/><rect "
     "id=\"surname\"",
     "print-artwork-unknown", "extra"},
    {"id=\"sex\"", "id=\"surname\"", "print-artwork-repeated", "surname"},
    {"id=\"hologram\" x=\"68.2\"", "id=\"hologram\" x=\"80\"", "print-artwork-slot", "hologram"},
    {"id=\"photo\" x=\"4\"", "id=\"photo\" x=\"4mm\"", "print-artwork-slot", "photo"},
    {"<g id=\"artwork\">", "<g id=\"art\">", "print-artwork-missing", "artwork"},
    {"<g id=\"reserved\"", "<g id=\"later\"/><g id=\"reserved\"", "print-artwork-unknown", "later"},
    {"viewBox=\"0 0 85.6 53.98\"", "viewBox=\"0 0 856 539.8\"", "print-artwork-size", NULL},
    {"</svg>", "", "print-artwork-malformed", NULL},
    {"font-family=\"Clear Sans\" font-size=\"3.6\"", "font-size=\"3.6\"", "print-slot-font",
     "surname"},
    {"font-family=\"Clear Sans\" font-size=\"3.6\"", "font-family=\"No Such\" font-size=\"3.6\"",
     "print-font", NULL},
};

/* A designer's slips are told by id before anything is printed. */
static void
test_contract (void)
{
  FastCardInput input = fast_specimen_quebec ();

  for (guint i = 0; i < G_N_ELEMENTS (slips); i++) {
    g_autoptr (GError) error = NULL;

    replace_in_front (slips[i].from, slips[i].to);
    g_assert_null (fast_card_face_new (&input, &error));
    remove_front ();
    fast_test_assert_id (error, slips[i].message);
    if (slips[i].id != NULL)
      g_assert_cmpstr (fast_message_get_parameter (fast_error_get_message (error), "id"), ==,
                       slips[i].id);
  }
}

/* Artwork may be changed without touching C. */
static void
test_redesign (void)
{
  g_autoptr (FastCardFace) face = NULL;

  replace_in_front ("id=\"number\" x=\"29.6\"", "id=\"number\" x=\"30.6\"");
  face = new_face (fast_specimen_quebec ());
  remove_front ();
  g_assert_cmpfloat (place_of (face, FAST_CARD_FRONT, "number").area.x, >, 30.6);
}

static void
assert_refused (const FastCardInput *input, const char *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fast_card_face_new (input, &error));
  fast_test_assert_id (error, id);
}

static void
test_refused (void)
{
  static const char *const unknown[] = {"escort", NULL};
  g_autoptr (GBytes) photo = fast_specimen_grey_face ();
  g_autoptr (GBytes) seal = seal_bytes (210);
  g_autoptr (GBytes) huge = seal_bytes (700);
  g_autoptr (GBytes) broken = g_bytes_new_from_bytes (photo, 0, g_bytes_get_size (photo) / 2);
  FastCardInput good = fast_specimen_quebec (), input;

  good.photo = photo;
  good.seal = seal;
  input = good, input.state = "MEX", assert_refused (&input, "print-state");
  input = good, input.surname = "", assert_refused (&input, "print-field");
  input = good, input.photo = NULL, assert_refused (&input, "print-field");
  input = good, input.seal = NULL, assert_refused (&input, "print-field");
  input = good, input.seal = huge, assert_refused (&input, "print-qr-size");
  input = good, input.birth = "1984-02-30", assert_refused (&input, "date-malformed");
  input = good, input.mrz[1] = "SHORT", assert_refused (&input, "print-mrz-line");
  input = good, input.can = "12345", assert_refused (&input, "print-can");
  input = good, input.can = "1234567", assert_refused (&input, "print-can");
  input = good, input.can = "12 456", assert_refused (&input, "print-can");
  input = good, input.can = "", assert_refused (&input, "print-can");
  input = good, input.endorsements = unknown, assert_refused (&input, "print-endorsement");
  input = good, input.programme = "NONE", assert_refused (&input, "asset-missing");
  input = good, input.photo = broken;
  g_assert_null (fast_card_face_new (&input, NULL));
}

/* TR-03137-1, 3.1: the module is at least 0.3386 mm, and whole dots at 300 dpi. */
static void
test_qr_module (void)
{
  const FastSlot slot = {.id = (char *)"seal", .width = 24.6, .height = 24.6};

  for (gsize size = 1; size <= 300; size += 13) {
    g_autoptr (GBytes) bytes = seal_bytes (size);
    g_autoptr (GError) error = NULL;
    g_autoptr (FastQr) qr = fast_qr_new (bytes, &slot, &error);
    double module;

    g_assert_no_error (error);
    module = fast_qr_get_module_mm (qr, &slot);
    g_assert_cmpfloat (module, >=, 0.3386);
    g_assert_cmpfloat ((qr->size + 2 * FAST_QR_QUIET_MODULES) * module, <=, slot.width + 1e-9);
  }
}

static void
test_fonts (void)
{
  PangoContext *context = fast_text_context_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (fast_text_check_family (context, "OCR B", "fonts-ocr-b", &error));
  g_assert_no_error (error);
  g_assert_false (fast_text_check_family (context, "OCRB", "fonts-ocr-b", &error));
  fast_test_assert_id (error, "print-font");
  g_object_unref (context);
}

static void
test_wording (void)
{
  g_autofree char *canada = fast_wording_label ("CAN", "card-name", " / ");
  g_autofree char *states = fast_wording_label ("USA", "card-name", " / ");
  g_autofree char *once = fast_wording_label ("USA", "card-issuer-CAN", " / ");
  g_autofree char *february = fast_wording_date ("CAN", "1984-02-29", NULL);
  g_autofree char *march = fast_wording_date ("USA", "2031-03-01", NULL);
  g_autofree char *november = fast_wording_date ("USA", "1979-11-30", NULL);

  g_assert_cmpstr (canada, ==, "Nom / Name");
  g_assert_cmpstr (states, ==, "Name / Nom");
  g_assert_cmpstr (once, ==, "CANADA");
  g_assert_cmpstr (february, ==, "29 FÉV/FEB 1984");
  g_assert_cmpstr (march, ==, "01 MAR/MARS 2031");
  g_assert_cmpstr (november, ==, "30 NOV 1979");
}

int
main (int argc, char **argv)
{
  int status;

  designer = fast_test_folder ();
  g_setenv ("FAST_ASSETS_DIR", designer, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/print/card/names-apart", test_names_apart);
  g_test_add_func ("/print/card/shrink-then-wrap", test_shrink_then_wrap);
  g_test_add_func ("/print/card/card-access-number", test_card_access_number);
  g_test_add_func ("/print/card/write", test_write);
  g_test_add_func ("/print/card/contract", test_contract);
  g_test_add_func ("/print/card/redesign", test_redesign);
  g_test_add_func ("/print/card/refused", test_refused);
  g_test_add_func ("/print/card/qr-module", test_qr_module);
  g_test_add_func ("/print/card/fonts", test_fonts);
  g_test_add_func ("/print/card/wording", test_wording);
  status = g_test_run ();
  fast_test_remove_folder (designer);
  return status;
}
