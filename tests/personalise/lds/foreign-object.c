/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/lds/foreign-object.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "record/base/tlv.h"

#define OID_LIST "2.23.136.1.1.1"
#define OID_MD5 "1.2.840.113549.2.5"
#define OID_RSA_MD5 "1.2.840.113549.1.1.4"
#define OID_PSS "1.2.840.113549.1.1.10"

static void
add_oid (GByteArray *out, const char *oid)
{
  g_autoptr (ASN1_OBJECT) object = OBJ_txt2obj (oid, 1);

  g_assert_nonnull (object);
  fast_tlv_append (out, 0x06, OBJ_get0_data (object), OBJ_length (object));
}

static void
wrap (GByteArray *out, guint32 tag, GByteArray *inner)
{
  fast_tlv_append_array (out, tag, inner);
  g_byte_array_unref (inner);
}

static void
add_small (GByteArray *out, guint8 value)
{
  fast_tlv_append (out, 0x02, &value, 1);
}

static void
add_digest (GByteArray *out, const char *digest)
{
  GByteArray *inner = g_byte_array_new ();
  char oid[64];

  OBJ_obj2txt (oid, sizeof oid, OBJ_nid2obj (OBJ_sn2nid (digest)), 1);
  add_oid (inner, g_str_equal (digest, "MD5") ? OID_MD5 : oid);
  fast_tlv_append (inner, 0x05, "", 0);
  wrap (out, 0x30, inner);
}

/* RSASSA-PSS-params with every field written. */
static void
add_pss (GByteArray *out, const char *digest, int salt)
{
  GByteArray *all = g_byte_array_new ();
  GByteArray *hash = g_byte_array_new ();
  GByteArray *mask = g_byte_array_new ();
  GByteArray *mask_inner = g_byte_array_new ();
  GByteArray *size = g_byte_array_new ();

  add_digest (hash, digest);
  wrap (all, 0xA0, hash);
  add_oid (mask_inner, "1.2.840.113549.1.1.8");
  add_digest (mask_inner, digest);
  wrap (mask, 0x30, mask_inner);
  wrap (all, 0xA1, mask);
  add_small (size, (guint8)salt);
  wrap (all, 0xA2, size);
  wrap (out, 0x30, all);
}

static void
add_algorithm (GByteArray *out, const ForeignObject *object)
{
  GByteArray *inner = g_byte_array_new ();

  add_oid (inner, object->fault == FOREIGN_SIGNATURE_ALGORITHM ? OID_RSA_MD5 : object->oid);
  if (object->sign == FOREIGN_PSS)
    add_pss (inner, object->digest, object->salt);
  else if (object->sign == FOREIGN_RSA)
    fast_tlv_append (inner, 0x05, "", 0);
  wrap (out, 0x30, inner);
}

static GBytes *
digest_of (gconstpointer data, gsize size, const char *name)
{
  guint8 digest[EVP_MAX_MD_SIZE];
  unsigned n = 0;

  g_assert_cmpint (EVP_Digest (data, size, digest, &n, EVP_get_digestbyname (name), NULL), ==, 1);
  return g_bytes_new (digest, n);
}

static void
add_hash (GByteArray *out, const ForeignObject *object, const char *digest, guint group,
          GBytes *content)
{
  GByteArray *entry = g_byte_array_new ();
  g_autoptr (GBytes) hash =
      digest_of (g_bytes_get_data (content, NULL), g_bytes_get_size (content), digest);
  gsize size;
  g_autofree guint8 *copy = g_bytes_unref_to_data (g_steal_pointer (&hash), &size);

  if (object->fault == FOREIGN_HASH && group == 2)
    copy[0] ^= 1;
  if (object->fault != FOREIGN_NO_HASH_NUMBER || group != 2)
    add_small (entry, object->fault == FOREIGN_HASH_NUMBER && group == 2 ? 17 : (guint8)group);
  fast_tlv_append (entry, 0x04, copy, size);
  wrap (out, 0x30, entry);
}

static void
add_version_info (GByteArray *out)
{
  GByteArray *inner = g_byte_array_new ();

  fast_tlv_append (inner, 0x13, "0107", 4);
  fast_tlv_append (inner, 0x13, "040000", 6);
  wrap (out, 0x30, inner);
}

static GBytes *
hash_list (const ForeignObject *object, FastLds *lds)
{
  const char *digest = object->hash_digest != NULL ? object->hash_digest : object->digest;
  const char *used = object->fault == FOREIGN_MD5_HASHES ? "MD5" : digest;
  const gboolean one = object->version_1 || object->fault == FOREIGN_VERSION_1_WITHOUT_INFO;
  GByteArray *all = g_byte_array_new ();
  GByteArray *hashes = g_byte_array_new ();
  GByteArray *out = g_byte_array_new ();

  if (object->fault != FOREIGN_NO_LIST_VERSION)
    add_small (all, object->fault == FOREIGN_LIST_VERSION ? 2 : one ? 1 : 0);
  if (object->fault != FOREIGN_NO_HASH_DIGEST)
    add_digest (all, used);
  for (guint group = 1; group <= 16; group++) {
    GBytes *content = fast_lds_get (lds, fast_file_group (group));

    if (content == NULL || (object->fault == FOREIGN_HASH_MISSING && group == 1))
      continue;
    add_hash (hashes, object, used, group, content);
    if (group == 1 && object->fault == FOREIGN_HASH_TWICE)
      add_hash (hashes, object, used, group, content);
    if (group == 2 && object->fault == FOREIGN_HASH_EXTRA)
      add_hash (hashes, object, used, 10, content);
  }
  wrap (all, 0x30, hashes);
  if (object->version_1 || object->fault == FOREIGN_VERSION_0_WITH_INFO)
    add_version_info (all);
  wrap (out, 0x30, all);
  return g_byte_array_free_to_bytes (out);
}

static void
add_attribute (GByteArray *out, const char *oid, GByteArray *value)
{
  GByteArray *attribute = g_byte_array_new ();

  add_oid (attribute, oid);
  wrap (attribute, 0x31, value);
  wrap (out, 0x30, attribute);
}

/* Content of the SET of signed attributes. */
static GByteArray *
attributes (const ForeignObject *object, GBytes *content)
{
  GByteArray *out = g_byte_array_new ();
  GByteArray *type = g_byte_array_new ();
  GByteArray *value = g_byte_array_new ();
  g_autoptr (GBytes) digest =
      digest_of (g_bytes_get_data (content, NULL), g_bytes_get_size (content), object->digest);
  gsize size;
  g_autofree guint8 *copy = g_bytes_unref_to_data (g_steal_pointer (&digest), &size);

  add_oid (type, OID_LIST);
  add_attribute (out, "1.2.840.113549.1.9.3", type);
  if (object->fault == FOREIGN_MESSAGE_DIGEST)
    copy[0] ^= 1;
  fast_tlv_append (value, 0x04, copy, size);
  if (object->fault != FOREIGN_NO_MESSAGE_DIGEST)
    add_attribute (out, "1.2.840.113549.1.9.4", value);
  else
    g_byte_array_unref (value);
  return out;
}

static void
set_padding (const ForeignObject *object, EVP_PKEY_CTX *context)
{
  if (object->sign == FOREIGN_PSS) {
    g_assert_cmpint (EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_PSS_PADDING), ==, 1);
    g_assert_cmpint (EVP_PKEY_CTX_set_rsa_pss_saltlen (context, object->salt), ==, 1);
  }
}

static GBytes *
plain_of (EVP_PKEY *key, const guint8 *der, gsize size)
{
  g_autoptr (ECDSA_SIG) numbers = d2i_ECDSA_SIG (NULL, &der, (long)size);
  const int half = (EVP_PKEY_get_bits (key) + 7) / 8;
  guint8 raw[2 * 66];

  g_assert_nonnull (numbers);
  g_assert_cmpint (BN_bn2binpad (ECDSA_SIG_get0_r (numbers), raw, half), ==, half);
  g_assert_cmpint (BN_bn2binpad (ECDSA_SIG_get0_s (numbers), raw + half, half), ==, half);
  return g_bytes_new (raw, 2 * (gsize)half);
}

static GBytes *
signature (const ForeignObject *object, GByteArray *set)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  g_autoptr (GByteArray) message = g_byte_array_new ();
  EVP_PKEY_CTX *inner = NULL;
  guint8 found[1024];
  gsize size = sizeof found;

  fast_tlv_append_array (message, 0x31, set);
  g_assert_cmpint (
      EVP_DigestSignInit_ex (context, &inner, object->digest, NULL, NULL, object->key, NULL), ==,
      1);
  set_padding (object, inner);
  g_assert_cmpint (EVP_DigestSign (context, found, &size, message->data, message->len), ==, 1);
  if (object->fault == FOREIGN_SIGNATURE)
    found[size - 1] ^= 1;
  return object->sign == FOREIGN_PLAIN ? plain_of (object->key, found, size)
                                       : g_bytes_new (found, size);
}

static void
add_issuer (GByteArray *out, const ForeignObject *object)
{
  GByteArray *inner = g_byte_array_new ();
  guint8 *name = NULL;
  int size = i2d_X509_NAME (X509_get_issuer_name (object->certificate), &name);
  const ASN1_INTEGER *serial = X509_get0_serialNumber (object->certificate);
  guint8 *number = NULL;
  int n = i2d_ASN1_INTEGER (serial, &number);

  fast_append (inner, name, (gsize)size);
  fast_append (inner, number, (gsize)n);
  if (object->fault == FOREIGN_SIGNER_SERIAL)
    inner->data[inner->len - 1] ^= 1;
  OPENSSL_free (name);
  OPENSSL_free (number);
  wrap (out, 0x30, inner);
}

static void
add_signer_id (GByteArray *out, const ForeignObject *object)
{
  const ASN1_OCTET_STRING *id = X509_get0_subject_key_id (object->certificate);
  const gboolean wrong = object->fault == FOREIGN_SIGNER_VERSION ||
                         object->fault == FOREIGN_V3_BY_ISSUER ||
                         object->fault == FOREIGN_V1_BY_KEY;

  if (object->fault != FOREIGN_NO_SIGNER_VERSION)
    add_small (out, object->by_key != wrong ? 3 : 1);
  if (!object->by_key) {
    add_issuer (out, object);
  } else {
    g_autofree guint8 *copy =
        g_memdup2 (ASN1_STRING_get0_data (id), (gsize)ASN1_STRING_length (id));

    if (object->fault == FOREIGN_SIGNER_KEY_ID)
      copy[0] ^= 1;
    fast_tlv_append (out, 0x80, copy, (gsize)ASN1_STRING_length (id));
  }
}

static void
add_signer (GByteArray *out, const ForeignObject *object, GBytes *content)
{
  GByteArray *info = g_byte_array_new ();
  GByteArray *set = attributes (object, content);
  g_autoptr (GBytes) value = signature (object, set);

  add_signer_id (info, object);
  if (object->fault != FOREIGN_NO_SIGNER_DIGEST)
    add_digest (info, object->fault == FOREIGN_MD5_SIGNER ? "MD5" : object->digest);
  wrap (info, 0xA0, set);
  add_algorithm (info, object);
  if (object->fault != FOREIGN_NO_SIGNATURE)
    fast_tlv_append_bytes (info, 0x04, value);
  wrap (out, 0x30, info);
}

static void
add_content (GByteArray *out, const ForeignObject *object, GBytes *content)
{
  GByteArray *inner = g_byte_array_new ();
  GByteArray *wrapped = g_byte_array_new ();

  if (object->fault != FOREIGN_NO_CONTENT_TYPE)
    add_oid (inner, object->fault == FOREIGN_CONTENT_TYPE ? "2.23.136.1.1.9" : OID_LIST);
  fast_tlv_append_bytes (wrapped, 0x04, content);
  wrap (inner, 0xA0, wrapped);
  wrap (out, 0x30, inner);
}

static void
add_digest_list (GByteArray *out, const ForeignObject *object)
{
  GByteArray *digests = g_byte_array_new ();

  if (object->fault == FOREIGN_NO_DIGEST_LIST) {
    g_byte_array_unref (digests);
    return;
  }
  add_digest (digests, object->fault == FOREIGN_OTHER_DIGEST_LIST ? "SHA512" : object->digest);
  if (object->fault == FOREIGN_MD5_LIST)
    add_digest (digests, "MD5");
  wrap (out, 0x31, digests);
}

static GByteArray *
signed_data (const ForeignObject *object, FastLds *lds)
{
  GByteArray *data = g_byte_array_new ();
  GByteArray *signers = g_byte_array_new ();
  g_autoptr (GBytes) content = hash_list (object, lds);
  guint8 *der = NULL;
  int size = i2d_X509 (object->certificate, &der);

  if (object->fault != FOREIGN_NO_DATA_VERSION)
    add_small (data, object->fault == FOREIGN_DATA_VERSION ? 4 : 3);
  add_digest_list (data, object);
  add_content (data, object, content);
  if (object->encoded != NULL)
    fast_tlv_append_bytes (data, 0xA0, object->encoded);
  else if (!object->outside)
    fast_tlv_append (data, 0xA0, der, (gsize)size);
  OPENSSL_free (der);
  if (object->fault != FOREIGN_NO_SIGNER)
    add_signer (signers, object, content);
  if (object->fault == FOREIGN_TWO_SIGNERS)
    add_signer (signers, object, content);
  wrap (data, 0x31, signers);
  return data;
}

GBytes *
foreign_object_make (const ForeignObject *object, FastLds *lds)
{
  GByteArray *wrapped = g_byte_array_new ();
  GByteArray *info = g_byte_array_new ();
  GByteArray *cms = g_byte_array_new ();
  GByteArray *out = g_byte_array_new ();

  wrap (wrapped, 0x30, signed_data (object, lds));
  add_oid (info, "1.2.840.113549.1.7.2");
  wrap (info, 0xA0, wrapped);
  wrap (cms, 0x30, info);
  wrap (out, object->fault == FOREIGN_TAG ? 0x78 : 0x77, cms);
  /* 77 82 hi lo */
  if (object->fault == FOREIGN_SHORT)
    out->data[3]--;
  if (object->fault == FOREIGN_LONG)
    out->data[3]++;
  return g_byte_array_free_to_bytes (out);
}
