/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/aes.h"

#include "record/base/autoptr.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/secure.h"
#include "record/keys/crypto.h"

#define BLOCK FAST_AES_BLOCK_SIZE

/* One row a key size: the cipher's name for CMAC, the cipher itself for CBC. */
static const struct {
  gsize size;
  const char *name;
  const EVP_CIPHER *(*cipher) (void);
} sizes[] = {
    {16, "AES-128-CBC", EVP_aes_128_cbc},
    {24, "AES-192-CBC", EVP_aes_192_cbc},
    {32, "AES-256-CBC", EVP_aes_256_cbc},
};

static gsize
row_of (gsize key_size)
{
  gsize row = 0;

  while (row < G_N_ELEMENTS (sizes) && sizes[row].size != key_size)
    row++;
  return row;
}

/**
 * fast_aes_key_size_valid:
 * @size: a size in bytes
 *
 * Returns: whether AES has keys of that size
 */
gboolean
fast_aes_key_size_valid (gsize size)
{
  return row_of (size) < G_N_ELEMENTS (sizes);
}

/**
 * fast_aes_cmac:
 * @key: an AES key
 * @key_size: 16, 24 or 32
 * @data: what to authenticate
 * @size: how many bytes
 * @mac: (out caller-allocates): the whole CMAC
 * @error: return location for an error
 *
 * AES-CMAC (NIST SP 800-38B).
 *
 * Returns: whether it worked; FAST_KEY_ERROR_CRYPTO
 */
gboolean
fast_aes_cmac (const guint8 *key, gsize key_size, gconstpointer data, gsize size, guint8 mac[BLOCK],
               GError **error)
{
  gsize row = row_of (key_size);
  gsize written = 0;

  g_assert (row < G_N_ELEMENTS (sizes));
  if (EVP_Q_mac (NULL, "CMAC", NULL, sizes[row].name, NULL, key, key_size, data, size, mac, BLOCK,
                 &written) != NULL &&
      written == BLOCK)
    return TRUE;
  return fast_crypto_fail (error, "EVP_Q_mac");
}

/**
 * fast_aes_cbc:
 * @key: an AES key
 * @key_size: 16, 24 or 32
 * @encrypt: %TRUE to encrypt, %FALSE to decrypt
 * @iv: the initial value
 * @in: whole blocks
 * @out: (out): as many bytes; may be @in
 * @size: how many bytes, a multiple of 16
 * @error: return location for an error
 *
 * AES in CBC mode (NIST SP 800-38A) without padding.
 *
 * Returns: whether it worked; a size that is no multiple of 16 fails with FAST_KEY_ERROR_CRYPTO
 */
gboolean
fast_aes_cbc (const guint8 *key, gsize key_size, gboolean encrypt, const guint8 iv[BLOCK],
              const guint8 *in, guint8 *out, gsize size, GError **error)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  gsize row = row_of (key_size);
  int n = 0;

  g_assert (row < G_N_ELEMENTS (sizes));
  if (size % BLOCK == 0 && size <= G_MAXINT && context != NULL &&
      EVP_CipherInit_ex (context, sizes[row].cipher (), NULL, key, iv, encrypt) == 1 &&
      EVP_CIPHER_CTX_set_padding (context, 0) == 1 &&
      EVP_CipherUpdate (context, out, &n, in, (int)size) == 1 && (gsize)n == size)
    return TRUE;
  return fast_crypto_fail (error, "EVP_CipherUpdate");
}

/**
 * fast_cmac_derive:
 * @cmac: computes CMACs
 * @key: handed to @cmac
 * @derivation: the fixed input
 * @out: (out): derived bytes
 * @size: how many, 1 to 255 blocks
 * @error: return location for an error
 *
 * Key derivation in counter mode with CMAC and a one-byte counter from 1 (NIST SP 800-108, 5.1).
 *
 * Returns: whether it worked; on failure @out is wiped
 */
gboolean
fast_cmac_derive (FastCmacFunction cmac, gpointer key, const FastDerivation *derivation,
                  guint8 *out, gsize size, GError **error)
{
  g_autoptr (GByteArray) input = g_byte_array_new ();
  guint8 block[BLOCK];
  gboolean done = TRUE;

  g_assert (size > 0 && size <= 255 * BLOCK);
  fast_append (input, derivation->before, derivation->before_size);
  fast_append_u8 (input, 0);
  fast_append (input, derivation->after, derivation->after_size);
  for (gsize at = 0; done && at < size; at += BLOCK) {
    input->data[derivation->before_size]++;
    done = cmac (key, input->data, input->len, block, error);
    if (done)
      fast_copy (out + at, size - at, block, MIN (size - at, BLOCK));
  }
  if (!done)
    fast_wipe (out, size);
  fast_wipe (block, sizeof block);
  return done;
}
