/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/store/transaction.h"

G_BEGIN_DECLS

/*
 * The unit's monotonic counters. A number is allotted inside a transaction: it is used by what that
 * transaction commits, or by nothing.
 */

#define FAST_SEQUENCE_ITEM "item"
#define FAST_SEQUENCE_EVENT "event"
#define FAST_SEQUENCE_RECORD "record"

gboolean fast_sequence_next (FastTransaction *transaction, const char *name, gint64 *value,
                             GError **error);
gboolean fast_sequence_last (FastStore *store, const char *name, gint64 *value, GError **error);
char *fast_sequence_item_id (FastTransaction *transaction, GError **error);

G_END_DECLS
