/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/nfc-line.h"

#include <nfc/nfc.h>

#include "record/base/bytes.h"
#include "record/base/error.h"

#define ANSWER_MAX 263
#define OPEN_LIMIT_MS 5000
#define SELECT_LIMIT_MS 3000
#define EXCHANGE_LIMIT_MS 5000
#define EXCHANGE_TIMEOUT_MS 3000

enum {
  CALL_OPEN,
  CALL_SELECT,
  CALL_EXCHANGE,
};

typedef struct {
  char *connstring;
  nfc_context *context;
  nfc_device *device;
} NfcDevice;

/* --- in the line's own thread --- */

static void
close_device (NfcDevice *nfc)
{
  if (nfc->device != NULL)
    nfc_close (nfc->device);
  if (nfc->context != NULL)
    nfc_exit (nfc->context);
  nfc->device = NULL;
  nfc->context = NULL;
}

/* Selecting must come back when there is no card, instead of waiting for one. */
static int
open_device (NfcDevice *nfc)
{
  close_device (nfc);
  nfc_init (&nfc->context);
  if (nfc->context == NULL)
    return NFC_ESOFT;
  nfc->device = nfc_open (nfc->context, nfc->connstring);
  if (nfc->device == NULL || nfc_initiator_init (nfc->device) < 0 ||
      nfc_device_set_property_bool (nfc->device, NP_INFINITE_SELECT, FALSE) < 0) {
    close_device (nfc);
    return NFC_ENOTSUCHDEV;
  }
  return NFC_SUCCESS;
}

/* libnfc gives 0, which also means "no card", for a call that its driver lacks. */
static int
select_card (NfcDevice *nfc)
{
  const nfc_modulation modulation = {.nmt = NMT_ISO14443A, .nbr = NBR_106};
  nfc_target target;
  int code = nfc_initiator_select_passive_target (nfc->device, modulation, NULL, 0, &target);

  if (code == 0 && nfc_device_get_last_error (nfc->device) == NFC_EDEVNOTSUPP)
    return NFC_EDEVNOTSUPP;
  return code;
}

static int
exchange (NfcDevice *nfc, FastDeviceCall *call)
{
  guint8 answer[ANSWER_MAX + 1];
  gsize size;
  const guint8 *command = g_bytes_get_data (call->command, &size);
  int code = nfc_initiator_transceive_bytes (nfc->device, command, size, answer, sizeof answer,
                                             EXCHANGE_TIMEOUT_MS);

  if (code >= 0)
    call->answer = g_bytes_new (answer, (gsize)MIN (code, ANSWER_MAX));
  return code;
}

static void
run_call (gpointer device, FastDeviceCall *call)
{
  NfcDevice *nfc = device;

  if (call->kind == CALL_OPEN)
    call->code = open_device (nfc);
  else if (nfc->device == NULL)
    call->code = NFC_ENOTSUCHDEV;
  else if (call->kind == CALL_SELECT)
    call->code = select_card (nfc);
  else
    call->code = exchange (nfc, call);
}

static void
free_device (gpointer device)
{
  NfcDevice *nfc = device;

  close_device (nfc);
  g_free (nfc->connstring);
  g_free (nfc);
}

/* --- in the caller's thread --- */

static void
abort_call (gpointer device)
{
  NfcDevice *nfc = device;

  if (nfc->device != NULL)
    nfc_abort_command (nfc->device);
}

/**
 * fast_nfc_line_new:
 * @connstring: libnfc's name of a device
 *
 * Returns: (transfer full): a line to it, not yet open
 */
FastDeviceLine *
fast_nfc_line_new (const char *connstring)
{
  static const FastDeviceLineInterface interface = {run_call, abort_call, free_device};
  NfcDevice *nfc = g_new0 (NfcDevice, 1);

  nfc->connstring = g_strdup (connstring);
  return fast_device_line_new (connstring, &interface, nfc);
}

/**
 * fast_nfc_line_open:
 * @line: a line
 * @cancellable: (nullable): ends it early
 * @error: return location for an error
 *
 * Returns: whether the reader answers; else FAST_DEVICE_ERROR_ABSENT or _TIMEOUT
 */
gboolean
fast_nfc_line_open (FastDeviceLine *line, GCancellable *cancellable, GError **error)
{
  g_autoptr (FastDeviceCall) call =
      fast_device_line_perform (line, CALL_OPEN, NULL, OPEN_LIMIT_MS, cancellable, error);

  if (call == NULL || call->code == NFC_SUCCESS)
    return call != NULL;
  return fast_fail (error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_ABSENT, "transport-absent",
                    "reader=%s", fast_device_line_reader (line));
}

/**
 * fast_nfc_line_select:
 * @line: an open line
 * @found: (out): whether a type A card answers; it is powered up anew
 * @cancellable: (nullable): ends it early
 * @error: return location for an error
 *
 * Returns: whether the reader answered; else FAST_DEVICE_ERROR_GONE or _TIMEOUT
 */
gboolean
fast_nfc_line_select (FastDeviceLine *line, gboolean *found, GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (FastDeviceCall) call =
      fast_device_line_perform (line, CALL_SELECT, NULL, SELECT_LIMIT_MS, cancellable, error);
  const gboolean done = call != NULL && (call->code >= 0 || call->code == NFC_ETGRELEASED);

  *found = done && call->code > 0;
  if (call != NULL && !done)
    fast_fail (error, FAST_DEVICE_ERROR,
               call->code == NFC_ETIMEOUT ? FAST_DEVICE_ERROR_TIMEOUT : FAST_DEVICE_ERROR_GONE,
               call->code == NFC_ETIMEOUT ? "transport-timeout" : "transport-gone", "reader=%s",
               fast_device_line_reader (line));
  return done;
}

/* The exchange failed: the reader is asked again, to tell a card that is gone from a reader that
 * is. */
static gboolean
explain_failure (FastDeviceLine *line, GCancellable *cancellable, GError **error)
{
  gboolean found;

  if (!fast_nfc_line_select (line, &found, cancellable, error))
    return FALSE;
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_GONE, "transport-card-gone", NULL);
}

/**
 * fast_nfc_line_exchange:
 * @line: an open line with a card
 * @command: a C-APDU of at most 262 bytes
 * @cancellable: (nullable): ends it early
 * @error: return location for an error
 *
 * Returns: (transfer full): the R-APDU
 */
GBytes *
fast_nfc_line_exchange (FastDeviceLine *line, GBytes *command, GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (FastDeviceCall) call = fast_device_line_perform (
      line, CALL_EXCHANGE, command, EXCHANGE_LIMIT_MS, cancellable, error);

  if (call != NULL && call->answer == NULL)
    explain_failure (line, cancellable, error);
  return call == NULL ? NULL : g_steal_pointer (&call->answer);
}
