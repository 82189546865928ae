/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/failpoint.h"
#include "record/store/store.h"

G_BEGIN_DECLS

/**
 * FastTransaction:
 *
 * A guard: begun with `BEGIN IMMEDIATE`, rolled back when it leaves its scope uncommitted. A
 * function that takes one writes inside it and leaves the commit to its caller. None stays open
 * across network, device or CMS work.
 */
typedef struct _FastTransaction FastTransaction;

FastTransaction *fast_transaction_begin (FastStore *store, GError **error);
gboolean fast_transaction_commit (FastTransaction *transaction, FastPoint *point, GError **error);
void fast_transaction_free (FastTransaction *transaction);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastTransaction, fast_transaction_free)

FastStore *fast_transaction_store (FastTransaction *transaction);

G_END_DECLS
