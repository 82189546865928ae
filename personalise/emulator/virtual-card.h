/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/emulator/virtual-orders.h"

G_BEGIN_DECLS

/**
 * FastVirtualCard:
 *
 * A chip on the virtual reader of pcscd, as a client of vpcd. It works from the thread-default main
 * context and takes the orders of #FastVirtualOrders. vpcd knows no other way to take a card away
 * than to close the connection: `remove` and a tear do that, `insert` connects again. When vpcd
 * itself closes it, the listener is told FAST_DEVICE_ERROR_GONE.
 */
typedef struct _FastVirtualCard FastVirtualCard;

FastVirtualCard *fast_virtual_card_open (const char *address, const char *card, GError **error);
void fast_virtual_card_free (FastVirtualCard *card);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastVirtualCard, fast_virtual_card_free)

FastVirtualOrders *fast_virtual_card_orders (FastVirtualCard *card);
void fast_virtual_card_listen (FastVirtualCard *card, FastTroubleFunc listener, gpointer data);

G_END_DECLS
