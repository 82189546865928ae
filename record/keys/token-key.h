/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/aes.h"

G_BEGIN_DECLS

/**
 * FastTokenKey:
 *
 * An AES key inside a PKCS#11 token. It never leaves the token: the token computes CMACs and
 * encrypts with it. OpenSSL's pkcs11 engine knows no symmetric keys, so this talks to the module
 * itself, through p11-kit and in this file only. Not shared between threads.
 */
typedef struct _FastTokenKey FastTokenKey;

FastTokenKey *fast_token_key_open (const char *uri, GError **error);
void fast_token_key_free (FastTokenKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastTokenKey, fast_token_key_free)

gsize fast_token_key_get_size (const FastTokenKey *key);
gboolean fast_token_key_cmac (FastTokenKey *key, gconstpointer data, gsize size,
                              guint8 mac[FAST_AES_BLOCK_SIZE], GError **error);
gboolean fast_token_key_encrypt (FastTokenKey *key, const guint8 iv[FAST_AES_BLOCK_SIZE],
                                 const guint8 *in, guint8 *out, gsize size, GError **error);

G_END_DECLS
