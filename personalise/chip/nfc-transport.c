/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/nfc-transport.h"

#include <stdlib.h>
#include <string.h>

#include "personalise/chip/nfc-line.h"
#include "record/base/error.h"

#define CONNSTRING_LIMIT 1000
#define RETRY_US 100000

typedef struct {
  FastDeviceLine *line;
  gboolean is_open;
} NfcTransport;

static gboolean
connect_line (gpointer self, guint timeout_ms, GCancellable *cancellable, GError **error)
{
  NfcTransport *transport = self;
  const gint64 deadline = g_get_monotonic_time () + (gint64)timeout_ms * 1000;
  gboolean found = FALSE;

  if (!transport->is_open && !fast_nfc_line_open (transport->line, cancellable, error))
    return FALSE;
  transport->is_open = TRUE;
  while (!found) {
    transport->is_open = fast_nfc_line_select (transport->line, &found, cancellable, error);
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
transmit_line (gpointer self, GBytes *command, GCancellable *cancellable, GError **error)
{
  NfcTransport *transport = self;

  return fast_nfc_line_exchange (transport->line, command, cancellable, error);
}

static void
free_line (gpointer self)
{
  NfcTransport *transport = self;

  fast_device_line_free (transport->line);
  g_free (transport);
}

static const FastTransportInterface interface = {
    .connect = connect_line, .transmit = transmit_line, .free = free_line};

/* A link to a terminal is followed here: libnfc cuts long paths off. */
static char *
resolve (const char *connstring)
{
  g_auto (GStrv) fields = g_strsplit (connstring, ":", 3);
  char *real;

  if (g_strv_length (fields) < 2)
    return g_strdup (connstring);
  real = realpath (fields[1], NULL);
  if (real != NULL) {
    g_free (fields[1]);
    fields[1] = g_strdup (real);
    free (real);
  }
  return g_strjoinv (":", fields);
}

/**
 * fast_nfc_transport_new:
 * @connstring: libnfc's name of a device, as in `pn532_uart:/dev/ttyUSB0:115200`
 * @error: return location for an error
 *
 * Returns: (transfer full): a transport over libnfc
 */
FastTransport *
fast_nfc_transport_new (const char *connstring, GError **error)
{
  g_autofree char *resolved = resolve (connstring);
  NfcTransport *transport;

  if (strlen (resolved) > CONNSTRING_LIMIT)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "transport-reader",
                           "reader=%s", connstring);
  transport = g_new0 (NfcTransport, 1);
  transport->line = fast_nfc_line_new (resolved);
  return fast_transport_new (&interface, transport);
}
