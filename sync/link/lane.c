/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/certificate.h"
#include "record/keys/key.h"
#include "record/store/statement.h"
#include "sync/link/lane-private.h"
#include "sync/link/schema.h"

#define AT_A_TIME 32
#define WAIT_US (G_USEC_PER_SEC / 2)
#define FOLDER_MODE 0700

/**
 * fast_lane_free:
 * @lane: (transfer full): a lane
 */
void
fast_lane_free (FastLane *lane)
{
  g_clear_pointer (&lane->peer, fast_peer_free);
  g_clear_pointer (&lane->store, fast_store_free);
  g_clear_pointer (&lane->folder, fast_packet_folder_free);
  X509_free (lane->receipt);
  X509_free (lane->opened);
  g_clear_pointer (&lane->trust, fast_trust_free);
  g_free (lane->receipts);
  g_free (lane->nation);
  g_free (lane);
}

static X509 *
load_certificate (FastConfig *config, const char *group, const char *key, GError **error)
{
  g_autofree char *path = fast_config_path (config, group, key, error);

  return path == NULL ? NULL : fast_certificate_load (path, error);
}

/* What the nation's receipts are judged by. */
static gboolean
load_signers (FastLane *lane, FastConfig *config, const char *group, GError **error)
{
  g_autofree char *path = fast_config_path (config, group, "ca", error);
  const char *paths[] = {path, NULL};

  if (path == NULL)
    return FALSE;
  lane->trust =
      fast_trust_load (paths, lane->training ? FAST_TRUST_TRAINING : FAST_TRUST_NONE, error);
  if (lane->trust == NULL)
    return FALSE;
  lane->receipt = load_certificate (config, group, "receipt", error);
  lane->opened = lane->receipt == NULL ? NULL : load_certificate (config, group, "opened", error);
  return lane->opened != NULL;
}

static FastPeer *
make_peer (FastConfig *config, const char *nation, const char *group, gboolean training,
           GError **error)
{
  g_autofree char *url = fast_config_string (config, group, "url", error);
  g_autofree char *ca = url == NULL ? NULL : fast_config_path (config, group, "ca", error);
  g_autofree char *path = ca == NULL ? NULL : fast_config_path (config, "keys", "link", error);
  g_autoptr (EVP_PKEY) key = path == NULL ? NULL : fast_key_load (path, error);
  g_autoptr (X509) certificate =
      key == NULL ? NULL : load_certificate (config, "keys", "link-certificate", error);
  const FastPeerSettings settings = {nation, url, ca, certificate, key, training};

  if (certificate == NULL || !fast_certificate_check_key (certificate, key, error))
    return NULL;
  return fast_peer_new (&settings, error);
}

static gboolean
open_places (FastLane *lane, FastConfig *config, GError **error)
{
  static const FastSchema *const schemas[] = {&fast_link_schema, NULL};
  g_autofree char *path = fast_config_path (config, "store", "path", error);
  g_autofree char *unit = path == NULL ? NULL : fast_config_string (config, "unit", "id", error);
  g_autofree char *packets =
      unit == NULL ? NULL : fast_config_path (config, "store", "packets", error);
  g_autofree char *beside = packets == NULL ? NULL : g_path_get_dirname (packets);

  if (packets == NULL)
    return FALSE;
  lane->receipts = g_build_filename (beside, "receipts", lane->nation, NULL);
  lane->folder = fast_packet_folder_open (packets, error);
  if (lane->folder == NULL || !fast_durable_make_folder (lane->receipts, FOLDER_MODE, error))
    return FALSE;
  lane->store = fast_store_open (path, unit, schemas, error);
  return lane->store != NULL;
}

/**
 * fast_lane_open:
 * @config: the unit's configuration
 * @nation: `CA` or `US`
 * @error: return location for an error
 *
 * Opens the store for itself. Receipts go to `receipts/NATION` beside the packets' folder.
 *
 * Returns: (transfer full): the lane
 */
FastLane *
fast_lane_open (FastConfig *config, const char *nation, GError **error)
{
  g_autoptr (FastLane) lane = g_new0 (FastLane, 1);
  g_autofree char *group = g_strdup_printf ("nation %s", nation);
  g_autofree char *training = fast_config_string_or (config, "trust", "training", "false");

  lane->nation = g_strdup (nation);
  lane->training = strcmp (training, "true") == 0;
  if (!load_signers (lane, config, group, error) || !open_places (lane, config, error))
    return NULL;
  lane->peer = make_peer (config, nation, group, lane->training, error);
  return lane->peer == NULL ? NULL : g_steal_pointer (&lane);
}

/**
 * fast_lane_set_progress:
 * @lane: a lane
 * @progress: (nullable): told as bytes go out, in the lane's thread
 * @data: for @progress
 */
void
fast_lane_set_progress (FastLane *lane, FastLaneProgress progress, gpointer data)
{
  lane->progress = progress;
  lane->data = data;
}

/* What concerns one packet is noted on it and the lane goes on; what concerns the connection ends
 * this pass. */
static gboolean
is_about_packet (const GError *error)
{
  return g_error_matches (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_REFUSED) ||
         g_error_matches (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT);
}

static gboolean
send_row (FastLane *lane, const FastOutboxRow *row, GCancellable *cancellable, GError **trouble,
          GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (fast_lane_send_one (lane, row, cancellable, &cause))
    return TRUE;
  if (!is_about_packet (cause)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (g_error_matches (cause, FAST_SYNC_ERROR, FAST_SYNC_ERROR_REFUSED)) {
    const char *reason = fast_message_get_parameter (fast_error_get_message (cause), "reason");
    if (!fast_lane_refuse (lane, row->packet, reason == NULL ? "-" : reason, error))
      return FALSE;
  }
  if (*trouble == NULL)
    *trouble = g_steal_pointer (&cause);
  return TRUE;
}

/* A packet whose file is gone stays in the list of what is to be sent, until it is sealed again; so
 * the list is walked and not only its head. */
static gboolean
send_all (FastLane *lane, GCancellable *cancellable, GError **trouble, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean found = TRUE;

  while (found) {
    g_autoptr (GPtrArray) rows = fast_outbox_to_send (
        lane->store, lane->nation, AT_A_TIME + (gint64)g_hash_table_size (seen), error);

    found = FALSE;
    for (guint i = 0; rows != NULL && i < rows->len; i++) {
      const FastOutboxRow *row = rows->pdata[i];

      if (!g_hash_table_add (seen, g_strdup (row->packet)))
        continue;
      found = TRUE;
      if (!send_row (lane, row, cancellable, trouble, error))
        return FALSE;
    }
    if (rows == NULL)
      return FALSE;
  }
  return TRUE;
}

static gboolean
drain (FastLane *lane, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = g_strdup_printf ("sender-%s.lock", lane->nation);
  g_autoptr (FastFolderLock) lock = fast_packet_folder_try_alone (lane->folder, name, error);
  g_autoptr (GError) trouble = NULL;

  if (lock == NULL)
    return FALSE;
  if (!send_all (lane, cancellable, &trouble, error) ||
      !fast_lane_fetch_news (lane, cancellable, error))
    return FALSE;
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}

/**
 * fast_lane_note_trouble:
 * @lane: a lane
 * @trouble: (nullable): what is wrong with it; %NULL when nothing is
 * @error: return location for an error
 *
 * Keeps it in the store, with since when, for whoever asks.
 *
 * Returns: whether it is kept
 */
gboolean
fast_lane_note_trouble (FastLane *lane, const GError *trouble, GError **error)
{
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (lane->store, error);
  const FastMessage *message = trouble == NULL ? NULL : fast_error_get_message (trouble);
  g_autofree char *english = trouble == NULL ? NULL : fast_error_format (trouble, "en");
  g_autofree char *french = trouble == NULL ? NULL : fast_error_format (trouble, "fr");
  const char *id = message == NULL ? "cause" : fast_message_get_id (message);
  gboolean kept;

  if (transaction == NULL)
    return FALSE;
  if (trouble == NULL)
    kept = fast_statement_run (lane->store, error, "DELETE FROM link_trouble WHERE nation = ?", "s",
                               lane->nation);
  else
    kept = fast_statement_run (lane->store, error,
                               "INSERT INTO link_trouble VALUES (?1, ?2, ?3, ?4, ?5, ?5) "
                               "ON CONFLICT (nation) DO UPDATE SET "
                               "since = iif (message = ?2, since, ?5), message = ?2, "
                               "english = ?3, french = ?4, last = ?5",
                               "ssssi", lane->nation, id, english, french, fast_clock_now ());
  return kept && fast_transaction_commit (transaction, FAST_POINT ("lane-trouble"), error);
}

/**
 * fast_lane_drain:
 * @lane: a lane
 * @cancellable: (nullable): ends it within a second
 * @error: return location for an error
 *
 * One pass: sends what is to be sent, in the lane's order, and fetches what the nation says. What
 * is wrong is kept in the store (fast_lane_status()) until a pass goes well.
 *
 * Returns: whether nothing is left to send and nothing went wrong; FAST_STORE_ERROR_BUSY when
 *   another process is sending, else the cause in words
 */
gboolean
fast_lane_drain (FastLane *lane, GCancellable *cancellable, GError **error)
{
  GError *trouble = NULL;
  gboolean done = drain (lane, cancellable, &trouble);

  if (g_error_matches (trouble, FAST_STORE_ERROR, FAST_STORE_ERROR_BUSY)) {
    g_propagate_error (error, trouble);
    return FALSE;
  }
  if (!fast_lane_note_trouble (lane, trouble, error)) {
    g_clear_error (&trouble);
    return FALSE;
  }
  if (done)
    return TRUE;
  g_propagate_error (error, trouble);
  return fast_error_prefix (error, "lane-failed", "nation=%s", lane->nation);
}

static gboolean
passes_by_itself (const GError *error)
{
  return g_error_matches (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_UNREACHABLE) ||
         g_error_matches (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_BUSY);
}

/**
 * fast_lane_drain_patiently:
 * @lane: a lane
 * @tries: how often at most
 * @cancellable: (nullable): ends it
 * @error: return location for an error
 *
 * fast_lane_drain(), again after a short and growing wait while the cause is one that may pass by
 * itself.
 *
 * Returns: as fast_lane_drain()
 */
gboolean
fast_lane_drain_patiently (FastLane *lane, guint tries, GCancellable *cancellable, GError **error)
{
  for (guint try = 1;; try++) {
    g_autoptr (GError) cause = NULL;

    if (fast_lane_drain (lane, cancellable, &cause))
      return TRUE;
    if (try >= tries || !passes_by_itself (cause) || g_cancellable_is_cancelled (cancellable)) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
    g_usleep (WAIT_US * try + (gulong)g_random_int_range (0, (gint32)WAIT_US / 4));
  }
}

/**
 * fast_lane_ask:
 * @lane: a lane
 * @path: as in `/v1/batches/U1-b1`
 * @cancellable: (nullable): ends it
 * @error: return location for an error
 *
 * Returns: (transfer full): what the nation answers
 */
GBytes *
fast_lane_ask (FastLane *lane, const char *path, GCancellable *cancellable, GError **error)
{
  GBytes *answer = fast_peer_get (lane->peer, path, cancellable, error);

  if (answer == NULL)
    fast_error_prefix (error, "lane-failed", "nation=%s", lane->nation);
  return answer;
}
