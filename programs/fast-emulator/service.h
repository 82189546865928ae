/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/emulator/virtual-orders.h"
#include "programs/program.h"

G_BEGIN_DECLS

/**
 * FastService:
 *
 * What the virtual reader and the virtual card do alike: orders come as lines on standard input,
 * each is answered by a line on standard output, `ok` or `error: …`, and SIGTERM ends it.
 */
typedef struct _FastService FastService;

FastService *fast_service_new (FastInvocation *invocation, FastVirtualOrders *orders);
void fast_service_free (FastService *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastService, fast_service_free)

gboolean fast_service_seed (FastService *service, const char *seed, GError **error);
void fast_service_hear_trouble (const GError *error, gpointer service);
gboolean fast_service_run (FastService *service, GError **error);

G_END_DECLS
