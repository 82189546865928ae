/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/signed-data.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/keys/crypto.h"

#define INTEGER 0x02
#define OCTET_STRING 0x04
#define OBJECT_IDENTIFIER 0x06
#define SEQUENCE 0x30
#define SET 0x31
#define CONTEXT_0 0xA0

/* Whole TLVs, as they may stand in a message. */
static const char TYPE_DATA[] = "06092a864886f70d010701";
static const char DIGEST_SHA256[] = "300b0609608648016503040201";
static const char DIGEST_SHA256_NULL[] = "300d06096086480165030402010500";
static const char ALGORITHM_ECDSA_SHA256[] = "300a06082a8648ce3d040302";
static const char ALGORITHM_RSA[] = "300d06092a864886f70d0101010500";

/* The parts of one SignedData (RFC 5652, 5.1 and 5.3) that no signature covers. */
typedef struct {
  FastTlv version;
  FastTlv digests;
  FastTlv content_type;
  FastTlv signer_version;
  FastTlv signer_id;
  FastTlv signer_digest;
  FastTlv signature_algorithm;
} Parts;

static gboolean
malformed (GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "cms-form", NULL);
}

static gboolean
is_hex (const guint8 *data, gsize size, const char *hex)
{
  g_autofree char *found = fast_hex_encode (data, size);

  return strcmp (found, hex) == 0;
}

static gboolean
is_whole (const FastTlv *tlv, const char *hex)
{
  return is_hex (tlv->start, tlv->total, hex);
}

static gboolean
read_signer (FastReader *reader, Parts *parts, GError **error)
{
  FastTlv tlv;
  FastReader info;

  if (!fast_tlv_expect (reader, SEQUENCE, &tlv, error))
    return FALSE;
  info = fast_tlv_open (&tlv, "SignerInfo");
  return fast_tlv_expect (&info, INTEGER, &parts->signer_version, error) &&
         fast_tlv_expect (&info, SEQUENCE, &parts->signer_id, error) &&
         fast_tlv_expect (&info, SEQUENCE, &parts->signer_digest, error) &&
         fast_tlv_expect (&info, CONTEXT_0, &tlv, error) &&
         fast_tlv_expect (&info, SEQUENCE, &parts->signature_algorithm, error) &&
         fast_tlv_expect (&info, OCTET_STRING, &tlv, error) && fast_reader_end (&info, error) &&
         fast_reader_end (reader, error);
}

static gboolean
read_parts (FastReader *reader, Parts *parts, GError **error)
{
  FastTlv tlv;
  FastReader inner;

  if (!fast_tlv_expect (reader, INTEGER, &parts->version, error) ||
      !fast_tlv_expect (reader, SET, &parts->digests, error) ||
      !fast_tlv_expect (reader, SEQUENCE, &tlv, error))
    return FALSE;
  inner = fast_tlv_open (&tlv, "EncapsulatedContentInfo");
  if (!fast_tlv_expect (&inner, OBJECT_IDENTIFIER, &parts->content_type, error) ||
      !fast_tlv_expect (reader, CONTEXT_0, &tlv, error) ||
      !fast_tlv_expect (reader, SET, &tlv, error) || !fast_reader_end (reader, error))
    return FALSE;
  inner = fast_tlv_open (&tlv, "SignerInfos");
  return read_signer (&inner, parts, error);
}

static gboolean
open_content_info (GBytes *bytes, FastReader *signed_data, GError **error)
{
  FastReader reader = fast_reader_from_bytes (bytes, "ContentInfo");
  FastTlv tlv;

  if (!fast_tlv_expect (&reader, SEQUENCE, &tlv, error))
    return FALSE;
  reader = fast_tlv_open (&tlv, "ContentInfo");
  if (!fast_tlv_expect (&reader, OBJECT_IDENTIFIER, &tlv, error) ||
      !fast_tlv_expect (&reader, CONTEXT_0, &tlv, error))
    return FALSE;
  reader = fast_tlv_open (&tlv, "ContentInfo");
  if (!fast_tlv_expect (&reader, SEQUENCE, &tlv, error))
    return FALSE;
  *signed_data = fast_tlv_open (&tlv, "SignedData");
  return TRUE;
}

/* IssuerAndSerialNumber, byte for byte that of @signer: OpenSSL compares names without regard to
 * case and spaces. */
static gboolean
is_signer_id (const FastTlv *id, X509 *signer)
{
  guint8 *issuer = NULL;
  guint8 *serial = NULL;
  int issuer_size = i2d_X509_NAME (X509_get_issuer_name (signer), &issuer);
  int serial_size = i2d_ASN1_INTEGER (X509_get0_serialNumber (signer), &serial);
  g_autoptr (GBytes) found = fast_tlv_dup_value (id);
  g_autoptr (GByteArray) wanted = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  fast_append (wanted, issuer, (gsize)MAX (issuer_size, 0));
  fast_append (wanted, serial, (gsize)MAX (serial_size, 0));
  OPENSSL_free (issuer);
  OPENSSL_free (serial);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&wanted));
  return g_bytes_equal (found, bytes);
}

static gboolean
check_digest (const Parts *parts)
{
  const gboolean known = is_whole (&parts->signer_digest, DIGEST_SHA256) ||
                         is_whole (&parts->signer_digest, DIGEST_SHA256_NULL);
  g_autoptr (GBytes) all = fast_tlv_dup_value (&parts->digests);
  g_autoptr (GBytes) one = g_bytes_new (parts->signer_digest.start, parts->signer_digest.total);

  return known && g_bytes_equal (all, one);
}

/**
 * fast_signed_data_check:
 * @content_info: a ContentInfo with SignedData, DER
 * @signer: the certificate of its one signer
 * @error: return location for an error
 *
 * No signature covers the versions, the list of digests, the signer's identifier and the names of
 * the algorithms, and OpenSSL takes several values for most of them. Here just one passes: the
 * versions of RFC 5652, 5.1 and 5.3, SHA-256 alone, and the algorithm of the signer's key.
 *
 * Returns: whether those parts are as they must be; FAST_INPUT_ERROR_MALFORMED otherwise
 */
gboolean
fast_signed_data_check (GBytes *content_info, X509 *signer, GError **error)
{
  const char *algorithm =
      EVP_PKEY_is_a (X509_get0_pubkey (signer), "RSA") ? ALGORITHM_RSA : ALGORITHM_ECDSA_SHA256;
  FastReader reader;
  Parts parts;

  if (!open_content_info (content_info, &reader, error) || !read_parts (&reader, &parts, error))
    return FALSE;
  if (!is_whole (&parts.version, is_whole (&parts.content_type, TYPE_DATA) ? "020101" : "020103") ||
      !is_whole (&parts.signer_version, "020101") || !check_digest (&parts) ||
      !is_whole (&parts.signature_algorithm, algorithm) || !is_signer_id (&parts.signer_id, signer))
    return malformed (error);
  return TRUE;
}
