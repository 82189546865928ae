/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/tdes.h"

#include "personalise/apdu/cipher.h"
#include "personalise/apdu/padding.h"
#include "record/base/bytes.h"
#include "record/base/secure.h"

#define BLOCK FAST_TDES_BLOCK_SIZE

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
  done = fast_cipher_encrypt (FAST_CIPHER_TDES, first, NULL, padded->data, chain, padded->len,
                              error) &&
         fast_cipher_decrypt (FAST_CIPHER_TDES, second, NULL, chain + padded->len - BLOCK, mac,
                              BLOCK, error) &&
         fast_cipher_encrypt (FAST_CIPHER_TDES, first, NULL, mac, mac, BLOCK, error);
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
  fast_padding_append (padded, BLOCK);
  done = mac_padded (key, padded, mac, error);
  fast_wipe (padded->data, padded->len);
  g_byte_array_unref (padded);
  return done;
}
