/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sync/packet/header.h"

G_BEGIN_DECLS

gboolean fast_audit_proof_verify (GBytes *audit_json, const FastHeader *header,
                                  const FastHeader *previous, GError **error);

G_END_DECLS
