/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/certificate-profile.h"

G_BEGIN_DECLS

/*
 * When a key may sign is not when its certificate is valid. A document signer signs for a month,
 * and its certificate lasts as long as the last card that it signed: six years more. A stolen key
 * is then good for a month of cards at most, and a lost month can be revoked. Nothing but the
 * signer itself can keep to that: who reads a card cannot know when it was signed. So whoever signs
 * asks fast_signer_check() first, every time.
 */

gboolean fast_signer_stated_end (X509 *certificate, gint64 *to);
gboolean fast_signer_period (X509 *certificate, const FastCertificateProfile *profile, gint64 *from,
                             gint64 *to);
gboolean fast_signer_check (X509 *certificate, const FastCertificateProfile *profile, gint64 at,
                            GError **error);

G_END_DECLS
