/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/certificate-profile.h"

G_BEGIN_DECLS

GBytes *fast_master_list_make (GPtrArray *authorities, X509 *signer, EVP_PKEY *key, gint64 at,
                               GError **error);

G_END_DECLS
