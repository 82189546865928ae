/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FastT0Exchange:
 * @data: the caller's
 * @command: a command as T=0 carries it
 * @error: return location for an error
 *
 * Returns: (transfer full): what the card answered
 */
typedef GBytes *(*FastT0Exchange) (gpointer data, GBytes *command, GError **error);

GBytes *fast_t0_transmit (GBytes *command, FastT0Exchange exchange, gpointer data, GError **error);

G_END_DECLS
