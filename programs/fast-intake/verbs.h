/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "programs/program.h"
#include "sync/intake/intake.h"

G_BEGIN_DECLS

FastIntake *fast_intake_of (FastInvocation *invocation, const char *database, GError **error);

gboolean fast_intake_verb_serve (FastInvocation *invocation, GError **error);
gboolean fast_intake_verb_init (FastInvocation *invocation, GError **error);
gboolean fast_intake_verb_open (FastInvocation *invocation, GError **error);
gboolean fast_intake_verb_list (FastInvocation *invocation, GError **error);
gboolean fast_intake_verb_unit_add (FastInvocation *invocation, GError **error);

G_END_DECLS
