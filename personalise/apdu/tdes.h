/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FAST_TDES_KEY_SIZE 16
#define FAST_TDES_BLOCK_SIZE 8

/*
 * Two-key Triple-DES as ICAO 9303-11 asks for it: CBC with a zero IV, and the retail MAC (ISO/IEC
 * 9797-1, MAC algorithm 3). Its single DES steps are Triple-DES with both keys equal, so that
 * OpenSSL's legacy provider is not needed.
 */

enum {
  FAST_KDF_ENC = 1,
  FAST_KDF_MAC = 2,
};

gboolean fast_tdes_encrypt (const guint8 key[FAST_TDES_KEY_SIZE], const guint8 *in, guint8 *out,
                            gsize size, GError **error);
gboolean fast_tdes_decrypt (const guint8 key[FAST_TDES_KEY_SIZE], const guint8 *in, guint8 *out,
                            gsize size, GError **error);
gboolean fast_tdes_mac (const guint8 key[FAST_TDES_KEY_SIZE], const guint8 *data, gsize size,
                        guint8 mac[FAST_TDES_BLOCK_SIZE], GError **error);
void fast_tdes_derive (const guint8 seed[FAST_TDES_KEY_SIZE], guint32 counter,
                       guint8 key[FAST_TDES_KEY_SIZE]);

void fast_padding_append (GByteArray *data);
gboolean fast_padding_remove (const guint8 *data, gsize *size, GError **error);

G_END_DECLS
