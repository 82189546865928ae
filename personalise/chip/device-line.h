/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * libnfc and libpcsclite both wait without end in some places that no option reaches, so that a
 * reader which falls silent would hang the desk. Therefore a thread of its own makes all calls of
 * one device, one at a time, and the caller waits for the answer with a deadline. When it passes,
 * the call is broken off; when even that is not heard, the thread is left behind and the line
 * counts as lost: nothing waits for it any more, and it frees what it holds should it ever return.
 */

/**
 * FastDeviceCall:
 * @kind: which of the device's calls it is
 * @command: (nullable): what it sends
 * @answer: (nullable): what came back
 * @code: the library's own result
 * @detail: a number more, as the kind of call needs it
 *
 * One call and what came of it.
 */
typedef struct {
  guint kind;
  GBytes *command;
  GBytes *answer;
  glong code;
  gulong detail;
} FastDeviceCall;

void fast_device_call_free (FastDeviceCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastDeviceCall, fast_device_call_free)

/**
 * FastDeviceLineInterface:
 * @run: makes a call and fills in its result; in the line's thread
 * @abort: breaks off the call that runs; in the caller's thread
 * @free: closes the device; in the line's thread, when nothing comes any more
 *
 * What a line needs to know of its device.
 */
typedef struct {
  void (*run) (gpointer device, FastDeviceCall *call);
  void (*abort) (gpointer device);
  void (*free) (gpointer device);
} FastDeviceLineInterface;

typedef struct _FastDeviceLine FastDeviceLine;

FastDeviceLine *fast_device_line_new (const char *reader, const FastDeviceLineInterface *interface,
                                      gpointer device);
void fast_device_line_free (FastDeviceLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastDeviceLine, fast_device_line_free)

FastDeviceCall *fast_device_line_perform (FastDeviceLine *line, guint kind, GBytes *command,
                                          guint limit_ms, GCancellable *cancellable,
                                          GError **error);
const char *fast_device_line_reader (FastDeviceLine *line);

G_END_DECLS
