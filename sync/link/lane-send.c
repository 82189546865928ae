/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/error.h"
#include "record/store/audit.h"
#include "record/store/statement.h"
#include "sync/link/lane-private.h"
#include "sync/link/upload.h"

#define ACTOR "fast-sync"

typedef struct {
  FastLane *lane;
  const FastOutboxRow *row;
} Sending;

static gboolean
remember (FastTransaction *transaction, Sending *sending, const char *location, goffset offset,
          GError **error)
{
  FastStore *store = sending->lane->store;
  const char *packet = sending->row->packet;
  g_autoptr (FastOutboxRow) now = fast_outbox_load (store, packet, error);

  if (now == NULL || !fast_statement_run (store, error,
                                          "INSERT INTO link_upload VALUES (?1, ?2) "
                                          "ON CONFLICT (packet) DO UPDATE SET location = ?2",
                                          "ss", packet, location))
    return FALSE;
  if (now->state == FAST_OUTBOX_SEALED &&
      !fast_outbox_move (transaction, packet, FAST_OUTBOX_CREATED, 0, NULL, error))
    return FALSE;
  return offset == 0 ||
         fast_outbox_move (transaction, packet, FAST_OUTBOX_UPLOADING, offset, NULL, error);
}

static gboolean
on_moved (gpointer data, const char *location, goffset offset, GError **error)
{
  Sending *sending = data;
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (sending->lane->store, error);

  return transaction != NULL && remember (transaction, sending, location, offset, error) &&
         fast_transaction_commit (transaction, FAST_POINT ("lane-moved"), error);
}

static void
on_progress (gpointer data, goffset position, goffset size)
{
  Sending *sending = data;

  if (sending->lane->progress != NULL)
    sending->lane->progress (sending->lane->data, sending->lane->nation, sending->row->item,
                             position, size);
}

static gboolean
find_location (FastLane *lane, const char *packet, char **location, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      lane->store, error, "SELECT location FROM link_upload WHERE packet = ?", "s", packet);
  gboolean row;

  *location = NULL;
  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  if (row)
    *location = g_strdup (fast_statement_text (statement, 0));
  return TRUE;
}

/**
 * fast_lane_send_one:
 * @lane: a lane
 * @row: what to send
 * @cancellable: (nullable): ends it
 * @error: return location for an error
 *
 * Uploads one packet, going on from where the nation has it, and takes home the *stored* receipt.
 *
 * Returns: whether the packet is stored, and proven to be
 */
gboolean
fast_lane_send_one (FastLane *lane, const FastOutboxRow *row, GCancellable *cancellable,
                    GError **error)
{
  Sending sending = {lane, row};
  g_autofree char *path = fast_packet_folder_file (lane->folder, lane->nation, row->packet);
  g_autofree char *location = NULL;
  FastUploadJob job = {.path = path,
                       .packet = row->packet,
                       .moved = on_moved,
                       .progress = on_progress,
                       .data = &sending};

  if (!find_location (lane, row->packet, &location, error))
    return FALSE;
  job.location = location;
  return fast_upload_run (lane->peer, &job, cancellable, error) &&
         fast_lane_fetch_receipt (lane, row->packet, "stored", cancellable, error);
}

/**
 * fast_lane_refuse:
 * @lane: a lane
 * @packet: a packet
 * @reason: the nation's reason, a code
 * @error: return location for an error
 *
 * Returns: whether the refusal is noted; the packet is not sent again, the revision wants a re-seal
 */
gboolean
fast_lane_refuse (FastLane *lane, const char *packet, const char *reason, GError **error)
{
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (lane->store, error);
  g_autoptr (FastOutboxRow) row =
      transaction == NULL ? NULL : fast_outbox_load (lane->store, packet, error);
  g_autoptr (JsonObject) details = json_object_new ();

  if (row == NULL)
    return FALSE;
  if (row->state == FAST_OUTBOX_REFUSED)
    return TRUE;
  json_object_set_string_member (details, "nation", lane->nation);
  json_object_set_string_member (details, "packet", packet);
  json_object_set_string_member (details, "reason", reason);
  return fast_outbox_move (transaction, packet, FAST_OUTBOX_REFUSED, 0, reason, error) &&
         fast_audit_append (transaction, ACTOR, "packet-refused", row->item, details, NULL,
                            error) &&
         fast_transaction_commit (transaction, FAST_POINT ("lane-refused"), error);
}
