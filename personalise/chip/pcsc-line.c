/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/pcsc-line.h"

#include <string.h>
#include <winscard.h>

#include "record/base/bytes.h"
#include "record/base/error.h"

#define OPEN_LIMIT_MS 5000
#define CONNECT_LIMIT_MS 8000
#define EXCHANGE_LIMIT_MS 7000
#define STATE_LIMIT_MS 2000
#define PROTOCOLS (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1)
#define ANSWER_MAX MAX_BUFFER_SIZE_EXTENDED

enum {
  CALL_OPEN,
  CALL_CONNECT,
  CALL_EXCHANGE,
  CALL_STATE,
};

typedef struct {
  char *reader;
  gboolean has_context;
  SCARDCONTEXT context;
  gboolean has_card;
  SCARDHANDLE card;
  DWORD protocol;
} PcscDevice;

/* How a result of the library reads: who must act and what is said. */
typedef struct {
  LONG code;
  gboolean is_card;
  int error;
  const char *id;
} Result;

static const Result results[] = {
    {SCARD_E_NO_SERVICE, FALSE, FAST_DEVICE_ERROR_ABSENT, "transport-no-service"},
    {SCARD_E_SERVICE_STOPPED, FALSE, FAST_DEVICE_ERROR_ABSENT, "transport-no-service"},
    {SCARD_E_NO_READERS_AVAILABLE, FALSE, FAST_DEVICE_ERROR_GONE, "transport-gone"},
    {SCARD_E_UNKNOWN_READER, FALSE, FAST_DEVICE_ERROR_GONE, "transport-gone"},
    {SCARD_E_READER_UNAVAILABLE, FALSE, FAST_DEVICE_ERROR_GONE, "transport-gone"},
    {SCARD_E_SHARING_VIOLATION, FALSE, FAST_DEVICE_ERROR_ABSENT, "transport-busy"},
    {SCARD_E_TIMEOUT, FALSE, FAST_DEVICE_ERROR_TIMEOUT, "transport-timeout"},
    {SCARD_E_PROTO_MISMATCH, TRUE, FAST_CARD_ERROR_ABSENT, "transport-card-mute"},
    {SCARD_W_UNRESPONSIVE_CARD, TRUE, FAST_CARD_ERROR_ABSENT, "transport-card-mute"},
    {SCARD_W_UNSUPPORTED_CARD, TRUE, FAST_CARD_ERROR_ABSENT, "transport-card-mute"},
    {SCARD_E_NO_SMARTCARD, TRUE, FAST_CARD_ERROR_GONE, "transport-card-gone"},
    {SCARD_W_REMOVED_CARD, TRUE, FAST_CARD_ERROR_GONE, "transport-card-gone"},
    {SCARD_W_RESET_CARD, TRUE, FAST_CARD_ERROR_GONE, "transport-card-gone"},
};

/* --- in the line's own thread --- */

static void
let_go_of_card (PcscDevice *pcsc)
{
  if (pcsc->has_card)
    SCardDisconnect (pcsc->card, SCARD_UNPOWER_CARD);
  pcsc->has_card = FALSE;
}

static void
close_device (PcscDevice *pcsc)
{
  let_go_of_card (pcsc);
  if (pcsc->has_context)
    SCardReleaseContext (pcsc->context);
  pcsc->has_context = FALSE;
}

/* The readers' names, a semicolon between them; no reader at all is an empty list. */
static LONG
list_readers (PcscDevice *pcsc, gboolean *listed, GBytes **names)
{
  DWORD size = SCARD_AUTOALLOCATE;
  char *all = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  LONG code = SCardListReaders (pcsc->context, NULL, (char *)&all, &size);

  *listed = FALSE;
  if (code != SCARD_S_SUCCESS && code != SCARD_E_NO_READERS_AVAILABLE)
    return code;
  for (const char *name = all; name != NULL && name[0] != '\0'; name += strlen (name) + 1) {
    g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", name);
    *listed = *listed || strcmp (name, pcsc->reader) == 0;
  }
  if (all != NULL)
    SCardFreeMemory (pcsc->context, all);
  *names = g_bytes_new (text->str, text->len + 1);
  return SCARD_S_SUCCESS;
}

static LONG
open_device (PcscDevice *pcsc, FastDeviceCall *call)
{
  gboolean listed;
  LONG code;

  close_device (pcsc);
  code = SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, &pcsc->context);
  if (code != SCARD_S_SUCCESS)
    return code;
  pcsc->has_context = TRUE;
  code = list_readers (pcsc, &listed, &call->answer);
  return code == SCARD_S_SUCCESS && !listed ? SCARD_E_UNKNOWN_READER : code;
}

static LONG
begin (PcscDevice *pcsc, FastDeviceCall *call)
{
  guint8 atr[MAX_ATR_SIZE];
  DWORD size = sizeof atr;
  LONG code = SCardBeginTransaction (pcsc->card);

  if (code == SCARD_S_SUCCESS)
    code = SCardStatus (pcsc->card, NULL, NULL, NULL, NULL, atr, &size);
  if (code != SCARD_S_SUCCESS)
    return code;
  call->answer = g_bytes_new (atr, size);
  call->detail = pcsc->protocol;
  return code;
}

/* Nobody else talks to the card meanwhile, and it is powered up anew: what an earlier session left
 * selected or open must not be there. */
static LONG
connect_card (PcscDevice *pcsc, FastDeviceCall *call)
{
  LONG code;

  let_go_of_card (pcsc);
  code = SCardConnect (pcsc->context, pcsc->reader, SCARD_SHARE_EXCLUSIVE, PROTOCOLS, &pcsc->card,
                       &pcsc->protocol);
  if (code != SCARD_S_SUCCESS)
    return code;
  pcsc->has_card = TRUE;
  code = SCardReconnect (pcsc->card, SCARD_SHARE_EXCLUSIVE, PROTOCOLS, SCARD_UNPOWER_CARD,
                         &pcsc->protocol);
  if (code == SCARD_S_SUCCESS)
    code = begin (pcsc, call);
  if (code != SCARD_S_SUCCESS)
    let_go_of_card (pcsc);
  return code;
}

static LONG
exchange (PcscDevice *pcsc, FastDeviceCall *call)
{
  g_autofree guint8 *answer = g_malloc (ANSWER_MAX);
  DWORD size = ANSWER_MAX;
  gsize command_size;
  const guint8 *command = g_bytes_get_data (call->command, &command_size);
  LONG code =
      SCardTransmit (pcsc->card, pcsc->protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1,
                     command, command_size, NULL, answer, &size);

  if (code == SCARD_S_SUCCESS)
    call->answer = g_bytes_new (answer, size);
  return code;
}

static LONG
look_at_state (PcscDevice *pcsc, FastDeviceCall *call)
{
  SCARD_READERSTATE state = {.szReader = pcsc->reader, .dwCurrentState = SCARD_STATE_UNAWARE};
  LONG code = SCardGetStatusChange (pcsc->context, 0, &state, 1);

  call->detail = state.dwEventState;
  return code;
}

static void
run_call (gpointer device, FastDeviceCall *call)
{
  PcscDevice *pcsc = device;

  if (call->kind == CALL_OPEN)
    call->code = open_device (pcsc, call);
  else if (!pcsc->has_context)
    call->code = SCARD_E_READER_UNAVAILABLE;
  else if (call->kind == CALL_STATE)
    call->code = look_at_state (pcsc, call);
  else if (call->kind == CALL_CONNECT)
    call->code = connect_card (pcsc, call);
  else
    call->code = pcsc->has_card ? exchange (pcsc, call) : SCARD_E_NO_SMARTCARD;
}

static void
free_device (gpointer device)
{
  PcscDevice *pcsc = device;

  close_device (pcsc);
  g_free (pcsc->reader);
  g_free (pcsc);
}

/* --- in the caller's thread --- */

static void
abort_call (gpointer device)
{
  PcscDevice *pcsc = device;

  if (pcsc->has_context)
    SCardCancel (pcsc->context);
}

/**
 * fast_pcsc_line_new:
 * @reader: the reader's name, as PC/SC lists it
 *
 * Returns: (transfer full): a line to it, not yet open
 */
FastDeviceLine *
fast_pcsc_line_new (const char *reader)
{
  static const FastDeviceLineInterface interface = {run_call, abort_call, free_device};
  PcscDevice *pcsc = g_new0 (PcscDevice, 1);

  pcsc->reader = g_strdup (reader);
  return fast_device_line_new (reader, &interface, pcsc);
}

static gboolean
fail (FastDeviceLine *line, LONG code, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    if (results[i].code == code)
      return fast_fail (error, results[i].is_card ? FAST_CARD_ERROR : FAST_DEVICE_ERROR,
                        results[i].error, results[i].id, "reader=%s",
                        fast_device_line_reader (line));
  return fast_fail (error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_PROTOCOL, "transport-pcsc",
                    "reader=%s, code=%08lX", fast_device_line_reader (line),
                    (gulong)code & 0xFFFFFFFFUL);
}

/**
 * fast_pcsc_line_open:
 * @line: a line
 * @cancellable: (nullable): ends it early
 * @error: return location for an error
 *
 * Returns: whether the service knows the reader; else FAST_DEVICE_ERROR_ABSENT or _TIMEOUT
 */
gboolean
fast_pcsc_line_open (FastDeviceLine *line, GCancellable *cancellable, GError **error)
{
  g_autoptr (FastDeviceCall) call =
      fast_device_line_perform (line, CALL_OPEN, NULL, OPEN_LIMIT_MS, cancellable, error);

  if (call == NULL || call->code == SCARD_S_SUCCESS)
    return call != NULL;
  if (call->answer == NULL)
    return fail (line, call->code, error);
  return fast_fail (error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_ABSENT, "transport-unknown-reader",
                    "reader=%s, readers=%s", fast_device_line_reader (line),
                    (const char *)g_bytes_get_data (call->answer, NULL));
}

/**
 * fast_pcsc_line_connect:
 * @line: an open line
 * @found: (out): whether a card is there; it is powered up anew and is ours alone
 * @card: (out caller-allocates): what it is
 * @cancellable: (nullable): ends it early
 * @error: return location for an error
 *
 * Returns: whether the reader could be asked
 */
gboolean
fast_pcsc_line_connect (FastDeviceLine *line, gboolean *found, FastPcscCard *card,
                        GCancellable *cancellable, GError **error)
{
  g_autoptr (FastDeviceCall) call =
      fast_device_line_perform (line, CALL_CONNECT, NULL, CONNECT_LIMIT_MS, cancellable, error);

  *found = call != NULL && call->code == SCARD_S_SUCCESS;
  if (call == NULL)
    return FALSE;
  if (call->code == SCARD_E_NO_SMARTCARD || call->code == SCARD_W_REMOVED_CARD ||
      call->code == SCARD_W_UNPOWERED_CARD)
    return TRUE;
  if (!*found)
    return fail (line, call->code, error);
  card->is_t0 = call->detail == SCARD_PROTOCOL_T0;
  card->size = g_bytes_get_size (call->answer);
  return fast_copy (card->atr, sizeof card->atr, g_bytes_get_data (call->answer, NULL),
                    card->size) ||
         fail (line, SCARD_W_UNRESPONSIVE_CARD, error);
}

/* The exchange failed, or brought nothing, which some drivers do when the card is gone: the reader
 * is asked what lies on it. */
static gboolean
explain_failure (FastDeviceLine *line, LONG code, GCancellable *cancellable, GError **error)
{
  g_autoptr (FastDeviceCall) state =
      fast_device_line_perform (line, CALL_STATE, NULL, STATE_LIMIT_MS, cancellable, error);

  if (state == NULL)
    return FALSE;
  if (state->code != SCARD_S_SUCCESS)
    return fail (line, (LONG)state->code, error);
  if ((state->detail & (SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE)) != 0)
    return fail (line, SCARD_E_READER_UNAVAILABLE, error);
  if (code == SCARD_S_SUCCESS || code == SCARD_E_NOT_TRANSACTED || code == SCARD_F_COMM_ERROR ||
      (state->detail & SCARD_STATE_PRESENT) == 0)
    return fail (line, SCARD_W_REMOVED_CARD, error);
  return fail (line, code, error);
}

/**
 * fast_pcsc_line_exchange:
 * @line: an open line with a card
 * @command: a C-APDU, or for T=0 a command as that protocol carries it
 * @cancellable: (nullable): ends it early
 * @error: return location for an error
 *
 * Returns: (transfer full): the R-APDU
 */
GBytes *
fast_pcsc_line_exchange (FastDeviceLine *line, GBytes *command, GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (FastDeviceCall) call = fast_device_line_perform (
      line, CALL_EXCHANGE, command, EXCHANGE_LIMIT_MS, cancellable, error);

  if (call == NULL)
    return NULL;
  if (call->answer == NULL || g_bytes_get_size (call->answer) == 0) {
    explain_failure (line, (LONG)call->code, cancellable, error);
    return NULL;
  }
  return g_steal_pointer (&call->answer);
}
