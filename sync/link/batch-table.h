/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/store/transaction.h"

G_BEGIN_DECLS

/**
 * FastBatchRow:
 * @batch: its id
 * @number: counted from 1
 * @opened: the day it was opened
 * @closed: (nullable): the day it was closed
 * @first_officer: (nullable): who closed it
 * @second_officer: (nullable): who closed it with them
 * @manifest: (nullable): canonical JSON, once closed
 * @item: (nullable): the batch item that carries the manifest
 *
 * A batch. One is open at any time.
 */
typedef struct {
  char *batch;
  gint64 number;
  char *opened;
  char *closed;
  char *first_officer;
  char *second_officer;
  GBytes *manifest;
  char *item;
} FastBatchRow;

void fast_batch_row_free (FastBatchRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastBatchRow, fast_batch_row_free)

char *fast_batch_table_current (FastTransaction *transaction, GError **error);
FastBatchRow *fast_batch_table_load (FastStore *store, const char *batch, GError **error);
gboolean fast_batch_table_find_open (FastStore *store, FastBatchRow **row, GError **error);
gboolean fast_batch_table_find_last_closed (FastStore *store, FastBatchRow **row, GError **error);
gboolean fast_batch_table_close (FastTransaction *transaction, const FastBatchRow *row,
                                 GError **error);
GPtrArray *fast_batch_table_list (FastStore *store, GError **error);

G_END_DECLS
