/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/public-key-group.h"

#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/keys/crypto.h"

#define WHAT "EF.DG15"

enum {
  TAG_GROUP = 0x6F,
  TAG_SEQUENCE = 0x30,
};

/* ICAO 9303-11, 6.1: RSA (with message recovery) or ECDSA. */
static gboolean
check_type (EVP_PKEY *key, GError **error)
{
  int type = EVP_PKEY_get_base_id (key);

  return type == EVP_PKEY_RSA || type == EVP_PKEY_EC ||
         fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "public-key-type", NULL);
}

/**
 * fast_public_key_group_make:
 * @key: the chip's key for active authentication, RSA or of a curve; its public part is told, with
 *   its parameters as it has them
 * @error: return location for an error
 *
 * Returns: (transfer full): EF.DG15
 */
GBytes *
fast_public_key_group_make (EVP_PKEY *key, GError **error)
{
  g_autoptr (GBytes) encoded = NULL;
  guint8 *der = NULL;
  GByteArray *out;
  int size;

  if (!check_type (key, error))
    return NULL;
  size = i2d_PUBKEY (key, &der);
  encoded = fast_crypto_take_der (der, size, error);
  if (encoded == NULL)
    return NULL;
  out = g_byte_array_new ();
  fast_tlv_append_bytes (out, TAG_GROUP, encoded);
  return g_byte_array_free_to_bytes (out);
}

static EVP_PKEY *
load_key (const FastTlv *tlv, GError **error)
{
  const guint8 *at = tlv->start;
  g_autoptr (EVP_PKEY) key = d2i_PUBKEY (NULL, &at, (long)tlv->total);

  if (key != NULL && at == tlv->start + tlv->total)
    return g_steal_pointer (&key);
  fast_crypto_fail (NULL, "d2i_PUBKEY");
  return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "public-key-broken",
                         NULL);
}

/**
 * fast_public_key_group_parse:
 * @encoded: EF.DG15
 * @error: return location for an error
 *
 * Strict: one SubjectPublicKeyInfo that fills the file, RSA or a point on its curve.
 *
 * Returns: (transfer full): the key
 */
EVP_PKEY *
fast_public_key_group_parse (GBytes *encoded, GError **error)
{
  FastReader outer = fast_reader_from_bytes (encoded, WHAT);
  g_autoptr (EVP_PKEY) key = NULL;
  FastReader reader;
  FastTlv group, info;

  if (!fast_tlv_expect (&outer, TAG_GROUP, &group, error) || !fast_reader_end (&outer, error))
    return NULL;
  reader = fast_tlv_open (&group, WHAT);
  if (!fast_tlv_expect (&reader, TAG_SEQUENCE, &info, error) || !fast_reader_end (&reader, error))
    return NULL;
  key = load_key (&info, error);
  return key != NULL && check_type (key, error) ? g_steal_pointer (&key) : NULL;
}
