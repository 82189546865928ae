/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/apdu.h"
#include "personalise/apdu/random-source.h"
#include "record/base/autoptr.h"

G_BEGIN_DECLS

/*
 * Active authentication (ICAO 9303-11, 6.1): the chip signs a challenge of the reader's by the key
 * whose public half is in EF.DG15. RSA recovers part of the message (iso9796.h); ECDSA signs the
 * challenge alone and gives r ‖ s, with the hash that ActiveAuthenticationInfo in EF.DG14 names.
 * The chip would sign anything: a signature proves that it was there, not when or to whom.
 */

#define FAST_ACTIVE_CHALLENGE_SIZE 8

/* The hash that a chip's own RSA key signs with where nothing else is said: trailer BC. */
#define FAST_ACTIVE_RSA_DIGEST "SHA1"

const char *fast_active_authentication_digest (const char *algorithm, GError **error);
FastCommand fast_active_authentication_ask (const guint8 challenge[FAST_ACTIVE_CHALLENGE_SIZE]);
gboolean fast_active_authentication_verify (EVP_PKEY *key, const char *algorithm,
                                            const guint8 challenge[FAST_ACTIVE_CHALLENGE_SIZE],
                                            gconstpointer signature, gsize size, GError **error);

gboolean fast_active_authentication_is_for (const FastCommand *command);
guint16 fast_active_authentication_answer (EVP_PKEY *key, const char *digest,
                                           const FastRandomSource *source,
                                           const FastCommand *command, GByteArray *out,
                                           GError **error);

G_END_DECLS
