/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/emulator/radio-field.h"

G_BEGIN_DECLS

/**
 * FastVirtualOrders:
 *
 * What is ordered of a virtual device and its field while it runs, one line an order; the same for
 * the reader on a terminal and the card behind vpcd:
 *
 * |[
 * remove                take the chip away        insert             put it (back)
 * card FILE             another chip in its place  count              commands so far
 * tear N [unanswered]   after N more answers the chip is gone: before it hears the next command, or
 *                       after it acted on it
 * mute, speak           the device says nothing    delay MS           it waits before every answer
 * garbage [N] [frame]   the next N answers of the chip are random bytes, or N frames of the device
 * record [FILE]         exchanges are written to FILE; without FILE that ends
 * replay [FILE]         answers come from FILE; without FILE the chip answers again
 * seed N                what the chip draws at random follows from N
 * air-time [KBIT [MS]]  what the exchanges so far would take in a real field at KBIT kbit/s with MS
 *                       milliseconds of work on each command
 * ]|
 */
typedef struct _FastVirtualOrders FastVirtualOrders;

/**
 * FastVirtualFollowFunc:
 * @device: the device's own data
 * @error: return location for an error
 *
 * Lets a device follow what an order did to its field.
 *
 * Returns: whether it could
 */
typedef gboolean (*FastVirtualFollowFunc) (gpointer device, GError **error);

FastVirtualOrders *fast_virtual_orders_new (FastRadioField *field, FastVirtualFollowFunc follow,
                                            gpointer device);
void fast_virtual_orders_free (FastVirtualOrders *orders);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastVirtualOrders, fast_virtual_orders_free)

gboolean fast_virtual_orders_obey (FastVirtualOrders *orders, const char *line, char **answer,
                                   GError **error);
void fast_virtual_orders_listen (FastVirtualOrders *orders, FastTroubleFunc listener,
                                 gpointer data);
char *fast_virtual_orders_dup_serial (FastVirtualOrders *orders);

gboolean fast_virtual_orders_is_mute (const FastVirtualOrders *orders);
void fast_virtual_orders_wait (const FastVirtualOrders *orders);
gboolean fast_virtual_orders_take_garbage (FastVirtualOrders *orders);

G_END_DECLS
