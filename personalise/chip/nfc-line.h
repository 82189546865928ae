/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * libnfc waits without end in some places that no option reaches, so that a reader which falls
 * silent would hang the desk. Therefore a thread of its own makes all calls of one device, one at a
 * time, and the caller waits for the answer with a deadline. When it passes, the command is
 * aborted; when even that is not heard, the thread is left behind and the line counts as lost:
 * nothing waits for it any more, and it frees what it holds should it ever return.
 */

typedef struct _FastNfcLine FastNfcLine;

FastNfcLine *fast_nfc_line_new (const char *connstring);
void fast_nfc_line_free (FastNfcLine *line);

gboolean fast_nfc_line_open (FastNfcLine *line, GCancellable *cancellable, GError **error);
gboolean fast_nfc_line_select (FastNfcLine *line, gboolean *found, GCancellable *cancellable,
                               GError **error);
GBytes *fast_nfc_line_exchange (FastNfcLine *line, GBytes *command, GCancellable *cancellable,
                                GError **error);

G_END_DECLS
