/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/cv-certificate.h"

G_BEGIN_DECLS

#define FAST_CV_TRUST_POINTS 2

/**
 * FastCvTrust:
 *
 * What a chip remembers for terminal authentication from session to session: at most two keys of
 * its State's CVCA, the trust points, and its idea of today's date, which only certificates that
 * verified move forward (TR-03110-3, 2.5). An expired trust point still introduces its successor
 * but certifies nobody else; it goes as soon as a later one is there. Not shared between threads.
 */
typedef struct _FastCvTrust FastCvTrust;

FastCvTrust *fast_cv_trust_new (const GDate *today);
FastCvTrust *fast_cv_trust_load (GBytes *bytes, GError **error);
GBytes *fast_cv_trust_save (const FastCvTrust *trust);
void fast_cv_trust_free (FastCvTrust *trust);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastCvTrust, fast_cv_trust_free)

gboolean fast_cv_trust_add (FastCvTrust *trust, const FastCvCertificate *certificate,
                            GError **error);
void fast_cv_trust_advance (FastCvTrust *trust, const GDate *date, const FastCvBody *successor);
const GDate *fast_cv_trust_get_today (const FastCvTrust *trust);
guint fast_cv_trust_get_size (const FastCvTrust *trust);
const FastCvBody *fast_cv_trust_get (const FastCvTrust *trust, guint index);
const FastCvBody *fast_cv_trust_find (const FastCvTrust *trust, const char *reference);
gboolean fast_cv_trust_is_expired (const FastCvTrust *trust, const FastCvBody *body);

G_END_DECLS
