/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/signed-document.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/keys/certificate.h"

#define WHAT "SignedData"
#define OID_SIGNED_DATA "1.2.840.113549.1.7.2"
#define OID_CONTENT_TYPE "1.2.840.113549.1.9.3"
#define OID_MESSAGE_DIGEST "1.2.840.113549.1.9.4"
#define CERTIFICATE_LIMIT 16

enum {
  TAG_INTEGER = 0x02,
  TAG_OCTETS = 0x04,
  TAG_OID = 0x06,
  TAG_SEQUENCE = 0x30,
  TAG_SET = 0x31,
  TAG_KEY_ID = 0x80,
  TAG_CONTEXT_0 = 0xA0,
  TAG_CONTEXT_1 = 0xA1,
};

/* RFC 5652, 5.1: 3 because the content is not id-data; 5.3: 1 or 3, by how the signer is named. */
#define SIGNED_DATA_VERSION 3
#define VERSION_BY_ISSUER 1
#define VERSION_BY_KEY 3

/**
 * fast_signed_document_free:
 * @document: (transfer full): a document
 */
void
fast_signed_document_free (FastSignedDocument *document)
{
  g_clear_pointer (&document->content, g_bytes_unref);
  g_clear_pointer (&document->certificates, g_ptr_array_unref);
  g_clear_pointer (&document->attributes, g_bytes_unref);
  g_clear_pointer (&document->signature, g_bytes_unref);
  g_clear_pointer (&document->message_digest, g_bytes_unref);
  g_clear_pointer (&document->key_id, g_bytes_unref);
  X509_NAME_free (document->issuer);
  ASN1_INTEGER_free (document->serial);
  g_free (document);
}

static gboolean
malformed (GError **error, const char *part)
{
  ERR_clear_error ();
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "document-form", "part=%s",
                    part);
}

/* An element that must be there: its absence is named by @part, not by tag numbers. */
static gboolean
take (FastReader *reader, guint32 tag, FastTlv *tlv, const char *part, GError **error)
{
  return fast_tlv_expect (reader, tag, tlv, NULL) || malformed (error, part);
}

static gboolean
open (FastReader *reader, guint32 tag, FastReader *inner, const char *part, GError **error)
{
  FastTlv tlv;

  if (!take (reader, tag, &tlv, part, error))
    return FALSE;
  *inner = fast_tlv_open (&tlv, part);
  return TRUE;
}

static guint32
next_tag (FastReader reader)
{
  FastTlv tlv;

  return fast_reader_left (&reader) > 0 && fast_tlv_read (&reader, &tlv, NULL) ? tlv.tag : 0;
}

static gboolean
take_version (FastReader *reader, guint8 wanted, const char *part, GError **error)
{
  FastTlv tlv;

  if (!take (reader, TAG_INTEGER, &tlv, part, error))
    return FALSE;
  return (tlv.size == 1 && tlv.value[0] == wanted) ||
         fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "document-version",
                    "part=%s, wanted=%u", part, wanted);
}

static char *
take_oid (FastReader *reader, const char *part, GError **error)
{
  FastTlv tlv;
  g_autoptr (ASN1_OBJECT) oid = NULL;
  const guint8 *at;
  char text[128] = "";

  if (!take (reader, TAG_OID, &tlv, part, error))
    return NULL;
  at = tlv.start;
  oid = d2i_ASN1_OBJECT (NULL, &at, (long)tlv.total);
  if (oid == NULL) {
    malformed (error, part);
    return NULL;
  }
  OBJ_obj2txt (text, sizeof text, oid, 1);
  return g_strdup (text);
}

static gboolean
expect_oid (FastReader *reader, const char *wanted, const char *part, GError **error)
{
  g_autofree char *found = take_oid (reader, part, error);

  if (found == NULL)
    return FALSE;
  return g_str_equal (found, wanted) ||
         fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "document-content-type",
                    "part=%s, oid=%s, wanted=%s", part, found, wanted);
}

static X509_ALGOR *
take_algorithm (FastReader *reader, const char *part, GError **error)
{
  FastTlv tlv;
  const guint8 *at;
  g_autoptr (X509_ALGOR) algorithm = NULL;

  if (!take (reader, TAG_SEQUENCE, &tlv, part, error))
    return NULL;
  at = tlv.start;
  algorithm = d2i_X509_ALGOR (NULL, &at, (long)tlv.total);
  if (algorithm == NULL || at != tlv.start + tlv.total) {
    malformed (error, part);
    return NULL;
  }
  return g_steal_pointer (&algorithm);
}

/* Every digest that is declared anywhere must be one of the standard (9303-12, 4.4). */
static const char *
take_digest (FastReader *reader, const char *part, GError **error)
{
  g_autoptr (X509_ALGOR) algorithm = take_algorithm (reader, part, error);
  const char *digest = algorithm == NULL ? NULL : fast_signature_digest (algorithm);

  if (algorithm != NULL && digest == NULL)
    fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "document-digest", "part=%s",
               part);
  return digest;
}

/* RFC 5652, 5.1: the signer's digest must be among those announced. */
static gboolean
check_digests (FastReader list, const char *wanted, GError **error)
{
  gboolean found = FALSE;

  while (fast_reader_left (&list) > 0) {
    const char *digest = take_digest (&list, "digestAlgorithms", error);

    if (digest == NULL)
      return FALSE;
    found |= g_str_equal (digest, wanted);
  }
  return found || fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID,
                             "document-digest-list", "digest=%s", wanted);
}

static gboolean
read_content (FastReader *reader, const char *content_type, FastSignedDocument *document,
              GError **error)
{
  FastReader inner, wrapped;
  FastTlv tlv;

  if (!open (reader, TAG_SEQUENCE, &inner, "encapContentInfo", error) ||
      !expect_oid (&inner, content_type, "eContentType", error) ||
      !open (&inner, TAG_CONTEXT_0, &wrapped, "eContent", error) ||
      !take (&wrapped, TAG_OCTETS, &tlv, "eContent", error))
    return FALSE;
  document->content = fast_tlv_dup_value (&tlv);
  return (fast_reader_left (&wrapped) == 0 && fast_reader_left (&inner) == 0) ||
         malformed (error, "eContent");
}

/* The optional certificates; revocation lists are stepped over. */
static gboolean
read_certificates (FastReader *reader, FastSignedDocument *document, GError **error)
{
  FastReader inner;
  FastTlv tlv;

  if (next_tag (*reader) == TAG_CONTEXT_0) {
    if (!open (reader, TAG_CONTEXT_0, &inner, "certificates", error))
      return FALSE;
    while (fast_reader_left (&inner) > 0) {
      const guint8 *at;
      X509 *certificate;

      if (!take (&inner, TAG_SEQUENCE, &tlv, "certificates", error))
        return FALSE;
      at = tlv.start;
      certificate = d2i_X509 (NULL, &at, (long)tlv.total);
      if (certificate == NULL)
        return malformed (error, "certificates");
      g_ptr_array_add (document->certificates, certificate);
      if (document->certificates->len > CERTIFICATE_LIMIT)
        return malformed (error, "certificates");
    }
  }
  return next_tag (*reader) != TAG_CONTEXT_1 || take (reader, TAG_CONTEXT_1, &tlv, "crls", error);
}

static gboolean
read_issuer (FastReader *reader, FastSignedDocument *document, GError **error)
{
  FastReader inner;
  FastTlv name, serial;
  const guint8 *at;

  if (!open (reader, TAG_SEQUENCE, &inner, "sid", error) ||
      !take (&inner, TAG_SEQUENCE, &name, "sid", error) ||
      !take (&inner, TAG_INTEGER, &serial, "sid", error))
    return FALSE;
  at = name.start;
  document->issuer = d2i_X509_NAME (NULL, &at, (long)name.total);
  at = serial.start;
  document->serial = d2i_ASN1_INTEGER (NULL, &at, (long)serial.total);
  return (document->issuer != NULL && document->serial != NULL && fast_reader_left (&inner) == 0) ||
         malformed (error, "sid");
}

/* Version and name of the signer: one decides the other. */
static gboolean
read_sid (FastReader *reader, FastSignedDocument *document, GError **error)
{
  FastReader ahead = *reader;
  FastTlv tlv;
  gboolean by_key;

  if (!take (&ahead, TAG_INTEGER, &tlv, "SignerInfo.version", error))
    return FALSE;
  by_key = next_tag (ahead) == TAG_KEY_ID;
  if (!take_version (reader, by_key ? VERSION_BY_KEY : VERSION_BY_ISSUER, "SignerInfo.version",
                     error))
    return FALSE;
  if (!by_key)
    return read_issuer (reader, document, error);
  if (!take (reader, TAG_KEY_ID, &tlv, "sid", error))
    return FALSE;
  document->key_id = fast_tlv_dup_value (&tlv);
  return TRUE;
}

/* The signature is over the attributes as a SET, whatever tag they have here (RFC 5652, 5.4). */
static GBytes *
as_set (const FastTlv *tlv)
{
  GByteArray *out = g_byte_array_new ();

  fast_append (out, tlv->start, tlv->total);
  out->data[0] = TAG_SET;
  return g_byte_array_free_to_bytes (out);
}

/* An attribute that must be there once, with one value. */
static gboolean
read_attribute (FastReader set, const char *oid, FastTlv *value, GError **error)
{
  guint found = 0;

  while (fast_reader_left (&set) > 0) {
    FastReader attribute, values;
    g_autofree char *type = NULL;

    if (!open (&set, TAG_SEQUENCE, &attribute, "signedAttrs", error) ||
        (type = take_oid (&attribute, "signedAttrs", error)) == NULL ||
        !open (&attribute, TAG_SET, &values, "signedAttrs", error))
      return FALSE;
    if (!g_str_equal (type, oid))
      continue;
    found++;
    if (!fast_tlv_read (&values, value, NULL) || fast_reader_left (&values) > 0)
      return malformed (error, "signedAttrs");
  }
  return found == 1 || fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING,
                                  "document-attribute", "oid=%s", oid);
}

static gboolean
read_attributes (FastReader *reader, const char *content_type, FastSignedDocument *document,
                 GError **error)
{
  FastTlv attributes, value;
  FastReader type;

  if (!take (reader, TAG_CONTEXT_0, &attributes, "signedAttrs", error))
    return FALSE;
  document->attributes = as_set (&attributes);
  if (!read_attribute (fast_tlv_open (&attributes, WHAT), OID_CONTENT_TYPE, &value, error))
    return FALSE;
  type = fast_reader_new (value.start, value.total, WHAT);
  if (!expect_oid (&type, content_type, "contentType", error) ||
      !read_attribute (fast_tlv_open (&attributes, WHAT), OID_MESSAGE_DIGEST, &value, error))
    return FALSE;
  if (value.tag != TAG_OCTETS)
    return malformed (error, "messageDigest");
  document->message_digest = fast_tlv_dup_value (&value);
  return TRUE;
}

static gboolean
read_signer (FastReader *reader, const char *content_type, FastSignedDocument *document,
             GError **error)
{
  FastReader info;
  FastTlv tlv;
  g_autoptr (X509_ALGOR) algorithm = NULL;

  if (!open (reader, TAG_SEQUENCE, &info, "SignerInfo", error) ||
      !read_sid (&info, document, error))
    return FALSE;
  document->digest = take_digest (&info, "SignerInfo.digestAlgorithm", error);
  if (document->digest == NULL || !read_attributes (&info, content_type, document, error))
    return FALSE;
  algorithm = take_algorithm (&info, "signatureAlgorithm", error);
  if (algorithm == NULL ||
      !fast_signature_scheme_parse (algorithm, document->digest, &document->scheme, error) ||
      !take (&info, TAG_OCTETS, &tlv, "signature", error))
    return FALSE;
  document->signature = fast_tlv_dup_value (&tlv);
  return (next_tag (info) == TAG_CONTEXT_1 && take (&info, TAG_CONTEXT_1, &tlv, WHAT, NULL) &&
          fast_reader_left (&info) == 0) ||
         fast_reader_left (&info) == 0 || malformed (error, "unsignedAttrs");
}

/* Exactly one: a second signature would say something that is then not judged. */
static gboolean
check_one_signer (FastReader signers, GError **error)
{
  FastTlv tlv;
  guint count = 0;

  while (fast_reader_left (&signers) > 0 && fast_tlv_read (&signers, &tlv, NULL))
    count++;
  if (fast_reader_left (&signers) > 0)
    return malformed (error, "signerInfos");
  return count == 1 || fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID,
                                  "document-signers", "count=%u", count);
}

static gboolean
read_signed_data (FastReader reader, const char *content_type, FastSignedDocument *document,
                  GError **error)
{
  FastReader digests, signers;

  if (!take_version (&reader, SIGNED_DATA_VERSION, "SignedData.version", error) ||
      !open (&reader, TAG_SET, &digests, "digestAlgorithms", error) ||
      !read_content (&reader, content_type, document, error) ||
      !read_certificates (&reader, document, error) ||
      !open (&reader, TAG_SET, &signers, "signerInfos", error))
    return FALSE;
  if (fast_reader_left (&reader) > 0)
    return malformed (error, "signerInfos");
  return check_one_signer (signers, error) &&
         read_signer (&signers, content_type, document, error) &&
         check_digests (digests, document->digest, error);
}

/**
 * fast_signed_document_parse:
 * @encoded: a ContentInfo with SignedData, DER, nothing after it
 * @content_type: object identifier of the content that it must have, dotted
 * @error: return location for an error
 *
 * Reads the form; nothing is verified yet.
 *
 * Returns: (transfer full): the document; else an error that names the part which is wrong:
 *   `document-form`, `document-version`, `document-content-type`, `document-digest`,
 *   `document-digest-list`, `document-attribute`, `document-signers`, `signature-algorithm` or
 *   `signature-digest`
 */
FastSignedDocument *
fast_signed_document_parse (GBytes *encoded, const char *content_type, GError **error)
{
  FastReader reader = fast_reader_from_bytes (encoded, WHAT);
  FastReader info, wrapped, data;
  g_autoptr (FastSignedDocument) document = g_new0 (FastSignedDocument, 1);

  document->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free);
  if (!open (&reader, TAG_SEQUENCE, &info, "ContentInfo", error) ||
      !expect_oid (&info, OID_SIGNED_DATA, "contentType", error) ||
      !open (&info, TAG_CONTEXT_0, &wrapped, "content", error) ||
      !open (&wrapped, TAG_SEQUENCE, &data, "SignedData", error))
    return NULL;
  if (fast_reader_left (&reader) + fast_reader_left (&info) + fast_reader_left (&wrapped) > 0) {
    malformed (error, "ContentInfo");
    return NULL;
  }
  return read_signed_data (data, content_type, document, error) ? g_steal_pointer (&document)
                                                                : NULL;
}

static gboolean
is_signer (const FastSignedDocument *document, X509 *certificate)
{
  const ASN1_OCTET_STRING *key_id;

  if (document->key_id == NULL)
    return X509_NAME_cmp (document->issuer, X509_get_issuer_name (certificate)) == 0 &&
           ASN1_INTEGER_cmp (document->serial, X509_get0_serialNumber (certificate)) == 0;
  key_id = X509_get0_subject_key_id (certificate);
  return key_id != NULL &&
         (gsize)ASN1_STRING_length (key_id) == g_bytes_get_size (document->key_id) &&
         memcmp (ASN1_STRING_get0_data (key_id), g_bytes_get_data (document->key_id, NULL),
                 g_bytes_get_size (document->key_id)) == 0;
}

/**
 * fast_signed_document_find_signer:
 * @document: a document
 * @others: (nullable) (element-type X509): certificates at hand, for documents that leave the
 *   signer's out
 *
 * Returns: (transfer none) (nullable): the certificate that the document names as its signer's
 */
X509 *
fast_signed_document_find_signer (const FastSignedDocument *document, GPtrArray *others)
{
  for (guint i = 0; i < document->certificates->len; i++)
    if (is_signer (document, document->certificates->pdata[i]))
      return document->certificates->pdata[i];
  for (guint i = 0; others != NULL && i < others->len; i++)
    if (is_signer (document, others->pdata[i]))
      return others->pdata[i];
  return NULL;
}

/**
 * fast_signed_document_verify:
 * @document: a document
 * @signer: the signer's certificate
 * @error: return location for an error
 *
 * RFC 5652, 5.6: the content has the digest that the attributes say, and the attributes are signed.
 * Whether @signer is believed is another matter.
 *
 * Returns: whether it verifies; else FAST_KEY_ERROR_SIGNATURE (`document-message-digest`,
 *   `signature-wrong`) or FAST_INPUT_ERROR_INVALID (`signature-key`)
 */
gboolean
fast_signed_document_verify (const FastSignedDocument *document, X509 *signer, GError **error)
{
  guint8 digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;

  if (EVP_Digest (g_bytes_get_data (document->content, NULL), g_bytes_get_size (document->content),
                  digest, &size, EVP_get_digestbyname (document->digest), NULL) != 1 ||
      size != g_bytes_get_size (document->message_digest) ||
      memcmp (digest, g_bytes_get_data (document->message_digest, NULL), size) != 0)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_SIGNATURE, "document-message-digest",
                      NULL);
  return fast_signature_scheme_verify (&document->scheme, X509_get0_pubkey (signer),
                                       document->attributes, document->signature, error);
}
