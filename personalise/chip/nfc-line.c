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
#define ABORT_LIMIT_MS 1000
#define SLICE_MS 50

typedef enum {
  CALL_OPEN,
  CALL_SELECT,
  CALL_EXCHANGE,
  CALL_QUIT,
} CallKind;

/* One call and what came of it. @code is libnfc's: negative for an error. */
typedef struct {
  CallKind kind;
  GBytes *command;
  GBytes *answer;
  int code;
} Call;

struct _FastNfcLine {
  gatomicrefcount references;
  char *connstring;
  GAsyncQueue *calls;
  GAsyncQueue *results;
  nfc_context *context;
  nfc_device *device;
  gboolean lost;
};

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_pointer (&call->command, g_bytes_unref);
  g_clear_pointer (&call->answer, g_bytes_unref);
  g_free (call);
}

static void
line_unref (FastNfcLine *line)
{
  if (!g_atomic_ref_count_dec (&line->references))
    return;
  g_async_queue_unref (line->calls);
  g_async_queue_unref (line->results);
  g_free (line->connstring);
  g_free (line);
}

/* --- in the line's own thread --- */

static void
close_device (FastNfcLine *line)
{
  if (line->device != NULL)
    nfc_close (line->device);
  if (line->context != NULL)
    nfc_exit (line->context);
  line->device = NULL;
  line->context = NULL;
}

/* Selecting must come back when there is no card, instead of waiting for one. */
static int
open_device (FastNfcLine *line)
{
  close_device (line);
  nfc_init (&line->context);
  if (line->context == NULL)
    return NFC_ESOFT;
  line->device = nfc_open (line->context, line->connstring);
  if (line->device == NULL || nfc_initiator_init (line->device) < 0 ||
      nfc_device_set_property_bool (line->device, NP_INFINITE_SELECT, FALSE) < 0) {
    close_device (line);
    return NFC_ENOTSUCHDEV;
  }
  return NFC_SUCCESS;
}

/* libnfc gives 0, which also means "no card", for a call that its driver lacks. */
static int
select_card (FastNfcLine *line)
{
  const nfc_modulation modulation = {.nmt = NMT_ISO14443A, .nbr = NBR_106};
  nfc_target target;
  int code = nfc_initiator_select_passive_target (line->device, modulation, NULL, 0, &target);

  if (code == 0 && nfc_device_get_last_error (line->device) == NFC_EDEVNOTSUPP)
    return NFC_EDEVNOTSUPP;
  return code;
}

static int
exchange (FastNfcLine *line, Call *call)
{
  guint8 answer[ANSWER_MAX + 1];
  gsize size;
  const guint8 *command = g_bytes_get_data (call->command, &size);
  int code = nfc_initiator_transceive_bytes (line->device, command, size, answer, sizeof answer,
                                             EXCHANGE_TIMEOUT_MS);

  if (code >= 0)
    call->answer = g_bytes_new (answer, (gsize)MIN (code, ANSWER_MAX));
  return code;
}

static void
run_call (FastNfcLine *line, Call *call)
{
  if (call->kind == CALL_OPEN)
    call->code = open_device (line);
  else if (line->device == NULL)
    call->code = NFC_ENOTSUCHDEV;
  else if (call->kind == CALL_SELECT)
    call->code = select_card (line);
  else
    call->code = exchange (line, call);
}

static gpointer
run_line (gpointer data)
{
  FastNfcLine *line = data;
  Call *call;

  while ((call = g_async_queue_pop (line->calls))->kind != CALL_QUIT) {
    run_call (line, call);
    g_async_queue_push (line->results, call);
  }
  call_free (call);
  close_device (line);
  line_unref (line);
  return NULL;
}

/* --- in the caller's thread --- */

static Call *
wait_for (FastNfcLine *line, gint64 deadline, GCancellable *cancellable)
{
  Call *call = NULL;

  while (call == NULL && g_get_monotonic_time () < deadline &&
         !g_cancellable_is_cancelled (cancellable))
    call = g_async_queue_timeout_pop (line->results, SLICE_MS * 1000);
  return call;
}

static gint64
in_ms (guint ms)
{
  return g_get_monotonic_time () + (gint64)ms * 1000;
}

static Call *
abort_call (FastNfcLine *line, GCancellable *cancellable, GError **error)
{
  Call *call;

  if (line->device != NULL)
    nfc_abort_command (line->device);
  call = wait_for (line, in_ms (ABORT_LIMIT_MS), NULL);
  line->lost = call == NULL;
  g_clear_pointer (&call, call_free);
  if (g_cancellable_is_cancelled (cancellable))
    return fast_fail_null (error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_TIMEOUT,
                           "transport-cancelled", NULL);
  return fast_fail_null (error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_TIMEOUT, "transport-timeout",
                         "reader=%s", line->connstring);
}

static Call *
perform (FastNfcLine *line, CallKind kind, GBytes *command, guint limit_ms,
         GCancellable *cancellable, GError **error)
{
  Call *call = g_new0 (Call, 1);

  call->kind = kind;
  call->command = command == NULL ? NULL : g_bytes_ref (command);
  if (line->lost) {
    call_free (call);
    return fast_fail_null (error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_TIMEOUT, "transport-timeout",
                           "reader=%s", line->connstring);
  }
  g_async_queue_push (line->calls, call);
  call = wait_for (line, in_ms (limit_ms), cancellable);
  return call != NULL ? call : abort_call (line, cancellable, error);
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
fast_nfc_line_open (FastNfcLine *line, GCancellable *cancellable, GError **error)
{
  Call *call = perform (line, CALL_OPEN, NULL, OPEN_LIMIT_MS, cancellable, error);
  const gboolean done = call != NULL && call->code == NFC_SUCCESS;

  if (call != NULL && !done)
    fast_fail (error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_ABSENT, "transport-absent", "reader=%s",
               line->connstring);
  g_clear_pointer (&call, call_free);
  return done;
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
fast_nfc_line_select (FastNfcLine *line, gboolean *found, GCancellable *cancellable, GError **error)
{
  Call *call = perform (line, CALL_SELECT, NULL, SELECT_LIMIT_MS, cancellable, error);
  const gboolean done = call != NULL && (call->code >= 0 || call->code == NFC_ETGRELEASED);

  *found = done && call->code > 0;
  if (call != NULL && !done)
    fast_fail (error, FAST_DEVICE_ERROR,
               call->code == NFC_ETIMEOUT ? FAST_DEVICE_ERROR_TIMEOUT : FAST_DEVICE_ERROR_GONE,
               call->code == NFC_ETIMEOUT ? "transport-timeout" : "transport-gone", "reader=%s",
               line->connstring);
  g_clear_pointer (&call, call_free);
  return done;
}

/* The exchange failed: the reader is asked again, to tell a card that is gone from a reader that
 * is. */
static gboolean
explain_failure (FastNfcLine *line, GCancellable *cancellable, GError **error)
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
fast_nfc_line_exchange (FastNfcLine *line, GBytes *command, GCancellable *cancellable,
                        GError **error)
{
  Call *call = perform (line, CALL_EXCHANGE, command, EXCHANGE_LIMIT_MS, cancellable, error);
  GBytes *answer = NULL;

  if (call != NULL && call->answer != NULL)
    answer = g_bytes_ref (call->answer);
  else if (call != NULL)
    explain_failure (line, cancellable, error);
  g_clear_pointer (&call, call_free);
  return answer;
}

/**
 * fast_nfc_line_new:
 * @connstring: libnfc's name of the device
 *
 * Returns: (transfer full): a line, not yet open
 */
FastNfcLine *
fast_nfc_line_new (const char *connstring)
{
  FastNfcLine *line = g_new0 (FastNfcLine, 1);

  g_atomic_ref_count_init (&line->references);
  g_atomic_ref_count_inc (&line->references);
  line->connstring = g_strdup (connstring);
  line->calls = g_async_queue_new_full (call_free);
  line->results = g_async_queue_new_full (call_free);
  g_thread_unref (g_thread_new ("fast-nfc", run_line, line));
  return line;
}

/* Closing a device can wait for it too, so the owner waits only for a while. */
static void
wait_for_end (FastNfcLine *line)
{
  const gint64 deadline = in_ms (ABORT_LIMIT_MS);

  while (g_atomic_int_get (&line->references) > 1 && g_get_monotonic_time () < deadline)
    g_usleep (1000);
}

/**
 * fast_nfc_line_free:
 * @line: (transfer full): closed
 */
void
fast_nfc_line_free (FastNfcLine *line)
{
  Call *quit = g_new0 (Call, 1);

  quit->kind = CALL_QUIT;
  g_async_queue_push (line->calls, quit);
  if (!line->lost)
    wait_for_end (line);
  line_unref (line);
}
