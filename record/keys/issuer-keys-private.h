/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/issuer-keys.h"
#include "record/keys/token-key.h"

G_BEGIN_DECLS

/* Takes each key from the one array that has it; both arrays have a place for every key. */
FastIssuerKeys *fast_issuer_keys_adopt (guint8 version, FastSecret *secrets[],
                                        FastTokenKey *tokens[], GError **error);

G_END_DECLS
