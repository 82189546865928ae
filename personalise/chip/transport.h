/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "personalise/apdu/apdu.h"

G_BEGIN_DECLS

#define FAST_CONNECT_TIMEOUT_MS 3000

/**
 * FastTransport:
 *
 * The way to one chip: through libnfc, through PC/SC, or straight to a virtual chip in the same
 * process. Every call ends within seconds, with a state that has a name: no service or no reader
 * (FAST_DEVICE_ERROR_ABSENT), reader lost (GONE) or silent (TIMEOUT), no card
 * (FAST_CARD_ERROR_ABSENT), card taken away (GONE). Calls block and belong in a worker thread; not
 * shared between threads.
 */
typedef struct _FastTransport FastTransport;

/**
 * FastTransportLimits:
 * @command: the largest C-APDU, in bytes
 * @response: the largest R-APDU, in bytes
 *
 * What one side can carry.
 */
typedef struct {
  gsize command;
  gsize response;
} FastTransportLimits;

/**
 * FastTransportTally:
 * @commands: how many C-APDUs were answered
 * @sent: their bytes
 * @received: the bytes of the answers, status words included
 *
 * What went through a transport, for benchmarks and the air-time model.
 */
typedef struct {
  guint commands;
  guint64 sent;
  guint64 received;
} FastTransportTally;

/**
 * FastTransportInterface:
 * @connect: opens the reader if need be and powers up the chip in its field anew
 * @transmit: sends one C-APDU of a checked size, gives the R-APDU
 * @free: lets go of everything
 * @limits: (nullable): after @connect, what the reader carries and what its card announced by
 *   itself (in the historical bytes of its answer to reset); without it both are short APDUs
 *
 * What a kind of reader must do.
 */
typedef struct {
  gboolean (*connect) (gpointer self, guint timeout_ms, GCancellable *cancellable, GError **error);
  GBytes *(*transmit) (gpointer self, GBytes *command, GCancellable *cancellable, GError **error);
  void (*free) (gpointer self);
  void (*limits) (gpointer self, FastTransportLimits *reader, FastTransportLimits *card);
} FastTransportInterface;

FastTransport *fast_transport_new (const FastTransportInterface *interface, gpointer self);
void fast_transport_quieten (void);
FastTransport *fast_transport_open (const char *reader, GError **error);
void fast_transport_free (FastTransport *transport);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastTransport, fast_transport_free)

gboolean fast_transport_connect (FastTransport *transport, guint timeout_ms,
                                 GCancellable *cancellable, GError **error);
GBytes *fast_transport_transmit (FastTransport *transport, GBytes *command,
                                 GCancellable *cancellable, GError **error);

gsize fast_transport_command_limit (FastTransport *transport);
gsize fast_transport_response_limit (FastTransport *transport);
void fast_transport_announce (FastTransport *transport, FastTransportLimits card);
const FastTransportTally *fast_transport_tally (FastTransport *transport);
void fast_transport_clear_tally (FastTransport *transport);

G_END_DECLS
