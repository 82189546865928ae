/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "record/base/config.h"
#include "record/store/store.h"
#include "sync/link/packet-folder.h"

G_BEGIN_DECLS

/*
 * A lane carries one nation's packets and nothing of the other's: it has its own connection to the
 * store, its own connection to the service, its own cursor and its own trouble, so one nation's
 * failure never delays the other. Where a lane stands is in the store, never only in a process:
 *
 *   sealed → created → uploading at offset → stored → opened
 *
 * and, from any of them but the last, refused with a reason. Nothing counts that is not proven:
 * *stored* and *opened* are set in the transaction after the receipt was verified (signature,
 * policy, digest, the nation's own certificate) and its file was on stable storage.
 *
 * A lane sends only what lies sealed in the packets' folder and holds no key but that for TLS.
 */

/**
 * FastLane:
 *
 * One nation's lane. For one thread.
 */
typedef struct _FastLane FastLane;

/**
 * FastLaneProgress:
 *
 * Told as bytes go out: the position in the packet's file. May be called often.
 */
typedef void (*FastLaneProgress) (gpointer data, const char *nation, const char *item,
                                  goffset position, goffset size);

FastLane *fast_lane_open (FastConfig *config, const char *nation, GError **error);
void fast_lane_free (FastLane *lane);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastLane, fast_lane_free)

void fast_lane_set_progress (FastLane *lane, FastLaneProgress progress, gpointer data);
gboolean fast_lane_drain (FastLane *lane, GCancellable *cancellable, GError **error);
gboolean fast_lane_drain_patiently (FastLane *lane, guint tries, GCancellable *cancellable,
                                    GError **error);
GBytes *fast_lane_ask (FastLane *lane, const char *path, GCancellable *cancellable, GError **error);
JsonObject *fast_lane_status (FastStore *store, const char *nation, GError **error);

G_END_DECLS
