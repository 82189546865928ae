/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "tests/personalise/print/specimen.h"
#include "tests/support.h"

/* Proofs for the eye: card-proof FOLDER [DPI] prints both specimens there. */

static void
load_folder (FastCardInput *input, const char *photo, const char *signature)
{
  g_autofree char *photo_path = fast_test_data (photo);
  g_autofree char *signature_path = fast_test_data (signature);

  input->photo = photo_path != NULL ? fast_specimen_file (photo_path) : fast_specimen_grey_face ();
  input->signature = signature_path != NULL ? fast_specimen_file (signature_path) : NULL;
}

static void
print (FastCardInput *input, const char *folder, const char *name, guint dpi)
{
  g_autoptr (EVP_PKEY) key = fast_specimen_key ("P-256");
  g_autoptr (X509) certificate = fast_specimen_certificate (key, "CA", "FA", 0x1a2b);
  g_autoptr (GBytes) seal = fast_specimen_seal (key, certificate, input);
  g_autofree char *base = g_build_filename (folder, name, NULL);
  g_autofree char *pdf = g_strconcat (base, ".pdf", NULL);
  g_autoptr (FastCardFace) face = NULL;
  g_autoptr (GError) error = NULL;

  input->seal = seal;
  face = fast_card_face_new (input, &error);
  g_assert_no_error (error);
  fast_card_face_write_png (face, base, dpi, &error);
  g_assert_no_error (error);
  fast_card_face_write_pdf (face, pdf, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  FastCardInput quebec = fast_specimen_quebec (), michigan = fast_specimen_michigan ();
  guint dpi = argc > 2 ? (guint)g_ascii_strtoull (argv[2], NULL, 10) : 300;

  if (argc < 2)
    return 2;
  load_folder (&quebec, "folder/quebec-driver/face.jpg", "folder/quebec-driver/signature.png");
  load_folder (&michigan, "folder/michigan-driver/face.png",
               "folder/michigan-driver/signature.png");
  print (&quebec, argv[1], "quebec", dpi);
  print (&michigan, argv[1], "michigan", dpi);
  quebec.specimen = TRUE;
  quebec.surname = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Cholmondeley";
  quebec.given = "Hubert Blaine Wolfgang Maximilian Éloïse-Marguerite Zéphirine Apolline";
  quebec.signature = NULL;
  print (&quebec, argv[1], "longest", dpi);
  return 0;
}
