/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/emulator/virtual-orders.h"

G_BEGIN_DECLS

/* What vpcd says besides commands: messages of one byte. */
enum {
  FAST_VPCD_OFF = 0,
  FAST_VPCD_ON = 1,
  FAST_VPCD_RESET = 2,
  FAST_VPCD_ATR = 4,
};

/**
 * FastVpcd:
 *
 * The card's side of vpcd, the virtual reader of pcscd: bytes in, bytes out. A message is its
 * length in two bytes, the high one first, and that many bytes. Of one byte it is a signal to the
 * card, of which only the question for its answer to reset is answered; else it is a command.
 */
typedef struct _FastVpcd FastVpcd;

FastVpcd *fast_vpcd_new (FastRadioField *field);
void fast_vpcd_free (FastVpcd *vpcd);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastVpcd, fast_vpcd_free)

gboolean fast_vpcd_feed (FastVpcd *vpcd, FastVirtualOrders *orders, gconstpointer data, gsize size,
                         GByteArray *out);
void fast_vpcd_forget (FastVpcd *vpcd);

G_END_DECLS
