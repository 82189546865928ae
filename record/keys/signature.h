/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/autoptr.h"
#include "record/base/bytes.h"

G_BEGIN_DECLS

GBytes *fast_signature_raw_sign (EVP_PKEY *key, GBytes *message, GError **error);
gboolean fast_signature_raw_verify (EVP_PKEY *key, GBytes *message, GBytes *signature,
                                    GError **error);
GBytes *fast_signature_raw_sign_over (EVP_PKEY *key, const char *digest, GBytes *message,
                                      GError **error);
gboolean fast_signature_raw_verify_over (EVP_PKEY *key, const char *digest, GBytes *message,
                                         GBytes *signature, GError **error);

G_END_DECLS
