/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/device-line.h"

G_BEGIN_DECLS

/**
 * FastPcscCard:
 * @atr: its answer to reset
 * @size: how many bytes
 * @is_t0: whether it speaks T=0 rather than T=1
 *
 * A card that was powered up.
 */
typedef struct {
  guint8 atr[33];
  gsize size;
  gboolean is_t0;
} FastPcscCard;

/* One reader of the PC/SC service behind a line of its own. */

FastDeviceLine *fast_pcsc_line_new (const char *reader);
gboolean fast_pcsc_line_open (FastDeviceLine *line, GCancellable *cancellable, GError **error);
gboolean fast_pcsc_line_connect (FastDeviceLine *line, gboolean *found, FastPcscCard *card,
                                 GCancellable *cancellable, GError **error);
GBytes *fast_pcsc_line_exchange (FastDeviceLine *line, GBytes *command, GCancellable *cancellable,
                                 GError **error);

G_END_DECLS
