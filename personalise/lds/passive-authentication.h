/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/lds/security-object.h"

G_BEGIN_DECLS

/* The checks, in the order in which they are made; each is the message id of its name too. */
#define FAST_CHECK_COM "check-com"
#define FAST_CHECK_SOD "check-sod"
#define FAST_CHECK_SIGNATURE "check-sod-signature"
#define FAST_CHECK_CHAIN "check-sod-chain"
#define FAST_CHECK_REVOCATION "check-signer-revocation"
#define FAST_CHECK_SIGNER "check-signer-profile"
#define FAST_CHECK_STATE "check-signer-state"
#define FAST_CHECK_TYPE "check-signer-type"
#define FAST_CHECK_PERIOD "check-signer-period"
#define FAST_CHECK_DIGEST "check-digest"
#define FAST_CHECK_HASH "check-group-hash"
#define FAST_CHECK_LISTS "check-com-sod"
#define FAST_CHECK_CARD_ACCESS "check-card-access"

void fast_passive_authentication (FastLds *lds, FastTrust *trust, gint64 at, GPtrArray *verdicts);

G_END_DECLS
