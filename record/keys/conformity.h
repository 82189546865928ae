/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/certificate-profile.h"

G_BEGIN_DECLS

/*
 * What an authority sends back is judged before it is used: one wrong extension in a document
 * signer's certificate is on every card that it signs, for six years. Reading is another matter:
 * the cards of other States are judged by record/keys/trust.h, as leniently as 9303-12 wants
 * inspection systems to be.
 */

gboolean fast_conformity_check (X509 *certificate, const FastCertificateProfile *profile,
                                GError **error);

G_END_DECLS
