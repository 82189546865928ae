/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/store/transaction.h"

G_BEGIN_DECLS

/*
 * One row for each packet; each packet is for one nation and has one place in that nation's lane.
 * A lane sends revocations and decisions first, then the oldest, and never a packet that another
 * one supersedes.
 */

/**
 * FastOutboxState:
 * @FAST_OUTBOX_SEALED: the file lies in the packets' folder
 * @FAST_OUTBOX_CREATED: the nation has made a place for it
 * @FAST_OUTBOX_UPLOADING: the nation has its first `offset` bytes
 * @FAST_OUTBOX_STORED: the *stored* receipt verified
 * @FAST_OUTBOX_OPENED: the *opened* receipt verified
 * @FAST_OUTBOX_REFUSED: the nation refused it for `reason`; it wants a re-seal
 */
typedef enum {
  FAST_OUTBOX_SEALED,
  FAST_OUTBOX_CREATED,
  FAST_OUTBOX_UPLOADING,
  FAST_OUTBOX_STORED,
  FAST_OUTBOX_OPENED,
  FAST_OUTBOX_REFUSED,
} FastOutboxState;

/**
 * FastOutboxRow:
 * @packet: lowercase hex SHA-256 of the file
 * @nation: `CA` or `US`
 * @lane: sequence in that nation's lane
 * @item: item id
 * @revision: its revision
 * @kind: its kind
 * @size: bytes of the file
 * @supersedes: (nullable): the packet that this one takes the place of
 * @superseded: whether another one takes this one's place
 * @state: where it stands
 * @offset: how many bytes the nation has
 * @reason: (nullable): why it was refused
 * @sealed: when; seconds since 1970, uncorrected, as are the following
 * @created: when the nation made a place for it, else 0
 * @moved: when anything last changed
 * @stored: when the *stored* receipt came, else 0
 * @opened: when the *opened* receipt came, else 0
 * @refused: when it was refused, else 0
 */
typedef struct {
  char *packet;
  char *nation;
  gint64 lane;
  char *item;
  gint64 revision;
  char *kind;
  gint64 size;
  char *supersedes;
  gboolean superseded;
  FastOutboxState state;
  gint64 offset;
  char *reason;
  gint64 sealed;
  gint64 created;
  gint64 moved;
  gint64 stored;
  gint64 opened;
  gint64 refused;
} FastOutboxRow;

FastOutboxRow *fast_outbox_row_new (void);
void fast_outbox_row_free (FastOutboxRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastOutboxRow, fast_outbox_row_free)

const char *fast_outbox_state_name (FastOutboxState state);

gboolean fast_outbox_add (FastTransaction *transaction, const FastOutboxRow *row, GError **error);
gboolean fast_outbox_move (FastTransaction *transaction, const char *packet, FastOutboxState state,
                           gint64 offset, const char *reason, GError **error);

FastOutboxRow *fast_outbox_load (FastStore *store, const char *packet, GError **error);
FastOutboxRow *fast_outbox_newest (FastStore *store, const char *item, gint64 revision,
                                   const char *nation, GError **error);
GPtrArray *fast_outbox_to_send (FastStore *store, const char *nation, gint64 limit, GError **error);
GPtrArray *fast_outbox_list (FastStore *store, const char *nation, FastOutboxState state,
                             GError **error);
GPtrArray *fast_outbox_list_all (FastStore *store, const char *nation, GError **error);
gboolean fast_outbox_count (FastStore *store, const char *nation, FastOutboxState state,
                            gint64 *count, GError **error);

G_END_DECLS
