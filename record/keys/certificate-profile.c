/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/certificate-profile.h"

#include <openssl/conf.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "record/base/error.h"
#include "record/base/secure.h"
#include "record/base/tlv.h"
#include "record/keys/crypto.h"

#define DAY (24 * 60 * 60)
/* A field machine's clock may lag a little behind the machine that issues. */
#define GRACE (60 * 60)

/* A FAST card lives up to six years: the first birthday at least five years after the grant. */
#define DOCUMENT_DAYS (6 * 366)
#define DOCUMENT_SIGNER_DAYS 30
#define SEAL_SIGNER_DAYS (14 * 31)
#define MASTER_LIST_SIGNER_DAYS 366
#define CSCA_DAYS (5 * 366)

/* ICAO 9303-12, table 6 and 7.1.1.2: key identifiers, how long the key signs, both alternative
 * names with a way to reach the issuer and the State's code as locality, where its revocation list
 * is. */
#define ICAO_IDENTITY                                                                              \
  "subjectKeyIdentifier=hash\n"                                                                    \
  "authorityKeyIdentifier=keyid:always\n"                                                          \
  "2.5.29.16=DER:{period}\n"                                                                       \
  "subjectAltName=email:csca@{domain},dirName:place\n"                                             \
  "issuerAltName=email:csca@{domain},dirName:place\n"                                              \
  "crlDistributionPoints=URI:http://crl.{domain}/{state}.crl\n"                                    \
  "[place]\nL={state}\n[extensions]\n"

/* Table 8 allows a seal signer nothing else: a seal carries no certificate, and who verifies it
 * offline keeps all of them. So its usage period is the profile's, not an extension. */
#define SEAL_IDENTITY "authorityKeyIdentifier=keyid:always\n"

/* DocumentTypeList (9303-12, 7.1.1.6): version 0 and the set of document codes, here `ID`, the code
 * of the card's MRZ. */
#define DOCUMENT_TYPE                                                                              \
  "2.23.136.1.1.6.2=DER:300902010031041302"                                                        \
  "4944\n"

#define IDENTITY "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid:always\n"
#define NO_AUTHORITY "basicConstraints=critical,CA:FALSE\n"
#define AUTHORITY                                                                                  \
  "basicConstraints=critical,CA:TRUE,pathlen:0\n"                                                  \
  "keyUsage=critical,keyCertSign,cRLSign\n"
#define SIGNS "keyUsage=critical,digitalSignature\n"

static const FastCertificateProfile profiles[] = {
    {"csca", FAST_KEY_PARAMETERS_EXPLICIT, FALSE, 16, CSCA_DAYS + SEAL_SIGNER_DAYS + DOCUMENT_DAYS,
     CSCA_DAYS, ICAO_IDENTITY, AUTHORITY},
    /* The next CSCA key, certified by the one before it. */
    {"csca-link", FAST_KEY_PARAMETERS_EXPLICIT, FALSE, 16,
     CSCA_DAYS + SEAL_SIGNER_DAYS + DOCUMENT_DAYS, CSCA_DAYS, ICAO_IDENTITY, AUTHORITY},
    {"document-signer", FAST_KEY_PARAMETERS_EXPLICIT, FALSE, 16,
     DOCUMENT_SIGNER_DAYS + DOCUMENT_DAYS, DOCUMENT_SIGNER_DAYS, ICAO_IDENTITY,
     SIGNS DOCUMENT_TYPE},
    /* 7.1.3. Its serial number is printed in every seal as the certificate reference: kept short.
     * The extended usage keeps it from signing a chip. */
    {"seal-signer", FAST_KEY_PARAMETERS_EXPLICIT, TRUE, 5, SEAL_SIGNER_DAYS + DOCUMENT_DAYS,
     SEAL_SIGNER_DAYS, SEAL_IDENTITY,
     "extendedKeyUsage=critical," FAST_OID_SEAL_SIGNER "\n" DOCUMENT_TYPE},
    /* 7.1.1.3 */
    {"master-list-signer", FAST_KEY_PARAMETERS_EXPLICIT, FALSE, 16, 2 * MASTER_LIST_SIGNER_DAYS,
     MASTER_LIST_SIGNER_DAYS, ICAO_IDENTITY,
     SIGNS "extendedKeyUsage=critical," FAST_OID_MASTER_LIST_SIGNER "\n"},
    {"authority", FAST_KEY_PARAMETERS_NAMED, FALSE, 16, 10 * 366, 0, IDENTITY, AUTHORITY},
    /* RFC 3161, 2.3: one extended key usage, critical. */
    {"timestamp", FAST_KEY_PARAMETERS_NAMED, FALSE, 16, 5 * 366, 0, IDENTITY,
     NO_AUTHORITY SIGNS "extendedKeyUsage=critical,timeStamping\n"},
    {"sign", FAST_KEY_PARAMETERS_NAMED, FALSE, 16, 3 * 366, 0, IDENTITY, NO_AUTHORITY SIGNS},
    {"recipient", FAST_KEY_PARAMETERS_NAMED, FALSE, 16, 9 * 366, 0, IDENTITY,
     NO_AUTHORITY "keyUsage=critical,keyAgreement\n"},
    {"tls-server", FAST_KEY_PARAMETERS_NAMED, FALSE, 16, 397, 0, IDENTITY,
     NO_AUTHORITY SIGNS "extendedKeyUsage=serverAuth\n"
                        "subjectAltName=DNS:localhost,IP:127.0.0.1\n"},
    {"tls-client", FAST_KEY_PARAMETERS_NAMED, FALSE, 16, 3 * 366, 0, IDENTITY,
     NO_AUTHORITY SIGNS "extendedKeyUsage=clientAuth\n"},
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CONF, NCONF_free)

/**
 * fast_certificate_profile_find:
 * @name: `csca`, `csca-link`, `document-signer`, `seal-signer`, `master-list-signer`, `authority`,
 *   `timestamp`, `sign`, `recipient`, `tls-server` or `tls-client`
 *
 * Returns: (transfer none) (nullable): the profile
 */
const FastCertificateProfile *
fast_certificate_profile_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    if (strcmp (profiles[i].name, name) == 0)
      return &profiles[i];
  return NULL;
}

static gboolean
is_two_capitals (const char *text)
{
  return strlen (text) == 2 && g_ascii_isupper (text[0]) && g_ascii_isupper (text[1]);
}

static gboolean
add_name (X509_NAME *name, int nid, int type, const char *value)
{
  return value == NULL ||
         X509_NAME_add_entry_by_NID (name, nid, type, (const guint8 *)value, -1, -1, 0) == 1;
}

/**
 * fast_certificate_subject_name:
 * @subject: whom
 * @profile: for what
 * @error: return location for an error
 *
 * ICAO 9303-12, table 5: the country in capitals and as PrintableString, the rest as UTF8String;
 * 7.1.3: a seal signer has country and two capitals, PrintableString, and nothing else.
 *
 * Returns: (transfer full): its name; FAST_INPUT_ERROR_INVALID (`profile-country`,
 *   `profile-bare-name`)
 */
X509_NAME *
fast_certificate_subject_name (const FastCertificateSubject *subject,
                               const FastCertificateProfile *profile, GError **error)
{
  const gboolean bare = profile->bare;
  g_autoptr (X509_NAME) name = X509_NAME_new ();

  if (!is_two_capitals (subject->country))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "profile-country",
                           "country=%s", subject->country);
  if (bare && (!is_two_capitals (subject->common_name) || subject->organization != NULL ||
               subject->unit != NULL))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "profile-bare-name",
                           "name=%s", subject->common_name);
  if (!add_name (name, NID_countryName, V_ASN1_PRINTABLESTRING, subject->country) ||
      !add_name (name, NID_organizationName, MBSTRING_UTF8, subject->organization) ||
      !add_name (name, NID_organizationalUnitName, MBSTRING_UTF8, subject->unit) ||
      !add_name (name, NID_commonName, bare ? V_ASN1_PRINTABLESTRING : MBSTRING_UTF8,
                 subject->common_name))
    return fast_crypto_fail_null (error, "X509_NAME_add_entry");
  return g_steal_pointer (&name);
}

/* Positive, of exactly @size bytes, the first digit never 0: so the hexadecimal form is unique. */
static gboolean
set_serial (X509 *certificate, guint size, GError **error)
{
  guint8 bytes[20];
  g_autoptr (BIGNUM) number = NULL;

  g_assert (size <= sizeof bytes);
  if (!fast_random (bytes, size, error))
    return FALSE;
  bytes[0] = (guint8)((bytes[0] & 0x3F) | 0x40);
  number = BN_bin2bn (bytes, (int)size, NULL);
  return BN_to_ASN1_INTEGER (number, X509_get_serialNumber (certificate)) != NULL ||
         fast_crypto_fail (error, "BN_to_ASN1_INTEGER");
}

static void
append_time (GByteArray *out, guint32 tag, gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);
  g_autofree char *text = g_date_time_format (time, "%Y%m%d%H%M%SZ");

  fast_tlv_append (out, tag, text, strlen (text));
}

/* PrivateKeyUsagePeriod: two GeneralizedTimes, tagged 0 and 1. OpenSSL reads it but has no way to
 * write it from a configuration. */
static char *
usage_period (gint64 from, gint64 to)
{
  g_autoptr (GByteArray) times = g_byte_array_new ();
  g_autoptr (GByteArray) period = g_byte_array_new ();

  append_time (times, 0x80, from);
  append_time (times, 0x81, to);
  fast_tlv_append_array (period, 0x30, times);
  return fast_hex_encode (period->data, period->len);
}

/* 7.1.1.5: a link certificate that also changes the CSCA's name must say so. */
static gboolean
changes_name (const FastCertificateProfile *profile, const X509_NAME *subject, X509 *issuer)
{
  return strcmp (profile->name, "csca-link") == 0 && issuer != NULL &&
         X509_NAME_cmp (subject, X509_get_subject_name (issuer)) != 0;
}

static CONF *
configuration (const FastCertificateProfile *profile, const char *state, gboolean training,
               gboolean renamed, gint64 from, GError **error)
{
  g_autofree char *period = usage_period (from, from + (gint64)profile->key_days * DAY);
  g_autoptr (GString) text = g_string_new ("[extensions]\n");
  g_autoptr (CONF) conf = NCONF_new (NULL);
  g_autoptr (BIO) in = NULL;
  long line;

  if (training)
    g_string_append (text, "certificatePolicies=" FAST_OID_TRAINING "\n");
  if (renamed)
    g_string_append (text, FAST_OID_NAME_CHANGE "=DER:0500\n");
  g_string_append (text, profile->identity);
  g_string_append (text, profile->usage);
  g_string_replace (text, "{period}", period, 0);
  g_string_replace (text, "{state}", state, 0);
  g_string_replace (text, "{domain}", "training.invalid", 0);
  in = BIO_new_mem_buf (text->str, (int)text->len);
  if (NCONF_load_bio (conf, in, &line) <= 0)
    return fast_crypto_fail_null (error, "NCONF_load_bio");
  return g_steal_pointer (&conf);
}

static gboolean
add_extensions (X509 *certificate, X509 *issuer, CONF *conf, GError **error)
{
  X509V3_CTX context;

  X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
  X509V3_set_nconf (&context, conf);
  return X509V3_EXT_add_nconf (conf, &context, "extensions", certificate) == 1 ||
         fast_crypto_fail (error, "X509V3_EXT_add_nconf");
}

/* UTCTime to 2049, GeneralizedTime after (RFC 5280, 4.1.2.5): ASN1_TIME_adj() chooses. */
static gboolean
set_validity (X509 *certificate, gint64 from, guint days)
{
  return ASN1_TIME_adj (X509_getm_notBefore (certificate), (time_t)from, 0, 0) != NULL &&
         ASN1_TIME_adj (X509_getm_notAfter (certificate), (time_t)from, (int)days, 0) != NULL;
}

/**
 * fast_certificate_profile_issue:
 * @profile: what the certificate is for
 * @subject: whom
 * @key: the subject's key
 * @issuer: (nullable): who certifies; %NULL: the subject itself
 * @training: whether it carries the training policy
 * @now: when it is issued, in seconds since 1970
 * @error: return location for an error
 *
 * X.509 version 3 (RFC 5280; ICAO 9303-12, 7.1.1 for the profiles with explicit parameters, 7.1.3
 * for `seal-signer`), ECDSA with SHA-256.
 *
 * Returns: (transfer full): the certificate; FAST_INPUT_ERROR_INVALID, FAST_KEY_ERROR_CRYPTO
 */
X509 *
fast_certificate_profile_issue (const FastCertificateProfile *profile,
                                const FastCertificateSubject *subject, EVP_PKEY *key,
                                const FastCertificateIssuer *issuer, gboolean training, gint64 now,
                                GError **error)
{
  const gint64 from = now - GRACE;
  g_autoptr (X509) certificate = X509_new ();
  g_autoptr (X509_NAME) name = fast_certificate_subject_name (subject, profile, error);
  X509 *above = issuer != NULL ? issuer->certificate : certificate;
  g_autoptr (CONF) conf = NULL;

  if (name == NULL || !set_serial (certificate, profile->serial_size, error))
    return NULL;
  conf = configuration (profile, subject->state, training,
                        changes_name (profile, name, issuer != NULL ? above : NULL), from, error);
  if (conf == NULL)
    return NULL;
  if (X509_set_version (certificate, X509_VERSION_3) != 1 ||
      X509_set_subject_name (certificate, name) != 1 ||
      X509_set_issuer_name (certificate, X509_get_subject_name (above)) != 1 ||
      !set_validity (certificate, from, profile->days) || X509_set_pubkey (certificate, key) != 1)
    return fast_crypto_fail_null (error, "X509");
  if (!add_extensions (certificate, above, conf, error))
    return NULL;
  if (X509_sign (certificate, issuer != NULL ? issuer->key : key, EVP_sha256 ()) <= 0)
    return fast_crypto_fail_null (error, "X509_sign");
  return g_steal_pointer (&certificate);
}
