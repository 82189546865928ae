/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/store/outbox.h"
#include "sync/link/lane.h"
#include "sync/link/peer.h"
#include "sync/packet/receipt.h"

G_BEGIN_DECLS

/* What the files of a lane share; for nobody else. */

struct _FastLane {
  char *nation;
  FastStore *store;
  FastPacketFolder *folder;
  char *receipts;
  FastPeer *peer;
  X509 *receipt;
  X509 *opened;
  FastTrust *trust;
  gboolean training;
  FastLaneProgress progress;
  gpointer data;
};

gboolean fast_lane_send_one (FastLane *lane, const FastOutboxRow *row, GCancellable *cancellable,
                             GError **error);
gboolean fast_lane_fetch_receipt (FastLane *lane, const char *packet, const char *kind,
                                  GCancellable *cancellable, GError **error);
gboolean fast_lane_fetch_news (FastLane *lane, GCancellable *cancellable, GError **error);
gboolean fast_lane_refuse (FastLane *lane, const char *packet, const char *reason, GError **error);
gboolean fast_lane_note_trouble (FastLane *lane, const GError *trouble, GError **error);

G_END_DECLS
