/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/autoptr.h"
#include "record/base/bytes.h"

G_BEGIN_DECLS

/* The arc of the suite's own object identifiers; see docs of each user for the last number. */
#define FAST_OID(last) "2.25.147691558977852084253932689956221362180." last
#define FAST_OID_TRAINING FAST_OID ("0")

X509 *fast_certificate_load (const char *path, GError **error);
GPtrArray *fast_certificates_load (const char *const *paths, GError **error);
X509 *fast_certificate_parse (GBytes *der, GError **error);
gboolean fast_certificate_save (X509 *certificate, const char *path, GError **error);

GBytes *fast_certificate_der (X509 *certificate, GError **error);
char *fast_certificate_digest (X509 *certificate);
char *fast_certificate_name (X509 *certificate);
char *fast_certificate_get_name (X509 *certificate, int nid);
char *fast_certificate_serial (X509 *certificate);
gboolean fast_certificate_equal (X509 *left, X509 *right);
gboolean fast_certificate_is_training (X509 *certificate);
gboolean fast_certificate_check_key (X509 *certificate, EVP_PKEY *key, GError **error);
gboolean fast_certificate_time (const ASN1_TIME *time, gint64 *seconds);
void fast_certificate_validity (X509 *certificate, gint64 *not_before, gint64 *not_after);

G_END_DECLS
