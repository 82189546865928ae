/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/autoptr.h"
#include "record/base/tlv.h"

G_BEGIN_DECLS

/**
 * FastCvAlgorithm:
 * @FAST_CV_ECDSA_SHA_224: id-TA-ECDSA-SHA-224
 * @FAST_CV_ECDSA_SHA_256: id-TA-ECDSA-SHA-256
 * @FAST_CV_ECDSA_SHA_384: id-TA-ECDSA-SHA-384
 * @FAST_CV_ECDSA_SHA_512: id-TA-ECDSA-SHA-512
 *
 * What a key of a card-verifiable certificate signs with (TR-03110-3, A.7.4). SHA-1 and RSA are not
 * supported. The values are the last number of the object identifier.
 */
typedef enum {
  FAST_CV_ECDSA_SHA_224 = 2,
  FAST_CV_ECDSA_SHA_256 = 3,
  FAST_CV_ECDSA_SHA_384 = 4,
  FAST_CV_ECDSA_SHA_512 = 5,
} FastCvAlgorithm;

/**
 * FastCvKey:
 *
 * A public key data object (TR-03110-3, D.3.3): algorithm, point and, where they are there, domain
 * parameters. The key of a DV or a terminal has none of its own: it inherits its issuer's
 * (fast_cv_key_inherit()) and verifies nothing before. Immutable; may be used from any thread.
 */
typedef struct _FastCvKey FastCvKey;

FastCvKey *fast_cv_key_new (EVP_PKEY *key, FastCvAlgorithm algorithm, GError **error);
FastCvKey *fast_cv_key_parse (const FastTlv *object, GError **error);
FastCvKey *fast_cv_key_ref (FastCvKey *key);
void fast_cv_key_unref (FastCvKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastCvKey, fast_cv_key_unref)

FastCvKey *fast_cv_key_inherit (FastCvKey *key, FastCvKey *issuer, GError **error);
gboolean fast_cv_key_equal (const FastCvKey *left, const FastCvKey *right);
FastCvAlgorithm fast_cv_key_get_algorithm (const FastCvKey *key);
const char *fast_cv_key_get_curve (const FastCvKey *key);
EVP_PKEY *fast_cv_key_get_public (const FastCvKey *key);
gboolean fast_cv_key_append (const FastCvKey *key, GByteArray *out, gboolean parameters,
                             GError **error);
gboolean fast_cv_key_verify (const FastCvKey *key, GBytes *message, GBytes *signature,
                             GError **error);

GBytes *fast_cv_sign (EVP_PKEY *key, FastCvAlgorithm algorithm, GBytes *message, GError **error);

G_END_DECLS
