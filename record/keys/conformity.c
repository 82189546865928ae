/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/conformity.h"

#include <openssl/x509v3.h>
#include <string.h>

#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/keys/certificate.h"
#include "record/keys/crypto.h"
#include "record/keys/signer.h"

#define DAY (24 * 60 * 60)
/* The shortest six years, without their leap days. */
#define DOCUMENT_LIFE ((gint64)6 * 365 * DAY)
#define SERIAL_LIMIT 20
/* From here on times are GeneralizedTime: 2050-01-01. */
#define YEAR_2050 G_GINT64_CONSTANT (2524608000)

/* How an extension stands in a profile: must not, may, must and is not critical, must and is. */
typedef enum { ABSENT, OPTIONAL, PRESENT, CRITICAL } Presence;

typedef enum { CSCA, CSCA_LINK, DOCUMENT, SEAL, MASTER_LIST, N_COLUMNS } Column;

static const char *const columns[N_COLUMNS] = {
    [CSCA] = "csca",
    [CSCA_LINK] = "csca-link",
    [DOCUMENT] = "document-signer",
    [SEAL] = "seal-signer",
    [MASTER_LIST] = "master-list-signer",
};

#define NOWHERE                                                                                    \
  {                                                                                                \
    ABSENT, ABSENT, ABSENT, ABSENT, ABSENT                                                         \
  }

/* ICAO 9303-12, tables 6 and 8, in the order of their rows. */
static const struct {
  const char *oid;
  const char *name;
  Presence presence[N_COLUMNS];
} extensions[] = {
    {"2.5.29.35", "AuthorityKeyIdentifier", {OPTIONAL, PRESENT, PRESENT, PRESENT, PRESENT}},
    {"2.5.29.14", "SubjectKeyIdentifier", {PRESENT, PRESENT, OPTIONAL, ABSENT, OPTIONAL}},
    {"2.5.29.15", "KeyUsage", {CRITICAL, CRITICAL, CRITICAL, ABSENT, CRITICAL}},
    {"2.5.29.16", "PrivateKeyUsagePeriod", {PRESENT, PRESENT, PRESENT, ABSENT, OPTIONAL}},
    {"2.5.29.32", "CertificatePolicies", {OPTIONAL, OPTIONAL, OPTIONAL, ABSENT, OPTIONAL}},
    {"2.5.29.33", "PolicyMappings", NOWHERE},
    {"2.5.29.17", "SubjectAltName", {PRESENT, PRESENT, PRESENT, ABSENT, PRESENT}},
    {"2.5.29.18", "IssuerAltName", {PRESENT, PRESENT, PRESENT, ABSENT, PRESENT}},
    {"2.5.29.9", "SubjectDirectoryAttributes", NOWHERE},
    {"2.5.29.19", "BasicConstraints", {CRITICAL, CRITICAL, ABSENT, ABSENT, ABSENT}},
    {"2.5.29.30", "NameConstraints", NOWHERE},
    {"2.5.29.36", "PolicyConstraints", NOWHERE},
    {"2.5.29.37", "ExtKeyUsage", {ABSENT, ABSENT, ABSENT, CRITICAL, CRITICAL}},
    {"2.5.29.31", "CRLDistributionPoints", {PRESENT, PRESENT, PRESENT, ABSENT, PRESENT}},
    {"2.5.29.54", "InhibitAnyPolicy", NOWHERE},
    {"2.5.29.46", "FreshestCRL", NOWHERE},
    {FAST_OID_NAME_CHANGE, "NameChange", {OPTIONAL, OPTIONAL, ABSENT, ABSENT, ABSENT}},
    {FAST_OID_DOCUMENT_TYPES, "DocumentType", {ABSENT, ABSENT, PRESENT, OPTIONAL, ABSENT}},
    {"2.16.840.1.113730.1.1", "NetscapeCertificateType", NOWHERE},
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GENERAL_NAMES, GENERAL_NAMES_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CRL_DIST_POINTS, CRL_DIST_POINTS_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free)

static gboolean
refuse (X509 *certificate, const char *what, const char *clause, GError **error)
{
  g_autofree char *subject = fast_certificate_name (certificate);

  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "conformity-refused",
                    "subject=%s, what=%s, clause=%s", subject, what, clause);
}

static gboolean
find_column (const FastCertificateProfile *profile, Column *column)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    if (strcmp (columns[i], profile->name) == 0) {
      *column = (Column)i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
check_presence (X509 *certificate, const char *oid, Presence wanted)
{
  g_autoptr (ASN1_OBJECT) object = OBJ_txt2obj (oid, 1);
  int at = X509_get_ext_by_OBJ (certificate, object, -1);
  gboolean critical;

  if (at < 0)
    return wanted == ABSENT || wanted == OPTIONAL;
  critical = X509_EXTENSION_get_critical (X509_get_ext (certificate, at)) != 0;
  return wanted != ABSENT && critical == (wanted == CRITICAL) &&
         X509_get_ext_by_OBJ (certificate, object, at) < 0;
}

/* A certificate for training carries its policy, whatever the profile. */
static gboolean
is_training_policy (X509 *certificate, const char *oid)
{
  return strcmp (oid, "2.5.29.32") == 0 && fast_certificate_is_training (certificate);
}

static gboolean
check_extensions (X509 *certificate, Column column, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    if (!is_training_policy (certificate, extensions[i].oid) &&
        !check_presence (certificate, extensions[i].oid, extensions[i].presence[column]))
      return refuse (certificate, extensions[i].name,
                     column == SEAL ? "9303-12, table 8" : "9303-12, table 6", error);
  return TRUE;
}

/* Two letters, capitals, PrintableString, once (7.1.1.1.1, table 5). */
static gboolean
read_country (const X509_NAME *name, char country[3])
{
  int at = X509_NAME_get_index_by_NID (name, NID_countryName, -1);
  const ASN1_STRING *value;
  const guint8 *text;

  if (at < 0 || X509_NAME_get_index_by_NID (name, NID_countryName, at) >= 0)
    return FALSE;
  value = X509_NAME_ENTRY_get_data (X509_NAME_get_entry (name, at));
  text = ASN1_STRING_get0_data (value);
  if (ASN1_STRING_type (value) != V_ASN1_PRINTABLESTRING || ASN1_STRING_length (value) != 2 ||
      !g_ascii_isupper (text[0]) || !g_ascii_isupper (text[1]))
    return FALSE;
  return fast_copy (country, 3, text, 2);
}

static gboolean
check_string_types (const X509_NAME *name)
{
  for (int i = 0; i < X509_NAME_entry_count (name); i++) {
    int type = ASN1_STRING_type (X509_NAME_ENTRY_get_data (X509_NAME_get_entry (name, i)));
    if (type != V_ASN1_PRINTABLESTRING && type != V_ASN1_UTF8STRING && type != V_ASN1_IA5STRING)
      return FALSE;
  }
  return TRUE;
}

/* 7.1.3: country and a common name of two capitals, PrintableString. */
static gboolean
is_bare (const X509_NAME *name)
{
  int at = X509_NAME_get_index_by_NID (name, NID_commonName, -1);
  const ASN1_STRING *value = X509_NAME_ENTRY_get_data (X509_NAME_get_entry (name, at));
  const guint8 *text = ASN1_STRING_get0_data (value);

  return X509_NAME_entry_count (name) == 2 && ASN1_STRING_type (value) == V_ASN1_PRINTABLESTRING &&
         ASN1_STRING_length (value) == 2 && g_ascii_isupper (text[0]) && g_ascii_isupper (text[1]);
}

static gboolean
check_names (X509 *certificate, const FastCertificateProfile *profile, GError **error)
{
  const X509_NAME *subject = X509_get_subject_name (certificate);
  const X509_NAME *issuer = X509_get_issuer_name (certificate);
  char own[3] = "", above[3] = "";

  if (!read_country (subject, own) || !read_country (issuer, above) || strcmp (own, above) != 0)
    return refuse (certificate, "countryName", "9303-12, table 5", error);
  if (!check_string_types (subject) || !check_string_types (issuer) ||
      X509_NAME_get_index_by_NID (subject, NID_commonName, -1) < 0)
    return refuse (certificate, "subject", "9303-12, 7.1.1.1", error);
  if (profile->bare && !is_bare (subject))
    return refuse (certificate, "subject", "9303-12, 7.1.3", error);
  return TRUE;
}

static gboolean
check_time (const ASN1_TIME *time)
{
  gint64 seconds;

  if (!fast_certificate_time (time, &seconds) || time->data[time->length - 1] != 'Z')
    return FALSE;
  return seconds < YEAR_2050 ? time->type == V_ASN1_UTCTIME && time->length == 13
                             : time->type == V_ASN1_GENERALIZEDTIME && time->length == 15;
}

static gboolean
check_fields (X509 *certificate, GError **error)
{
  const ASN1_INTEGER *serial = X509_get0_serialNumber (certificate);
  const ASN1_BIT_STRING *issuer_id = NULL, *subject_id = NULL;
  const X509_ALGOR *outer = NULL;

  if (X509_get_version (certificate) != X509_VERSION_3)
    return refuse (certificate, "version", "9303-12, table 5", error);
  if (ASN1_STRING_type (serial) != V_ASN1_INTEGER || ASN1_STRING_length (serial) > SERIAL_LIMIT ||
      (ASN1_STRING_length (serial) == SERIAL_LIMIT && ASN1_STRING_get0_data (serial)[0] >= 0x80) ||
      ASN1_INTEGER_get (serial) == 0)
    return refuse (certificate, "serialNumber", "9303-12, table 5", error);
  X509_get0_signature (NULL, &outer, certificate);
  if (X509_ALGOR_cmp (outer, X509_get0_tbs_sigalg (certificate)) != 0)
    return refuse (certificate, "signature", "9303-12, table 5", error);
  if (!check_time (X509_get0_notBefore (certificate)) ||
      !check_time (X509_get0_notAfter (certificate)))
    return refuse (certificate, "validity", "9303-12, table 5", error);
  X509_get0_uids (certificate, &issuer_id, &subject_id);
  if (issuer_id != NULL || subject_id != NULL)
    return refuse (certificate, "uniqueID", "9303-12, table 5", error);
  return TRUE;
}

/* How many objects @tlv holds. */
static guint
count_objects (const FastTlv *tlv)
{
  FastReader reader = fast_tlv_open (tlv, "parameters");
  FastTlv one;
  guint n = 0;

  while (fast_reader_left (&reader) > 0 && fast_tlv_read (&reader, &one, NULL))
    n++;
  return n;
}

/* 9303-12, 4.1.6.3: version, field, curve, base, order and the cofactor, which X9.62 leaves
 * optional; the point uncompressed. */
static gboolean
has_explicit_form (GBytes *spki)
{
  FastReader reader = fast_reader_from_bytes (spki, "key");
  FastTlv outer, algorithm, oid, parameters, point;

  if (!fast_tlv_expect (&reader, 0x30, &outer, NULL))
    return FALSE;
  reader = fast_tlv_open (&outer, "key");
  if (!fast_tlv_expect (&reader, 0x30, &algorithm, NULL) ||
      !fast_tlv_expect (&reader, 0x03, &point, NULL) || point.size < 2 || point.value[1] != 0x04)
    return FALSE;
  reader = fast_tlv_open (&algorithm, "algorithm");
  return fast_tlv_expect (&reader, 0x06, &oid, NULL) &&
         fast_tlv_expect (&reader, 0x30, &parameters, NULL) && count_objects (&parameters) == 6;
}

/* Explicit parameters are believed only if they are those of a curve that has a name. */
static gboolean
check_curve (X509 *certificate, GError **error)
{
  EVP_PKEY *key = X509_get0_pubkey (certificate);
  g_autoptr (GBytes) spki = NULL;
  guint8 *der = NULL;
  char group[64];
  gsize size;
  int der_size;

  if (key != NULL && !EVP_PKEY_is_a (key, "EC"))
    return TRUE;
  der_size = i2d_X509_PUBKEY (X509_get_X509_PUBKEY (certificate), &der);
  spki = fast_crypto_take_der (der, der_size, error);
  if (spki == NULL)
    return FALSE;
  if (key == NULL || !has_explicit_form (spki) ||
      EVP_PKEY_get_group_name (key, group, sizeof group, &size) != 1 ||
      OBJ_txt2nid (group) == NID_undef)
    return refuse (certificate, "subjectPublicKeyInfo", "9303-12, 4.1.6.3", error);
  return TRUE;
}

/* A directory name of a locality that is a State's code; ICAO allows stateOrProvinceName with it
 * and nothing else. */
static gboolean
is_place (const GENERAL_NAME *name)
{
  const X509_NAME *directory = name->type == GEN_DIRNAME ? name->d.directoryName : NULL;
  int at = directory == NULL ? -1 : X509_NAME_get_index_by_NID (directory, NID_localityName, -1);
  const ASN1_STRING *code;

  if (at < 0)
    return FALSE;
  code = X509_NAME_ENTRY_get_data (X509_NAME_get_entry (directory, at));
  for (int i = 0; i < ASN1_STRING_length (code); i++)
    if (!g_ascii_isupper (ASN1_STRING_get0_data (code)[i]))
      return FALSE;
  return ASN1_STRING_length (code) >= 1 && ASN1_STRING_length (code) <= 3 &&
         X509_NAME_entry_count (directory) <= 2;
}

static gboolean
check_place (X509 *certificate, int nid, const char *what, GError **error)
{
  g_autoptr (GENERAL_NAMES) names = X509_get_ext_d2i (certificate, nid, NULL, NULL);

  for (int i = 0; i < sk_GENERAL_NAME_num (names); i++)
    if (is_place (sk_GENERAL_NAME_value (names, i)))
      return TRUE;
  return refuse (certificate, what, "9303-12, 7.1.1.2", error);
}

static gboolean
has_address (const DIST_POINT *point)
{
  const DIST_POINT_NAME *name = point->distpoint;

  if (name == NULL || name->type != 0 || point->reasons != NULL || point->CRLissuer != NULL)
    return FALSE;
  for (int i = 0; i < sk_GENERAL_NAME_num (name->name.fullname); i++) {
    const GENERAL_NAME *one = sk_GENERAL_NAME_value (name->name.fullname, i);
    g_autofree char *uri = one->type != GEN_URI
                               ? NULL
                               : g_strndup ((const char *)ASN1_STRING_get0_data (one->d.ia5),
                                            (gsize)ASN1_STRING_length (one->d.ia5));
    const char *scheme = uri == NULL ? NULL : g_uri_peek_scheme (uri);

    if (g_strcmp0 (scheme, "http") == 0 || g_strcmp0 (scheme, "https") == 0 ||
        g_strcmp0 (scheme, "ldap") == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
check_revocation (X509 *certificate, GError **error)
{
  g_autoptr (CRL_DIST_POINTS) points =
      X509_get_ext_d2i (certificate, NID_crl_distribution_points, NULL, NULL);

  for (int i = 0; i < sk_DIST_POINT_num (points); i++)
    if (!has_address (sk_DIST_POINT_value (points, i)))
      return refuse (certificate, "CRLDistributionPoints", "9303-12, table 6", error);
  return sk_DIST_POINT_num (points) > 0 ||
         refuse (certificate, "CRLDistributionPoints", "9303-12, table 6", error);
}

static gboolean
check_extended_usage (X509 *certificate, const char *oid, GError **error)
{
  g_autoptr (EXTENDED_KEY_USAGE) usages =
      X509_get_ext_d2i (certificate, NID_ext_key_usage, NULL, NULL);
  g_autoptr (ASN1_OBJECT) wanted = OBJ_txt2obj (oid, 1);

  return (sk_ASN1_OBJECT_num (usages) == 1 &&
          OBJ_cmp (sk_ASN1_OBJECT_value (usages, 0), wanted) == 0) ||
         refuse (certificate, "ExtKeyUsage", "9303-12, 7.1.1.3, 7.1.3", error);
}

static gboolean
check_usage (X509 *certificate, Column column, GError **error)
{
  const gboolean authority = column == CSCA || column == CSCA_LINK;
  const guint32 wanted = authority ? KU_KEY_CERT_SIGN | KU_CRL_SIGN : KU_DIGITAL_SIGNATURE;

  if (column != SEAL && X509_get_key_usage (certificate) != wanted)
    return refuse (certificate, "KeyUsage", "9303-12, table 6", error);
  if (authority && (X509_check_ca (certificate) != 1 || X509_get_pathlen (certificate) != 0))
    return refuse (certificate, "BasicConstraints", "9303-12, table 6", error);
  if (column == SEAL)
    return check_extended_usage (certificate, FAST_OID_SEAL_SIGNER, error);
  if (column == MASTER_LIST)
    return check_extended_usage (certificate, FAST_OID_MASTER_LIST_SIGNER, error);
  return TRUE;
}

/* The signer must not sign longer than its profile lets it, and its certificate must outlive what
 * it signs last. */
static gboolean
check_life (X509 *certificate, const FastCertificateProfile *profile, Column column, GError **error)
{
  gint64 from, to, not_before, not_after, stated;

  fast_certificate_validity (certificate, &not_before, &not_after);
  if (!fast_signer_period (certificate, profile, &from, &to))
    return refuse (certificate, "PrivateKeyUsagePeriod", "9303-12, table 6", error);
  if (fast_signer_stated_end (certificate, &stated) && stated > to)
    return refuse (certificate, "PrivateKeyUsagePeriod", "9303-12, 4.1", error);
  if (column != MASTER_LIST && not_after < to + DOCUMENT_LIFE)
    return refuse (certificate, "validity", "9303-12, 4.1", error);
  return TRUE;
}

/**
 * fast_conformity_check:
 * @certificate: a certificate as its issuer sent it
 * @profile: what it must be
 * @error: return location for an error
 *
 * ICAO 9303-12, 7.1.1 (tables 5 and 6) and 7.1.3 (table 8) for `csca`, `csca-link`,
 * `document-signer`, `seal-signer` and `master-list-signer`. The other profiles have no more rules
 * than fast_trust_verify() knows: they pass. Neither chain nor date is judged here.
 *
 * Returns: whether it conforms; FAST_KEY_ERROR_UNTRUSTED (`conformity-refused`, which names the
 *   field or extension)
 */
gboolean
fast_conformity_check (X509 *certificate, const FastCertificateProfile *profile, GError **error)
{
  Column column;

  if (!find_column (profile, &column))
    return TRUE;
  if (!check_fields (certificate, error) || !check_names (certificate, profile, error) ||
      !check_curve (certificate, error) || !check_extensions (certificate, column, error) ||
      !check_usage (certificate, column, error) ||
      !check_life (certificate, profile, column, error))
    return FALSE;
  if (column == SEAL)
    return TRUE;
  return check_place (certificate, NID_subject_alt_name, "SubjectAltName", error) &&
         check_place (certificate, NID_issuer_alt_name, "IssuerAltName", error) &&
         check_revocation (certificate, error);
}
