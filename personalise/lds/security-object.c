/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/security-object.h"

#include <string.h>

#include "record/base/tlv.h"
#include "record/keys/cms.h"

#define WHAT "EF.SOD"
#define TAG_OBJECT 0x77

struct _FastSecurityObject {
  FastSignedDocument *document;
  FastHashList list;
  X509 *signer;
};

/**
 * fast_security_object_free:
 * @object: (transfer full): a security object
 */
void
fast_security_object_free (FastSecurityObject *object)
{
  fast_hash_list_clear (&object->list);
  X509_free (object->signer);
  g_clear_pointer (&object->document, fast_signed_document_free);
  g_free (object);
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
  g_autoptr (GBytes) list = fast_hash_list_make (lds);
  g_autoptr (GBytes) cms = fast_cms_sign (list, signer, key, &options, error);
  GByteArray *out;

  if (cms == NULL)
    return NULL;
  out = g_byte_array_new ();
  fast_tlv_append_bytes (out, TAG_OBJECT, cms);
  return g_byte_array_free_to_bytes (out);
}

/**
 * fast_security_object_parse:
 * @encoded: EF.SOD
 * @error: return location for an error
 *
 * Reads the structure and judges its form; the signature is another matter
 * (fast_security_object_verify_signature()).
 *
 * Returns: (transfer full): the security object; else an error of the TLV reader, of
 *   fast_signed_document_parse() or of fast_hash_list_parse()
 */
FastSecurityObject *
fast_security_object_parse (GBytes *encoded, GError **error)
{
  FastReader reader = fast_reader_from_bytes (encoded, WHAT);
  g_autoptr (FastSecurityObject) object = g_new0 (FastSecurityObject, 1);
  g_autoptr (GBytes) cms = NULL;
  FastTlv tlv;

  if (!fast_tlv_expect (&reader, TAG_OBJECT, &tlv, error) || !fast_reader_end (&reader, error))
    return NULL;
  cms = fast_tlv_dup_value (&tlv);
  object->document = fast_signed_document_parse (cms, FAST_SECURITY_OBJECT_OID, error);
  if (object->document == NULL ||
      !fast_hash_list_parse (object->document->content, &object->list, error))
    return NULL;
  fast_security_object_look_up (object, NULL);
  return g_steal_pointer (&object);
}

/**
 * fast_security_object_get_list:
 * @object: a security object
 *
 * Returns: (transfer none): what is signed
 */
const FastHashList *
fast_security_object_get_list (FastSecurityObject *object)
{
  return &object->list;
}

/**
 * fast_security_object_get_document:
 * @object: a security object
 *
 * Returns: (transfer none): how it is signed
 */
const FastSignedDocument *
fast_security_object_get_document (FastSecurityObject *object)
{
  return object->document;
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
  return object->list.digest;
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
  return object->list.groups;
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
  return group < FAST_HASH_LIST_GROUPS ? object->list.hashes[group] : NULL;
}

/**
 * fast_security_object_get_signer:
 * @object: a security object
 *
 * Returns: (transfer none) (nullable): the document signer's certificate; %NULL when it is not
 *   inside and has not been found elsewhere
 */
X509 *
fast_security_object_get_signer (FastSecurityObject *object)
{
  return object->signer;
}

/**
 * fast_security_object_look_up:
 * @object: a security object
 * @certificates: (nullable) (element-type X509): document signers at hand
 *
 * The certificate belongs into EF.SOD (9303-10, 4.6.2.2), but old documents leave it to the PKD.
 *
 * Returns: whether the signer's certificate is known now
 */
gboolean
fast_security_object_look_up (FastSecurityObject *object, GPtrArray *certificates)
{
  X509 *found = object->signer != NULL
                    ? NULL
                    : fast_signed_document_find_signer (object->document, certificates);

  if (found != NULL && X509_up_ref (found))
    object->signer = found;
  return object->signer != NULL;
}

/**
 * fast_security_object_verify_signature:
 * @object: a security object
 * @error: return location for an error
 *
 * 9303-11, 5.1, step 2: that the list is signed by the certificate in it. Whether that certificate
 * is believed is the chain's matter. Every algorithm of FastSignatureScheme passes.
 *
 * Returns: whether the signature verifies; `sod-signer-unknown` when there is no certificate to
 *   verify it with
 */
gboolean
fast_security_object_verify_signature (FastSecurityObject *object, GError **error)
{
  if (object->signer == NULL)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "sod-signer-unknown", NULL);
  return fast_signed_document_verify (object->document, object->signer, error) ||
         fast_error_prefix (error, "sod-signature", NULL);
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
                  EVP_get_digestbyname (object->list.digest), NULL) != 1)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO, "sod-digest", NULL);
  if (size == g_bytes_get_size (wanted) &&
      memcmp (digest, g_bytes_get_data (wanted, NULL), size) == 0)
    return TRUE;
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "sod-hash", "file=EF.DG%u",
                    group);
}
