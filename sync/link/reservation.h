/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/nation.h"
#include "record/store/revision.h"

G_BEGIN_DECLS

/**
 * FastReservation:
 * @id: its row
 * @item: an item
 * @revision: its revision
 * @kind: its kind
 * @epoch: the unit's epoch
 * @batch: the batch that was open
 * @audit_size: the committed audit log's size
 * @audit_root: lowercase hex of its root
 * @done: whether the revision is sealed and this is closed
 * @lanes: the sequence in each nation's lane, by FastNation
 * @packets: (nullable): the packets, once @done
 *
 * The place of one revision in batch, lanes and audit log: taken once, kept for ever. Whoever tries
 * again after a crash uses the same one.
 */
typedef struct {
  gint64 id;
  char *item;
  gint64 revision;
  char *kind;
  gint64 epoch;
  char *batch;
  gint64 audit_size;
  char *audit_root;
  gboolean done;
  gint64 lanes[FAST_NATION_COUNT];
  char *packets[FAST_NATION_COUNT];
} FastReservation;

void fast_reservation_free (FastReservation *reservation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastReservation, fast_reservation_free)

FastReservation *fast_reservation_take (FastStore *store, const FastRevision *revision,
                                        GError **error);
gboolean fast_reservation_close (FastTransaction *transaction, const FastReservation *reservation,
                                 const char *const packets[FAST_NATION_COUNT], GError **error);
GPtrArray *fast_reservation_list_open (FastStore *store, GError **error);
GPtrArray *fast_reservation_list_batch (FastStore *store, const char *batch, GError **error);
gboolean fast_reservation_previous_head (FastStore *store, const FastReservation *reservation,
                                         FastNation nation, gint64 *size, GError **error);

G_END_DECLS
