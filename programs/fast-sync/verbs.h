/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "programs/program.h"
#include "record/store/store.h"
#include "sync/link/packet-folder.h"

G_BEGIN_DECLS

FastStore *fast_sync_open_store (FastInvocation *invocation, GError **error);
FastPacketFolder *fast_sync_open_folder (FastInvocation *invocation, GError **error);

gboolean fast_sync_verb_once (FastInvocation *invocation, GError **error);
gboolean fast_sync_verb_status (FastInvocation *invocation, GError **error);
gboolean fast_sync_verb_batch_show (FastInvocation *invocation, GError **error);
gboolean fast_sync_verb_batch_verify (FastInvocation *invocation, GError **error);
gboolean fast_sync_verb_batch_close (FastInvocation *invocation, GError **error);
gboolean fast_sync_verb_reconcile (FastInvocation *invocation, GError **error);

G_END_DECLS
