/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/trust.h"

G_BEGIN_DECLS

/*
 * A folder of what an inspection system believes (ICAO 9303-12, 8): CSCA certificates, link
 * certificates, master lists, revocation lists, and document signers that documents leave out.
 *
 * The operator vouches for the self-signed CSCA certificates in it by putting them there. All the
 * rest is believed only through them: a link certificate when a believed key signed it (then the
 * new key is believed as if it had been there), a master list when its signer stands under a
 * believed CSCA, a revocation list when its issuer signed it. What cannot be read or does not
 * verify is an error that names the file, and not something to go on without: a border that quietly
 * lost its revocation list would still look like one that has it.
 */

FastTrust *fast_csca_store_load (const char *folder, FastTrustFlags flags, gint64 at,
                                 GError **error);

G_END_DECLS
