/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/cipher.h"

#include "personalise/apdu/tdes.h"
#include "record/base/autoptr.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/secure.h"

typedef struct {
  const char *name;
  const char *cbc;
  gsize key_size;
  gsize block_size;
} Suite;

static const Suite suites[] = {
    [FAST_CIPHER_TDES] = {"3DES", "DES-EDE-CBC", 16, 8},
    [FAST_CIPHER_AES_128] = {"AES-128", "AES-128-CBC", 16, 16},
    [FAST_CIPHER_AES_192] = {"AES-192", "AES-192-CBC", 24, 16},
    [FAST_CIPHER_AES_256] = {"AES-256", "AES-256-CBC", 32, 16},
};

static const Suite *
suite_of (FastCipher cipher)
{
  g_assert ((guint)cipher < G_N_ELEMENTS (suites));
  return &suites[cipher];
}

static gboolean
fail (FastCipher cipher, GError **error)
{
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO, "cipher-failed", "name=%s",
                    suite_of (cipher)->name);
}

/**
 * fast_cipher_key_size:
 * @cipher: a suite
 *
 * Returns: how many bytes its keys have, at most %FAST_CIPHER_KEY_MAX
 */
gsize
fast_cipher_key_size (FastCipher cipher)
{
  return suite_of (cipher)->key_size;
}

/**
 * fast_cipher_block_size:
 * @cipher: a suite
 *
 * Returns: how many bytes its blocks have, 8 or 16; the send sequence counter has as many
 */
gsize
fast_cipher_block_size (FastCipher cipher)
{
  return suite_of (cipher)->block_size;
}

/**
 * fast_cipher_name:
 * @cipher: a suite
 *
 * Returns: what people call it, as in `AES-128`
 */
const char *
fast_cipher_name (FastCipher cipher)
{
  return suite_of (cipher)->name;
}

static gboolean
crypt_cbc (FastCipher cipher, int encrypt, const guint8 *key, const guint8 *iv, const guint8 *in,
           guint8 *out, gsize size, GError **error)
{
  static const guint8 zero[FAST_CIPHER_BLOCK_MAX] = {0};
  const Suite *suite = suite_of (cipher);
  g_autoptr (EVP_CIPHER) cbc = EVP_CIPHER_fetch (NULL, suite->cbc, NULL);
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  int n = 0;

  if (size % suite->block_size == 0 && size <= G_MAXINT && cbc != NULL && context != NULL &&
      EVP_CipherInit_ex2 (context, cbc, key, iv != NULL ? iv : zero, encrypt, NULL) == 1 &&
      EVP_CIPHER_CTX_set_padding (context, 0) == 1 &&
      EVP_CipherUpdate (context, out, &n, in, (int)size) == 1 && (gsize)n == size)
    return TRUE;
  return fail (cipher, error);
}

/**
 * fast_cipher_encrypt:
 * @cipher: a suite
 * @key: a key of its size
 * @iv: (nullable): a block to begin with; %NULL for zeros
 * @in: whole blocks
 * @out: (out): as many bytes; may be @in
 * @size: how many bytes
 * @error: return location for an error
 *
 * CBC without padding (ICAO 9303-11, 9.8.6.1 and 9.8.7.1).
 *
 * Returns: whether it worked; a size that is no multiple of the block's fails
 */
gboolean
fast_cipher_encrypt (FastCipher cipher, const guint8 *key, const guint8 *iv, const guint8 *in,
                     guint8 *out, gsize size, GError **error)
{
  return crypt_cbc (cipher, 1, key, iv, in, out, size, error);
}

/**
 * fast_cipher_decrypt:
 * @cipher: a suite
 * @key: a key of its size
 * @iv: (nullable): the block it began with; %NULL for zeros
 * @in: whole blocks
 * @out: (out): as many bytes; may be @in
 * @size: how many bytes
 * @error: return location for an error
 *
 * Returns: whether it worked; a size that is no multiple of the block's fails
 */
gboolean
fast_cipher_decrypt (FastCipher cipher, const guint8 *key, const guint8 *iv, const guint8 *in,
                     guint8 *out, gsize size, GError **error)
{
  return crypt_cbc (cipher, 0, key, iv, in, out, size, error);
}

static gboolean
mac_aes (FastCipher cipher, const guint8 *key, const guint8 *data, gsize size, guint8 *mac,
         GError **error)
{
  const Suite *suite = suite_of (cipher);
  guint8 whole[FAST_CIPHER_BLOCK_MAX];
  size_t n = 0;

  if (EVP_Q_mac (NULL, "CMAC", NULL, suite->cbc, NULL, key, suite->key_size, data, size, whole,
                 sizeof whole, &n) == NULL ||
      n != sizeof whole)
    return fail (cipher, error);
  fast_copy (mac, FAST_CIPHER_MAC_SIZE, whole, FAST_CIPHER_MAC_SIZE);
  fast_wipe (whole, sizeof whole);
  return TRUE;
}

/**
 * fast_cipher_mac:
 * @cipher: a suite
 * @key: a key of its size
 * @data: what to authenticate
 * @size: how many bytes
 * @mac: (out caller-allocates): the MAC
 * @error: return location for an error
 *
 * Triple-DES: the retail MAC with padding method 2 (ICAO 9303-11, 9.8.6.2). AES: CMAC cut to its
 * first eight bytes, which pads in its own way (9.8.7.2); secure messaging pads before that.
 *
 * Returns: whether it worked
 */
gboolean
fast_cipher_mac (FastCipher cipher, const guint8 *key, const guint8 *data, gsize size,
                 guint8 mac[FAST_CIPHER_MAC_SIZE], GError **error)
{
  if (cipher == FAST_CIPHER_TDES)
    return fast_tdes_mac (key, data, size, mac, error);
  return mac_aes (cipher, key, data, size, mac, error);
}
