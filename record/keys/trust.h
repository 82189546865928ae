/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/revocation.h"

G_BEGIN_DECLS

/**
 * FastTrustFlags:
 * @FAST_TRUST_NONE: production: named curves, no training certificate anywhere in a chain
 * @FAST_TRUST_TRAINING: training certificates pass too
 * @FAST_TRUST_ICAO: the anchors are CSCAs. Explicit EC parameters, which ICAO 9303-12 demands and
 *   OpenSSL refuses, pass if they are those of a curve that has a name. Only documents and seals
 * are ever judged by such a trust: no TLS, CMS or time-stamp certificate hangs under a CSCA
 */
typedef enum {
  FAST_TRUST_NONE = 0,
  FAST_TRUST_TRAINING = 1 << 0,
  FAST_TRUST_ICAO = 1 << 1,
} FastTrustFlags;

/**
 * FastPurpose:
 * @FAST_PURPOSE_SIGN: signs CMS: units, officers, decisions; digitalSignature, no extended usage
 * @FAST_PURPOSE_RECIPIENT: opens envelopes; keyAgreement or keyEncipherment, no extended usage
 * @FAST_PURPOSE_TLS_CLIENT: clientAuth
 * @FAST_PURPOSE_TLS_SERVER: serverAuth
 * @FAST_PURPOSE_TIMESTAMP: RFC 3161, 2.3: a critical extended usage, timeStamping and nothing else
 * @FAST_PURPOSE_DOCUMENT: document signer under a CSCA (ICAO 9303-12, table 6); digitalSignature,
 * no extended usage
 * @FAST_PURPOSE_SEAL: seal signer under a CSCA (9303-12, 7.1.3): its extended usage and no other
 * @FAST_PURPOSE_MASTER_LIST: master list signer under a CSCA (9303-12, 7.1.1.3): digitalSignature,
 *   its extended usage and no other
 *
 * What a certificate is about to be used for.
 */
typedef enum {
  FAST_PURPOSE_SIGN,
  FAST_PURPOSE_RECIPIENT,
  FAST_PURPOSE_TLS_CLIENT,
  FAST_PURPOSE_TLS_SERVER,
  FAST_PURPOSE_TIMESTAMP,
  FAST_PURPOSE_DOCUMENT,
  FAST_PURPOSE_SEAL,
  FAST_PURPOSE_MASTER_LIST,
} FastPurpose;

/**
 * FastTrust:
 *
 * Which certificates are believed. Immutable; may be used from any thread.
 */
typedef struct _FastTrust FastTrust;

FastTrust *fast_trust_new (GPtrArray *anchors, GPtrArray *intermediates, FastTrustFlags flags);
FastTrust *fast_trust_new_pinned (X509 *certificate, FastTrustFlags flags);
FastTrust *fast_trust_new_icao (GPtrArray *authorities, GPtrArray *signers,
                                FastRevocation *revocation, FastTrustFlags flags);
FastTrust *fast_trust_load (const char *const *paths, FastTrustFlags flags, GError **error);
void fast_trust_free (FastTrust *trust);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastTrust, fast_trust_free)

FastTrustFlags fast_trust_get_flags (const FastTrust *trust);
GPtrArray *fast_trust_get_signers (const FastTrust *trust);
const FastRevocation *fast_trust_get_revocation (const FastTrust *trust);
gboolean fast_trust_verify (FastTrust *trust, X509 *certificate, FastPurpose purpose, gint64 at,
                            GError **error);

G_END_DECLS
