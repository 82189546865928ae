/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/secure.h"
#include "record/keys/aes.h"

G_BEGIN_DECLS

/*
 * The issuer's static keys of a card (GlobalPlatform card specification 2.3, key set of the issuer
 * security domain). Whoever has them owns every card that carries them, so they come from a file
 * that only its owner may read or stay inside a PKCS#11 token, and never stand on a command line.
 *
 * A card seldom carries the issuer's master keys themselves: its own are derived from them and the
 * ten bytes of diversification data that it tells. Which derivation it is, the maker of the card
 * says; a wrong one looks like a wrong key and costs a try. The methods known here are those with a
 * public description for AES keys:
 *
 * | name | card key | described in |
 * |---|---|---|
 * | `none` | the master key itself | – |
 * | `kdf3` | counter mode with CMAC (NIST SP 800-108, 5.1) over counter ‖ 000000 ‖ key number (01
 * ENC, 02 MAC, 03 DEK) ‖ 00 ‖ the ten bytes | GlobalPlatformPro, `kdf3` |
 *
 * The VISA2 and EMV CPS 1.1 derivations are made for Triple-DES keys and are left out.
 */

#define FAST_DIVERSIFICATION_SIZE 10

/**
 * FastIssuerKey:
 * @FAST_ISSUER_KEY_ENC: Key-ENC: session keys for encryption come from it
 * @FAST_ISSUER_KEY_MAC: Key-MAC: session keys for MACs come from it
 * @FAST_ISSUER_KEY_DEK: Key-DEK: encrypts keys on their way into the card
 *
 * The keys of a set (Amendment D, table 6-1).
 */
typedef enum {
  FAST_ISSUER_KEY_ENC,
  FAST_ISSUER_KEY_MAC,
  FAST_ISSUER_KEY_DEK,
} FastIssuerKey;

#define FAST_ISSUER_KEY_COUNT 3

/**
 * FastIssuerKeys:
 *
 * A key set: three AES keys of one size, in secret memory or in a token. Counted references; not
 * shared between threads; wiped with the last reference.
 */
typedef struct _FastIssuerKeys FastIssuerKeys;

FastIssuerKeys *fast_issuer_keys_new (guint8 version, FastSecret *enc, FastSecret *mac,
                                      FastSecret *dek, GError **error);
FastIssuerKeys *fast_issuer_keys_load (const char *path, GError **error);
FastIssuerKeys *fast_issuer_keys_diversify (FastIssuerKeys *keys,
                                            const guint8 data[FAST_DIVERSIFICATION_SIZE],
                                            GError **error);
FastIssuerKeys *fast_issuer_keys_ref (FastIssuerKeys *keys);
void fast_issuer_keys_unref (FastIssuerKeys *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastIssuerKeys, fast_issuer_keys_unref)

gboolean fast_issuer_keys_set_diversification (FastIssuerKeys *keys, const char *name,
                                               GError **error);
guint8 fast_issuer_keys_get_version (const FastIssuerKeys *keys);
gsize fast_issuer_keys_get_size (const FastIssuerKeys *keys);
FastSecret *fast_issuer_keys_export (FastIssuerKeys *keys, FastIssuerKey which, GError **error);
gboolean fast_issuer_keys_derive (FastIssuerKeys *keys, FastIssuerKey which,
                                  const FastDerivation *derivation, guint8 *out, gsize size,
                                  GError **error);
gboolean fast_issuer_keys_encrypt (FastIssuerKeys *keys, const guint8 *in, guint8 *out, gsize size,
                                   GError **error);

G_END_DECLS
