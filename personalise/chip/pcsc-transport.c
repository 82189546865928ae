/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/pcsc-transport.h"

#include <string.h>

#include "personalise/apdu/answer-to-reset.h"
#include "personalise/chip/pcsc-line.h"
#include "personalise/chip/t0.h"
#include "record/base/error.h"

#define RETRY_US 100000
#define NAME_LIMIT 127

typedef struct {
  FastDeviceLine *line;
  gboolean is_open;
  FastPcscCard card;
  GCancellable *cancellable;
} PcscTransport;

static gboolean
connect_reader (gpointer self, guint timeout_ms, GCancellable *cancellable, GError **error)
{
  PcscTransport *transport = self;
  const gint64 deadline = g_get_monotonic_time () + (gint64)timeout_ms * 1000;
  gboolean found = FALSE;

  if (!transport->is_open && !fast_pcsc_line_open (transport->line, cancellable, error))
    return FALSE;
  transport->is_open = TRUE;
  while (!found) {
    transport->is_open =
        fast_pcsc_line_connect (transport->line, &found, &transport->card, cancellable, error);
    if (!transport->is_open)
      return FALSE;
    if (!found && g_get_monotonic_time () >= deadline)
      return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ABSENT, "transport-no-card", NULL);
    if (!found)
      g_usleep (RETRY_US);
  }
  return TRUE;
}

static GBytes *
exchange (gpointer data, GBytes *command, GError **error)
{
  PcscTransport *transport = data;

  return fast_pcsc_line_exchange (transport->line, command, transport->cancellable, error);
}

static GBytes *
transmit_reader (gpointer self, GBytes *command, GCancellable *cancellable, GError **error)
{
  PcscTransport *transport = self;

  transport->cancellable = cancellable;
  return transport->card.is_t0 ? fast_t0_transmit (command, exchange, transport, error)
                               : exchange (transport, command, error);
}

/* T=0 would need ENVELOPE for longer commands, which no eMRTD asks for. */
static void
tell_limits (gpointer self, FastTransportLimits *reader, FastTransportLimits *card)
{
  const PcscTransport *transport = self;
  const FastTransportLimits extended = {FAST_EXTENDED_COMMAND_SIZE_MAX,
                                        FAST_EXTENDED_RESPONSE_SIZE_MAX};
  const guint capabilities =
      fast_answer_to_reset_capabilities (transport->card.atr, transport->card.size);

  if (!transport->card.is_t0)
    *reader = extended;
  if ((capabilities & FAST_CARD_CAPABILITY_EXTENDED) != 0)
    *card = extended;
}

static void
free_reader (gpointer self)
{
  PcscTransport *transport = self;

  fast_device_line_free (transport->line);
  g_free (transport);
}

/**
 * fast_pcsc_transport_new:
 * @reader: the reader's name, as PC/SC lists it, as in `ACS ACR1252 Dual Reader 00 00`
 * @error: return location for an error
 *
 * The card is held exclusively and in one transaction from fast_transport_connect() until the
 * transport goes: nobody else can speak to it in between.
 *
 * Returns: (transfer full): a transport over the PC/SC service
 */
FastTransport *
fast_pcsc_transport_new (const char *reader, GError **error)
{
  static const FastTransportInterface interface = {.connect = connect_reader,
                                                   .transmit = transmit_reader,
                                                   .free = free_reader,
                                                   .limits = tell_limits};
  PcscTransport *transport;

  if (strlen (reader) > NAME_LIMIT)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "transport-reader",
                           "reader=%s", reader);
  transport = g_new0 (PcscTransport, 1);
  transport->line = fast_pcsc_line_new (reader);
  return fast_transport_new (&interface, transport);
}
