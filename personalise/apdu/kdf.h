/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/cipher.h"

G_BEGIN_DECLS

/* What a derived key is for (ICAO 9303-11, 9.7.1): encryption, MACs, or the nonce of PACE. */
enum {
  FAST_KDF_ENC = 1,
  FAST_KDF_MAC = 2,
  FAST_KDF_PASSWORD = 3,
};

void fast_kdf (FastCipher cipher, gconstpointer secret, gsize size, guint32 counter, guint8 *key);

G_END_DECLS
