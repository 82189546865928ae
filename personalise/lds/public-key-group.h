/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/autoptr.h"
#include "record/base/bytes.h"

G_BEGIN_DECLS

/* EF.DG15, ICAO 9303-10, 4.7.15: the public key of active authentication, SubjectPublicKeyInfo. */

GBytes *fast_public_key_group_make (EVP_PKEY *key, GError **error);
EVP_PKEY *fast_public_key_group_parse (GBytes *encoded, GError **error);

G_END_DECLS
