/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

/** FAST_TRUST_POINTS_SIZE: bytes of EF.CVCA, whatever it names */
#define FAST_TRUST_POINTS_SIZE 36

/**
 * FastTrustPoints:
 * @current: the certification authority reference that the chip trusts: a State's two letters, a
 *   name and five characters of a sequence, 16 bytes at most
 * @previous: (nullable): the one before, while its certificates are still in use
 *
 * EF.CVCA, ICAO 9303-11, 7.1.4 (TR-03110-3, A.3.5): the public keys that terminal authentication
 * starts from, each a `42` object, the younger first, then zeros. There is room for two, because a
 * link certificate puts a new one in front of the old. In a made value the strings are borrowed; a
 * parsed one owns them and is freed with fast_trust_points_free().
 */
typedef struct {
  char *current;
  char *previous;
} FastTrustPoints;

GBytes *fast_trust_points_make (const FastTrustPoints *points, GError **error);
FastTrustPoints *fast_trust_points_parse (GBytes *encoded, GError **error);
void fast_trust_points_free (FastTrustPoints *points);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastTrustPoints, fast_trust_points_free)

G_END_DECLS
