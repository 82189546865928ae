/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/random-source.h"
#include "record/base/autoptr.h"
#include "record/base/bytes.h"

G_BEGIN_DECLS

/*
 * RSA signatures with message recovery: ISO/IEC 9796-2, digital signature scheme 1 with partial
 * recovery, as active authentication uses it (ICAO 9303-11, 6.1). What RSA works on is
 *
 *   6A ‖ M1 ‖ H (M1 ‖ M2) ‖ trailer
 *
 * M1 are random bytes that fill the room and come back out of the signature; M2 is the message that
 * both sides know. The trailer names the hash: `BC` is SHA-1 by agreement, `xx CC` says which.
 */

GBytes *fast_iso9796_sign (EVP_PKEY *key, const char *digest, const guint8 *message, gsize size,
                           const FastRandomSource *source, GError **error);
gboolean fast_iso9796_verify (EVP_PKEY *key, const guint8 *message, gsize size,
                              const guint8 *signature, gsize signature_size, GError **error);

G_END_DECLS
