/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "sync/intake/intake.h"

G_BEGIN_DECLS

/*
 * The intake's HTTPS server: tus 1.0.0 under /v1/packets over mutual TLS, and what a unit may ask.
 *
 * A client certificate that does not verify is not cut off in the handshake, where a client only
 * sees a reset: it is answered 403 with the reason, and nothing else, on every path.
 *
 *   OPTIONS /v1/packets              what this server can do
 *   POST    /v1/packets              begins an upload, or says where a known one stands
 *   HEAD    /v1/packets/ID           its offset
 *   PATCH   /v1/packets/ID           the next bytes; with the last the packet is judged
 *   GET     /v1/packets/ID/receipts/stored|opened|batch|refusal
 *   GET     /v1/receipts?after=N     {"cursor":N,"more":B,"receipts":[{"cursor","kind","packet"}]}
 *   GET     /v1/batches/ID           this nation's view of a batch (batch-view.h)
 *   GET     /healthz, /metrics       for monitoring; /metrics without certificate only on loopback
 *
 * Errors have a JSON body {"id","en","fr"}. Statuses: 400 malformed, 401 no certificate, 403 not
 * this unit's, 404, 405, 409 wrong offset, 412 other tus version, 413 too large, 415, 422 packet
 * refused, 460 checksum, 503 come back later, 500 and 507 this side failed.
 */

typedef struct _FastIntakeServer FastIntakeServer;

/**
 * FastServerLimits:
 * @idle_s: how long a connection may stand still
 * @request_s: how long one request may take
 * @connections: how many at once
 *
 * Against slow or greedy clients.
 */
typedef struct {
  guint idle_s;
  guint request_s;
  guint connections;
} FastServerLimits;

FastIntakeServer *fast_intake_server_new (FastIntake *intake, FastConfig *config, GError **error);
gboolean fast_intake_server_listen (FastIntakeServer *server, const char *address, char **url,
                                    GError **error);
void fast_intake_server_free (FastIntakeServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastIntakeServer, fast_intake_server_free)

G_END_DECLS
