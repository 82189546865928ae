/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/keys/conformity.h"
#include "record/keys/signer.h"
#include "record/keys/trust.h"
#include "tests/record/keys/fixture.h"
#include "tests/support.h"

/* The profiles of ICAO 9303-12 that are written, read as bytes and not by who wrote them. */

#define DAY (24 * 60 * 60)
#define ABSENT 0
#define PLAIN 1
#define CRITICAL 2

/* Object identifiers in DER; how they stand in csca, link, document, seal, master list. */
static const struct {
  const char *oid;
  guint8 expected[5];
} extensions[] = {
    {"0603551d23", {PLAIN, PLAIN, PLAIN, PLAIN, PLAIN}},
    {"0603551d0e", {PLAIN, PLAIN, PLAIN, ABSENT, PLAIN}},
    {"0603551d0f", {CRITICAL, CRITICAL, CRITICAL, ABSENT, CRITICAL}},
    {"0603551d10", {PLAIN, PLAIN, PLAIN, ABSENT, PLAIN}},
    {"0603551d11", {PLAIN, PLAIN, PLAIN, ABSENT, PLAIN}},
    {"0603551d12", {PLAIN, PLAIN, PLAIN, ABSENT, PLAIN}},
    {"0603551d13", {CRITICAL, CRITICAL, ABSENT, ABSENT, ABSENT}},
    {"0603551d25", {ABSENT, ABSENT, ABSENT, CRITICAL, CRITICAL}},
    {"0603551d1f", {PLAIN, PLAIN, PLAIN, ABSENT, PLAIN}},
    {"060767810801010602", {ABSENT, ABSENT, PLAIN, PLAIN, ABSENT}},
    {"060767810801010601", {ABSENT, PLAIN, ABSENT, ABSENT, ABSENT}},
};

/* What each profile holds, and how long it may sign and must last, in days. */
static const struct {
  const char *profile;
  const char *name;
  guint signs;
  guint lasts;
} rows[] = {
    {"csca", "Old CSCA", 1830, 4460},        {"csca-link", "New CSCA", 1830, 4460},
    {"document-signer", "D", 30, 30 + 2196}, {"seal-signer", "FS", 434, 434 + 2196},
    {"master-list-signer", "M", 366, 732},
};

static Fixture *csca;

static Fixture *
make (guint row)
{
  return fixture_new (rows[row].profile, rows[row].name, row == 0 ? NULL : csca, FALSE,
                      FIXTURE_NOW);
}

static FastTlv
expect (FastReader *reader, guint32 tag)
{
  g_autoptr (GError) error = NULL;
  FastTlv tlv = {0};

  g_assert_true (fast_tlv_expect (reader, tag, &tlv, &error));
  g_assert_no_error (error);
  return tlv;
}

/* The fields of a TBSCertificate, RFC 5280, 4.1. */
typedef struct {
  FastTlv version, serial, algorithm, issuer, validity, subject, key, extensions;
  FastTlv outer_algorithm;
} Fields;

static Fields
split (GBytes *der)
{
  FastReader reader = fast_reader_from_bytes (der, "certificate");
  FastTlv whole = expect (&reader, 0x30);
  FastReader body = fast_tlv_open (&whole, "certificate");
  FastTlv tbs = expect (&body, 0x30);
  FastReader inner = fast_tlv_open (&tbs, "TBSCertificate");
  Fields fields;

  g_assert_true (fast_reader_end (&reader, NULL));
  fields.outer_algorithm = expect (&body, 0x30);
  fields.version = expect (&inner, 0xA0);
  fields.serial = expect (&inner, 0x02);
  fields.algorithm = expect (&inner, 0x30);
  fields.issuer = expect (&inner, 0x30);
  fields.validity = expect (&inner, 0x30);
  fields.subject = expect (&inner, 0x30);
  fields.key = expect (&inner, 0x30);
  fields.extensions = expect (&inner, 0xA3);
  g_assert_true (fast_reader_end (&inner, NULL));
  return fields;
}

static char *
hex_of (const FastTlv *tlv)
{
  return fast_hex_encode (tlv->start, tlv->total);
}

/* One extension: its value without the OCTET STRING, %NULL when it is absent. */
static GBytes *
extension (const Fields *fields, const char *oid, guint *state)
{
  FastReader outer = fast_tlv_open (&fields->extensions, "extensions");
  FastTlv list = expect (&outer, 0x30);
  FastReader reader = fast_tlv_open (&list, "extensions");
  GBytes *found = NULL;

  *state = ABSENT;
  while (fast_reader_left (&reader) > 0) {
    FastTlv one = expect (&reader, 0x30);
    FastReader parts = fast_tlv_open (&one, "extension");
    FastTlv name = expect (&parts, 0x06);
    g_autofree char *hex = hex_of (&name);
    FastTlv critical = {0}, value;
    gboolean marked = parts.data[parts.offset] == 0x01;

    if (marked)
      critical = expect (&parts, 0x01);
    value = expect (&parts, 0x04);
    if (strcmp (hex, oid) != 0)
      continue;
    g_assert_null (found);
    /* DER: a default value is not encoded. */
    g_assert_true (!marked || critical.value[0] == 0xFF);
    *state = marked ? CRITICAL : PLAIN;
    found = fast_tlv_dup_value (&value);
  }
  return found;
}

static void
check_extensions (const Fields *fields, guint row)
{
  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++) {
    guint state;
    g_autoptr (GBytes) value = extension (fields, extensions[i].oid, &state);

    g_test_message ("%s %s", rows[row].profile, extensions[i].oid);
    g_assert_cmpuint (state, ==, extensions[i].expected[row]);
  }
}

static void
assert_extension (const Fields *fields, const char *oid, const char *wanted)
{
  guint state;
  g_autoptr (GBytes) value = extension (fields, oid, &state);
  g_autofree char *hex = NULL;

  g_assert_nonnull (value);
  hex = fast_hex_encode (g_bytes_get_data (value, NULL), g_bytes_get_size (value));
  g_assert_cmpstr (hex, ==, wanted);
}

/* Explicit parameters of P-256 with their cofactor, the point uncompressed (4.1.6.3). */
static void
check_key (const Fields *fields)
{
  FastReader key = fast_tlv_open (&fields->key, "key");
  FastTlv algorithm = expect (&key, 0x30);
  FastTlv point = expect (&key, 0x03);
  FastReader inner = fast_tlv_open (&algorithm, "algorithm");
  FastTlv parameters, base, cofactor;

  expect (&inner, 0x06);
  parameters = expect (&inner, 0x30);
  inner = fast_tlv_open (&parameters, "parameters");
  expect (&inner, 0x02);
  expect (&inner, 0x30);
  expect (&inner, 0x30);
  base = expect (&inner, 0x04);
  expect (&inner, 0x02);
  cofactor = expect (&inner, 0x02);
  g_assert_true (fast_reader_end (&inner, NULL));
  g_assert_cmpuint (base.size, ==, 65);
  g_assert_cmpuint (base.value[0], ==, 0x04);
  g_assert_cmpuint (cofactor.size, ==, 1);
  g_assert_cmpuint (cofactor.value[0], ==, 1);
  g_assert_cmpuint (point.size, ==, 66);
  g_assert_cmpuint (point.value[1], ==, 0x04);
}

/* countryName first, PrintableString, `CA`. */
static void
check_country (const FastTlv *name)
{
  g_autofree char *hex = hex_of (name);

  g_assert_nonnull (strstr (hex, "0603550406"
                                 "1302"
                                 "4341"));
  g_assert_null (strstr (hex, "0603550406"
                              "0c02"));
}

/* Table 5. */
static void
check_fields (const Fields *fields)
{
  FastReader validity = fast_tlv_open (&fields->validity, "validity");
  g_autofree char *inner = hex_of (&fields->algorithm);
  g_autofree char *outer = hex_of (&fields->outer_algorithm);
  g_autofree char *version = hex_of (&fields->version);

  g_assert_cmpstr (version, ==, "a003020102");
  g_assert_cmpuint (fields->serial.size, <=, 20);
  g_assert_cmpuint (fields->serial.value[0], <, 0x80);
  g_assert_cmpuint (fields->serial.value[0], >, 0);
  g_assert_cmpstr (inner, ==, outer);
  g_assert_cmpstr (inner, ==, "300a06082a8648ce3d040302");
  for (guint i = 0; i < 2; i++) {
    FastTlv time = expect (&validity, 0x17);
    g_assert_cmpuint (time.size, ==, 13);
    g_assert_cmpuint (time.value[12], ==, 'Z');
  }
  check_country (&fields->issuer);
  check_country (&fields->subject);
  check_key (fields);
}

static void
test_written (gconstpointer data)
{
  const guint row = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (Fixture) fixture = make (row);
  g_autoptr (GBytes) der = fast_certificate_der (fixture->certificate, &error);
  Fields fields = split (der);

  check_fields (&fields);
  check_extensions (&fields, row);
  if (row <= 1)
    assert_extension (&fields, "0603551d13", "30060101ff020100");
  if (row == 2 || row == 3)
    assert_extension (&fields, "060767810801010602", "3009020100310413024944");
  if (row == 3)
    assert_extension (&fields, "0603551d25", "3009060767810801010b01");
  if (row == 4)
    assert_extension (&fields, "0603551d25",
                      "300806066781080101"
                      "03");
  if (row != 3)
    assert_extension (&fields, "0603551d0f", row <= 1 ? "03020106" : "03020780");
}

/* How long the key signs and the certificate lasts, by the bytes of both. */
static void
test_period (gconstpointer data)
{
  const guint row = GPOINTER_TO_UINT (data);
  const FastCertificateProfile *profile = fast_certificate_profile_find (rows[row].profile);
  g_autoptr (Fixture) fixture = make (row);
  gint64 from, to, not_before, not_after;

  fast_certificate_validity (fixture->certificate, &not_before, &not_after);
  g_assert_true (fast_signer_period (fixture->certificate, profile, &from, &to));
  g_assert_cmpint (from, ==, not_before);
  g_assert_cmpint (to - from, ==, (gint64)rows[row].signs * DAY);
  g_assert_cmpint (not_after - not_before, ==, (gint64)rows[row].lasts * DAY);
}

static void
assert_signer (X509 *certificate, const char *profile, gint64 at, const char *id)
{
  g_autoptr (GError) error = NULL;
  gboolean may =
      fast_signer_check (certificate, fast_certificate_profile_find (profile), at, &error);

  if (id == NULL)
    g_assert_no_error (error);
  else
    fast_test_assert_id (error, id);
  g_assert_cmpint (may, ==, id == NULL);
}

/* Thirty days to the second, and each key only as what it is. */
static void
test_signer (void)
{
  const gint64 from = FIXTURE_NOW - 60 * 60;
  g_autoptr (Fixture) document = make (2);
  g_autoptr (Fixture) seal = make (3);
  g_autoptr (Fixture) list = make (4);

  assert_signer (document->certificate, "document-signer", from - 1, "signer-not-yet");
  assert_signer (document->certificate, "document-signer", from, NULL);
  assert_signer (document->certificate, "document-signer", from + 30 * DAY, NULL);
  assert_signer (document->certificate, "document-signer", from + 30 * DAY + 1, "signer-over");
  assert_signer (seal->certificate, "seal-signer", from + 434 * DAY, NULL);
  assert_signer (seal->certificate, "seal-signer", from + 434 * DAY + 1, "signer-over");
  assert_signer (seal->certificate, "document-signer", FIXTURE_NOW, "signer-purpose");
  assert_signer (document->certificate, "seal-signer", FIXTURE_NOW, "signer-purpose");
  assert_signer (list->certificate, "master-list-signer", FIXTURE_NOW, NULL);
  assert_signer (csca->certificate, "document-signer", FIXTURE_NOW, "signer-purpose");
}

/* A usage period in the certificate that is longer than ours is cut, a shorter one counts. */
static void
test_stated_period (void)
{
  FastCertificateProfile longer = *fast_certificate_profile_find ("document-signer");
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = fast_key_generate ("P-256", longer.parameters, &error);
  const FastCertificateSubject subject = {"CA", "CAN", NULL, NULL, "D"};
  const gint64 from = FIXTURE_NOW - 60 * 60;

  for (guint days = 10; days <= 90; days += 80) {
    g_autoptr (X509) issued = NULL;

    longer.key_days = days;
    issued =
        fast_certificate_profile_issue (&longer, &subject, key, csca, FALSE, FIXTURE_NOW, &error);
    g_assert_no_error (error);
    assert_signer (issued, "document-signer", from + 10 * DAY, NULL);
    assert_signer (issued, "document-signer", from + 11 * DAY, days == 10 ? "signer-over" : NULL);
    assert_signer (issued, "document-signer", from + 31 * DAY, "signer-over");
  }
}

static void
test_conforming (void)
{
  for (guint row = 0; row < G_N_ELEMENTS (rows); row++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (Fixture) fixture = make (row);

    g_assert_true (fast_conformity_check (
        fixture->certificate, fast_certificate_profile_find (rows[row].profile), &error));
    g_assert_no_error (error);
    for (guint other = 0; other < G_N_ELEMENTS (rows); other++)
      if (other != row && other + row != 1)
        g_assert_false (fast_conformity_check (
            fixture->certificate, fast_certificate_profile_find (rows[other].profile), NULL));
  }
}

/* A profile with one thing wrong, and what the refusal must name. */
static const struct {
  const char *what;
  const char *profile;
  const char *find;
  const char *replace;
} faults[] = {
    {"PrivateKeyUsagePeriod", "document-signer", "2.5.29.16=DER:{period}\n", ""},
    {"SubjectAltName", "document-signer", "subjectAltName=email:csca@{domain},dirName:place\n", ""},
    {"SubjectAltName", "document-signer", ",dirName:place\nissuer", "\nissuer"},
    {"IssuerAltName", "csca", "issuerAltName=email:csca@{domain},dirName:place\n", ""},
    {"SubjectAltName", "document-signer", "L={state}", "L=Ottawa"},
    {"CRLDistributionPoints", "document-signer",
     "crlDistributionPoints=URI:http://crl.{domain}/{state}.crl\n", ""},
    {"CRLDistributionPoints", "document-signer", "URI:http:", "URI:ftp:"},
    {"AuthorityKeyIdentifier", "document-signer", "authorityKeyIdentifier=keyid:always\n", ""},
    {"SubjectKeyIdentifier", "csca-link", "subjectKeyIdentifier=hash\n", ""},
    {"DocumentType", "document-signer", "2.23.136.1.1.6.2=DER:3009020100310413024944\n", ""},
    {"KeyUsage", "document-signer", "critical,digitalSignature", "digitalSignature"},
    {"KeyUsage", "document-signer", "digitalSignature", "digitalSignature,keyAgreement"},
    {"KeyUsage", "csca", "keyCertSign,cRLSign", "keyCertSign"},
    {"BasicConstraints", "document-signer", "keyUsage", "basicConstraints=CA:FALSE\nkeyUsage"},
    {"BasicConstraints", "csca", "pathlen:0", "pathlen:1"},
    {"BasicConstraints", "csca", "CA:TRUE,pathlen:0", "CA:TRUE"},
    {"ExtKeyUsage", "document-signer", "keyUsage", "extendedKeyUsage=clientAuth\nkeyUsage"},
    {"ExtKeyUsage", "seal-signer", "2.23.136.1.1.11.1", "2.23.136.1.1.11.2"},
    {"ExtKeyUsage", "master-list-signer", "extendedKeyUsage=critical,", "extendedKeyUsage="},
    {"KeyUsage", "seal-signer", "extended", "keyUsage=critical,digitalSignature\nextended"},
    {"NetscapeCertificateType", "document-signer", "keyUsage", "nsCertType=client\nkeyUsage"},
    {"PolicyConstraints", "document-signer", "keyUsage",
     "policyConstraints=requireExplicitPolicy:1\nkeyUsage"},
};

static char *
with_fault (const char *text, guint i)
{
  GString *copy = g_string_new (text);

  g_string_replace (copy, faults[i].find, faults[i].replace, 1);
  return g_string_free (copy, FALSE);
}

static void
assert_refused (X509 *certificate, const char *profile, const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_false (
      fast_conformity_check (certificate, fast_certificate_profile_find (profile), &error));
  fast_test_assert_id (error, "conformity-refused");
  text = fast_error_format (error, "en");
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, what));
}

static void
test_faults (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    FastCertificateProfile profile = *fast_certificate_profile_find (faults[i].profile);
    const FastCertificateSubject subject = {"CA", "CAN", NULL, NULL, profile.bare ? "FS" : "D"};
    g_autoptr (GError) error = NULL;
    g_autoptr (EVP_PKEY) key = fast_key_generate ("P-256", profile.parameters, &error);
    g_autofree char *identity = with_fault (profile.identity, i);
    g_autofree char *usage = with_fault (profile.usage, i);
    g_autoptr (X509) issued = NULL;

    g_assert_true (strcmp (identity, profile.identity) != 0 || strcmp (usage, profile.usage) != 0);
    profile.identity = identity;
    profile.usage = usage;
    issued = fast_certificate_profile_issue (&profile, &subject, key,
                                             strcmp (profile.name, "csca") == 0 ? NULL : csca,
                                             FALSE, FIXTURE_NOW, &error);
    g_assert_no_error (error);
    assert_refused (issued, faults[i].profile, faults[i].what);
  }
}

/* Fields that no configuration of a profile reaches. */
static void
test_field_faults (void)
{
  g_autoptr (GError) error = NULL;
  const FastCertificateProfile *profile = fast_certificate_profile_find ("document-signer");
  const FastCertificateSubject foreign = {"US", "USA", NULL, NULL, "D"};
  g_autoptr (EVP_PKEY) named = fast_key_generate ("P-256", FAST_KEY_PARAMETERS_NAMED, &error);
  g_autoptr (EVP_PKEY) key = fast_key_generate ("P-256", profile->parameters, &error);
  g_autoptr (X509) by_name = fast_certificate_profile_issue (
      profile, &(FastCertificateSubject){"CA", "CAN", NULL, NULL, "D"}, named, csca, FALSE,
      FIXTURE_NOW, &error);
  g_autoptr (X509) other =
      fast_certificate_profile_issue (profile, &foreign, key, csca, FALSE, FIXTURE_NOW, &error);
  FastCertificateProfile brief = *profile;
  g_autoptr (X509) dies = NULL;
  FastCertificateProfile slow = *profile;
  g_autoptr (X509) signs = NULL;

  brief.days = 5 * 366;
  dies = fast_certificate_profile_issue (&brief,
                                         &(FastCertificateSubject){"CA", "CAN", NULL, NULL, "D"},
                                         key, csca, FALSE, FIXTURE_NOW, &error);
  slow.key_days = 92;
  signs = fast_certificate_profile_issue (&slow,
                                          &(FastCertificateSubject){"CA", "CAN", NULL, NULL, "D"},
                                          key, csca, FALSE, FIXTURE_NOW, &error);
  g_assert_no_error (error);
  assert_refused (by_name, "document-signer", "subjectPublicKeyInfo");
  assert_refused (other, "document-signer", "countryName");
  assert_refused (dies, "document-signer", "validity");
  assert_refused (signs, "document-signer", "PrivateKeyUsagePeriod");
}

static const struct {
  const char *profile;
  FastCertificateSubject subject;
  const char *id;
} subjects[] = {
    {"document-signer", {"ca", "CAN", NULL, NULL, "D"}, "profile-country"},
    {"document-signer", {"CAN", "CAN", NULL, NULL, "D"}, "profile-country"},
    {"seal-signer", {"CA", "CAN", NULL, NULL, "fs"}, "profile-bare-name"},
    {"seal-signer", {"CA", "CAN", NULL, NULL, "FAST"}, "profile-bare-name"},
    {"seal-signer", {"CA", "CAN", "Agency", NULL, "FS"}, "profile-bare-name"},
};

static void
test_subjects (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (X509_NAME) name = fast_certificate_subject_name (
        &subjects[i].subject, fast_certificate_profile_find (subjects[i].profile), &error);

    g_assert_null (name);
    fast_test_assert_id (error, subjects[i].id);
  }
}

/* The three kinds of signer under one CSCA, and what they are not. */
static void
test_purposes (void)
{
  static const FastPurpose purposes[] = {FAST_PURPOSE_DOCUMENT, FAST_PURPOSE_SEAL,
                                         FAST_PURPOSE_MASTER_LIST};
  g_autoptr (GPtrArray) anchors = fixture_list (csca->certificate, NULL);
  g_autoptr (FastTrust) trust = fast_trust_new (anchors, NULL, FAST_TRUST_ICAO);

  for (guint row = 2; row < G_N_ELEMENTS (rows); row++) {
    g_autoptr (Fixture) fixture = make (row);

    for (guint i = 0; i < G_N_ELEMENTS (purposes); i++) {
      g_autoptr (GError) error = NULL;
      gboolean fits =
          fast_trust_verify (trust, fixture->certificate, purposes[i], FIXTURE_NOW, &error);

      g_assert_cmpint (fits, ==, i == row - 2);
      if (!fits)
        fast_test_assert_id (error, "trust-purpose");
    }
  }
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  csca = fixture_new ("csca", "Old CSCA", NULL, FALSE, FIXTURE_NOW);
  for (guint row = 0; row < G_N_ELEMENTS (rows); row++) {
    g_autofree char *written = g_strdup_printf ("/keys/profile/P3:LDS_D_7/%s", rows[row].profile);
    g_autofree char *period = g_strdup_printf ("/keys/profile/period/%s", rows[row].profile);

    g_test_add_data_func (written, GUINT_TO_POINTER (row), test_written);
    g_test_add_data_func (period, GUINT_TO_POINTER (row), test_period);
  }
  g_test_add_func ("/keys/profile/signer", test_signer);
  g_test_add_func ("/keys/profile/stated-period", test_stated_period);
  g_test_add_func ("/keys/profile/conforming", test_conforming);
  g_test_add_func ("/keys/profile/faults", test_faults);
  g_test_add_func ("/keys/profile/field-faults", test_field_faults);
  g_test_add_func ("/keys/profile/subjects", test_subjects);
  g_test_add_func ("/keys/profile/purposes", test_purposes);
  code = g_test_run ();
  fixture_free (csca);
  return code;
}
