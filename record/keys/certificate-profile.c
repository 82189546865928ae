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
#define DOCUMENT_SIGNER_DAYS 92
#define SEAL_SIGNER_DAYS (14 * 31)
#define CSCA_DAYS (5 * 366)

/* ICAO 9303-12, 7.1: key identifiers, both alternative names with a way to reach the issuer and
 * the State's code as locality, where its revocation list is. */
#define ICAO_NAMES                                                                                 \
  "subjectKeyIdentifier=hash\n"                                                                    \
  "authorityKeyIdentifier=keyid:always\n"                                                          \
  "subjectAltName=email:csca@{domain},dirName:place\n"                                             \
  "issuerAltName=email:csca@{domain},dirName:place\n"                                              \
  "crlDistributionPoints=URI:http://crl.{domain}/{state}.crl\n"
#define ICAO_PLACE "[place]\nL={state}\n"

/* DocumentTypeList (9303-12, 7.1): version 0 and the set of document codes, here `ID`, the code of
 * the card's MRZ. */
#define DOCUMENT_TYPE                                                                              \
  "2.23.136.1.1.6.2=DER:300902010031041302"                                                        \
  "4944\n"

#define IDENTIFIERS "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid:always\n"
#define NO_AUTHORITY "basicConstraints=critical,CA:FALSE\n"

static const FastCertificateProfile profiles[] = {
    {"csca", FAST_KEY_PARAMETERS_EXPLICIT, 16, CSCA_DAYS + SEAL_SIGNER_DAYS + DOCUMENT_DAYS,
     CSCA_DAYS,
     ICAO_NAMES "basicConstraints=critical,CA:TRUE,pathlen:0\n"
                "keyUsage=critical,keyCertSign,cRLSign\n" ICAO_PLACE},
    {"document-signer", FAST_KEY_PARAMETERS_EXPLICIT, 16, DOCUMENT_SIGNER_DAYS + DOCUMENT_DAYS,
     DOCUMENT_SIGNER_DAYS,
     ICAO_NAMES "keyUsage=critical,digitalSignature\n" DOCUMENT_TYPE ICAO_PLACE},
    /* Its serial number is printed in every seal as the certificate reference: kept short. */
    {"seal-signer", FAST_KEY_PARAMETERS_EXPLICIT, 5, SEAL_SIGNER_DAYS + DOCUMENT_DAYS,
     SEAL_SIGNER_DAYS, ICAO_NAMES "keyUsage=critical,digitalSignature\n" DOCUMENT_TYPE ICAO_PLACE},
    {"authority", FAST_KEY_PARAMETERS_NAMED, 16, 10 * 366, 0,
     IDENTIFIERS "basicConstraints=critical,CA:TRUE,pathlen:0\n"
                 "keyUsage=critical,keyCertSign,cRLSign\n"},
    /* RFC 3161, 2.3: one extended key usage, critical. */
    {"timestamp", FAST_KEY_PARAMETERS_NAMED, 16, 5 * 366, 0,
     IDENTIFIERS NO_AUTHORITY "keyUsage=critical,digitalSignature\n"
                              "extendedKeyUsage=critical,timeStamping\n"},
    {"sign", FAST_KEY_PARAMETERS_NAMED, 16, 3 * 366, 0,
     IDENTIFIERS NO_AUTHORITY "keyUsage=critical,digitalSignature\n"},
    {"recipient", FAST_KEY_PARAMETERS_NAMED, 16, 9 * 366, 0,
     IDENTIFIERS NO_AUTHORITY "keyUsage=critical,keyAgreement\n"},
    {"tls-server", FAST_KEY_PARAMETERS_NAMED, 16, 397, 0,
     IDENTIFIERS NO_AUTHORITY "keyUsage=critical,digitalSignature\n"
                              "extendedKeyUsage=serverAuth\n"
                              "subjectAltName=DNS:localhost,IP:127.0.0.1\n"},
    {"tls-client", FAST_KEY_PARAMETERS_NAMED, 16, 3 * 366, 0,
     IDENTIFIERS NO_AUTHORITY "keyUsage=critical,digitalSignature\n"
                              "extendedKeyUsage=clientAuth\n"},
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CONF, NCONF_free)

/**
 * fast_certificate_profile_find:
 * @name: `csca`, `document-signer`, `seal-signer`, `authority`, `timestamp`, `sign`, `recipient`,
 *   `tls-server` or `tls-client`
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
add_name (X509_NAME *name, int nid, const char *value)
{
  return value == NULL || X509_NAME_add_entry_by_NID (name, nid, MBSTRING_UTF8,
                                                      (const guint8 *)value, -1, -1, 0) == 1;
}

static gboolean
set_subject (X509 *certificate, const FastCertificateSubject *subject)
{
  X509_NAME *name = X509_get_subject_name (certificate);

  return add_name (name, NID_countryName, subject->country) &&
         add_name (name, NID_organizationName, subject->organization) &&
         add_name (name, NID_organizationalUnitName, subject->unit) &&
         add_name (name, NID_commonName, subject->common_name);
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

static CONF *
configuration (const FastCertificateProfile *profile, const FastCertificateSubject *subject,
               gboolean training, gint64 from, GError **error)
{
  g_autoptr (GString) text = g_string_new ("[extensions]\n");
  g_autoptr (CONF) conf = NCONF_new (NULL);
  g_autoptr (BIO) in = NULL;
  long line;

  if (training)
    g_string_append (text, "certificatePolicies=" FAST_OID_TRAINING "\n");
  if (profile->key_days > 0) {
    g_autofree char *period = usage_period (from, from + (gint64)profile->key_days * DAY);
    g_string_append_printf (text, "2.5.29.16=DER:%s\n", period);
  }
  g_string_append (text, profile->extensions);
  g_string_replace (text, "{state}", subject->state, 0);
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
 * X.509 version 3 (RFC 5280; ICAO 9303-12, 7.1 for `csca`, `document-signer` and `seal-signer`),
 * ECDSA with SHA-256.
 *
 * Returns: (transfer full): the certificate
 */
X509 *
fast_certificate_profile_issue (const FastCertificateProfile *profile,
                                const FastCertificateSubject *subject, EVP_PKEY *key,
                                const FastCertificateIssuer *issuer, gboolean training, gint64 now,
                                GError **error)
{
  const gint64 from = now - GRACE;
  g_autoptr (X509) certificate = X509_new ();
  X509 *above = issuer != NULL ? issuer->certificate : certificate;
  g_autoptr (CONF) conf = configuration (profile, subject, training, from, error);

  if (conf == NULL || !set_serial (certificate, profile->serial_size, error))
    return NULL;
  if (X509_set_version (certificate, X509_VERSION_3) != 1 || !set_subject (certificate, subject) ||
      X509_set_issuer_name (certificate, X509_get_subject_name (above)) != 1 ||
      !set_validity (certificate, from, profile->days) || X509_set_pubkey (certificate, key) != 1)
    return fast_crypto_fail_null (error, "X509");
  if (!add_extensions (certificate, above, conf, error))
    return NULL;
  if (X509_sign (certificate, issuer != NULL ? issuer->key : key, EVP_sha256 ()) <= 0)
    return fast_crypto_fail_null (error, "X509_sign");
  return g_steal_pointer (&certificate);
}
