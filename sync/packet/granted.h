/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/trust.h"
#include "record/model/decision.h"
#include "sync/packet/header.h"

G_BEGIN_DECLS

/* The file of a decision's packet that holds the `parts.json` it was made on, byte for byte. */
#define FAST_GRANTED_PARTS "granted-parts.json"

gboolean fast_granted_verify (const FastHeader *header, GHashTable *parts, FastTrust *officers,
                              gint64 at, char **officer, GError **error);

G_END_DECLS
