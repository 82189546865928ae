/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/autoptr.h"
#include "record/base/bytes.h"

G_BEGIN_DECLS

/**
 * FastRevocationState:
 * @FAST_REVOCATION_UNKNOWN: no list of this certificate's issuer is at hand
 * @FAST_REVOCATION_GOOD: not on a current list
 * @FAST_REVOCATION_STALE: not on the list, but a newer one is due
 * @FAST_REVOCATION_REVOKED: on a list, however old
 *
 * What the revocation lists say of a certificate.
 */
typedef enum {
  FAST_REVOCATION_UNKNOWN,
  FAST_REVOCATION_GOOD,
  FAST_REVOCATION_STALE,
  FAST_REVOCATION_REVOKED,
} FastRevocationState;

/**
 * FastRevocation:
 *
 * Certificate revocation lists of CSCAs (ICAO 9303-12, 7.2; RFC 5280, 5), each verified. Not
 * changed once it is in a FastTrust; then it may be used from any thread.
 */
typedef struct _FastRevocation FastRevocation;

FastRevocation *fast_revocation_new (void);
void fast_revocation_free (FastRevocation *revocation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastRevocation, fast_revocation_free)

gboolean fast_revocation_add (FastRevocation *revocation, GBytes *bytes, GPtrArray *authorities,
                              const char *name, GError **error);
FastRevocationState fast_revocation_check (const FastRevocation *revocation, X509 *certificate,
                                           gint64 at, GError **error);

G_END_DECLS
