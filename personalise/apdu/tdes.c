/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/tdes.h"

#include <openssl/sha.h>

#include "record/base/autoptr.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/secure.h"

#define BLOCK FAST_TDES_BLOCK_SIZE
#define SEED FAST_TDES_KEY_SIZE

static gboolean
crypt_cbc (const guint8 key[FAST_TDES_KEY_SIZE], int encrypt, const guint8 *in, guint8 *out,
           gsize size, GError **error)
{
  static const guint8 zero_iv[BLOCK] = {0};
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  int n = 0;

  if (size % BLOCK == 0 && size <= G_MAXINT && context != NULL &&
      EVP_CipherInit_ex (context, EVP_des_ede_cbc (), NULL, key, zero_iv, encrypt) == 1 &&
      EVP_CIPHER_CTX_set_padding (context, 0) == 1 &&
      EVP_CipherUpdate (context, out, &n, in, (int)size) == 1 && (gsize)n == size)
    return TRUE;
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO, "tdes-failed", NULL);
}

/**
 * fast_tdes_encrypt:
 * @key: two DES keys
 * @in: whole blocks
 * @out: (out): as many bytes; may be @in
 * @size: how many bytes, a multiple of 8
 * @error: return location for an error
 *
 * CBC with a zero IV and no padding (ICAO 9303-11, 9.8.6.1).
 *
 * Returns: whether it worked
 */
gboolean
fast_tdes_encrypt (const guint8 key[FAST_TDES_KEY_SIZE], const guint8 *in, guint8 *out, gsize size,
                   GError **error)
{
  return crypt_cbc (key, 1, in, out, size, error);
}

/**
 * fast_tdes_decrypt:
 * @key: two DES keys
 * @in: whole blocks
 * @out: (out): as many bytes; may be @in
 * @size: how many bytes, a multiple of 8
 * @error: return location for an error
 *
 * Returns: whether it worked; a size that is no multiple of 8 fails
 */
gboolean
fast_tdes_decrypt (const guint8 key[FAST_TDES_KEY_SIZE], const guint8 *in, guint8 *out, gsize size,
                   GError **error)
{
  return crypt_cbc (key, 0, in, out, size, error);
}

static void
repeat_half (guint8 out[FAST_TDES_KEY_SIZE], const guint8 *half)
{
  fast_copy (out, BLOCK, half, BLOCK);
  fast_copy (out + BLOCK, BLOCK, half, BLOCK);
}

static gboolean
mac_padded (const guint8 key[FAST_TDES_KEY_SIZE], const GByteArray *padded, guint8 mac[BLOCK],
            GError **error)
{
  g_autofree guint8 *chain = g_malloc (padded->len);
  guint8 first[FAST_TDES_KEY_SIZE];
  guint8 second[FAST_TDES_KEY_SIZE];
  gboolean done;

  repeat_half (first, key);
  repeat_half (second, key + BLOCK);
  done = crypt_cbc (first, 1, padded->data, chain, padded->len, error) &&
         crypt_cbc (second, 0, chain + padded->len - BLOCK, mac, BLOCK, error) &&
         crypt_cbc (first, 1, mac, mac, BLOCK, error);
  fast_wipe (first, sizeof first);
  fast_wipe (second, sizeof second);
  fast_wipe (chain, padded->len);
  return done;
}

/**
 * fast_tdes_mac:
 * @key: two DES keys
 * @data: what to authenticate; is padded here
 * @size: how many bytes
 * @mac: (out caller-allocates): the MAC
 * @error: return location for an error
 *
 * ISO/IEC 9797-1 MAC algorithm 3 with DES, zero IV and padding method 2 (ICAO 9303-11, 9.8.6.2).
 *
 * Returns: whether it worked
 */
gboolean
fast_tdes_mac (const guint8 key[FAST_TDES_KEY_SIZE], const guint8 *data, gsize size,
               guint8 mac[BLOCK], GError **error)
{
  GByteArray *padded = g_byte_array_sized_new ((guint)size + BLOCK);
  gboolean done;

  fast_append (padded, data, size);
  fast_padding_append (padded);
  done = mac_padded (key, padded, mac, error);
  fast_wipe (padded->data, padded->len);
  g_byte_array_unref (padded);
  return done;
}

static guint8
odd_parity (guint8 byte)
{
  return (guint8)((byte & 0xFE) | (__builtin_parity (byte & 0xFE) ^ 1));
}

/**
 * fast_tdes_derive:
 * @seed: the shared secret, 16 bytes
 * @counter: what the key is for
 * @key: (out caller-allocates): two DES keys with odd parity
 *
 * ICAO 9303-11, 9.7.1.1: the first 16 bytes of SHA-1 (seed ‖ counter), parity adjusted.
 */
void
fast_tdes_derive (const guint8 seed[FAST_TDES_KEY_SIZE], guint32 counter,
                  guint8 key[FAST_TDES_KEY_SIZE])
{
  guint8 input[SEED + 4];
  guint8 digest[SHA_DIGEST_LENGTH];

  fast_copy (input, SEED, seed, SEED);
  for (guint i = 0; i < 4; i++)
    input[SEED + i] = (guint8)(counter >> (24 - 8 * i));
  SHA1 (input, sizeof input, digest);
  for (guint i = 0; i < FAST_TDES_KEY_SIZE; i++)
    key[i] = odd_parity (digest[i]);
  fast_wipe (input, sizeof input);
  fast_wipe (digest, sizeof digest);
}

/**
 * fast_padding_append:
 * @data: is filled up to whole blocks: 80, then 00 as needed (ISO/IEC 9797-1, padding method 2)
 */
void
fast_padding_append (GByteArray *data)
{
  fast_append_u8 (data, 0x80);
  while (data->len % BLOCK != 0)
    fast_append_u8 (data, 0x00);
}

/**
 * fast_padding_remove:
 * @data: whole blocks
 * @size: (inout): how many bytes; then how many without the padding
 * @error: return location for an error
 *
 * Returns: whether they end in a padding of method 2
 */
gboolean
fast_padding_remove (const guint8 *data, gsize *size, GError **error)
{
  gsize n = *size;

  while (n > 0 && *size - n < BLOCK && data[n - 1] == 0x00)
    n--;
  if (n == 0 || data[n - 1] != 0x80 || *size - n >= BLOCK)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC, "sm-padding", NULL);
  *size = n - 1;
  return TRUE;
}
