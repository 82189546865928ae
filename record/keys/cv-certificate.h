/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/cv-body.h"

G_BEGIN_DECLS

/**
 * FastCvCertificate:
 *
 * A card-verifiable certificate (TR-03110-3, C.1): what a chip can check that has no clock and no
 * memory for X.509. Its exact bytes are kept, since the signature is over them. Immutable; may be
 * used from any thread.
 */
typedef struct _FastCvCertificate FastCvCertificate;

FastCvCertificate *fast_cv_certificate_parse (gconstpointer data, gsize size, GError **error);
FastCvCertificate *fast_cv_certificate_parse_parts (gconstpointer data, gsize size, GError **error);
FastCvCertificate *fast_cv_certificate_issue (const FastCvBody *body, gboolean parameters,
                                              EVP_PKEY *issuer, FastCvAlgorithm algorithm,
                                              GError **error);
FastCvCertificate *fast_cv_certificate_load (const char *path, GError **error);
gboolean fast_cv_certificate_save (FastCvCertificate *certificate, const char *path,
                                   GError **error);
FastCvCertificate *fast_cv_certificate_ref (FastCvCertificate *certificate);
void fast_cv_certificate_unref (FastCvCertificate *certificate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastCvCertificate, fast_cv_certificate_unref)

const FastCvBody *fast_cv_certificate_get_body (const FastCvCertificate *certificate);
GBytes *fast_cv_certificate_get_bytes (const FastCvCertificate *certificate);
GBytes *fast_cv_certificate_dup_parts (const FastCvCertificate *certificate);
gboolean fast_cv_certificate_verify (const FastCvCertificate *certificate, const FastCvKey *issuer,
                                     GError **error);

G_END_DECLS
