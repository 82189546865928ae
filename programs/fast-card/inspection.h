/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/inspect.h"
#include "programs/program.h"

G_BEGIN_DECLS

FastTrust *fast_inspection_trust (FastInvocation *invocation, const char *folder, GError **error);
gboolean fast_inspection_terminal (FastInvocation *invocation, FastTerminal **terminal,
                                   GError **error);
gboolean fast_lds_is_training (FastLds *lds);
gboolean fast_inspection_is_training (const FastInspection *inspection);
void fast_inspection_say (FastInvocation *invocation, const FastInspection *inspection);
JsonArray *fast_inspection_to_json (FastInvocation *invocation, const FastInspection *inspection);

G_END_DECLS
