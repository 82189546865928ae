/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/device-line.h"

G_BEGIN_DECLS

/* One reader of libnfc behind a line of its own. */

FastDeviceLine *fast_nfc_line_new (const char *connstring);
gboolean fast_nfc_line_open (FastDeviceLine *line, GCancellable *cancellable, GError **error);
gboolean fast_nfc_line_select (FastDeviceLine *line, gboolean *found, GCancellable *cancellable,
                               GError **error);
GBytes *fast_nfc_line_exchange (FastDeviceLine *line, GBytes *command, GCancellable *cancellable,
                                GError **error);

G_END_DECLS
