/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "personalise/print/card-face.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/personalise/print/specimen.h"
#include "tests/support.h"

/* The finished card as programs of others see it. */

typedef struct {
  char *folder;
  GBytes *seal;
  FastCardInput input;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer nation)
{
  g_autoptr (EVP_PKEY) key = fast_specimen_key ("P-256");
  g_autoptr (X509) certificate = fast_specimen_certificate (key, "CA", "FS", 0x65FF3B);
  g_autofree char *stem = NULL;
  g_autofree char *pdf = NULL;
  g_autoptr (FastCardFace) face = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = fast_test_folder ();
  stem = g_build_filename (fixture->folder, "card", NULL);
  pdf = g_build_filename (fixture->folder, "card.pdf", NULL);
  fixture->input =
      strcmp (nation, "CAN") == 0 ? fast_specimen_quebec () : fast_specimen_michigan ();
  fixture->input.photo = fast_specimen_grey_face ();
  fixture->seal = fast_specimen_seal (key, certificate, &fixture->input);
  fixture->input.seal = fixture->seal;
  face = fast_card_face_new (&fixture->input, &error);
  g_assert_no_error (error);
  g_assert_true (fast_card_face_write_png (face, stem, 300, &error));
  g_assert_true (fast_card_face_write_pdf (face, pdf, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer nation G_GNUC_UNUSED)
{
  fast_test_remove_folder (fixture->folder);
  g_bytes_unref (fixture->seal);
  g_bytes_unref (fixture->input.photo);
}

/* Runs a line of shell in the fixture's folder; its output. */
static char *
shell (Fixture *fixture, const char *command)
{
  g_autofree char *line = g_strdup_printf ("cd '%s' && %s", fixture->folder, command);
  const char *argv[] = {"sh", "-c", line, NULL};
  g_autofree char *err = NULL;
  char *out = NULL;
  int status = fast_test_run (&out, &err, argv);

  if (status != 0)
    g_error ("%s: %s", command, err);
  return out;
}

static void
assert_code (Fixture *fixture, const char *picture)
{
  g_autofree char *command =
      g_strdup_printf ("zbarimg -q --raw -Sbinary --oneshot %s > code", picture);
  g_autofree char *out = shell (fixture, command);
  g_autofree char *path = g_build_filename (fixture->folder, "code", NULL);
  g_autoptr (GBytes) code = fast_specimen_file (path);

  g_assert_true (g_bytes_equal (code, fixture->seal));
}

static gboolean
have (const char *program)
{
  g_autofree char *path = g_find_program_in_path (program);

  if (path == NULL)
    g_test_skip ("a program of others is not installed");
  return path != NULL;
}

static void
test_zbar (Fixture *fixture, gconstpointer nation G_GNUC_UNUSED)
{
  g_autofree char *out = NULL;

  if (!have ("zbarimg") || !have ("pdftoppm"))
    return;
  assert_code (fixture, "card-back.png");
  out = shell (fixture, "pdftoppm -png -r 300 -f 2 -l 2 card.pdf page");
  assert_code (fixture, "page-2.png");
}

static void
test_poppler (Fixture *fixture, gconstpointer nation)
{
  g_autofree char *text = NULL;
  g_autofree char *fonts = NULL;
  g_autofree char *info = NULL;

  if (!have ("pdftotext"))
    return;
  text = shell (fixture, "pdftotext -layout card.pdf -");
  g_assert_nonnull (strstr (text, strcmp (nation, "CAN") == 0 ? "TREMBLAY-O’CONNOR" : "SAMPLE"));
  g_assert_nonnull (strstr (text, strcmp (nation, "CAN") == 0 ? "Nom / Name" : "Name / Nom"));
  fonts = shell (fixture, "pdffonts card.pdf");
  g_assert_nonnull (strstr (fonts, "ClearSans-Bold"));
  g_assert_null (strstr (fonts, "DejaVu"));
  info = shell (fixture, "pdfinfo card.pdf");
  g_assert_nonnull (strstr (info, "Pages:           2"));
  g_assert_nonnull (strstr (info, "242.64"));
}

/* The MRZ of the PDF is ink: as many dark dots as thirty characters on three lines have. */
static void
test_mrz_in_pdf (Fixture *fixture, gconstpointer nation G_GNUC_UNUSED)
{
  static const char command[] =
      "pdftoppm -r 300 -gray -f 2 -l 2 -x 40 -y 370 -W 930 -H 230 card.pdf zone && "
      "tail -c 213900 zone-2.pgm | od -An -v -tu1 -w1 | awk '$1 < 128' | wc -l";
  g_autofree char *out = NULL;

  if (!have ("pdftoppm"))
    return;
  out = shell (fixture, command);
  g_assert_cmpuint (g_ascii_strtoull (g_strstrip (out), NULL, 10), >, 12000);
}

#define ADD(path, function, nation) g_test_add (path, Fixture, nation, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/print/peer/zbar-CAN", test_zbar, "CAN");
  ADD ("/print/peer/zbar-USA", test_zbar, "USA");
  ADD ("/print/peer/poppler-CAN", test_poppler, "CAN");
  ADD ("/print/peer/poppler-USA", test_poppler, "USA");
  ADD ("/print/peer/mrz-in-pdf", test_mrz_in_pdf, "CAN");
  return g_test_run ();
}
