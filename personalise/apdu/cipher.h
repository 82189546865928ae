/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FAST_CIPHER_KEY_MAX 32
#define FAST_CIPHER_BLOCK_MAX 16
#define FAST_CIPHER_MAC_SIZE 8

/**
 * FastCipher:
 * @FAST_CIPHER_TDES: two-key Triple-DES in CBC with the retail MAC; keys by SHA-1
 * @FAST_CIPHER_AES_128: AES-128 in CBC with CMAC; keys by SHA-1
 * @FAST_CIPHER_AES_192: AES-192 in CBC with CMAC; keys by SHA-256
 * @FAST_CIPHER_AES_256: AES-256 in CBC with CMAC; keys by SHA-256
 *
 * The suites that access control and secure messaging choose from (ICAO 9303-11, 9.5 to 9.8). MACs
 * of all of them have eight bytes.
 */
typedef enum {
  FAST_CIPHER_TDES,
  FAST_CIPHER_AES_128,
  FAST_CIPHER_AES_192,
  FAST_CIPHER_AES_256,
} FastCipher;

gsize fast_cipher_key_size (FastCipher cipher);
gsize fast_cipher_block_size (FastCipher cipher);
const char *fast_cipher_name (FastCipher cipher);

gboolean fast_cipher_encrypt (FastCipher cipher, const guint8 *key, const guint8 *iv,
                              const guint8 *in, guint8 *out, gsize size, GError **error);
gboolean fast_cipher_decrypt (FastCipher cipher, const guint8 *key, const guint8 *iv,
                              const guint8 *in, guint8 *out, gsize size, GError **error);
gboolean fast_cipher_mac (FastCipher cipher, const guint8 *key, const guint8 *data, gsize size,
                          guint8 mac[FAST_CIPHER_MAC_SIZE], GError **error);

G_END_DECLS
