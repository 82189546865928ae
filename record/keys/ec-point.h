/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/autoptr.h"
#include "record/base/bytes.h"
#include "record/base/secure.h"

G_BEGIN_DECLS

/*
 * Points of elliptic curves as cards exchange them: uncompressed (TR-03111, 3.2.1), always checked
 * to lie on the curve before they meet a private key. A key made "like" another takes that key's
 * domain parameters, be they named or written out.
 */

EVP_PKEY *fast_ec_public_on (const char *curve, gconstpointer point, gsize size, GError **error);
EVP_PKEY *fast_ec_public_like (EVP_PKEY *like, gconstpointer point, gsize size, GError **error);
EVP_PKEY *fast_ec_ephemeral_like (EVP_PKEY *like, GError **error);
GBytes *fast_ec_point (EVP_PKEY *key, GError **error);
GBytes *fast_ec_point_x (EVP_PKEY *key, GError **error);
char *fast_ec_curve (EVP_PKEY *key, GError **error);
FastSecret *fast_ec_agree (EVP_PKEY *own, EVP_PKEY *other, GError **error);

G_END_DECLS
