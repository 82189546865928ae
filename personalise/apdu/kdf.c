/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/kdf.h"

#include <openssl/sha.h>

#include "record/base/bytes.h"
#include "record/base/secure.h"

static guint8
odd_parity (guint8 byte)
{
  return (guint8)((byte & 0xFE) | (__builtin_parity (byte & 0xFE) ^ 1));
}

static gboolean
uses_sha256 (FastCipher cipher)
{
  return cipher == FAST_CIPHER_AES_192 || cipher == FAST_CIPHER_AES_256;
}

/**
 * fast_kdf:
 * @cipher: what the key is for
 * @secret: the shared secret
 * @size: how many bytes
 * @counter: the key's use, as in %FAST_KDF_ENC
 * @key: (out caller-allocates): the key, of the cipher's key size; wiped by the caller
 *
 * ICAO 9303-11, 9.7.1: the first bytes of SHA-1 or SHA-256 (secret ‖ counter); the keys of
 * Triple-DES with odd parity.
 */
void
fast_kdf (FastCipher cipher, gconstpointer secret, gsize size, guint32 counter, guint8 *key)
{
  const guint8 suffix[] = {(guint8)(counter >> 24), (guint8)(counter >> 16), (guint8)(counter >> 8),
                           (guint8)counter};
  g_autoptr (FastSecret) input = fast_secret_new_from (secret, size);
  guint8 digest[SHA256_DIGEST_LENGTH];

  fast_secret_append (input, suffix, sizeof suffix);
  if (uses_sha256 (cipher))
    SHA256 (fast_secret_data (input), fast_secret_size (input), digest);
  else
    SHA1 (fast_secret_data (input), fast_secret_size (input), digest);
  fast_copy (key, fast_cipher_key_size (cipher), digest, fast_cipher_key_size (cipher));
  if (cipher == FAST_CIPHER_TDES)
    for (gsize i = 0; i < fast_cipher_key_size (cipher); i++)
      key[i] = odd_parity (key[i]);
  fast_wipe (digest, sizeof digest);
}
