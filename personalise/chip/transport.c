/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/transport.h"

#include "personalise/chip/nfc-transport.h"
#include "record/base/error.h"
#include "record/base/failpoint.h"

#define NFC_PREFIX "nfc:"

struct _FastTransport {
  const FastTransportInterface *interface;
  gpointer self;
};

/**
 * fast_transport_new:
 * @interface: what the kind of reader does; must outlive the transport
 * @self: (transfer full): its own data
 *
 * Returns: (transfer full): a transport
 */
FastTransport *
fast_transport_new (const FastTransportInterface *interface, gpointer self)
{
  FastTransport *transport = g_new0 (FastTransport, 1);

  transport->interface = interface;
  transport->self = self;
  return transport;
}

/**
 * fast_transport_quieten:
 *
 * Keeps libnfc's own messages off standard error, unless the user asked for them
 * (LIBNFC_LOG_LEVEL). Changes the environment: to be called by a program before it starts threads.
 */
void
fast_transport_quieten (void)
{
  g_setenv ("LIBNFC_LOG_LEVEL", "0", FALSE);
}

/**
 * fast_transport_open:
 * @reader: a reader string: `nfc:CONNSTRING`, as in `nfc:pn532_uart:/dev/ttyUSB0:115200`
 * @error: return location for an error
 *
 * The reader itself is opened by the first fast_transport_connect().
 *
 * Returns: (transfer full): a transport, or %NULL with FAST_INPUT_ERROR_UNSUPPORTED
 */
FastTransport *
fast_transport_open (const char *reader, GError **error)
{
  if (g_str_has_prefix (reader, NFC_PREFIX) && reader[sizeof NFC_PREFIX - 1] != '\0')
    return fast_nfc_transport_new (reader + sizeof NFC_PREFIX - 1, error);
  return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "transport-reader",
                         "reader=%s", reader);
}

/**
 * fast_transport_free:
 * @transport: (transfer full): closed
 */
void
fast_transport_free (FastTransport *transport)
{
  transport->interface->free (transport->self);
  g_free (transport);
}

/**
 * fast_transport_connect:
 * @transport: a transport
 * @timeout_ms: how long to wait for a card, in milliseconds
 * @cancellable: (nullable): ends it early
 * @error: return location for an error
 *
 * Returns: whether a chip is there, freshly powered up
 */
gboolean
fast_transport_connect (FastTransport *transport, guint timeout_ms, GCancellable *cancellable,
                        GError **error)
{
  return transport->interface->connect (transport->self, timeout_ms, cancellable, error);
}

/**
 * fast_transport_transmit:
 * @transport: a transport with a chip
 * @command: a C-APDU
 * @cancellable: (nullable): ends it early
 * @error: return location for an error
 *
 * A short C-APDU has at most 261 bytes and its answer at most 258. Sizes are checked before any
 * driver sees them: libnfc overruns its buffer at 263 and aborts the process.
 *
 * Returns: (transfer full): the R-APDU
 */
GBytes *
fast_transport_transmit (FastTransport *transport, GBytes *command, GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (GBytes) answer = NULL;
  FastResponse response;

  if (g_bytes_get_size (command) > FAST_COMMAND_SIZE_MAX)
    return fast_fail_null (error, FAST_CARD_ERROR, FAST_CARD_ERROR_LIMIT, "apdu-limit",
                           "size=%" G_GSIZE_FORMAT ", limit=%d", g_bytes_get_size (command),
                           FAST_COMMAND_SIZE_MAX);
  if (!fast_point_pass (FAST_POINT ("apdu"), error))
    return NULL;
  answer = transport->interface->transmit (transport->self, command, cancellable, error);
  if (answer == NULL || !fast_point_pass (FAST_POINT ("apdu-answer"), error))
    return NULL;
  return fast_response_parse (&response, answer, error) ? g_steal_pointer (&answer) : NULL;
}
