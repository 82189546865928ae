/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/transport.h"

#include <string.h>

#include "personalise/chip/nfc-transport.h"
#include "personalise/chip/pcsc-transport.h"
#include "record/base/error.h"
#include "record/base/failpoint.h"

struct _FastTransport {
  const FastTransportInterface *interface;
  gpointer self;
  FastTransportLimits reader;
  FastTransportLimits card;
  FastTransportTally tally;
};

/* A kind of reader: what its name begins with. */
typedef struct {
  const char *prefix;
  FastTransport *(*open) (const char *name, GError **error);
} Kind;

static const Kind kinds[] = {
    {"nfc:", fast_nfc_transport_new},
    {"pcsc:", fast_pcsc_transport_new},
};

static const FastTransportLimits short_limits = {FAST_COMMAND_SIZE_MAX, FAST_RESPONSE_SIZE_MAX};

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
  transport->reader = short_limits;
  transport->card = short_limits;
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
 * @reader: a reader string: `nfc:CONNSTRING`, as in `nfc:pn532_uart:/dev/ttyUSB0:115200`, or
 *   `pcsc:READER NAME`, as in `pcsc:ACS ACR1252 Dual Reader 00 00`
 * @error: return location for an error
 *
 * The reader itself is opened by the first fast_transport_connect().
 *
 * Returns: (transfer full): a transport, or %NULL with FAST_INPUT_ERROR_UNSUPPORTED
 */
FastTransport *
fast_transport_open (const char *reader, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    const char *name = reader + strlen (kinds[i].prefix);
    if (g_str_has_prefix (reader, kinds[i].prefix) && name[0] != '\0')
      return kinds[i].open (name, error);
  }
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
  transport->reader = short_limits;
  transport->card = short_limits;
  if (!transport->interface->connect (transport->self, timeout_ms, cancellable, error))
    return FALSE;
  if (transport->interface->limits != NULL)
    transport->interface->limits (transport->self, &transport->reader, &transport->card);
  return TRUE;
}

/**
 * fast_transport_command_limit:
 * @transport: a transport with a chip
 *
 * Returns: the largest C-APDU in bytes that both reader and card take: 261 unless both can more
 */
gsize
fast_transport_command_limit (FastTransport *transport)
{
  return MIN (transport->reader.command, transport->card.command);
}

/**
 * fast_transport_response_limit:
 * @transport: a transport with a chip
 *
 * Returns: the largest R-APDU in bytes that both reader and card give: 258 unless both can more
 */
gsize
fast_transport_response_limit (FastTransport *transport)
{
  return MIN (transport->reader.response, transport->card.response);
}

/**
 * fast_transport_announce:
 * @transport: a transport with a chip
 * @card: what the card says that it takes: the extended length information of its EF.ATR/INFO
 *   (ISO/IEC 7816-4, 12.7.1; ICAO 9303-10, 3.11.2); never less than short APDUs
 *
 * Holds until the next fast_transport_connect(). A card may say less than what its historical bytes
 * promised, and more than the reader carries.
 */
void
fast_transport_announce (FastTransport *transport, FastTransportLimits card)
{
  transport->card.command = MAX (card.command, short_limits.command);
  transport->card.response = MAX (card.response, short_limits.response);
}

/**
 * fast_transport_tally:
 * @transport: a transport
 *
 * Returns: (transfer none): what went through it since it was made or cleared
 */
const FastTransportTally *
fast_transport_tally (FastTransport *transport)
{
  return &transport->tally;
}

/**
 * fast_transport_clear_tally:
 * @transport: a transport that counts from zero again
 */
void
fast_transport_clear_tally (FastTransport *transport)
{
  transport->tally = (FastTransportTally){0};
}

static gboolean
check_size (gsize size, gsize limit, GError **error)
{
  return size <= limit ||
         fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_LIMIT, "apdu-limit",
                    "size=%" G_GSIZE_FORMAT ", limit=%" G_GSIZE_FORMAT, size, limit);
}

/* There must be a status word; @size was checked, so a short answer is judged like any other. */
static gboolean
check_answer (FastTransport *transport, GBytes *answer, GError **error)
{
  const gsize size = g_bytes_get_size (answer);
  FastResponse response;

  if (!check_size (size, fast_transport_response_limit (transport), error))
    return FALSE;
  return size > FAST_RESPONSE_SIZE_MAX || fast_response_parse (&response, answer, error);
}

/**
 * fast_transport_transmit:
 * @transport: a transport with a chip
 * @command: a C-APDU
 * @cancellable: (nullable): ends it early
 * @error: return location for an error
 *
 * Sizes are checked before any driver sees them (fast_transport_command_limit()): libnfc overruns
 * its buffer at 263 bytes and aborts the process.
 *
 * Returns: (transfer full): the R-APDU
 */
GBytes *
fast_transport_transmit (FastTransport *transport, GBytes *command, GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (GBytes) answer = NULL;

  if (!check_size (g_bytes_get_size (command), fast_transport_command_limit (transport), error) ||
      !fast_point_pass (FAST_POINT ("apdu"), error))
    return NULL;
  answer = transport->interface->transmit (transport->self, command, cancellable, error);
  if (answer == NULL || !fast_point_pass (FAST_POINT ("apdu-answer"), error))
    return NULL;
  transport->tally.commands++;
  transport->tally.sent += g_bytes_get_size (command);
  transport->tally.received += g_bytes_get_size (answer);
  return check_answer (transport, answer, error) ? g_steal_pointer (&answer) : NULL;
}
