/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FAST_AES_BLOCK_SIZE 16
#define FAST_AES_KEY_MAX 32

/**
 * FastCmacFunction:
 * @key: what stands for the key: its bytes, or a handle to a token that never gives them away
 * @data: what to authenticate
 * @size: how many bytes
 * @mac: (out caller-allocates): the whole CMAC
 * @error: return location for an error
 *
 * Something that computes AES-CMAC (NIST SP 800-38B) under one key. A derivation asks no more of
 * its key than this, so that the key can stay inside a token.
 *
 * Returns: whether it worked
 */
typedef gboolean (*FastCmacFunction) (gpointer key, gconstpointer data, gsize size,
                                      guint8 mac[FAST_AES_BLOCK_SIZE], GError **error);

/**
 * FastDerivation:
 * @before: (nullable): fixed input before the counter
 * @before_size: how many bytes
 * @after: (nullable): fixed input after the counter
 * @after_size: how many bytes
 *
 * The fixed input of a key derivation in counter mode (NIST SP 800-108, 5.1) and where its one-byte
 * counter stands. The bytes are borrowed.
 */
typedef struct {
  gconstpointer before;
  gsize before_size;
  gconstpointer after;
  gsize after_size;
} FastDerivation;

gboolean fast_aes_key_size_valid (gsize size);
gboolean fast_aes_cmac (const guint8 *key, gsize key_size, gconstpointer data, gsize size,
                        guint8 mac[FAST_AES_BLOCK_SIZE], GError **error);
gboolean fast_aes_cbc (const guint8 *key, gsize key_size, gboolean encrypt,
                       const guint8 iv[FAST_AES_BLOCK_SIZE], const guint8 *in, guint8 *out,
                       gsize size, GError **error);
gboolean fast_cmac_derive (FastCmacFunction cmac, gpointer key, const FastDerivation *derivation,
                           guint8 *out, gsize size, GError **error);

G_END_DECLS
