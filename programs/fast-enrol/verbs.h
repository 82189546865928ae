/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "programs/program.h"

G_BEGIN_DECLS

gboolean fast_enrol_folder (FastInvocation *invocation, GError **error);
gboolean fast_enrol_decide (FastInvocation *invocation, GError **error);
gboolean fast_enrol_seal (FastInvocation *invocation, GError **error);
gboolean fast_enrol_show (FastInvocation *invocation, GError **error);
gboolean fast_enrol_list (FastInvocation *invocation, GError **error);
gboolean fast_enrol_handover (FastInvocation *invocation, GError **error);

G_END_DECLS
