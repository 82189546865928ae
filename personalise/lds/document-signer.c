/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/document-signer.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "record/base/tlv.h"
#include "record/document/state-code.h"
#include "record/keys/certificate.h"
#include "record/keys/signature-scheme.h"

/* id-icao-mrtd-security-extensions-documentTypeList: 9303-12, 7.1.1.6. */
#define OID_DOCUMENT_TYPES "2.23.136.1.1.6.2"
#define SERIAL_LIMIT 20
#define LAST_UTC_YEAR 2049
#define TAG_INTEGER 0x02
#define TAG_PRINTABLE 0x13
#define TAG_SEQUENCE 0x30
#define TAG_SET 0x31

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AUTHORITY_KEYID, AUTHORITY_KEYID_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKEY_USAGE_PERIOD, PKEY_USAGE_PERIOD_free)

static gboolean
is_version_3 (X509 *signer)
{
  return X509_get_version (signer) == X509_VERSION_3;
}

static gboolean
has_serial (X509 *signer)
{
  const ASN1_INTEGER *serial = X509_get0_serialNumber (signer);
  g_autoptr (BIGNUM) number = ASN1_INTEGER_to_BN (serial, NULL);

  return number != NULL && !BN_is_negative (number) && !BN_is_zero (number) &&
         BN_num_bytes (number) <= SERIAL_LIMIT;
}

static gboolean
has_algorithm (X509 *signer)
{
  const X509_ALGOR *algorithm;
  FastSignatureScheme scheme;

  X509_get0_signature (NULL, &algorithm, signer);
  return X509_ALGOR_cmp (algorithm, X509_get0_tbs_sigalg (signer)) == 0 &&
         fast_signature_scheme_parse (algorithm, NULL, &scheme, NULL);
}

/* Exactly one country of two letters (9303-12, 7.1.1.1). */
static gboolean
has_country (const X509_NAME *name)
{
  const int at = X509_NAME_get_index_by_NID (name, NID_countryName, -1);

  return at >= 0 && X509_NAME_get_index_by_NID (name, NID_countryName, at) < 0 &&
         ASN1_STRING_length (X509_NAME_ENTRY_get_data (X509_NAME_get_entry (name, at))) == 2;
}

static gboolean
names_issuer (X509 *signer)
{
  return has_country (X509_get_issuer_name (signer));
}

static gboolean
names_subject (X509 *signer)
{
  return has_country (X509_get_subject_name (signer));
}

/* RFC 5280, 4.1.2.5: UTCTime to 2049, GeneralizedTime after, seconds and Z in both. */
static gboolean
is_time (const ASN1_TIME *time)
{
  struct tm parts;
  const int length = ASN1_STRING_length (time);
  const guint8 *text = ASN1_STRING_get0_data (time);

  if (ASN1_TIME_to_tm (time, &parts) != 1 || text[length - 1] != 'Z')
    return FALSE;
  return parts.tm_year + 1900 <= LAST_UTC_YEAR
             ? ASN1_STRING_type (time) == V_ASN1_UTCTIME && length == 13
             : ASN1_STRING_type (time) == V_ASN1_GENERALIZEDTIME && length == 15;
}

static gboolean
has_validity (X509 *signer)
{
  return is_time (X509_get0_notBefore (signer)) && is_time (X509_get0_notAfter (signer));
}

static gboolean
has_key (X509 *signer)
{
  return X509_get0_pubkey (signer) != NULL;
}

static gboolean
has_authority_key (X509 *signer)
{
  g_autoptr (AUTHORITY_KEYID) found =
      X509_get_ext_d2i (signer, NID_authority_key_identifier, NULL, NULL);

  return found != NULL && found->keyid != NULL;
}

static gboolean
has_key_usage (X509 *signer)
{
  const int at = X509_get_ext_by_NID (signer, NID_key_usage, -1);

  return at >= 0 && X509_EXTENSION_get_critical (X509_get_ext (signer, at)) &&
         (X509_get_key_usage (signer) & KU_DIGITAL_SIGNATURE) != 0;
}

static gboolean
is_explicit (X509 *signer)
{
  EVP_PKEY *key = X509_get0_pubkey (signer);
  X509_ALGOR *algorithm;
  int type;

  if (key == NULL || !EVP_PKEY_is_a (key, "EC"))
    return TRUE;
  X509_PUBKEY_get0_param (NULL, NULL, NULL, &algorithm, X509_get_X509_PUBKEY (signer));
  X509_ALGOR_get0 (NULL, &type, NULL, algorithm);
  return type == V_ASN1_SEQUENCE;
}

static gboolean
has_subject_name (X509 *signer)
{
  return X509_get_ext_by_NID (signer, NID_subject_alt_name, -1) >= 0;
}

static gboolean
has_issuer_name (X509 *signer)
{
  return X509_get_ext_by_NID (signer, NID_issuer_alt_name, -1) >= 0;
}

static gboolean
has_distribution_points (X509 *signer)
{
  return X509_get_ext_by_NID (signer, NID_crl_distribution_points, -1) >= 0;
}

/**
 * fast_document_signer_has_period:
 * @signer: a document signer's certificate
 *
 * Returns: whether it says when its key signs (PrivateKeyUsagePeriod)
 */
gboolean
fast_document_signer_has_period (X509 *signer)
{
  return X509_get_ext_by_NID (signer, NID_private_key_usage_period, -1) >= 0;
}

static const struct {
  gboolean (*holds) (X509 *signer);
  const char *id;
  gboolean strict;
} rules[] = {
    {is_version_3, "signer-version", TRUE},
    {has_serial, "signer-serial", TRUE},
    {has_algorithm, "signer-algorithm", TRUE},
    {names_issuer, "signer-issuer", TRUE},
    {names_subject, "signer-subject", TRUE},
    {has_validity, "signer-validity", TRUE},
    {has_key, "signer-key", TRUE},
    {has_authority_key, "signer-authority-key", TRUE},
    {has_key_usage, "signer-key-usage", TRUE},
    {is_explicit, "signer-named-curve", FALSE},
    {fast_document_signer_has_period, "signer-no-period", FALSE},
    {has_subject_name, "signer-no-subject-name", FALSE},
    {has_issuer_name, "signer-no-issuer-name", FALSE},
    {has_distribution_points, "signer-no-distribution-points", FALSE},
    {fast_document_signer_names_types, "signer-no-types", FALSE},
};

/**
 * fast_document_signer_judge:
 * @signer: a document signer's certificate
 * @believed: whether a believed CSCA vouches for it
 * @check: a literal: the check's message id
 * @verdicts: (element-type FastVerdict): a line for each defect is appended, or that there is none
 */
void
fast_document_signer_judge (X509 *signer, gboolean believed, const char *check, GPtrArray *verdicts)
{
  const guint before = verdicts->len;

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++) {
    GError *why = NULL;

    if (rules[i].holds (signer))
      continue;
    fast_fail (&why, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, rules[i].id, NULL);
    if (rules[i].strict && believed)
      fast_verdicts_add (verdicts, check, NULL, why);
    else
      fast_verdicts_add_weak (verdicts, check, NULL, why);
  }
  ERR_clear_error ();
  if (verdicts->len == before)
    fast_verdicts_add (verdicts, check, NULL, NULL);
}

static char *
country_of (const X509_NAME *name)
{
  char text[8] = "";

  return X509_NAME_get_text_by_NID ((X509_NAME *)name, NID_countryName, text, sizeof text) == 2
             ? g_strdup (text)
             : NULL;
}

/* One whose country is missing is the profile's matter. */
static gboolean
check_country (const X509_NAME *name, const char *state, GError **error)
{
  g_autofree char *country = country_of (name);

  return country == NULL || fast_state_code_matches (country, state) ||
         fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "signer-state",
                    "country=%s, state=%s", country, state);
}

/**
 * fast_document_signer_check_state:
 * @signer: a document signer's certificate
 * @state: issuing State of the document, as in its zone, without fillers
 * @error: return location for an error
 *
 * ICAO 9303-12, 7.1.1.1: subject and issuer (the CSCA) carry the country of the issuing State.
 *
 * Returns: whether neither names another State; else FAST_KEY_ERROR_UNTRUSTED (`signer-state`)
 */
gboolean
fast_document_signer_check_state (X509 *signer, const char *state, GError **error)
{
  return check_country (X509_get_subject_name (signer), state, error) &&
         check_country (X509_get_issuer_name (signer), state, error);
}

static X509_EXTENSION *
type_extension (X509 *signer)
{
  g_autoptr (ASN1_OBJECT) oid = OBJ_txt2obj (OID_DOCUMENT_TYPES, 1);
  const int at = X509_get_ext_by_OBJ (signer, oid, -1);

  return at < 0 ? NULL : X509_get_ext (signer, at);
}

/**
 * fast_document_signer_names_types:
 * @signer: a document signer's certificate
 *
 * Returns: whether it is limited to some types of documents (DocumentTypeList)
 */
gboolean
fast_document_signer_names_types (X509 *signer)
{
  return type_extension (signer) != NULL;
}

/* A type of one letter stands for all that begin with it. */
static gboolean
covers (const FastTlv *type, const char *code)
{
  const gsize length = strlen (code);

  if (type->tag != TAG_PRINTABLE || type->size < 1 || type->size > 2 || length < 1)
    return FALSE;
  return type->value[0] == (guint8)code[0] &&
         (type->size == 1 || (length == 2 && type->value[1] == (guint8)code[1]));
}

static gboolean
lists_type (const ASN1_OCTET_STRING *value, const char *code)
{
  FastReader reader = fast_reader_new (ASN1_STRING_get0_data (value),
                                       (gsize)ASN1_STRING_length (value), "DocumentTypeList");
  FastTlv tlv;

  if (!fast_tlv_expect (&reader, TAG_SEQUENCE, &tlv, NULL))
    return FALSE;
  reader = fast_tlv_open (&tlv, "DocumentTypeList");
  if (!fast_tlv_expect (&reader, TAG_INTEGER, &tlv, NULL) ||
      !fast_tlv_expect (&reader, TAG_SET, &tlv, NULL))
    return FALSE;
  reader = fast_tlv_open (&tlv, "DocumentTypeList");
  while (fast_reader_left (&reader) > 0 && fast_tlv_read (&reader, &tlv, NULL))
    if (covers (&tlv, code))
      return TRUE;
  return FALSE;
}

/**
 * fast_document_signer_check_type:
 * @signer: a document signer's certificate that names types
 * @code: document code of the zone, as in `P` or `ID`
 * @error: return location for an error
 *
 * Returns: whether it may sign such a document; else FAST_KEY_ERROR_UNTRUSTED (`signer-type`)
 */
gboolean
fast_document_signer_check_type (X509 *signer, const char *code, GError **error)
{
  X509_EXTENSION *extension = type_extension (signer);

  return (extension != NULL && lists_type (X509_EXTENSION_get_data (extension), code)) ||
         fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "signer-type", "code=%s",
                    code);
}

static gboolean
day_of (const ASN1_TIME *time, GDate *day)
{
  struct tm parts;

  if (time == NULL || ASN1_TIME_to_tm (time, &parts) != 1)
    return FALSE;
  g_date_clear (day, 1);
  g_date_set_dmy (day, (GDateDay)parts.tm_mday, (GDateMonth)(parts.tm_mon + 1),
                  (GDateYear)(parts.tm_year + 1900));
  return TRUE;
}

/**
 * fast_document_signer_check_period:
 * @signer: a document signer's certificate that has a period
 * @issued: the day on which the document was issued
 * @error: return location for an error
 *
 * ICAO 9303-12, 7.1: the key signs only in its PrivateKeyUsagePeriod. Days are compared, because a
 * document tells no more.
 *
 * Returns: whether the day is in it; else FAST_KEY_ERROR_VALIDITY (`signer-period`)
 */
gboolean
fast_document_signer_check_period (X509 *signer, const GDate *issued, GError **error)
{
  g_autoptr (PKEY_USAGE_PERIOD) period =
      X509_get_ext_d2i (signer, NID_private_key_usage_period, NULL, NULL);
  char text[16] = "";
  GDate day;

  g_date_strftime (text, sizeof text, "%Y-%m-%d", issued);
  if (period == NULL || (day_of (period->notBefore, &day) && g_date_compare (issued, &day) < 0) ||
      (day_of (period->notAfter, &day) && g_date_compare (issued, &day) > 0))
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_VALIDITY, "signer-period", "date=%s",
                      text);
  return TRUE;
}
