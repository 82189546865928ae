/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/print/seal.h"

#include <string.h>

#include "personalise/print/seal-signer.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/keys/certificate.h"
#include "record/keys/signature.h"
#include "tests/personalise/print/specimen.h"
#include "tests/support.h"

typedef struct {
  EVP_PKEY *key;
  X509 *certificate;
  GPtrArray *signers;
  FastCardInput input;
  GBytes *seal;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer curve)
{
  fixture->key = fast_specimen_key (curve);
  fixture->certificate = fast_specimen_certificate (fixture->key, "CA", "FA", 0x1a2b);
  fixture->signers = g_ptr_array_new ();
  g_ptr_array_add (fixture->signers, fixture->certificate);
  fixture->input = fast_specimen_quebec ();
  fixture->input.photo = fast_specimen_grey_face ();
  fixture->seal = fast_specimen_seal (fixture->key, fixture->certificate, &fixture->input);
}

static void
tear_down (Fixture *fixture, gconstpointer curve G_GNUC_UNUSED)
{
  g_bytes_unref (fixture->seal);
  g_bytes_unref (fixture->input.photo);
  g_ptr_array_unref (fixture->signers);
  X509_free (fixture->certificate);
  EVP_PKEY_free (fixture->key);
}

static FastSeal *
parse (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  FastSeal *seal = fast_seal_parse (bytes, &error);

  g_assert_no_error (error);
  return seal;
}

static void
test_round (Fixture *fixture, gconstpointer curve G_GNUC_UNUSED)
{
  g_autoptr (FastSeal) seal = parse (fixture->seal);
  g_autoptr (GError) error = NULL;
  g_autofree char *mrz = fast_seal_dup_mrz (seal, &error);
  g_autofree char *serial = fast_seal_dup_serial (seal, &error);
  g_autofree char *rfid = fast_seal_dup_rfid (seal, &error);
  g_autofree char *wanted =
      g_strjoin ("\n", fixture->input.mrz[0], fixture->input.mrz[1], fixture->input.mrz[2], NULL);

  g_assert_true (fast_seal_verify (seal, fixture->signers, &error) == fixture->certificate);
  g_assert_no_error (error);
  g_assert_cmpuint (seal->version, ==, 4);
  g_assert_cmpstr (seal->state, ==, "CAN");
  g_assert_cmpstr (seal->signer, ==, "CAFA");
  g_assert_cmpstr (seal->reference, ==, "1A2B");
  g_assert_true (fast_seal_is_card (seal));
  g_assert_cmpstr (mrz, ==, wanted);
  g_assert_cmpstr (serial, ==, fixture->input.serial);
  g_assert_cmpstr (rfid, ==, fixture->input.rfid);
  g_assert_true (fast_seal_matches_face (seal, fixture->input.photo));
  g_assert_false (fast_seal_matches_face (seal, fixture->seal));
}

/* The bytes of the header: DC 03, country in two bytes, signer and reference. */
static void
test_header (Fixture *fixture, gconstpointer curve G_GNUC_UNUSED)
{
  const guint8 *bytes = g_bytes_get_data (fixture->seal, NULL);
  gsize size = g_bytes_get_size (fixture->seal);

  g_assert_cmphex (bytes[0], ==, 0xDC);
  g_assert_cmphex (bytes[1], ==, 0x03);
  /* ten characters CAFA041A2B: 8 bytes; then 24 Nov 2026 twice: 11242026 */
  g_assert_cmphex (bytes[12], ==, 0xAB);
  g_assert_cmphex (bytes[13], ==, 0x8A);
  g_assert_cmphex (bytes[14], ==, 0x2A);
  g_assert_cmphex (bytes[18], ==, FAST_SEAL_FEATURE_REFERENCE);
  g_assert_cmphex (bytes[19], ==, FAST_SEAL_TYPE_CATEGORY);
  g_assert_cmphex (bytes[size - 66], ==, 0xFF);
  g_assert_cmphex (bytes[size - 65], ==, 0x40);
}

static void
test_flipped (Fixture *fixture, gconstpointer curve G_GNUC_UNUSED)
{
  gsize size = g_bytes_get_size (fixture->seal);

  for (gsize bit = 0; bit < size * 8; bit++) {
    g_autoptr (GByteArray) copy = g_byte_array_new ();
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (FastSeal) seal = NULL;

    fast_append_bytes (copy, fixture->seal);
    copy->data[bit / 8] ^= (guint8)(1 << bit % 8);
    bytes = g_bytes_new (copy->data, copy->len);
    seal = fast_seal_parse (bytes, &error);
    if (seal != NULL)
      g_assert_null (fast_seal_verify (seal, fixture->signers, &error));
    g_assert_nonnull (error);
  }
}

static void
test_cut (Fixture *fixture, gconstpointer curve G_GNUC_UNUSED)
{
  for (gsize size = 0; size < g_bytes_get_size (fixture->seal); size++) {
    g_autoptr (GBytes) cut = g_bytes_new_from_bytes (fixture->seal, 0, size);
    g_autoptr (GError) error = NULL;

    g_assert_null (fast_seal_parse (cut, &error));
    g_assert_nonnull (error);
  }
}

/* A feature of a later edition, between ours and the signature. */
static void
test_unknown_tag (Fixture *fixture, gconstpointer curve G_GNUC_UNUSED)
{
  gsize covered = g_bytes_get_size (fixture->seal) - 66;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GBytes) message = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FastSeal) seal = NULL;
  g_autoptr (GError) error = NULL;

  fast_append (out, g_bytes_get_data (fixture->seal, NULL), covered);
  fast_append (out, "\xC8\x03new", 5);
  message = g_bytes_new (out->data, out->len);
  signature = fast_signature_raw_sign (fixture->key, message, &error);
  g_assert_no_error (error);
  fast_append (out, "\xFF\x40", 2);
  fast_append_bytes (out, signature);
  bytes = g_bytes_new (out->data, out->len);
  seal = parse (bytes);
  g_assert_nonnull (fast_seal_verify (seal, fixture->signers, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (fast_seal_get_feature (seal, 0xC8)), ==, 3);
}

static void
test_wrong_signer (Fixture *fixture, gconstpointer curve)
{
  g_autoptr (FastSeal) seal = parse (fixture->seal);
  g_autoptr (EVP_PKEY) key = fast_specimen_key (curve);
  g_autoptr (X509) same_name = fast_specimen_certificate (key, "CA", "FA", 0x1a2b);
  g_autoptr (X509) other = fast_specimen_certificate (key, "US", "FA", 0x1a2b);
  g_autoptr (GPtrArray) signers = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (signers, other);
  g_assert_null (fast_seal_verify (seal, signers, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT);
  g_clear_error (&error);
  signers->pdata[0] = same_name;
  g_assert_null (fast_seal_verify (seal, signers, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_SIGNATURE);
}

static void
test_expired_signer (Fixture *fixture, gconstpointer curve G_GNUC_UNUSED)
{
  g_autoptr (FastSeal) seal = parse (fixture->seal);
  g_autoptr (GError) error = NULL;

  ASN1_TIME_set_string_X509 (X509_getm_notAfter (fixture->certificate), "20261123235959Z");
  g_assert_null (fast_seal_verify (seal, fixture->signers, &error));
  fast_test_assert_id (error, "print-seal-validity");
}

static void
refuse_seal (const FastSealContent *content, X509 *certificate, EVP_PKEY *key, const char *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fast_seal_make (content, certificate, key, &error));
  if (id != NULL)
    fast_test_assert_id (error, id);
  g_assert_nonnull (error);
}

/* What must not be sealed: wrong sizes, text outside C40, a foreign key, a signer out of date. */
static void
test_not_made (Fixture *fixture, gconstpointer curve)
{
  g_autofree char *mrz = g_strnfill (90, '<');
  g_autoptr (GDate) date = g_date_new_dmy (24, G_DATE_NOVEMBER, 2026);
  g_autoptr (GDate) late = g_date_new_dmy (2, G_DATE_JANUARY, 2040);
  g_autoptr (EVP_PKEY) other = fast_specimen_key (curve);
  g_autoptr (X509) nameless = fast_specimen_certificate (fixture->key, "CA", "seal", 1);
  const FastSealContent good = {
      .state = "CAN", .mrz = mrz, .serial = "FA01", .issued = date, .signed_on = date};
  FastSealContent content = good;

  refuse_seal (&good, fixture->certificate, other, NULL);
  refuse_seal (&good, nameless, fixture->key, "print-seal-subject");
  content.state = "CA";
  refuse_seal (&content, fixture->certificate, fixture->key, "print-seal-state");
  content = good;
  content.mrz = "SHORT";
  refuse_seal (&content, fixture->certificate, fixture->key, "print-seal-mrz");
  content = good;
  content.rfid = "3034-0123";
  refuse_seal (&content, fixture->certificate, fixture->key, "print-c40-character");
  content = good;
  content.signed_on = late;
  refuse_seal (&content, fixture->certificate, fixture->key, "print-seal-validity");
}

/* TR-03137-1, 5.3.1: only C and a CN of two capitals. */
static void
test_subject_form (Fixture *fixture, gconstpointer curve G_GNUC_UNUSED)
{
  g_autoptr (X509) lower = fast_specimen_certificate (fixture->key, "CA", "fa", 1);
  g_autoptr (X509) longer = fast_specimen_certificate (fixture->key, "CA", "SEAL", 1);

  g_assert_true (fast_seal_signer_has_form (fixture->certificate));
  g_assert_false (fast_seal_signer_has_form (lower));
  g_assert_false (fast_seal_signer_has_form (longer));
  X509_NAME_add_entry_by_txt (X509_get_subject_name (fixture->certificate), "O", MBSTRING_ASC,
                              (const unsigned char *)"x", -1, -1, 0);
  g_assert_false (fast_seal_signer_has_form (fixture->certificate));
}

/* TR-03137-1, 3.2.3. */
static void
test_date (void)
{
  g_autoptr (GDate) date = g_date_new_dmy (25, G_DATE_MARCH, 1957);
  GDate back;

  g_assert_cmphex (fast_seal_date_encode (date), ==, 0x319EF5);
  g_assert_true (fast_seal_date_decode (0x319EF5, &back, NULL));
  g_assert_cmpint (g_date_compare (date, &back), ==, 0);
  g_assert_false (fast_seal_date_decode (0, &back, NULL));
  g_assert_false (fast_seal_date_decode (2302021, &back, NULL));
  g_assert_false (fast_seal_date_decode (0xFFFFFF, &back, NULL));
}

typedef struct {
  const char *name;
  guint version;
  const char *signer;
  const char *reference;
  gboolean verifies;
} Public;

static const Public publics[] = {
    {"addressStickerPassport", 4, "UTTS", "5B", TRUE},
    {"emergenyTravelDoc", 4, "UTTS", "5B", TRUE},
    {"permanentResidencePermit", 4, "UTTS", "5B", TRUE},
    {"ankunftsnwPapier", 4, "DEME", "00008", FALSE},
    {"utoVisa", 4, "DEKD", "001", FALSE},
    {"arrivalAttestation", 3, "DETS", "00027", FALSE},
    {"socialInsurance", 3, "DETS", "00027", FALSE},
};

static GPtrArray *
load_signers (void)
{
  static const char *const files[] = {"vds/sealgen_DETS32.crt", "vds/sealgen_UTTS5B.crt"};
  g_autoptr (GPtrArray) signers = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free);

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = fast_test_data (files[i]);
    g_autoptr (GError) error = NULL;

    if (path == NULL)
      return NULL;
    g_ptr_array_add (signers, fast_certificate_load (path, &error));
    g_assert_no_error (error);
  }
  return g_steal_pointer (&signers);
}

static void
check_public (const Public *public, GPtrArray *signers)
{
  g_autofree char *name = g_strdup_printf ("vds/raw/%s.bin", public->name);
  g_autofree char *path = fast_test_data (name);
  g_autoptr (GBytes) bytes = fast_specimen_file (path);
  g_autoptr (FastSeal) seal = parse (bytes);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (seal->version, ==, public->version);
  g_assert_cmpstr (seal->signer, ==, public->signer);
  g_assert_cmpstr (seal->reference, ==, public->reference);
  g_assert_false (fast_seal_is_card (seal));
  g_assert_true ((fast_seal_verify (seal, signers, &error) != NULL) == public->verifies);
  if (!public->verifies)
    g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT);
}

/* Seals that others made: all parse; where the signer's certificate is here, they verify. */
static void
test_public (void)
{
  g_autoptr (GPtrArray) signers = load_signers ();

  for (guint i = 0; signers != NULL && i < G_N_ELEMENTS (publics); i++)
    check_public (&publics[i], signers);
}

#define ADD(path, function, curve) g_test_add (path, Fixture, curve, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/print/seal/round", test_round, "P-256");
  ADD ("/print/seal/round-brainpool", test_round, "brainpoolP256r1");
  ADD ("/print/seal/header", test_header, "P-256");
  ADD ("/print/seal/flipped", test_flipped, "P-256");
  ADD ("/print/seal/cut", test_cut, "P-256");
  ADD ("/print/seal/unknown-tag", test_unknown_tag, "P-256");
  ADD ("/print/seal/wrong-signer", test_wrong_signer, "P-256");
  ADD ("/print/seal/expired-signer", test_expired_signer, "P-256");
  ADD ("/print/seal/subject-form", test_subject_form, "P-256");
  ADD ("/print/seal/not-made", test_not_made, "P-256");
  g_test_add_func ("/print/seal/date", test_date);
  g_test_add_func ("/print/seal/public", test_public);
  return g_test_run ();
}
