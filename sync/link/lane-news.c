/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/base/error.h"
#include "record/base/json.h"
#include "record/store/audit.h"
#include "record/store/statement.h"
#include "sync/link/cause.h"
#include "sync/link/lane-private.h"
#include "sync/packet/header.h"
#include "sync/packet/refusal.h"

#define ACTOR "fast-sync"
#define FILE_MODE 0600
#define MOST_ROUNDS 10000

static gboolean
garbage (FastLane *lane, const char *what, GError **error)
{
  return fast_cause_fail_garbage (lane->nation, what, error);
}

/* Where a receipt leads; a batch receipt is a paper only and moves nothing. */
static gboolean
move (FastTransaction *transaction, const FastOutboxRow *row, FastReceiptKind kind, GError **error)
{
  if (kind == FAST_RECEIPT_BATCH || row->state == FAST_OUTBOX_OPENED)
    return TRUE;
  if (row->state != FAST_OUTBOX_STORED &&
      !fast_outbox_move (transaction, row->packet, FAST_OUTBOX_STORED, 0, NULL, error))
    return FALSE;
  return kind == FAST_RECEIPT_STORED ||
         fast_outbox_move (transaction, row->packet, FAST_OUTBOX_OPENED, 0, NULL, error);
}

static gboolean
append_audit (FastTransaction *transaction, FastLane *lane, const FastOutboxRow *row,
              FastReceiptKind kind, const FastTimestamp *token, GError **error)
{
  g_autoptr (JsonObject) details = json_object_new ();

  json_object_set_string_member (details, "nation", lane->nation);
  json_object_set_string_member (details, "packet", row->packet);
  json_object_set_string_member (details, "kind", fast_receipt_kind_name (kind));
  json_object_set_int_member (details, "time", token->time);
  return fast_audit_append (transaction, ACTOR, "receipt-verified", row->item, details, NULL,
                            error);
}

/* A batch receipt leaves no state in the outbox, so that it was counted is noted beside it. */
static gboolean
remember_batch (FastLane *lane, const char *packet, FastReceiptKind kind, GError **error)
{
  return kind != FAST_RECEIPT_BATCH ||
         fast_statement_run (lane->store, error, "INSERT INTO link_batch_receipt VALUES (?)", "s",
                             packet);
}

static gboolean
knows_batch (FastLane *lane, const char *packet)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      lane->store, NULL, "SELECT 1 FROM link_batch_receipt WHERE packet = ?", "s", packet);
  gboolean row;

  return statement != NULL && fast_statement_step (statement, &row, NULL) && row;
}

static gboolean
note (FastLane *lane, const char *packet, FastReceiptKind kind, const FastTimestamp *token,
      GError **error)
{
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (lane->store, error);
  g_autoptr (FastOutboxRow) row =
      transaction == NULL ? NULL : fast_outbox_load (lane->store, packet, error);

  if (row == NULL || !move (transaction, row, kind, error) ||
      !remember_batch (lane, packet, kind, error) ||
      !append_audit (transaction, lane, row, kind, token, error))
    return FALSE;
  return fast_statement_run (lane->store, error, "DELETE FROM link_upload WHERE packet = ?", "s",
                             packet) &&
         fast_transaction_commit (transaction, FAST_POINT ("lane-receipt"), error);
}

static gboolean
write_file (FastLane *lane, const char *name, GBytes *bytes, GError **error)
{
  g_autofree char *path = g_build_filename (lane->receipts, name, NULL);

  return fast_durable_replace (path, bytes, FILE_MODE, FAST_POINT ("lane-receipt-file"), error);
}

static gboolean
keep_receipt (FastLane *lane, const char *packet, FastReceiptKind kind, GBytes *tsr, GError **error)
{
  const FastReceiptSigners signers = {lane->receipt, lane->opened, lane->trust};
  g_autoptr (FastTimestamp) token = fast_receipt_verify (tsr, kind, packet, &signers, error);
  g_autofree char *name = fast_receipt_file_name (kind, packet);

  return token != NULL && write_file (lane, name, tsr, error) &&
         note (lane, packet, kind, token, error);
}

static gboolean
keep_refusal (FastLane *lane, const char *packet, GBytes *cms, GError **error)
{
  const FastTrustFlags flags = lane->training ? FAST_TRUST_TRAINING : FAST_TRUST_NONE;
  g_autoptr (FastRefusal) refusal = fast_refusal_verify (cms, packet, lane->opened, flags, error);
  g_autofree char *name = fast_refusal_file_name (packet);

  return refusal != NULL && write_file (lane, name, cms, error) &&
         fast_lane_refuse (lane, packet, refusal->reason, error);
}

/**
 * fast_lane_fetch_receipt:
 * @lane: a lane
 * @packet: a packet of it
 * @kind: `stored`, `opened`, `batch` or `refusal`
 * @cancellable: (nullable): ends it
 * @error: return location for an error
 *
 * Fetches, verifies, keeps: first the file, then the transaction that counts it.
 *
 * Returns: whether it is there and proves what it should
 */
gboolean
fast_lane_fetch_receipt (FastLane *lane, const char *packet, const char *kind,
                         GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/v1/packets/%s/receipts/%s", packet, kind);
  g_autoptr (GBytes) bytes = fast_peer_get (lane->peer, path, cancellable, error);
  FastReceiptKind receipt;

  if (bytes == NULL)
    return FALSE;
  if (strcmp (kind, "refusal") == 0)
    return keep_refusal (lane, packet, bytes, error);
  if (!fast_receipt_kind_parse (kind, &receipt))
    return garbage (lane, "unknown kind of receipt", error);
  return keep_receipt (lane, packet, receipt, bytes, error);
}

static gboolean
read_cursor (FastLane *lane, gint64 *cursor, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      lane->store, error, "SELECT cursor FROM link_cursor WHERE nation = ?", "s", lane->nation);
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  *cursor = row ? fast_statement_int (statement, 0) : 0;
  return TRUE;
}

static gboolean
write_cursor (FastLane *lane, gint64 cursor, GError **error)
{
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (lane->store, error);

  return transaction != NULL &&
         fast_statement_run (lane->store, error,
                             "INSERT INTO link_cursor VALUES (?1, ?2) "
                             "ON CONFLICT (nation) DO UPDATE SET cursor = ?2",
                             "si", lane->nation, cursor) &&
         fast_transaction_commit (transaction, FAST_POINT ("lane-cursor"), error);
}

static gboolean
has_file (FastLane *lane, const char *name)
{
  g_autofree char *path = g_build_filename (lane->receipts, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Do we lack this paper about a packet of this lane? */
static gboolean
is_wanted (FastLane *lane, const FastOutboxRow *row, const char *kind)
{
  FastReceiptKind receipt;
  g_autofree char *name = NULL;

  if (strcmp (row->nation, lane->nation) != 0)
    return FALSE;
  if (strcmp (kind, "refusal") == 0)
    return row->state != FAST_OUTBOX_REFUSED && row->state != FAST_OUTBOX_OPENED;
  if (!fast_receipt_kind_parse (kind, &receipt) || receipt == FAST_RECEIPT_TIME ||
      row->state == FAST_OUTBOX_REFUSED)
    return FALSE;
  if (receipt == FAST_RECEIPT_BATCH)
    return !knows_batch (lane, row->packet);
  name = fast_receipt_file_name (receipt, row->packet);
  return !has_file (lane, name) ||
         row->state < (receipt == FAST_RECEIPT_STORED ? FAST_OUTBOX_STORED : FAST_OUTBOX_OPENED);
}

static gboolean
take_news (FastLane *lane, JsonNode *node, GCancellable *cancellable, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *packet = object == NULL ? NULL : fast_json_get_string (object, "packet", NULL);
  const char *kind = packet == NULL ? NULL : fast_json_get_string (object, "kind", NULL);
  g_autoptr (FastOutboxRow) row = NULL;
  GError *cause = NULL;

  if (kind == NULL || !fast_packet_id_is_valid (packet))
    return garbage (lane, "malformed entry of /v1/receipts", error);
  row = fast_outbox_load (lane->store, packet, &cause);
  if (row != NULL)
    return !is_wanted (lane, row, kind) ||
           fast_lane_fetch_receipt (lane, packet, kind, cancellable, error);
  if (g_error_matches (cause, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT)) {
    g_error_free (cause);
    return TRUE;
  }
  g_propagate_error (error, cause);
  return FALSE;
}

/* One answer of `/v1/receipts`. A paper that proves nothing is told, but does not keep the later
 * ones from being fetched. */
static gboolean
take_answer (FastLane *lane, JsonObject *answer, gint64 *cursor, GCancellable *cancellable,
             GError **trouble, GError **error)
{
  JsonArray *news = fast_json_get_array (answer, "receipts", NULL);

  if (news == NULL || !fast_json_get_int (answer, "cursor", cursor, NULL))
    return garbage (lane, "malformed answer to /v1/receipts", error);
  for (guint i = 0; i < json_array_get_length (news); i++) {
    g_autoptr (GError) cause = NULL;

    if (take_news (lane, json_array_get_element (news, i), cancellable, &cause))
      continue;
    if (cause->domain == FAST_STORE_ERROR ||
        g_error_matches (cause, FAST_SYNC_ERROR, FAST_SYNC_ERROR_UNREACHABLE) ||
        g_error_matches (cause, FAST_SYNC_ERROR, FAST_SYNC_ERROR_BUSY)) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
    if (*trouble == NULL)
      *trouble = g_steal_pointer (&cause);
  }
  return TRUE;
}

static gboolean
fetch_round (FastLane *lane, gint64 *cursor, gboolean *more, GCancellable *cancellable,
             GError **trouble, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/v1/receipts?after=%" G_GINT64_FORMAT, *cursor);
  g_autoptr (GBytes) bytes = fast_peer_get (lane->peer, path, cancellable, error);
  g_autoptr (JsonNode) node = NULL;
  gint64 next = 0;

  if (bytes == NULL)
    return FALSE;
  node = fast_json_parse (bytes, "answer", NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return garbage (lane, "/v1/receipts answers no JSON object", error);
  if (!take_answer (lane, json_node_get_object (node), &next, cancellable, trouble, error))
    return FALSE;
  *more = next > *cursor &&
          json_object_get_boolean_member_with_default (json_node_get_object (node), "more", FALSE);
  if (next <= *cursor)
    return TRUE;
  *cursor = next;
  return *trouble != NULL || write_cursor (lane, next, error);
}

/**
 * fast_lane_fetch_news:
 * @lane: a lane
 * @cancellable: (nullable): ends it
 * @error: return location for an error
 *
 * `/v1/receipts?after=CURSOR`: everything new that the nation says of this unit's packets. The kept
 * cursor stays before an answer with a paper that did not hold, so that it is asked for again: what
 * was wrong may have been this unit's configuration.
 *
 * Returns: whether all of it was fetched and holds
 */
gboolean
fast_lane_fetch_news (FastLane *lane, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  gboolean more = TRUE;
  gint64 cursor;

  if (!read_cursor (lane, &cursor, error))
    return FALSE;
  for (guint i = 0; i < MOST_ROUNDS && more; i++)
    if (!fetch_round (lane, &cursor, &more, cancellable, &trouble, error))
      return FALSE;
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}
