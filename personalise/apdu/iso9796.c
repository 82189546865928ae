/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/iso9796.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <string.h>

#include "record/base/error.h"
#include "record/base/secure.h"
#include "record/keys/crypto.h"

#define HEADER 0x6A
#define TRAILER_SHA1 0xBC
#define TRAILER_NAMED 0xCC
#define LAST_NIBBLE 0x0C
#define BITS_LEAST 1024
#define SIZE_MOST 1024

/* ISO/IEC 10118-3: the numbers of dedicated hash functions. */
static const struct {
  guint8 number;
  const char *digest;
  gsize size;
} hashes[] = {
    {0x33, "SHA1", 20},   {0x38, "SHA224", 28}, {0x34, "SHA256", 32},
    {0x36, "SHA384", 48}, {0x35, "SHA512", 64},
};

/* The parts of a representative; M1 lies between header and hash. */
typedef struct {
  const guint8 *recovered;
  gsize recovered_size;
  const guint8 *hash;
  guint index;
} Parts;

static gboolean
check_key (EVP_PKEY *key, GError **error)
{
  if (EVP_PKEY_is_a (key, "RSA") && EVP_PKEY_get_bits (key) >= BITS_LEAST &&
      EVP_PKEY_get_size (key) <= SIZE_MOST)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "aa-rsa-key", NULL);
}

/* RSA without padding, by the public or the private key; @to has the size of the modulus. */
static gboolean
raw_rsa (EVP_PKEY *key, gboolean private, const guint8 *from, guint8 *to, gsize size,
         GError **error)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_pkey (NULL, key, NULL);
  gsize made = size;
  int done = context == NULL ? 0
             : private       ? EVP_PKEY_decrypt_init (context)
                             : EVP_PKEY_encrypt_init (context);

  if (done == 1)
    done = EVP_PKEY_CTX_set_rsa_padding (context, RSA_NO_PADDING);
  if (done == 1)
    done = private ? EVP_PKEY_decrypt (context, to, &made, from, size)
                   : EVP_PKEY_encrypt (context, to, &made, from, size);
  if (done != 1 || made != size)
    return fast_crypto_fail (error, "RSA_NO_PADDING");
  return TRUE;
}

static gboolean
hash_of (const char *digest, const Parts *parts, const guint8 *message, gsize size, guint8 *to,
         GError **error)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();

  if (EVP_DigestInit_ex2 (context, EVP_get_digestbyname (digest), NULL) != 1 ||
      EVP_DigestUpdate (context, parts->recovered, parts->recovered_size) != 1 ||
      EVP_DigestUpdate (context, message, size) != 1 || EVP_DigestFinal_ex (context, to, NULL) != 1)
    return fast_crypto_fail (error, "EVP_Digest");
  return TRUE;
}

static gboolean
find_digest (const char *digest, guint *index, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    if (g_str_equal (hashes[i].digest, digest)) {
      *index = i;
      return TRUE;
    }
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "aa-hash", NULL);
}

/* Writes everything but M1, which is there already. */
static gboolean
compose (guint8 *block, gsize block_size, guint index, const guint8 *message, gsize size,
         GError **error)
{
  const gsize trailer = g_str_equal (hashes[index].digest, "SHA1") ? 1 : 2;
  const gsize hash_at = block_size - trailer - hashes[index].size;
  const Parts parts = {.recovered = block + 1, .recovered_size = hash_at - 1};

  block[0] = HEADER;
  block[block_size - 1] = trailer == 1 ? TRAILER_SHA1 : TRAILER_NAMED;
  if (trailer == 2)
    block[block_size - 2] = hashes[index].number;
  return hash_of (hashes[index].digest, &parts, message, size, block + hash_at, error);
}

/**
 * fast_iso9796_sign:
 * @key: an RSA private key of at least 1024 bits, a multiple of 8
 * @digest: as in `SHA1` (trailer BC) or `SHA256` (trailer 34CC)
 * @message: what both sides know
 * @size: its size in bytes
 * @source: (nullable): where M1 comes from
 * @error: return location for an error
 *
 * Returns: (transfer full): the signature, of the size of the modulus
 */
GBytes *
fast_iso9796_sign (EVP_PKEY *key, const char *digest, const guint8 *message, gsize size,
                   const FastRandomSource *source, GError **error)
{
  g_autofree guint8 *block = NULL;
  g_autofree guint8 *signature = NULL;
  gsize block_size;
  guint index = 0;

  if (!check_key (key, error) || !find_digest (digest, &index, error))
    return NULL;
  block_size = (gsize)EVP_PKEY_get_size (key);
  block = g_malloc0 (block_size);
  signature = g_malloc0 (block_size);
  if (!fast_random_source_draw (source, block, block_size, error) ||
      !compose (block, block_size, index, message, size, error) ||
      !raw_rsa (key, TRUE, block, signature, block_size, error))
    return NULL;
  return g_bytes_new (signature, block_size);
}

/* ISO/IEC 9796-2 lets the signer give the smaller of s and n − s; then n − f is the
 * representative, which always ends with C. */
static gboolean
other_root (EVP_PKEY *key, guint8 *block, gsize size, GError **error)
{
  g_autoptr (BIGNUM) modulus = NULL;
  g_autoptr (BIGNUM) value = BN_bin2bn (block, (int)size, NULL);
  g_autoptr (BIGNUM) other = BN_new ();

  if (EVP_PKEY_get_bn_param (key, OSSL_PKEY_PARAM_RSA_N, &modulus) != 1 ||
      BN_sub (other, modulus, value) != 1 || BN_bn2binpad (other, block, (int)size) != (int)size)
    return fast_crypto_fail (error, "BN_sub");
  return TRUE;
}

static gboolean
fail_form (GError **error)
{
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "aa-recovery", NULL);
}

static gboolean
read_trailer (const guint8 *block, gsize size, gsize *trailer, guint *index)
{
  *trailer = block[size - 1] == TRAILER_SHA1 ? 1 : 2;
  *index = 0;
  if (*trailer == 1)
    return TRUE;
  for (guint i = 0; block[size - 1] == TRAILER_NAMED && i < G_N_ELEMENTS (hashes); i++)
    if (hashes[i].number == block[size - 2]) {
      *index = i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
split (const guint8 *block, gsize size, Parts *parts, GError **error)
{
  gsize trailer;

  if (block[0] != HEADER || !read_trailer (block, size, &trailer, &parts->index))
    return fail_form (error);
  parts->hash = block + size - trailer - hashes[parts->index].size;
  parts->recovered = block + 1;
  parts->recovered_size = (gsize)(parts->hash - parts->recovered);
  return TRUE;
}

/**
 * fast_iso9796_verify:
 * @key: an RSA public key of at least 1024 bits
 * @message: what both sides know
 * @size: its size in bytes
 * @signature: the signature
 * @signature_size: its size in bytes
 * @error: return location for an error
 *
 * Returns: whether @key signed @message; FAST_CARD_ERROR_MISMATCH otherwise
 */
gboolean
fast_iso9796_verify (EVP_PKEY *key, const guint8 *message, gsize size, const guint8 *signature,
                     gsize signature_size, GError **error)
{
  g_autofree guint8 *block = NULL;
  guint8 hash[EVP_MAX_MD_SIZE];
  gsize block_size;
  Parts parts;

  if (!check_key (key, error))
    return FALSE;
  block_size = (gsize)EVP_PKEY_get_size (key);
  block = g_malloc0 (block_size);
  if (signature_size != block_size)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "aa-size",
                      "found=%" G_GSIZE_FORMAT ", wanted=%" G_GSIZE_FORMAT, signature_size,
                      block_size);
  if (!raw_rsa (key, FALSE, signature, block, block_size, NULL))
    return fail_form (error);
  if ((block[block_size - 1] & 0x0F) != LAST_NIBBLE && !other_root (key, block, block_size, error))
    return FALSE;
  if (!split (block, block_size, &parts, error) ||
      !hash_of (hashes[parts.index].digest, &parts, message, size, hash, error))
    return FALSE;
  if (!fast_equal_secret (hash, parts.hash, hashes[parts.index].size))
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "aa-hash-wrong", NULL);
  return TRUE;
}
