/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/emulator/virtual-orders.h"

G_BEGIN_DECLS

/**
 * FastVirtualReader:
 *
 * A PN532 on a pseudo-terminal with one chip in its field. It works from the thread-default main
 * context and takes the orders of #FastVirtualOrders; `mute` and `delay` are the reader's own.
 */
typedef struct _FastVirtualReader FastVirtualReader;

FastVirtualReader *fast_virtual_reader_open (const char *link, const char *card, GError **error);
void fast_virtual_reader_free (FastVirtualReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastVirtualReader, fast_virtual_reader_free)

FastVirtualOrders *fast_virtual_reader_orders (FastVirtualReader *reader);
const char *fast_virtual_reader_path (FastVirtualReader *reader);

G_END_DECLS
