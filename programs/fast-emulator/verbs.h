/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "programs/program.h"

G_BEGIN_DECLS

gboolean fast_verb_card (FastInvocation *invocation, GError **error);
gboolean fast_verb_reader (FastInvocation *invocation, GError **error);

G_END_DECLS
