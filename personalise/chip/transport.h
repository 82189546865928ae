/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "personalise/apdu/apdu.h"

G_BEGIN_DECLS

#define FAST_CONNECT_TIMEOUT_MS 3000

/**
 * FastTransport:
 *
 * The way to one chip: through libnfc, or straight to a virtual chip in the same process. Every
 * call ends within seconds, with a state that has a name: no reader (FAST_DEVICE_ERROR_ABSENT),
 * reader lost (GONE) or silent (TIMEOUT), no card (FAST_CARD_ERROR_ABSENT), card taken away (GONE).
 * Calls block and belong in a worker thread; not shared between threads.
 */
typedef struct _FastTransport FastTransport;

/**
 * FastTransportInterface:
 * @connect: opens the reader if need be and powers up the chip in its field anew
 * @transmit: sends one C-APDU of a checked size, gives the R-APDU
 * @free: lets go of everything
 *
 * What a kind of reader must do.
 */
typedef struct {
  gboolean (*connect) (gpointer self, guint timeout_ms, GCancellable *cancellable, GError **error);
  GBytes *(*transmit) (gpointer self, GBytes *command, GCancellable *cancellable, GError **error);
  void (*free) (gpointer self);
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

G_END_DECLS
