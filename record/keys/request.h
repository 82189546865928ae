/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/certificate-profile.h"

G_BEGIN_DECLS

GBytes *fast_request_make (const FastCertificateProfile *profile,
                           const FastCertificateSubject *subject, EVP_PKEY *key, GError **error);
gboolean fast_request_save (GBytes *request, const char *path, GError **error);

G_END_DECLS
