/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/passive-authentication.h"

#include <openssl/x509v3.h>

#include "personalise/lds/card-access.h"
#include "personalise/lds/common-data.h"
#include "personalise/lds/security-group.h"
#include "record/base/clock.h"
#include "record/base/tlv.h"
#include "record/keys/csca-store.h"
#include "tests/personalise/lds/chip.h"
#include "tests/support.h"

/*
 * What we write, under P3's unit LDS_D, by OpenSSL's own parsers and by bytes; and the checks that
 * need more than EF.SOD: a training folder as CSCA store, guarded groups, EF.CardAccess.
 */

static TestPki pki;
static TestChip chip;

static FastLds *
build (void)
{
  g_autoptr (GError) error = NULL;
  FastLds *lds = fast_lds_build (&chip.input, pki.signer, pki.key, &error);

  g_assert_no_error (error);
  return lds;
}

static CMS_ContentInfo *
open_object (FastLds *lds)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (fast_lds_get (lds, fast_file_sod ()), &size);
  const guint8 *at = data + 4;
  CMS_ContentInfo *cms = d2i_CMS_ContentInfo (NULL, &at, (long)size - 4);

  g_assert_nonnull (cms);
  g_assert_true (at == data + size);
  return cms;
}

static void
assert_oid (const ASN1_OBJECT *oid, const char *wanted)
{
  char text[64];

  OBJ_obj2txt (text, sizeof text, oid, 1);
  g_assert_cmpstr (text, ==, wanted);
}

static void
assert_algorithm (const X509_ALGOR *algorithm, const char *wanted)
{
  const ASN1_OBJECT *oid;
  int type;

  X509_ALGOR_get0 (&oid, &type, NULL, algorithm);
  assert_oid (oid, wanted);
  g_assert_cmpint (type, ==, V_ASN1_UNDEF);
}

/* The tag, then a length of two bytes that is exactly what follows, and so needs both. */
static void
test_file (void)
{
  g_autoptr (FastLds) lds = build ();
  gsize size;
  const guint8 *data = g_bytes_get_data (fast_lds_get (lds, fast_file_sod ()), &size);

  g_assert_cmphex (data[0], ==, 0x77);
  g_assert_cmphex (data[1], ==, 0x82);
  g_assert_cmpuint (data[2] * 256u + data[3] + 4, ==, size);
  g_assert_cmpuint (size, >, 259);
}

/* D_3: SignedData version 3 and one digest; D_4: the content's type. */
static void
test_signed_data (void)
{
  static const guint8 head[] = {0x02, 0x01, 0x03, 0x31, 0x0D, 0x30, 0x0B, 0x06, 0x09,
                                0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01};
  g_autoptr (FastLds) lds = build ();
  g_autoptr (CMS_ContentInfo) cms = open_object (lds);
  const guint8 *data = g_bytes_get_data (fast_lds_get (lds, fast_file_sod ()), NULL);

  /* 77 82 xx xx, 30 82 xx xx, 06 09 …, A0 82 xx xx, 30 82 xx xx */
  g_assert_cmpmem (data + 27, sizeof head, head, sizeof head);
  assert_oid (CMS_get0_type (cms), "1.2.840.113549.1.7.2");
  assert_oid (CMS_get0_eContentType (cms), "2.23.136.1.1.1");
}

/* D_5: one signer, named by issuer and serial number, its attributes, its algorithms. */
static void
test_signer (void)
{
  g_autoptr (FastLds) lds = build ();
  g_autoptr (CMS_ContentInfo) cms = open_object (lds);
  STACK_OF (CMS_SignerInfo) *signers = CMS_get0_SignerInfos (cms);
  CMS_SignerInfo *signer = sk_CMS_SignerInfo_value (signers, 0);
  g_autoptr (BIO) out = BIO_new (BIO_s_null ());
  X509_ALGOR *digest, *signature;
  ASN1_OCTET_STRING *key_id = NULL;
  X509_NAME *issuer;
  ASN1_INTEGER *serial;

  g_assert_cmpint (sk_CMS_SignerInfo_num (signers), ==, 1);
  g_assert_cmpint (CMS_SignerInfo_get0_signer_id (signer, &key_id, &issuer, &serial), ==, 1);
  g_assert_null (key_id);
  g_assert_cmpint (X509_NAME_cmp (issuer, X509_get_issuer_name (pki.signer)), ==, 0);
  g_assert_cmpint (ASN1_INTEGER_cmp (serial, X509_get0_serialNumber (pki.signer)), ==, 0);
  CMS_SignerInfo_get0_algs (signer, NULL, NULL, &digest, &signature);
  assert_algorithm (digest, "2.16.840.1.101.3.4.2.1");
  assert_algorithm (signature, "1.2.840.10045.4.3.2");
  g_assert_cmpint (CMS_signed_get_attr_by_NID (signer, NID_pkcs9_contentType, -1), >=, 0);
  g_assert_cmpint (CMS_signed_get_attr_by_NID (signer, NID_pkcs9_messageDigest, -1), >=, 0);
  g_assert_cmpint (CMS_unsigned_get_attr_count (signer), <, 0);
  g_assert_cmpint (CMS_verify (cms, NULL, NULL, NULL, out, CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY),
                   ==, 1);
}

/* D_6: version 0, SHA-256, a hash for each group on the chip in order, and no other. */
static void
test_hash_list (void)
{
  g_autoptr (FastLds) lds = build ();
  g_autoptr (CMS_ContentInfo) cms = open_object (lds);
  const ASN1_OCTET_STRING *content = *CMS_get0_content (cms);
  const guint8 *at = ASN1_STRING_get0_data (content);
  const guint8 *end = at + ASN1_STRING_length (content);
  static const guint8 digest[] = {0x02, 0x01, 0x00, 0x30, 0x0B, 0x06, 0x09, 0x60,
                                  0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01};

  /* 30 82 xx xx, as long as it is with five groups and more. */
  g_assert_cmphex (at[0], ==, 0x30);
  at += at[1] == 0x82 ? 4 : 3;
  g_assert_cmpmem (at, sizeof digest, digest, sizeof digest);
  for (guint group = 16; group >= 1; group--) {
    GBytes *file = fast_lds_get (lds, fast_file_group (group));
    g_autoptr (GBytes) hash = file == NULL ? NULL : fast_sha256_bytes (file);
    const guint8 head[] = {0x30, 0x25, 0x02, 0x01, (guint8)group, 0x04, 0x20};

    if (file == NULL)
      continue;
    end -= sizeof head + 32;
    g_assert_true (end > at);
    g_assert_cmpmem (end, sizeof head, head, sizeof head);
    g_assert_cmpmem (end + sizeof head, 32, g_bytes_get_data (hash, NULL), 32);
  }
}

/* D_7: the document signer's certificate in it. */
static void
test_certificate (void)
{
  g_autoptr (FastLds) lds = build ();
  g_autoptr (CMS_ContentInfo) cms = open_object (lds);
  STACK_OF (X509) *certificates = CMS_get1_certs (cms);
  X509 *certificate = sk_X509_value (certificates, 0);
  const int usage = X509_get_ext_by_NID (certificate, NID_key_usage, -1);
  X509_ALGOR *key;
  int type;

  g_assert_cmpint (sk_X509_num (certificates), ==, 1);
  g_assert_cmpint (X509_get_version (certificate), ==, X509_VERSION_3);
  g_assert_cmpint (X509_get_signature_nid (certificate), ==, NID_ecdsa_with_SHA256);
  g_assert_cmpint (ASN1_STRING_type (X509_get0_notBefore (certificate)), ==, V_ASN1_UTCTIME);
  g_assert_nonnull (X509_get0_authority_key_id (certificate));
  g_assert_cmpint (usage, >=, 0);
  g_assert_true (X509_EXTENSION_get_critical (X509_get_ext (certificate, usage)));
  g_assert_cmpint (X509_get_key_usage (certificate), ==, KU_DIGITAL_SIGNATURE);
  X509_PUBKEY_get0_param (NULL, NULL, NULL, &key, X509_get_X509_PUBKEY (certificate));
  X509_ALGOR_get0 (NULL, &type, NULL, key);
  g_assert_cmpint (type, ==, V_ASN1_SEQUENCE);
  sk_X509_pop_free (certificates, X509_free);
}

static GPtrArray *
judge (FastLds *lds, FastTrust *trust)
{
  GPtrArray *verdicts = fast_verdicts_new ();

  fast_passive_authentication (lds, trust, fast_clock_now (), verdicts);
  return verdicts;
}

static FastVerdictOutcome
outcome (GPtrArray *verdicts, const char *check, const char *subject)
{
  const FastVerdict *verdict = fast_verdicts_find (verdicts, check, subject);

  g_assert_nonnull (verdict);
  return verdict->outcome;
}

/* A training folder as it is, whole or one nation's: its other authorities are no CSCAs. */
static void
test_training_folder (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastLds) lds = build ();
  g_autofree char *nation = g_build_filename (pki.folder, "CA", NULL);
  g_autofree char *path = g_build_filename (pki.folder, "officers", "cbsa-1.pem", NULL);
  g_autoptr (X509) officer = fast_certificate_load (path, &error);
  const char *const folders[] = {pki.folder, nation};

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autoptr (FastTrust) trust =
        fast_csca_store_load (folders[i], FAST_TRUST_TRAINING, fast_clock_now (), &error);
    g_autoptr (GPtrArray) verdicts = NULL;

    g_assert_no_error (error);
    verdicts = judge (lds, trust);
    g_assert_true (fast_verdicts_hold (verdicts));
    g_assert_cmpint (outcome (verdicts, FAST_CHECK_CHAIN, NULL), ==, FAST_VERDICT_DONE);
    g_assert_cmpint (outcome (verdicts, FAST_CHECK_REVOCATION, NULL), ==, FAST_VERDICT_NOT_OFFERED);
    g_assert_false (
        fast_trust_verify (trust, officer, FAST_PURPOSE_DOCUMENT, fast_clock_now (), NULL));
  }
}

static void
set_bytes (FastLds *lds, const FastFile *file, GBytes *content)
{
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (content);
  fast_lds_set (lds, file, content, &error);
  g_assert_no_error (error);
  g_bytes_unref (content);
}

static void
seal (FastLds *lds)
{
  set_bytes (lds, fast_file_com (), fast_common_data_make (lds));
  set_bytes (lds, fast_file_sod (), fast_security_object_make (lds, pki.signer, pki.key, NULL));
}

static FastLds *
without (FastLds *lds, const FastFile *left_out)
{
  FastLds *copy = fast_lds_new ();
  gsize n;
  const FastFile *files = fast_files (&n);

  for (gsize i = 0; i < n; i++) {
    GBytes *content = fast_lds_get (lds, &files[i]);

    if (content != NULL && &files[i] != left_out)
      g_assert_true (fast_lds_set (copy, &files[i], content, NULL));
  }
  return copy;
}

/* 5.1:ISO7816_E_14 to E_16: DG3 that the chip does not show is told, and nothing fails. */
static void
test_guarded (void)
{
  g_autoptr (FastLds) lds = build ();
  g_autoptr (FastLds) shown = NULL;
  g_autoptr (GPtrArray) verdicts = NULL;
  GByteArray *array = g_byte_array_new ();

  fast_tlv_append (array, fast_file_group (3)->tag, "prints", 6);
  set_bytes (lds, fast_file_group (3), g_byte_array_free_to_bytes (array));
  seal (lds);
  shown = without (lds, fast_file_group (3));
  verdicts = judge (shown, pki.trust);
  g_assert_true (fast_verdicts_hold (verdicts));
  g_assert_cmpint (outcome (verdicts, FAST_CHECK_HASH, "EF.DG3"), ==, FAST_VERDICT_NOT_OFFERED);
}

static GPtrArray *
pace (const char *oid)
{
  GPtrArray *infos = fast_security_infos_new ();

  g_ptr_array_add (infos, fast_security_info_new_pace (oid, 12, NULL));
  return infos;
}

/* P3:LDS_E_5: EF.CardAccess, which nobody signs, says what EF.DG14 says. */
static void
test_card_access (void)
{
  g_autoptr (EVP_PKEY) key = fast_key_generate ("P-256", FAST_KEY_PARAMETERS_EXPLICIT, NULL);
  g_autoptr (GPtrArray) weaker = pace (FAST_SECURITY_PACE_ECDH_GM_AES_128);
  g_autoptr (GPtrArray) both = pace (FAST_SECURITY_PACE_ECDH_GM_AES_256);
  g_autoptr (GPtrArray) open = pace (FAST_SECURITY_PACE_ECDH_GM_AES_256);
  g_autoptr (FastLds) lds = build ();
  g_autoptr (FastLds) bare = without (lds, fast_file_card_access ());
  g_autoptr (GPtrArray) none = judge (bare, pki.trust);
  g_autoptr (GPtrArray) good = NULL;
  g_autoptr (GPtrArray) bad = NULL;

  g_assert_cmpint (outcome (none, FAST_CHECK_CARD_ACCESS, NULL), ==, FAST_VERDICT_NOT_OFFERED);
  g_ptr_array_add (both, fast_security_info_new_chip_key (key, FAST_SECURITY_NONE, NULL));
  g_ptr_array_add (both, fast_security_info_new_chip_authentication (FAST_SECURITY_CA_ECDH_AES_128,
                                                                     FAST_SECURITY_NONE, NULL));
  set_bytes (lds, fast_file_group (14), fast_security_group_make (both, NULL));
  set_bytes (lds, fast_file_card_access (), fast_card_access_make (open, NULL));
  seal (lds);
  good = judge (lds, pki.trust);
  g_assert_true (fast_verdicts_hold (good));
  g_assert_cmpint (outcome (good, FAST_CHECK_CARD_ACCESS, NULL), ==, FAST_VERDICT_DONE);
  set_bytes (lds, fast_file_card_access (), fast_card_access_make (weaker, NULL));
  bad = judge (lds, pki.trust);
  g_assert_cmpint (outcome (bad, FAST_CHECK_CARD_ACCESS, NULL), ==, FAST_VERDICT_FAILED);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
  test_chip_init (&chip);
  g_test_add_func ("/lds/written-object/P3:LDS_D_1-D_2", test_file);
  g_test_add_func ("/lds/written-object/P3:LDS_D_3-D_4", test_signed_data);
  g_test_add_func ("/lds/written-object/P3:LDS_D_5", test_signer);
  g_test_add_func ("/lds/written-object/P3:LDS_D_6", test_hash_list);
  g_test_add_func ("/lds/written-object/P3:LDS_D_7", test_certificate);
  g_test_add_func ("/lds/passive-authentication/training-folder", test_training_folder);
  g_test_add_func ("/lds/passive-authentication/5.1:ISO7816_E_14-E_16", test_guarded);
  g_test_add_func ("/lds/passive-authentication/P3:LDS_E_5", test_card_access);
  result = g_test_run ();
  test_chip_clear (&chip);
  test_pki_clear (&pki);
  return result;
}
