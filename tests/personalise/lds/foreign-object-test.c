/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/lds/foreign-object.h"

#include <string.h>

#include "personalise/lds/common-data.h"
#include "personalise/lds/passive-authentication.h"
#include "record/base/tlv.h"
#include "tests/record/keys/fixture.h"
#include "tests/support.h"

/*
 * TR-03105-5.1, unit LDS_H: what a reader must accept and refuse. The objects are built by
 * foreign-object.c, the certificates by the profile, the keys by OpenSSL.
 */

#define MRZ                                                                                        \
  "IDCAND23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<"

typedef enum {
  KEY_RSA,
  KEY_EC,
  KEY_EC_384,
  KEY_DSA,
  KEY_EC_BY_RSA,
  KEY_EC_384_BY_RSA,
  KEY_RSA_BY_RSA,
  KEYS
} KeyKind;

static Fixture *csca;
static Fixture csca_rsa;
static Fixture signers[KEYS];
static FastTrust *trust;
static FastTrust *trust_with_signers;

static EVP_PKEY *
make_dsa (void)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "DSA", NULL);
  g_autoptr (EVP_PKEY_CTX) generator = NULL;
  g_autoptr (EVP_PKEY) parameters = NULL;
  EVP_PKEY *key = NULL;
  size_t bits = 1024;
  const OSSL_PARAM options[] = {OSSL_PARAM_size_t ("pbits", &bits), OSSL_PARAM_END};

  g_assert_cmpint (EVP_PKEY_paramgen_init (context), ==, 1);
  g_assert_cmpint (EVP_PKEY_CTX_set_params (context, options), ==, 1);
  g_assert_cmpint (EVP_PKEY_paramgen (context, &parameters), ==, 1);
  generator = EVP_PKEY_CTX_new_from_pkey (NULL, parameters, NULL);
  g_assert_cmpint (EVP_PKEY_keygen_init (generator), ==, 1);
  g_assert_cmpint (EVP_PKEY_keygen (generator, &key), ==, 1);
  return key;
}

static Fixture
certify (const char *profile, const char *name, EVP_PKEY *key, const Fixture *by)
{
  const FastCertificateSubject subject = {"CA", "CAN", "Test", NULL, name};
  g_autoptr (GError) error = NULL;
  g_autoptr (X509) issued = fast_certificate_profile_issue (
      fast_certificate_profile_find (profile), &subject, key, by, FALSE, FIXTURE_NOW, &error);

  g_assert_no_error (error);
  return (Fixture){fixture_parse_again (issued), key};
}

static EVP_PKEY *
make_rsa (void)
{
  return EVP_PKEY_Q_keygen (NULL, NULL, "RSA", (size_t)2048);
}

static EVP_PKEY *
make_ec (const char *curve)
{
  g_autoptr (GError) error = NULL;
  EVP_PKEY *key = fast_key_generate (curve, FAST_KEY_PARAMETERS_EXPLICIT, &error);

  g_assert_no_error (error);
  return key;
}

static void
add_signer (KeyKind kind, EVP_PKEY *key, const Fixture *by)
{
  signers[kind] = certify ("document-signer", "Signer", key, by);
}

static void
set_up (void)
{
  g_autoptr (GPtrArray) authorities = g_ptr_array_new ();
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  csca = fixture_new ("csca", "CSCA", NULL, FALSE, FIXTURE_NOW);
  csca_rsa = certify ("csca", "CSCA with RSA", make_rsa (), NULL);
  add_signer (KEY_RSA, make_rsa (), csca);
  add_signer (KEY_EC, make_ec ("P-256"), csca);
  add_signer (KEY_EC_384, make_ec ("P-384"), csca);
  add_signer (KEY_DSA, make_dsa (), csca);
  add_signer (KEY_EC_BY_RSA, make_ec ("P-256"), &csca_rsa);
  add_signer (KEY_EC_384_BY_RSA, make_ec ("P-384"), &csca_rsa);
  add_signer (KEY_RSA_BY_RSA, make_rsa (), &csca_rsa);
  g_ptr_array_add (authorities, csca->certificate);
  g_ptr_array_add (authorities, csca_rsa.certificate);
  for (guint i = 0; i < KEYS; i++)
    g_ptr_array_add (known, signers[i].certificate);
  trust = fast_trust_new_icao (authorities, none, fast_revocation_new (), FAST_TRUST_NONE);
  trust_with_signers =
      fast_trust_new_icao (authorities, known, fast_revocation_new (), FAST_TRUST_NONE);
}

static void
tear_down (void)
{
  fast_trust_free (trust);
  fast_trust_free (trust_with_signers);
  for (guint i = 0; i < KEYS; i++) {
    X509_free (signers[i].certificate);
    EVP_PKEY_free (signers[i].key);
  }
  X509_free (csca_rsa.certificate);
  EVP_PKEY_free (csca_rsa.key);
  fixture_free (csca);
}

static void
set_group (FastLds *lds, guint group, guint32 tag, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) inner = g_byte_array_new ();
  GByteArray *outer = g_byte_array_new ();
  g_autoptr (GBytes) content = NULL;

  fast_tlv_append (inner, tag, text, strlen (text));
  fast_tlv_append_array (outer, fast_file_group (group)->tag, inner);
  content = g_byte_array_free_to_bytes (outer);
  fast_lds_set (lds, fast_file_group (group), content, &error);
  g_assert_no_error (error);
}

static FastLds *
chip (const ForeignObject *object)
{
  FastLds *lds = fast_lds_new ();
  g_autoptr (GBytes) common = NULL;
  g_autoptr (GBytes) sod = NULL;

  set_group (lds, 1, 0x5F1F, MRZ);
  set_group (lds, 2, 0x5F2E, "face");
  set_group (lds, 12, 0x5F26, "20261122");
  common = fast_common_data_make (lds);
  sod = foreign_object_make (object, lds);
  g_assert_true (fast_lds_set (lds, fast_file_com (), common, NULL));
  g_assert_true (fast_lds_set (lds, fast_file_sod (), sod, NULL));
  return lds;
}

static GPtrArray *
judge (FastLds *lds, FastTrust *by)
{
  GPtrArray *verdicts = fast_verdicts_new ();

  fast_passive_authentication (lds, by, FIXTURE_NOW, verdicts);
  return verdicts;
}

typedef struct {
  const char *id;
  KeyKind key;
  ForeignSign sign;
  const char *oid;
  const char *digest;
  const char *hash_digest;
  int salt;
  gboolean by_key;
  gboolean outside;
} Accepted;

#define RSA_OID "1.2.840.113549.1.1."
#define EC_OID "1.2.840.10045.4."
#define BSI_OID "0.4.0.127.0.7.1.1.4.1."
#define NIST_DSA "2.16.840.1.101.3.4.3."

/* The document signer's certificate is signed with ECDSA and SHA-256, or by the other CSCA with RSA
 * and SHA-256. H_75 to H_78: EF.SOD is signed with the other of the two, with the same but for its
 * form (PSS), or with the other and another digest. */
static const Accepted accepted[] = {
    {"H_01", KEY_RSA, FOREIGN_RSA, RSA_OID "5", "SHA1", NULL, 0, FALSE, FALSE},
    {"H_02", KEY_RSA, FOREIGN_PSS, RSA_OID "10", "SHA1", NULL, 20, FALSE, FALSE},
    {"H_03", KEY_RSA, FOREIGN_PSS, RSA_OID "10", "SHA256", NULL, 32, FALSE, FALSE},
    {"H_04", KEY_RSA, FOREIGN_RSA, RSA_OID "14", "SHA224", NULL, 0, FALSE, FALSE},
    {"H_05", KEY_RSA, FOREIGN_RSA, RSA_OID "11", "SHA256", NULL, 0, TRUE, FALSE},
    {"H_06", KEY_RSA, FOREIGN_RSA, RSA_OID "12", "SHA384", NULL, 0, FALSE, FALSE},
    {"H_07", KEY_RSA, FOREIGN_RSA, RSA_OID "13", "SHA512", NULL, 0, FALSE, FALSE},
    {"H_08", KEY_DSA, FOREIGN_DSA, "1.2.840.10040.4.3", "SHA1", NULL, 0, FALSE, FALSE},
    {"H_09", KEY_EC, FOREIGN_EC, EC_OID "1", "SHA1", NULL, 0, FALSE, FALSE},
    {"H_10", KEY_EC, FOREIGN_PLAIN, BSI_OID "1", "SHA1", NULL, 0, FALSE, FALSE},
    {"H_11", KEY_EC, FOREIGN_PLAIN, BSI_OID "2", "SHA224", NULL, 0, FALSE, FALSE},
    {"H_12", KEY_EC, FOREIGN_PLAIN, BSI_OID "3", "SHA256", NULL, 0, TRUE, FALSE},
    {"H_13", KEY_EC_384, FOREIGN_PLAIN, BSI_OID "4", "SHA384", NULL, 0, FALSE, FALSE},
    {"H_14", KEY_EC_384, FOREIGN_PLAIN, BSI_OID "5", "SHA512", NULL, 0, FALSE, FALSE},
    {"H_15", KEY_RSA, FOREIGN_RSA, RSA_OID "11", "SHA256", NULL, 0, FALSE, TRUE},
    {"H_16", KEY_EC, FOREIGN_PLAIN, BSI_OID "2", "SHA224", NULL, 0, TRUE, TRUE},
    {"H_70", KEY_EC, FOREIGN_EC, EC_OID "3.1", "SHA224", NULL, 0, FALSE, FALSE},
    {"H_71", KEY_EC, FOREIGN_EC, EC_OID "3.2", "SHA256", NULL, 0, FALSE, FALSE},
    {"H_72", KEY_EC_384, FOREIGN_EC, EC_OID "3.3", "SHA384", NULL, 0, FALSE, FALSE},
    {"H_73", KEY_EC_384, FOREIGN_EC, EC_OID "3.4", "SHA512", NULL, 0, FALSE, FALSE},
    {"H_74", KEY_RSA, FOREIGN_PSS, RSA_OID "10", "SHA256", "SHA512", 32, FALSE, FALSE},
    {"H_75", KEY_EC_BY_RSA, FOREIGN_EC, EC_OID "3.2", "SHA256", NULL, 0, FALSE, FALSE},
    {"H_76", KEY_RSA, FOREIGN_RSA, RSA_OID "11", "SHA256", NULL, 0, FALSE, FALSE},
    {"H_77", KEY_RSA_BY_RSA, FOREIGN_PSS, RSA_OID "10", "SHA512", NULL, 64, FALSE, FALSE},
    {"H_78", KEY_EC_384_BY_RSA, FOREIGN_EC, EC_OID "3.3", "SHA384", "SHA512", 0, FALSE, FALSE},
    {"H_79", KEY_RSA, FOREIGN_RSA, RSA_OID "1", "SHA1", NULL, 0, FALSE, FALSE},
    {"H_80", KEY_RSA, FOREIGN_RSA, RSA_OID "1", "SHA224", NULL, 0, FALSE, FALSE},
    {"H_81", KEY_RSA, FOREIGN_RSA, RSA_OID "1", "SHA256", NULL, 0, FALSE, FALSE},
    {"H_82", KEY_RSA, FOREIGN_RSA, RSA_OID "1", "SHA384", NULL, 0, FALSE, FALSE},
    {"H_83", KEY_RSA, FOREIGN_RSA, RSA_OID "1", "SHA512", NULL, 0, FALSE, FALSE},
    {"H_94", KEY_RSA, FOREIGN_PSS, RSA_OID "10", "SHA224", NULL, 28, FALSE, FALSE},
    {"H_95", KEY_RSA, FOREIGN_PSS, RSA_OID "10", "SHA384", NULL, 0, FALSE, FALSE},
    {"H_96", KEY_RSA, FOREIGN_PSS, RSA_OID "10", "SHA512", NULL, 64, FALSE, FALSE},
    {"H_97", KEY_DSA, FOREIGN_DSA, NIST_DSA "1", "SHA224", NULL, 0, FALSE, FALSE},
    {"H_98", KEY_DSA, FOREIGN_DSA, NIST_DSA "2", "SHA256", NULL, 0, FALSE, FALSE},
};

static ForeignObject
object_of (const Accepted *row)
{
  return (ForeignObject){.certificate = signers[row->key].certificate,
                         .key = signers[row->key].key,
                         .sign = row->sign,
                         .oid = row->oid,
                         .digest = row->digest,
                         .hash_digest = row->hash_digest,
                         .salt = row->salt,
                         .by_key = row->by_key,
                         .outside = row->outside};
}

static void
test_accepted (gconstpointer data)
{
  const Accepted *row = data;
  const ForeignObject object = object_of (row);
  const gboolean weak = g_str_equal (row->digest, "SHA1");
  g_autoptr (FastLds) lds = chip (&object);
  g_autoptr (GPtrArray) verdicts = judge (lds, row->outside ? trust_with_signers : trust);
  static const char *const done[] = {FAST_CHECK_SIGNATURE, FAST_CHECK_CHAIN, FAST_CHECK_SIGNER,
                                     FAST_CHECK_STATE,     FAST_CHECK_TYPE,  FAST_CHECK_PERIOD,
                                     FAST_CHECK_HASH,      FAST_CHECK_LISTS};

  for (guint i = 0; i < verdicts->len; i++) {
    g_autofree char *line = fast_verdict_format (verdicts->pdata[i], "en");
    g_test_message ("%s", line);
  }
  g_assert_true (fast_verdicts_hold (verdicts));
  for (guint i = 0; i < G_N_ELEMENTS (done); i++)
    g_assert_cmpint (fast_verdicts_find (verdicts, done[i], NULL)->outcome, ==, FAST_VERDICT_DONE);
  g_assert_cmpint (fast_verdicts_find (verdicts, FAST_CHECK_DIGEST, NULL)->outcome, ==,
                   weak ? FAST_VERDICT_WEAK : FAST_VERDICT_DONE);
}

/* The first byte of the signature is another one. */
static void
test_accepted_altered (gconstpointer data)
{
  ForeignObject object = object_of (data);
  g_autoptr (FastLds) lds = NULL;
  g_autoptr (GPtrArray) verdicts = NULL;

  object.fault = FOREIGN_SIGNATURE;
  lds = chip (&object);
  verdicts = judge (lds, trust_with_signers);
  g_assert_cmpint (fast_verdicts_find (verdicts, FAST_CHECK_SIGNATURE, NULL)->outcome, ==,
                   FAST_VERDICT_FAILED);
}

typedef struct {
  const char *id;
  ForeignFault fault;
  gboolean by_key;
  const char *check;
  const char *why;
} Refused;

static const Refused refused[] = {
    {"H_20", FOREIGN_DATA_VERSION, FALSE, FAST_CHECK_SOD, "document-version"},
    {"H_21", FOREIGN_NO_DATA_VERSION, FALSE, FAST_CHECK_SOD, "document-form"},
    {"H_22", FOREIGN_MD5_LIST, FALSE, FAST_CHECK_SOD, "document-digest"},
    {"H_23", FOREIGN_NO_DIGEST_LIST, FALSE, FAST_CHECK_SOD, "document-form"},
    {"H_24", FOREIGN_CONTENT_TYPE, FALSE, FAST_CHECK_SOD, "document-content-type"},
    {"H_25", FOREIGN_NO_CONTENT_TYPE, FALSE, FAST_CHECK_SOD, "document-form"},
    {"H_26", FOREIGN_SIGNER_VERSION, FALSE, FAST_CHECK_SOD, "document-version"},
    {"H_27", FOREIGN_NO_SIGNER_VERSION, FALSE, FAST_CHECK_SOD, "document-form"},
    {"H_28", FOREIGN_SIGNER_SERIAL, FALSE, FAST_CHECK_SIGNATURE, "sod-signer-unknown"},
    {"H_29", FOREIGN_SIGNER_KEY_ID, TRUE, FAST_CHECK_SIGNATURE, "sod-signer-unknown"},
    {"H_30", FOREIGN_MD5_SIGNER, FALSE, FAST_CHECK_SOD, "document-digest"},
    {"H_31", FOREIGN_NO_SIGNER_DIGEST, FALSE, FAST_CHECK_SOD, "document-form"},
    {"H_32", FOREIGN_MESSAGE_DIGEST, FALSE, FAST_CHECK_SIGNATURE, "document-message-digest"},
    {"H_33", FOREIGN_NO_MESSAGE_DIGEST, FALSE, FAST_CHECK_SOD, "document-attribute"},
    {"H_36", FOREIGN_SIGNATURE_ALGORITHM, FALSE, FAST_CHECK_SOD, "signature-algorithm"},
    {"H_37", FOREIGN_SIGNATURE, FALSE, FAST_CHECK_SIGNATURE, "signature-wrong"},
    {"H_38", FOREIGN_NO_SIGNATURE, FALSE, FAST_CHECK_SOD, "document-form"},
    {"H_39", FOREIGN_LIST_VERSION, FALSE, FAST_CHECK_SOD, "sod-malformed"},
    {"H_40", FOREIGN_NO_LIST_VERSION, FALSE, FAST_CHECK_SOD, "sod-malformed"},
    {"H_41", FOREIGN_MD5_HASHES, FALSE, FAST_CHECK_SOD, "sod-digest"},
    {"H_42", FOREIGN_NO_HASH_DIGEST, FALSE, FAST_CHECK_SOD, "sod-malformed"},
    {"H_43", FOREIGN_HASH, FALSE, FAST_CHECK_HASH, "sod-hash"},
    {"H_44", FOREIGN_HASH_MISSING, FALSE, FAST_CHECK_HASH, "sod-no-hash"},
    {"H_45", FOREIGN_HASH_EXTRA, FALSE, FAST_CHECK_LISTS, "passive-lists"},
    {"H_46", FOREIGN_HASH_NUMBER, FALSE, FAST_CHECK_SOD, "sod-malformed"},
    {"H_47", FOREIGN_NO_HASH_NUMBER, FALSE, FAST_CHECK_SOD, "sod-malformed"},
    {"H_84", FOREIGN_V3_BY_ISSUER, FALSE, FAST_CHECK_SOD, "document-version"},
    {"H_85", FOREIGN_V1_BY_KEY, TRUE, FAST_CHECK_SOD, "document-version"},
    {"H_87", FOREIGN_VERSION_0_WITH_INFO, FALSE, FAST_CHECK_SOD, "sod-malformed"},
    {"H_88", FOREIGN_VERSION_1_WITHOUT_INFO, FALSE, FAST_CHECK_SOD, "sod-malformed"},
    {"two-signers", FOREIGN_TWO_SIGNERS, FALSE, FAST_CHECK_SOD, "document-signers"},
    {"no-signer", FOREIGN_NO_SIGNER, FALSE, FAST_CHECK_SOD, "document-signers"},
    {"hash-twice", FOREIGN_HASH_TWICE, FALSE, FAST_CHECK_SOD, "sod-malformed"},
    {"other-digest-list", FOREIGN_OTHER_DIGEST_LIST, FALSE, FAST_CHECK_SOD, "document-digest-list"},
};

/* The check that is named fails first of all, for the reason named. */
static void
test_refused (gconstpointer data)
{
  const Refused *row = data;
  const ForeignObject object = {.certificate = signers[KEY_EC].certificate,
                                .key = signers[KEY_EC].key,
                                .sign = FOREIGN_EC,
                                .oid = EC_OID "3.2",
                                .digest = "SHA256",
                                .by_key = row->by_key,
                                .fault = row->fault};
  g_autoptr (FastLds) lds = chip (&object);
  g_autoptr (GPtrArray) verdicts = judge (lds, trust);

  g_assert_false (fast_verdicts_hold (verdicts));
  for (guint i = 0; i < verdicts->len; i++) {
    const FastVerdict *verdict = verdicts->pdata[i];

    if (verdict->outcome != FAST_VERDICT_FAILED || !g_str_equal (verdict->check, row->check))
      continue;
    fast_test_assert_id (verdict->why, row->why);
    return;
  }
  g_error ("%s: %s does not fail", row->id, row->check);
}

/* 5.1:LDS_H_17 to H_19: such a file is refused before anybody looks into it, and by who looks. */
static void
test_refused_file (void)
{
  static const ForeignFault faults[] = {FOREIGN_TAG, FOREIGN_SHORT, FOREIGN_LONG};
  ForeignObject object = object_of (&accepted[17]);
  g_autoptr (FastLds) lds = chip (&object);

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) sod = NULL;

    object.fault = faults[i];
    sod = foreign_object_make (&object, lds);
    g_assert_false (fast_lds_set (lds, fast_file_sod (), sod, NULL));
    g_assert_null (fast_security_object_parse (sod, &error));
    g_assert_true (error->domain == FAST_INPUT_ERROR);
  }
}

/* 5.1:LDS_H_86: version 1 tells the versions of EF.COM again. */
static void
test_version_1 (void)
{
  ForeignObject object = object_of (&accepted[17]);
  g_autoptr (FastLds) lds = NULL;
  g_autoptr (GPtrArray) verdicts = NULL;

  object.version_1 = TRUE;
  lds = chip (&object);
  verdicts = judge (lds, trust);
  g_assert_true (fast_verdicts_hold (verdicts));
  g_assert_cmpint (fast_verdicts_find (verdicts, FAST_CHECK_LISTS, NULL)->outcome, ==,
                   FAST_VERDICT_DONE);
}

/* 5.1:LDS_H_51: both algorithm fields of the certificate say MD5, and the signature holds. */
static void
test_weak_certificate (void)
{
  const Fixture *signer = &signers[KEY_EC_BY_RSA];
  g_autoptr (X509) certificate = X509_dup (signer->certificate);
  const ForeignObject object = {.certificate = certificate,
                                .key = signer->key,
                                .sign = FOREIGN_EC,
                                .oid = EC_OID "3.2",
                                .digest = "SHA256"};
  g_autoptr (FastLds) lds = NULL;
  g_autoptr (GPtrArray) verdicts = NULL;
  const FastVerdict *verdict;

  g_assert_cmpint (X509_sign (certificate, csca_rsa.key, EVP_md5 ()), >, 0);
  g_assert_cmpint (X509_verify (certificate, csca_rsa.key), ==, 1);
  lds = chip (&object);
  verdicts = judge (lds, trust);
  verdict = fast_verdicts_find (verdicts, FAST_CHECK_SIGNER, NULL);
  g_assert_cmpint (verdict->outcome, ==, FAST_VERDICT_FAILED);
  fast_test_assert_id (verdict->why, "signer-algorithm");
}

static void
add_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (accepted); i++) {
    g_autofree char *good =
        g_strdup_printf ("/lds/foreign-object/5.1:LDS_%s/accepted", accepted[i].id);
    g_autofree char *bad =
        g_strdup_printf ("/lds/foreign-object/5.1:LDS_%s/altered", accepted[i].id);

    g_test_add_data_func (good, &accepted[i], test_accepted);
    g_test_add_data_func (bad, &accepted[i], test_accepted_altered);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    const char *plan = g_str_has_prefix (refused[i].id, "H_") ? "5.1:LDS_" : "";
    g_autofree char *name =
        g_strdup_printf ("/lds/foreign-object/%s%s/refused", plan, refused[i].id);

    g_test_add_data_func (name, &refused[i], test_refused);
  }
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  set_up ();
  add_rows ();
  g_test_add_func ("/lds/foreign-object/5.1:LDS_H_17,H_18,H_19/refused", test_refused_file);
  g_test_add_func ("/lds/foreign-object/5.1:LDS_H_86/accepted", test_version_1);
  g_test_add_func ("/lds/foreign-object/5.1:LDS_H_51/refused", test_weak_certificate);
  result = g_test_run ();
  tear_down ();
  return result;
}
