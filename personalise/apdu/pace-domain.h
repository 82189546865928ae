/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/random-source.h"
#include "record/base/secure.h"

G_BEGIN_DECLS

/**
 * FastPaceDomain:
 *
 * An elliptic curve with the generator that PACE uses at the moment: the standard one, then the
 * mapped one. Points are uncompressed (04 ‖ x ‖ y), private keys big-endian numbers as long as the
 * curve's order. Every point from outside is checked to be on the curve and not its infinity; all
 * the curves have a cofactor of 1, so that is all there is to check. Not shared between threads.
 */
typedef struct _FastPaceDomain FastPaceDomain;

FastPaceDomain *fast_pace_domain_new (guint parameters, GError **error);
void fast_pace_domain_free (FastPaceDomain *domain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastPaceDomain, fast_pace_domain_free)

FastSecret *fast_pace_domain_draw (FastPaceDomain *domain, const FastRandomSource *source,
                                   GError **error);
GBytes *fast_pace_domain_public (FastPaceDomain *domain, FastSecret *own, GError **error);
gboolean fast_pace_domain_map (FastPaceDomain *domain, FastSecret *nonce, FastSecret *own,
                               GBytes *other, GError **error);
FastSecret *fast_pace_domain_agree (FastPaceDomain *domain, FastSecret *own, GBytes *other,
                                    GError **error);

G_END_DECLS
