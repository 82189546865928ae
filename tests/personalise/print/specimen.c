/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/print/specimen.h"

#include <openssl/ec.h>

#include "record/base/bytes.h"
#include "record/biometric/image.h"

EVP_PKEY *
fast_specimen_key (const char *curve)
{
  EVP_PKEY *key = EVP_EC_gen (curve);

  g_assert_nonnull (key);
  return key;
}

static void
add_entry (X509_NAME *name, const char *field, const char *text)
{
  g_assert_cmpint (X509_NAME_add_entry_by_txt (name, field, MBSTRING_ASC,
                                               (const unsigned char *)text, -1, -1, 0),
                   ==, 1);
}

/* Valid from 2020 to 2040. */
X509 *
fast_specimen_certificate (EVP_PKEY *key, const char *country, const char *name, long serial)
{
  X509 *certificate = X509_new ();
  X509_NAME *subject = X509_get_subject_name (certificate);

  ASN1_INTEGER_set (X509_get_serialNumber (certificate), serial);
  add_entry (subject, "C", country);
  add_entry (subject, "CN", name);
  X509_set_issuer_name (certificate, subject);
  ASN1_TIME_set_string_X509 (X509_getm_notBefore (certificate), "20200101000000Z");
  ASN1_TIME_set_string_X509 (X509_getm_notAfter (certificate), "20400101000000Z");
  X509_set_pubkey (certificate, key);
  g_assert_cmpint (X509_sign (certificate, key, EVP_sha256 ()), >, 0);
  return certificate;
}

GBytes *
fast_specimen_seal (EVP_PKEY *key, X509 *certificate, const FastCardInput *input)
{
  g_autofree char *mrz = g_strconcat (input->mrz[0], input->mrz[1], input->mrz[2], NULL);
  g_autoptr (GDate) issued = g_date_new_dmy (24, G_DATE_NOVEMBER, 2026);
  g_autoptr (GError) error = NULL;
  FastSealContent content = {.state = input->state,
                             .mrz = mrz,
                             .serial = input->serial,
                             .rfid = input->rfid,
                             .face = input->photo,
                             .issued = issued,
                             .signed_on = issued};
  GBytes *seal = fast_seal_make (&content, certificate, key, &error);

  g_assert_no_error (error);
  return seal;
}

FastCardInput
fast_specimen_quebec (void)
{
  static const char *const endorsements[] = {"hazardous-goods", NULL};

  return (FastCardInput){.programme = "FAST",
                         .state = "CAN",
                         .surname = "Tremblay-O’Connor",
                         .given = "Anne-Marie Éloïse",
                         .birth = "1984-02-29",
                         .nationality = "CAN",
                         .sex = "F",
                         .membership = "500000001",
                         .serial = "FA0000017",
                         .expiry = "2032-02-28",
                         .rfid = "303401234567890123450017",
                         .can = "417023",
                         .mrz = {"IDCANFA00000179500000001<<<<<<", "8402297F3202284CAN<<<<<<<<<<<2",
                                 "TREMBLAY<OCONNOR<<ANNE<MARIE<E"},
                         .endorsements = endorsements};
}

FastCardInput
fast_specimen_michigan (void)
{
  return (FastCardInput){.programme = "FAST",
                         .state = "USA",
                         .surname = "Sample",
                         .given = "Robert Lee",
                         .birth = "1979-11-30",
                         .nationality = "USA",
                         .sex = "M",
                         .membership = "500000002",
                         .serial = "FA0000025",
                         .expiry = "2032-11-30",
                         .rfid = "303401234567890123450025",
                         .can = "908316",
                         .mrz = {"IDUSAFA00000250500000002<<<<<<", "7911302M3211306USA<<<<<<<<<<<4",
                                 "SAMPLE<<ROBERT<LEE<<<<<<<<<<<<"}};
}

/* A picture that needs no data folder: a light ground and a dark oval. */
GBytes *
fast_specimen_grey_face (void)
{
  g_autoptr (FastImage) image = fast_image_new (311, 400, 1);
  g_autoptr (GError) error = NULL;
  GBytes *encoded;

  for (guint y = 0; y < image->height; y++) {
    for (guint x = 0; x < image->width; x++) {
      double across = (x - 155.0) / 90, down = (y - 180.0) / 130;

      image->pixels[y * image->width + x] = across * across + down * down < 1 ? 96 : 208;
    }
  }
  encoded = fast_image_encode_jpeg (image, 90, &error);
  g_assert_no_error (error);
  return encoded;
}

GBytes *
fast_specimen_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = fast_bytes_read_file (path, FAST_IMAGE_FILE_LIMIT, &error);

  g_assert_no_error (error);
  return bytes;
}
