/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/device-line.h"

#include "record/base/error.h"

#define ABORT_LIMIT_MS 1000
#define SLICE_MS 50
#define KIND_QUIT G_MAXUINT

struct _FastDeviceLine {
  gatomicrefcount references;
  char *reader;
  const FastDeviceLineInterface *interface;
  gpointer device;
  GAsyncQueue *calls;
  GAsyncQueue *results;
  gboolean lost;
};

static void
free_call (gpointer data)
{
  fast_device_call_free (data);
}

/**
 * fast_device_call_free:
 * @call: (transfer full): with what it sent and what came back
 */
void
fast_device_call_free (FastDeviceCall *call)
{
  g_clear_pointer (&call->command, g_bytes_unref);
  g_clear_pointer (&call->answer, g_bytes_unref);
  g_free (call);
}

static void
line_unref (FastDeviceLine *line)
{
  if (!g_atomic_ref_count_dec (&line->references))
    return;
  g_async_queue_unref (line->calls);
  g_async_queue_unref (line->results);
  g_free (line->reader);
  g_free (line);
}

static gpointer
run_line (gpointer data)
{
  FastDeviceLine *line = data;
  FastDeviceCall *call;

  while ((call = g_async_queue_pop (line->calls))->kind != KIND_QUIT) {
    line->interface->run (line->device, call);
    g_async_queue_push (line->results, call);
  }
  fast_device_call_free (call);
  line->interface->free (line->device);
  line_unref (line);
  return NULL;
}

static gint64
in_ms (guint ms)
{
  return g_get_monotonic_time () + (gint64)ms * 1000;
}

static FastDeviceCall *
wait_for (FastDeviceLine *line, gint64 deadline, GCancellable *cancellable)
{
  FastDeviceCall *call = NULL;

  while (call == NULL && g_get_monotonic_time () < deadline &&
         !g_cancellable_is_cancelled (cancellable))
    call = g_async_queue_timeout_pop (line->results, SLICE_MS * 1000);
  return call;
}

static FastDeviceCall *
abort_call (FastDeviceLine *line, GCancellable *cancellable, GError **error)
{
  FastDeviceCall *call;

  line->interface->abort (line->device);
  call = wait_for (line, in_ms (ABORT_LIMIT_MS), NULL);
  line->lost = call == NULL;
  g_clear_pointer (&call, fast_device_call_free);
  if (g_cancellable_is_cancelled (cancellable))
    return fast_fail_null (error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_TIMEOUT,
                           "transport-cancelled", NULL);
  return fast_fail_null (error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_TIMEOUT, "transport-timeout",
                         "reader=%s", line->reader);
}

/**
 * fast_device_line_perform:
 * @line: a line
 * @kind: which call
 * @command: (nullable): what it sends
 * @limit_ms: how long it may take, in milliseconds
 * @cancellable: (nullable): ends it early
 * @error: return location for an error
 *
 * Returns: (transfer full): the call with its result, or %NULL with FAST_DEVICE_ERROR_TIMEOUT
 */
FastDeviceCall *
fast_device_line_perform (FastDeviceLine *line, guint kind, GBytes *command, guint limit_ms,
                          GCancellable *cancellable, GError **error)
{
  FastDeviceCall *call;

  if (line->lost)
    return fast_fail_null (error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_TIMEOUT, "transport-timeout",
                           "reader=%s", line->reader);
  call = g_new0 (FastDeviceCall, 1);
  call->kind = kind;
  call->command = command == NULL ? NULL : g_bytes_ref (command);
  g_async_queue_push (line->calls, call);
  call = wait_for (line, in_ms (limit_ms), cancellable);
  return call != NULL ? call : abort_call (line, cancellable, error);
}

/**
 * fast_device_line_new:
 * @reader: its name for messages
 * @interface: what its device does; must outlive the line
 * @device: (transfer full): the device's own data
 *
 * Returns: (transfer full): a line with a thread of its own
 */
FastDeviceLine *
fast_device_line_new (const char *reader, const FastDeviceLineInterface *interface, gpointer device)
{
  FastDeviceLine *line = g_new0 (FastDeviceLine, 1);

  g_atomic_ref_count_init (&line->references);
  g_atomic_ref_count_inc (&line->references);
  line->reader = g_strdup (reader);
  line->interface = interface;
  line->device = device;
  line->calls = g_async_queue_new_full (free_call);
  line->results = g_async_queue_new_full (free_call);
  g_thread_unref (g_thread_new ("fast-device", run_line, line));
  return line;
}

/**
 * fast_device_line_reader:
 * @line: a line
 *
 * Returns: (transfer none): the name of its reader
 */
const char *
fast_device_line_reader (FastDeviceLine *line)
{
  return line->reader;
}

/* Closing a device can wait for it too, so the owner waits only for a while. */
static void
wait_for_end (FastDeviceLine *line)
{
  const gint64 deadline = in_ms (ABORT_LIMIT_MS);

  while (g_atomic_int_get (&line->references) > 1 && g_get_monotonic_time () < deadline)
    g_usleep (1000);
}

/**
 * fast_device_line_free:
 * @line: (transfer full): closed, unless it is lost
 */
void
fast_device_line_free (FastDeviceLine *line)
{
  FastDeviceCall *quit = g_new0 (FastDeviceCall, 1);

  quit->kind = KIND_QUIT;
  g_async_queue_push (line->calls, quit);
  if (!line->lost)
    wait_for_end (line);
  line_unref (line);
}
