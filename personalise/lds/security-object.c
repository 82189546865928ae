/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/security-object.h"

#include <openssl/err.h>
#include <string.h>

#include "record/base/tlv.h"
#include "record/keys/cms.h"

#define WHAT "EF.SOD"

enum {
  TAG_OBJECT = 0x77,
  ASN1_INTEGER_TAG = 0x02,
  ASN1_OCTETS_TAG = 0x04,
  ASN1_OID_TAG = 0x06,
  ASN1_SEQUENCE_TAG = 0x30,
  ASN1_SET_TAG = 0x31,
  ASN1_CONTEXT_0_TAG = 0xA0,
};

/* RFC 5652, 5.1: 3 because the content is not id-data; 5.3: 1 or 3, by how the signer is named. */
#define SIGNED_DATA_VERSION 3
#define VERSION_BY_ISSUER 1
#define VERSION_BY_KEY 3

/* AlgorithmIdentifier of SHA-256 without parameters (RFC 5754, 2). */
static const guint8 SHA256_ALGORITHM[] = {0x30, 0x0B, 0x06, 0x09, 0x60, 0x86, 0x48,
                                          0x01, 0x65, 0x03, 0x04, 0x02, 0x01};

/* 9303-12, 4.4: the digests of the standard; SHA-1 on old documents, if declared. */
static const char *const DIGESTS[] = {"SHA1", "SHA224", "SHA256", "SHA384", "SHA512"};

struct _FastSecurityObject {
  CMS_ContentInfo *cms;
  X509 *signer;
  const char *digest;
  guint32 groups;
  GBytes *hashes[17];
};

/**
 * fast_security_object_free:
 * @object: (transfer full): a security object
 */
void
fast_security_object_free (FastSecurityObject *object)
{
  for (guint i = 0; i < G_N_ELEMENTS (object->hashes); i++)
    g_clear_pointer (&object->hashes[i], g_bytes_unref);
  X509_free (object->signer);
  CMS_ContentInfo_free (object->cms);
  g_free (object);
}

static void
append_hash (GByteArray *out, guint group, GBytes *content)
{
  g_autoptr (GByteArray) entry = g_byte_array_new ();
  g_autoptr (GBytes) digest = fast_sha256_bytes (content);
  guint8 number = (guint8)group;

  fast_tlv_append (entry, ASN1_INTEGER_TAG, &number, 1);
  fast_tlv_append_bytes (entry, ASN1_OCTETS_TAG, digest);
  fast_tlv_append_array (out, ASN1_SEQUENCE_TAG, entry);
}

/* LDSSecurityObject version 0 (9303-10, 4.6.2.3): version 1 would only add what EF.COM says. */
static GBytes *
make_list (FastLds *lds)
{
  g_autoptr (GByteArray) entries = g_byte_array_new ();
  g_autoptr (GByteArray) content = g_byte_array_new ();
  GByteArray *out = g_byte_array_new ();

  for (guint group = 1; group <= 16; group++) {
    GBytes *file = fast_lds_get (lds, fast_file_group (group));

    if (file != NULL)
      append_hash (entries, group, file);
  }
  fast_tlv_append (content, ASN1_INTEGER_TAG, "", 1);
  fast_append (content, SHA256_ALGORITHM, sizeof SHA256_ALGORITHM);
  fast_tlv_append_array (content, ASN1_SEQUENCE_TAG, entries);
  fast_tlv_append_array (out, ASN1_SEQUENCE_TAG, content);
  return g_byte_array_free_to_bytes (out);
}

/**
 * fast_security_object_make:
 * @lds: the chip's files, data groups complete
 * @signer: the document signer's certificate
 * @key: its private key, EC P-256
 * @error: return location for an error
 *
 * Hashes (SHA-256) are over the exact bytes of the files. Blocking; any thread.
 *
 * Returns: (transfer full): EF.SOD with its tag 77
 */
GBytes *
fast_security_object_make (FastLds *lds, X509 *signer, EVP_PKEY *key, GError **error)
{
  const FastCmsOptions options = {.content_type = FAST_SECURITY_OBJECT_OID};
  g_autoptr (GBytes) list = make_list (lds);
  g_autoptr (GBytes) cms = fast_cms_sign (list, signer, key, &options, error);
  GByteArray *out;

  if (cms == NULL)
    return NULL;
  out = g_byte_array_new ();
  fast_tlv_append_bytes (out, TAG_OBJECT, cms);
  return g_byte_array_free_to_bytes (out);
}

static gboolean
malformed (GError **error, const char *part)
{
  ERR_clear_error ();
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "sod-malformed", "part=%s",
                    part);
}

/* The declared digest, with absent or NULL parameters. */
static gboolean
parse_algorithm (FastReader *reader, FastSecurityObject *object, GError **error)
{
  FastTlv tlv;
  g_autoptr (X509_ALGOR) algorithm = NULL;
  const ASN1_OBJECT *oid;
  const guint8 *at;
  int nid;

  if (!fast_tlv_expect (reader, ASN1_SEQUENCE_TAG, &tlv, error))
    return FALSE;
  at = tlv.start;
  algorithm = d2i_X509_ALGOR (NULL, &at, (long)tlv.total);
  if (algorithm == NULL || at != tlv.start + tlv.total)
    return malformed (error, "hashAlgorithm");
  X509_ALGOR_get0 (&oid, NULL, NULL, algorithm);
  nid = OBJ_obj2nid (oid);
  for (gsize i = 0; i < G_N_ELEMENTS (DIGESTS); i++)
    if (nid != NID_undef && OBJ_sn2nid (DIGESTS[i]) == nid)
      object->digest = DIGESTS[i];
  if (object->digest == NULL)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "sod-digest", NULL);
  return TRUE;
}

static gboolean
take_hash (FastSecurityObject *object, const FastTlv *number, const FastTlv *hash, GError **error)
{
  guint group = number->size == 1 ? number->value[0] : 0;
  gsize wanted = (gsize)EVP_MD_get_size (EVP_get_digestbyname (object->digest));

  if (group < 1 || group > 16 || object->hashes[group] != NULL)
    return malformed (error, "dataGroupNumber");
  if (hash->size != wanted)
    return malformed (error, "dataGroupHashValue");
  object->hashes[group] = fast_tlv_dup_value (hash);
  object->groups |= 1u << group;
  return TRUE;
}

static gboolean
parse_hash (FastReader *reader, FastSecurityObject *object, GError **error)
{
  FastTlv entry, number, hash;
  FastReader inner;

  if (!fast_tlv_expect (reader, ASN1_SEQUENCE_TAG, &entry, error))
    return FALSE;
  inner = fast_tlv_open (&entry, WHAT);
  return fast_tlv_expect (&inner, ASN1_INTEGER_TAG, &number, error) &&
         fast_tlv_expect (&inner, ASN1_OCTETS_TAG, &hash, error) &&
         fast_reader_end (&inner, error) && take_hash (object, &number, &hash, error);
}

static gboolean
parse_hashes (FastReader *reader, FastSecurityObject *object, GError **error)
{
  FastTlv list;
  FastReader inner;

  if (!fast_tlv_expect (reader, ASN1_SEQUENCE_TAG, &list, error))
    return FALSE;
  inner = fast_tlv_open (&list, WHAT);
  while (fast_reader_left (&inner) > 0)
    if (!parse_hash (&inner, object, error))
      return FALSE;
  return object->groups != 0 || malformed (error, "dataGroupHashValues");
}

/* Version 0 ends here; version 1 carries LDS and Unicode version as two printable strings. */
static gboolean
parse_end (FastReader *reader, guint version, GError **error)
{
  FastTlv tlv;

  if (version == 1 && !fast_tlv_expect (reader, ASN1_SEQUENCE_TAG, &tlv, error))
    return FALSE;
  return fast_reader_end (reader, error);
}

static gboolean
parse_list (FastReader outer, FastSecurityObject *object, GError **error)
{
  FastTlv tlv, version;
  FastReader reader;

  if (!fast_tlv_expect (&outer, ASN1_SEQUENCE_TAG, &tlv, error) || !fast_reader_end (&outer, error))
    return FALSE;
  reader = fast_tlv_open (&tlv, WHAT);
  if (!fast_tlv_expect (&reader, ASN1_INTEGER_TAG, &version, error))
    return FALSE;
  if (version.size != 1 || version.value[0] > 1)
    return malformed (error, "version");
  return parse_algorithm (&reader, object, error) && parse_hashes (&reader, object, error) &&
         parse_end (&reader, version.value[0], error);
}

static gboolean
parse_cms (const FastTlv *tlv, FastSecurityObject *object, GError **error)
{
  const guint8 *at = tlv->value;
  char oid[64] = "";

  object->cms = d2i_CMS_ContentInfo (NULL, &at, (long)tlv->size);
  if (object->cms == NULL || at != tlv->value + tlv->size)
    return malformed (error, "ContentInfo");
  if (OBJ_obj2nid (CMS_get0_type (object->cms)) != NID_pkcs7_signed)
    return malformed (error, "contentType");
  OBJ_obj2txt (oid, sizeof oid, CMS_get0_eContentType (object->cms), 1);
  return g_str_equal (oid, FAST_SECURITY_OBJECT_OID) || malformed (error, "eContentType");
}

static gboolean
expect_version (FastReader *reader, guint8 version, GError **error)
{
  FastTlv tlv;

  if (!fast_tlv_expect (reader, ASN1_INTEGER_TAG, &tlv, error))
    return FALSE;
  return (tlv.size == 1 && tlv.value[0] == version) || malformed (error, "version");
}

static gboolean
check_signer_version (FastReader set, GError **error)
{
  FastTlv info, version, sid;
  FastReader reader;

  if (!fast_tlv_expect (&set, ASN1_SEQUENCE_TAG, &info, error))
    return FALSE;
  reader = fast_tlv_open (&info, WHAT);
  if (!fast_tlv_expect (&reader, ASN1_INTEGER_TAG, &version, error) ||
      !fast_tlv_read (&reader, &sid, error))
    return FALSE;
  reader = fast_tlv_open (&info, WHAT);
  return expect_version (&reader, sid.tag == ASN1_SEQUENCE_TAG ? VERSION_BY_ISSUER : VERSION_BY_KEY,
                         error);
}

/* The versions are outside of what is signed, and OpenSSL does not look at them. */
static gboolean
check_versions (const FastTlv *cms, GError **error)
{
  FastReader outer = fast_tlv_open (cms, WHAT);
  FastTlv tlv;
  FastReader reader;

  if (!fast_tlv_expect (&outer, ASN1_SEQUENCE_TAG, &tlv, error))
    return FALSE;
  outer = fast_tlv_open (&tlv, WHAT);
  if (!fast_tlv_expect (&outer, ASN1_OID_TAG, &tlv, error) ||
      !fast_tlv_expect (&outer, ASN1_CONTEXT_0_TAG, &tlv, error))
    return FALSE;
  outer = fast_tlv_open (&tlv, WHAT);
  if (!fast_tlv_expect (&outer, ASN1_SEQUENCE_TAG, &tlv, error))
    return FALSE;
  reader = fast_tlv_open (&tlv, WHAT);
  if (!expect_version (&reader, SIGNED_DATA_VERSION, error))
    return FALSE;
  while (fast_reader_left (&reader) > 0)
    if (!fast_tlv_read (&reader, &tlv, error))
      return FALSE;
  return tlv.tag == ASN1_SET_TAG ? check_signer_version (fast_tlv_open (&tlv, WHAT), error)
                                 : malformed (error, "signerInfos");
}

/* The declared signature algorithm must be one for this key and this digest; OpenSSL takes the
 * algorithm from the key alone. Plain RSA and RSA-PSS name no digest in their identifier. */
static gboolean
check_algorithm (CMS_SignerInfo *signer, X509 *certificate, GError **error)
{
  X509_ALGOR *digest, *signature;
  const ASN1_OBJECT *digest_oid, *signature_oid;
  int by_digest = NID_undef;
  int by_key = NID_undef;
  EVP_PKEY *key = X509_get0_pubkey (certificate);
  int type = key == NULL ? EVP_PKEY_NONE : EVP_PKEY_get_base_id (key);

  CMS_SignerInfo_get0_algs (signer, NULL, NULL, &digest, &signature);
  X509_ALGOR_get0 (&digest_oid, NULL, NULL, digest);
  X509_ALGOR_get0 (&signature_oid, NULL, NULL, signature);
  if (OBJ_obj2nid (signature_oid) == NID_rsaEncryption && type == EVP_PKEY_RSA)
    return TRUE;
  if (!OBJ_find_sigid_algs (OBJ_obj2nid (signature_oid), &by_digest, &by_key))
    return malformed (error, "signatureAlgorithm");
  if ((by_digest != NID_undef && by_digest != OBJ_obj2nid (digest_oid)) ||
      (by_key != type && !(by_key == EVP_PKEY_RSA_PSS && type == EVP_PKEY_RSA)))
    return malformed (error, "signatureAlgorithm");
  return TRUE;
}

/* Exactly one signer, whose certificate is inside (9303-10, 4.6.2.2: mandatory). */
static gboolean
find_signer (FastSecurityObject *object, GError **error)
{
  STACK_OF (CMS_SignerInfo) *signers = CMS_get0_SignerInfos (object->cms);
  STACK_OF (X509) *certificates = CMS_get1_certs (object->cms);

  for (int i = 0; sk_CMS_SignerInfo_num (signers) == 1 && i < sk_X509_num (certificates); i++) {
    X509 *certificate = sk_X509_value (certificates, i);

    if (object->signer == NULL &&
        CMS_SignerInfo_cert_cmp (sk_CMS_SignerInfo_value (signers, 0), certificate) == 0 &&
        X509_up_ref (certificate))
      object->signer = certificate;
  }
  sk_X509_pop_free (certificates, X509_free);
  if (object->signer == NULL)
    return malformed (error, "signerInfos");
  return check_algorithm (sk_CMS_SignerInfo_value (signers, 0), object->signer, error);
}

static gboolean
parse_content (FastSecurityObject *object, GError **error)
{
  ASN1_OCTET_STRING **content = CMS_get0_content (object->cms);

  if (content == NULL || *content == NULL)
    return malformed (error, "eContent");
  return parse_list (fast_reader_new (ASN1_STRING_get0_data (*content),
                                      (gsize)ASN1_STRING_length (*content), WHAT),
                     object, error);
}

/**
 * fast_security_object_parse:
 * @encoded: EF.SOD
 * @error: return location for an error
 *
 * Reads the structure and judges its form; the signature is another matter
 * (fast_security_object_verify_signature()).
 *
 * Returns: (transfer full): the security object
 */
FastSecurityObject *
fast_security_object_parse (GBytes *encoded, GError **error)
{
  FastReader reader = fast_reader_from_bytes (encoded, WHAT);
  g_autoptr (FastSecurityObject) object = g_new0 (FastSecurityObject, 1);
  FastTlv tlv;

  if (!fast_tlv_expect (&reader, TAG_OBJECT, &tlv, error) || !fast_reader_end (&reader, error))
    return NULL;
  if (!parse_cms (&tlv, object, error) || !check_versions (&tlv, error) ||
      !find_signer (object, error) || !parse_content (object, error))
    return NULL;
  return g_steal_pointer (&object);
}

/**
 * fast_security_object_get_digest:
 * @object: a security object
 *
 * Returns: (transfer none): the digest of its hashes, as in `SHA256`
 */
const char *
fast_security_object_get_digest (FastSecurityObject *object)
{
  return object->digest;
}

/**
 * fast_security_object_get_groups:
 * @object: a security object
 *
 * Returns: bit n for each data group n that has a hash
 */
guint32
fast_security_object_get_groups (FastSecurityObject *object)
{
  return object->groups;
}

/**
 * fast_security_object_get_hash:
 * @object: a security object
 * @group: a data group's number
 *
 * Returns: (transfer none) (nullable): its hash
 */
GBytes *
fast_security_object_get_hash (FastSecurityObject *object, guint group)
{
  return group < G_N_ELEMENTS (object->hashes) ? object->hashes[group] : NULL;
}

/**
 * fast_security_object_get_signer:
 * @object: a security object
 *
 * Returns: (transfer none): the document signer's certificate
 */
X509 *
fast_security_object_get_signer (FastSecurityObject *object)
{
  return object->signer;
}

/**
 * fast_security_object_verify_signature:
 * @object: a security object
 * @error: return location for an error
 *
 * 9303-11, 5.1, step 2: that the list is signed by the certificate in it. Whether that certificate
 * is believed is the chain's matter. Accepts RSA, RSA-PSS and ECDSA with any digest of the
 * standard.
 *
 * Returns: whether the signature verifies
 */
gboolean
fast_security_object_verify_signature (FastSecurityObject *object, GError **error)
{
  g_autoptr (BIO) out = BIO_new (BIO_s_null ());

  if (CMS_verify (object->cms, NULL, NULL, NULL, out, CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) == 1)
    return TRUE;
  ERR_clear_error ();
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_SIGNATURE, "sod-signature", NULL);
}

/**
 * fast_security_object_verify_group:
 * @object: a security object
 * @group: a data group's number
 * @content: its file, exact bytes
 * @error: return location for an error
 *
 * Returns: whether its hash is in the list and is that of @content
 */
gboolean
fast_security_object_verify_group (FastSecurityObject *object, guint group, GBytes *content,
                                   GError **error)
{
  GBytes *wanted = fast_security_object_get_hash (object, group);
  guint8 digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;

  if (wanted == NULL)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "sod-no-hash",
                      "file=EF.DG%u", group);
  if (EVP_Digest (g_bytes_get_data (content, NULL), g_bytes_get_size (content), digest, &size,
                  EVP_get_digestbyname (object->digest), NULL) != 1)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO, "sod-digest", NULL);
  if (size == g_bytes_get_size (wanted) &&
      memcmp (digest, g_bytes_get_data (wanted, NULL), size) == 0)
    return TRUE;
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "sod-hash", "file=EF.DG%u",
                    group);
}
