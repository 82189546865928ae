/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/document-signer.h"

#include <openssl/ec.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "personalise/lds/common-data.h"
#include "personalise/lds/passive-authentication.h"
#include "record/base/tlv.h"
#include "record/document/state-code.h"
#include "tests/personalise/lds/foreign-object.h"
#include "tests/record/keys/fixture.h"
#include "tests/support.h"

/*
 * TR-03105-5.1, LDS_H_48 to H_68: the object is sound and signed, the CSCA has signed the document
 * signer's certificate, and that has one fault.
 */

enum { VERSION, SERIAL, ALGORITHM, ISSUER, VALIDITY, SUBJECT, KEY, EXTENSIONS, PARTS };

#define NOTHING (-1)

static Fixture *csca;
static Fixture *signer;
static FastTrust *trust;

static void
set_up (void)
{
  g_autoptr (GPtrArray) authorities = NULL;
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  csca = fixture_new ("csca", "CSCA", NULL, FALSE, FIXTURE_NOW);
  signer = fixture_new ("document-signer", "Signer", csca, FALSE, FIXTURE_NOW);
  authorities = fixture_list (csca->certificate, NULL);
  trust = fast_trust_new_icao (authorities, none, fast_revocation_new (), FAST_TRUST_NONE);
}

static void
tear_down (void)
{
  fast_trust_free (trust);
  fixture_free (signer);
  fixture_free (csca);
}

static void
set_group (FastLds *lds, guint group, guint32 tag, const char *text)
{
  g_autoptr (GByteArray) inner = g_byte_array_new ();
  GByteArray *outer = g_byte_array_new ();
  g_autoptr (GBytes) content = NULL;

  fast_tlv_append (inner, tag, text, strlen (text));
  fast_tlv_append_array (outer, fast_file_group (group)->tag, inner);
  content = g_byte_array_free_to_bytes (outer);
  g_assert_true (fast_lds_set (lds, fast_file_group (group), content, NULL));
}

/* A document of a State and kind, issued on a day (or never). */
static GPtrArray *
judge (GBytes *certificate, const char *code, const char *issued)
{
  const ForeignObject object = {.certificate = signer->certificate,
                                .encoded = certificate,
                                .key = signer->key,
                                .sign = FOREIGN_EC,
                                .oid = "1.2.840.10045.4.3.2",
                                .digest = "SHA256"};
  g_autofree char *mrz = g_strconcat (
      code, "D23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<",
      NULL);
  g_autoptr (FastLds) lds = fast_lds_new ();
  g_autoptr (GBytes) common = NULL;
  g_autoptr (GBytes) sod = NULL;
  GPtrArray *verdicts = fast_verdicts_new ();

  set_group (lds, 1, 0x5F1F, mrz);
  set_group (lds, 2, 0x5F2E, "face");
  if (issued != NULL)
    set_group (lds, 12, 0x5F26, issued);
  common = fast_common_data_make (lds);
  sod = foreign_object_make (&object, lds);
  g_assert_true (fast_lds_set (lds, fast_file_com (), common, NULL));
  g_assert_true (fast_lds_set (lds, fast_file_sod (), sod, NULL));
  fast_passive_authentication (lds, trust, FIXTURE_NOW, verdicts);
  return verdicts;
}

static GBytes *
encode (X509 *certificate)
{
  guint8 *der = NULL;
  int size = i2d_X509 (certificate, &der);
  GBytes *bytes = g_bytes_new (der, (gsize)size);

  OPENSSL_free (der);
  return bytes;
}

/* An altered certificate, signed again. */
static GBytes *
sign_again (X509 *certificate)
{
  g_assert_cmpint (X509_sign (certificate, csca->key, EVP_sha256 ()), >, 0);
  return encode (certificate);
}

static void
replace_extension (X509 *certificate, int nid, gboolean critical, const char *hex)
{
  const int at = X509_get_ext_by_NID (certificate, nid, -1);
  g_autoptr (GBytes) value = hex == NULL ? NULL : fast_hex_decode (hex, NULL);

  X509_EXTENSION_free (X509_delete_ext (certificate, at));
  if (value != NULL) {
    g_autoptr (ASN1_OCTET_STRING) octets = ASN1_OCTET_STRING_new ();
    X509_EXTENSION *extension;

    ASN1_OCTET_STRING_set (octets, g_bytes_get_data (value, NULL), (int)g_bytes_get_size (value));
    extension = X509_EXTENSION_create_by_NID (NULL, nid, critical, octets);
    X509_add_ext (certificate, extension, -1);
    X509_EXTENSION_free (extension);
  }
}

typedef struct {
  const char *id;
  /* What is left out or put in the place of a part of the certificate. */
  int part;
  const char *with;
  /* Or which extension is replaced by what. */
  int nid;
  gboolean critical;
  const char *value;
  const char *check;
  const char *why;
} Fault;

#define MD5_RSA "300d06092a864886f70d0101040500"
#define LATE "3020170d3236313132323030303030305a180f32303237313132323030303030305a"

static const Fault faults[] = {
    {"H_48", VERSION, "a003020101", 0, FALSE, NULL, FAST_CHECK_SIGNER, "signer-version"},
    {"H_49", VERSION, NULL, 0, FALSE, NULL, FAST_CHECK_SIGNER, "signer-version"},
    {"H_50", SERIAL, NULL, 0, FALSE, NULL, FAST_CHECK_SOD, "document-form"},
    {"H_51", ALGORITHM, MD5_RSA, 0, FALSE, NULL, FAST_CHECK_CHAIN, "trust-unknown-issuer"},
    {"H_52", ALGORITHM, NULL, 0, FALSE, NULL, FAST_CHECK_SOD, "document-form"},
    {"H_53", ISSUER, "300f310d300b060355040a0c0454657374", 0, FALSE, NULL, FAST_CHECK_SIGNATURE,
     "sod-signer-unknown"},
    {"H_55", ISSUER, NULL, 0, FALSE, NULL, FAST_CHECK_SOD, "document-form"},
    {"H_56", VALIDITY, LATE, 0, FALSE, NULL, FAST_CHECK_SIGNER, "signer-validity"},
    {"H_57", VALIDITY, NULL, 0, FALSE, NULL, FAST_CHECK_SOD, "document-form"},
    {"H_58", KEY, "3014" MD5_RSA "0303003000", 0, FALSE, NULL, FAST_CHECK_SIGNATURE,
     "signature-key"},
    {"H_59", KEY, NULL, 0, FALSE, NULL, FAST_CHECK_SOD, "document-form"},
    {"H_60", NOTHING, NULL, NID_authority_key_identifier, FALSE, "3000", FAST_CHECK_SIGNER,
     "signer-authority-key"},
    {"H_61", NOTHING, NULL, NID_authority_key_identifier, FALSE, NULL, FAST_CHECK_SIGNER,
     "signer-authority-key"},
    {"H_62", NOTHING, NULL, NID_key_usage, FALSE, "03020780", FAST_CHECK_SIGNER,
     "signer-key-usage"},
    {"H_63", NOTHING, NULL, NID_key_usage, TRUE, "03020520", FAST_CHECK_CHAIN, "trust-purpose"},
    {"H_64", NOTHING, NULL, NID_key_usage, FALSE, NULL, FAST_CHECK_CHAIN, "trust-purpose"},
};

/* The signed part of @der with one element left out or replaced. */
static GByteArray *
rebuild (GBytes *der, int part, const char *with)
{
  FastReader reader = fast_reader_from_bytes (der, "Certificate");
  g_autoptr (GBytes) other = with == NULL ? NULL : fast_hex_decode (with, NULL);
  g_autoptr (GByteArray) inner = g_byte_array_new ();
  GByteArray *out = g_byte_array_new ();
  FastTlv tlv;

  g_assert_true (fast_tlv_expect (&reader, 0x30, &tlv, NULL));
  reader = fast_tlv_open (&tlv, "Certificate");
  g_assert_true (fast_tlv_expect (&reader, 0x30, &tlv, NULL));
  reader = fast_tlv_open (&tlv, "TBSCertificate");
  for (int i = 0; i < PARTS; i++) {
    g_assert_true (fast_tlv_read (&reader, &tlv, NULL));
    if (i != part)
      fast_append (inner, tlv.start, tlv.total);
    else if (other != NULL)
      fast_append_bytes (inner, other);
  }
  fast_tlv_append_array (out, 0x30, inner);
  return out;
}

#define ECDSA "300a06082a8648ce3d040302"
#define PLAIN_ECDSA "300c060a04007f00070101040103"

static gsize
make_plain (guint8 *signature, gsize size)
{
  const guint8 *at = signature;
  g_autoptr (ECDSA_SIG) numbers = d2i_ECDSA_SIG (NULL, &at, (long)size);

  g_assert_cmpint (BN_bn2binpad (ECDSA_SIG_get0_r (numbers), signature, 32), ==, 32);
  g_assert_cmpint (BN_bn2binpad (ECDSA_SIG_get0_s (numbers), signature + 32, 32), ==, 32);
  return 64;
}

/* Signed with the CSCA's key, by default as its certificates are: ECDSA with SHA-256. */
static GBytes *
certify (GByteArray *part, gboolean plain)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  g_autoptr (GBytes) algorithm = fast_hex_decode (plain ? PLAIN_ECDSA : ECDSA, NULL);
  g_autoptr (GByteArray) whole = g_byte_array_new ();
  GByteArray *out = g_byte_array_new ();
  guint8 bits[160] = {0};
  size_t size = sizeof bits - 1;

  g_assert_cmpint (EVP_DigestSignInit_ex (context, NULL, "SHA256", NULL, NULL, csca->key, NULL), ==,
                   1);
  g_assert_cmpint (EVP_DigestSign (context, bits + 1, &size, part->data, part->len), ==, 1);
  if (plain)
    size = make_plain (bits + 1, size);
  fast_append (whole, part->data, part->len);
  fast_append_bytes (whole, algorithm);
  fast_tlv_append (whole, 0x03, bits, size + 1);
  fast_tlv_append_array (out, 0x30, whole);
  return g_byte_array_free_to_bytes (out);
}

static GBytes *
alter (const Fault *fault)
{
  g_autoptr (GBytes) der = encode (signer->certificate);
  g_autoptr (GByteArray) part = NULL;
  g_autoptr (X509) copy = NULL;

  if (fault->part != NOTHING) {
    part = rebuild (der, fault->part, fault->with);
    return certify (part, FALSE);
  }
  copy = X509_dup (signer->certificate);
  replace_extension (copy, fault->nid, fault->critical, fault->value);
  return sign_again (copy);
}

static void
assert_failure (GPtrArray *verdicts, const char *check, const char *id)
{
  g_assert_false (fast_verdicts_hold (verdicts));
  for (guint i = 0; i < verdicts->len; i++) {
    const FastVerdict *verdict = verdicts->pdata[i];

    if (verdict->outcome != FAST_VERDICT_FAILED || !g_str_equal (verdict->check, check))
      continue;
    fast_test_assert_id (verdict->why, id);
    return;
  }
  g_error ("%s does not fail", check);
}

static void
test_fault (gconstpointer data)
{
  const Fault *fault = data;
  g_autoptr (GBytes) certificate = alter (fault);
  g_autoptr (GPtrArray) verdicts = judge (certificate, "IDCAN", "20261122");

  assert_failure (verdicts, fault->check, fault->why);
}

/* The ways of altering alter nothing else: rebuilt with no fault, it is believed. */
static void
test_rebuilt (void)
{
  g_autoptr (GBytes) der = encode (signer->certificate);
  g_autoptr (GByteArray) part = rebuild (der, NOTHING, NULL);
  g_autoptr (GBytes) rebuilt = certify (part, FALSE);
  g_autoptr (X509) copy = X509_dup (signer->certificate);
  g_autoptr (GBytes) again = sign_again (copy);
  GBytes *both[] = {rebuilt, again};

  for (guint i = 0; i < G_N_ELEMENTS (both); i++) {
    g_autoptr (GPtrArray) verdicts = judge (both[i], "IDCAN", "20261122");

    g_assert_true (fast_verdicts_hold (verdicts));
    g_assert_cmpint (fast_verdicts_find (verdicts, FAST_CHECK_SIGNER, NULL)->outcome, ==,
                     FAST_VERDICT_DONE);
  }
}

/* A CSCA that signs by BSI's identifier: as TR-03105-5.1, 7.1.2 has it for LDS_H_10 to H_14. */
static void
test_plain (void)
{
  g_autoptr (GBytes) der = encode (signer->certificate);
  g_autoptr (GByteArray) part = rebuild (der, ALGORITHM, PLAIN_ECDSA);
  g_autoptr (GBytes) good = certify (part, TRUE);
  g_autoptr (GBytes) bad = fixture_flip (good, g_bytes_get_size (good) - 1, 1);
  g_autoptr (GPtrArray) verdicts = judge (good, "IDCAN", "20261122");
  g_autoptr (GPtrArray) altered = judge (bad, "IDCAN", "20261122");

  g_assert_true (fast_verdicts_hold (verdicts));
  assert_failure (altered, FAST_CHECK_CHAIN, "trust-signature");
}

/* 5.1:LDS_H_54, H_65 to H_68: every byte of the certificate that the CSCA signed, and of its
 * signature. */
static void
test_flipped (void)
{
  g_autoptr (GBytes) der = encode (signer->certificate);

  for (gsize i = 0; i < g_bytes_get_size (der); i++) {
    g_autoptr (GBytes) flipped = fixture_flip (der, i, 1);
    g_autoptr (GPtrArray) verdicts = judge (flipped, "IDCAN", "20261122");

    if (fast_verdicts_hold (verdicts))
      g_error ("byte %" G_GSIZE_FORMAT " of the document signer does not matter", i);
  }
}

/* What only newer editions ask is named and fails nothing. */
static void
test_weak (void)
{
  static const struct {
    int nid;
    const char *id;
  } missing[] = {
      {NID_private_key_usage_period, "signer-no-period"},
      {NID_subject_alt_name, "signer-no-subject-name"},
      {NID_issuer_alt_name, "signer-no-issuer-name"},
      {NID_crl_distribution_points, "signer-no-distribution-points"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (missing); i++) {
    g_autoptr (X509) copy = X509_dup (signer->certificate);
    g_autoptr (GBytes) certificate = NULL;
    g_autoptr (GPtrArray) verdicts = NULL;
    const FastVerdict *verdict;

    replace_extension (copy, missing[i].nid, FALSE, NULL);
    certificate = sign_again (copy);
    verdicts = judge (certificate, "IDCAN", "20261122");
    verdict = fast_verdicts_find (verdicts, FAST_CHECK_SIGNER, NULL);
    g_assert_true (fast_verdicts_hold (verdicts));
    g_assert_cmpint (verdict->outcome, ==, FAST_VERDICT_WEAK);
    fast_test_assert_id (verdict->why, missing[i].id);
  }
}

static void
assert_outcome (const char *code, const char *issued, const char *check, const char *id)
{
  g_autoptr (GPtrArray) verdicts = judge (NULL, code, issued);

  if (id != NULL) {
    assert_failure (verdicts, check, id);
    return;
  }
  g_assert_true (fast_verdicts_hold (verdicts));
  g_assert_cmpint (fast_verdicts_find (verdicts, check, NULL)->outcome, ==, FAST_VERDICT_DONE);
}

static void
test_document (void)
{
  g_autoptr (GPtrArray) undated = judge (NULL, "IDCAN", NULL);

  assert_outcome ("IDCAN", "20261122", FAST_CHECK_STATE, NULL);
  assert_outcome ("IDUSA", "20261122", FAST_CHECK_STATE, "signer-state");
  assert_outcome ("IDD<<", "20261122", FAST_CHECK_STATE, "signer-state");
  assert_outcome ("IDCAN", "20261122", FAST_CHECK_TYPE, NULL);
  assert_outcome ("IXCAN", "20261122", FAST_CHECK_TYPE, "signer-type");
  assert_outcome ("AXCAN", "20261122", FAST_CHECK_TYPE, "signer-type");
  assert_outcome ("IDCAN", "20261122", FAST_CHECK_PERIOD, NULL);
  assert_outcome ("IDCAN", "20261120", FAST_CHECK_PERIOD, "signer-period");
  assert_outcome ("IDCAN", "20280101", FAST_CHECK_PERIOD, "signer-period");
  g_assert_cmpint (fast_verdicts_find (undated, FAST_CHECK_PERIOD, NULL)->outcome, ==,
                   FAST_VERDICT_NOT_OFFERED);
}

static void
test_state_codes (void)
{
  g_assert_true (fast_state_code_matches ("CA", "CAN"));
  g_assert_true (fast_state_code_matches ("us", "USA"));
  g_assert_true (fast_state_code_matches ("DE", "D"));
  g_assert_true (fast_state_code_matches ("DE", "DEU"));
  g_assert_true (fast_state_code_matches ("ZW", "ZWE"));
  g_assert_true (fast_state_code_matches ("AD", "AND"));
  g_assert_true (fast_state_code_matches ("UT", "UTO"));
  g_assert_false (fast_state_code_matches ("CA", "USA"));
  g_assert_false (fast_state_code_matches ("CA", "CA"));
  g_assert_false (fast_state_code_matches ("C", "CAN"));
  g_assert_false (fast_state_code_matches ("", ""));
  g_assert_false (fast_state_code_matches ("NA", "D"));
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  set_up ();
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *name = g_strdup_printf ("/lds/document-signer/5.1:LDS_%s", faults[i].id);

    g_test_add_data_func (name, &faults[i], test_fault);
  }
  g_test_add_func ("/lds/document-signer/5.1:LDS_H_54-H_65-H_66-H_67-H_68", test_flipped);
  g_test_add_func ("/lds/document-signer/plain", test_plain);
  g_test_add_func ("/lds/document-signer/rebuilt", test_rebuilt);
  g_test_add_func ("/lds/document-signer/weak", test_weak);
  g_test_add_func ("/lds/document-signer/document", test_document);
  g_test_add_func ("/lds/document-signer/state-codes", test_state_codes);
  result = g_test_run ();
  tear_down ();
  return result;
}
