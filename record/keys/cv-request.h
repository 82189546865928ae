/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/cv-certificate.h"

G_BEGIN_DECLS

/**
 * FastCvRequest:
 *
 * A request for a card-verifiable certificate (TR-03110-3, C.2): signed by the key that it asks for
 * (the inner signature, checked on parsing) and, except for a first one, by a key that the
 * authority knows already (the outer signature). Immutable; may be used from any thread.
 */
typedef struct _FastCvRequest FastCvRequest;

FastCvRequest *fast_cv_request_new (const char *authority, const char *holder, EVP_PKEY *key,
                                    FastCvAlgorithm algorithm, GError **error);
FastCvRequest *fast_cv_request_authenticate (FastCvRequest *request, const char *signer,
                                             EVP_PKEY *key, FastCvAlgorithm algorithm,
                                             GError **error);
FastCvRequest *fast_cv_request_parse (gconstpointer data, gsize size, GError **error);
FastCvRequest *fast_cv_request_ref (FastCvRequest *request);
void fast_cv_request_unref (FastCvRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastCvRequest, fast_cv_request_unref)

const FastCvBody *fast_cv_request_get_body (const FastCvRequest *request);
GBytes *fast_cv_request_get_bytes (const FastCvRequest *request);
const char *fast_cv_request_get_signer (const FastCvRequest *request);
gboolean fast_cv_request_verify_outer (const FastCvRequest *request, const FastCvKey *signer,
                                       GError **error);

G_END_DECLS
