/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/link/batch.h"

#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/base/json.h"
#include "record/store/audit.h"
#include "record/store/draft.h"
#include "record/store/revision.h"
#include "sync/link/reservation.h"
#include "sync/link/sealing.h"

#define MANIFEST_PART "manifest.json"
#define BATCH_KIND "batch"
#define MOST_ROUNDS 5

/**
 * fast_batch_manifest:
 * @store: a store
 * @row: a batch
 * @error: return location for an error
 *
 * Returns: (transfer full): the manifest as the rows have it now: every sealed revision whose
 *   header names the batch, with its first packets
 */
FastManifest *
fast_batch_manifest (FastStore *store, const FastBatchRow *row, GError **error)
{
  g_autoptr (GPtrArray) list = fast_reservation_list_batch (store, row->batch, error);
  g_autoptr (GDate) today = fast_clock_today ();
  g_autofree char *day = row->closed != NULL ? g_strdup (row->closed) : fast_date_format (today);
  FastManifest *manifest;

  if (list == NULL)
    return NULL;
  manifest = fast_manifest_new (row->batch, fast_store_unit (store), fast_store_epoch (store),
                                row->opened, day);
  for (guint i = 0; i < list->len; i++) {
    const FastReservation *at = list->pdata[i];

    if (at->done)
      fast_manifest_add (manifest, at->item, at->revision, at->kind, at->packets[FAST_NATION_CA],
                         at->packets[FAST_NATION_US]);
  }
  return manifest;
}

static gboolean
is_finished (FastStore *store, const char *batch, gboolean *finished, GError **error)
{
  g_autoptr (GPtrArray) list = fast_reservation_list_batch (store, batch, error);

  *finished = TRUE;
  for (guint i = 0; list != NULL && i < list->len; i++)
    if (!((const FastReservation *)list->pdata[i])->done)
      *finished = FALSE;
  return list != NULL;
}

static gboolean
append_audit (FastTransaction *transaction, const FastBatchRow *row, FastManifest *manifest,
              GError **error)
{
  g_autoptr (JsonObject) details = json_object_new ();
  g_autofree char *root = fast_manifest_root (manifest);

  json_object_set_string_member (details, "batch", row->batch);
  json_object_set_string_member (details, "second", row->second_officer);
  json_object_set_string_member (details, "root", root);
  json_object_set_int_member (details, "lines", fast_manifest_count (manifest));
  return fast_audit_append (transaction, row->first_officer, "batch-closed", row->item, details,
                            NULL, error);
}

/* The manifest holds nothing personal, but every item has a record whose keys seal its parts. */
static FastRevision *
freeze_manifest (FastTransaction *transaction, FastVault *vault, GBytes *manifest, GError **error)
{
  g_autofree char *record = fast_record_create (transaction, vault, error);
  g_autoptr (FastDraft) draft = record == NULL ? NULL : fast_draft_new (BATCH_KIND, record);

  if (draft == NULL)
    return NULL;
  fast_draft_add_bytes (draft, MANIFEST_PART, FAST_CLASS_PERSONAL, manifest);
  return fast_draft_freeze (draft, transaction, vault, error);
}

static gboolean
close_row (FastTransaction *transaction, FastSealer *sealer, FastBatchRow *row, JsonObject *summary,
           GError **error)
{
  FastStore *store = fast_sealer_store (sealer);
  g_autoptr (GDate) today = fast_clock_today ();
  g_autoptr (FastManifest) manifest = NULL;
  g_autoptr (FastRevision) revision = NULL;

  row->closed = fast_date_format (today);
  manifest = fast_batch_manifest (store, row, error);
  if (manifest == NULL)
    return FALSE;
  if (summary != NULL)
    fast_manifest_set_summary (manifest, summary);
  row->manifest = fast_manifest_to_bytes (manifest);
  revision = freeze_manifest (transaction, fast_sealer_vault (sealer), row->manifest, error);
  if (revision == NULL)
    return FALSE;
  row->item = g_strdup (revision->item);
  return append_audit (transaction, row, manifest, error) &&
         fast_batch_table_close (transaction, row, error) &&
         fast_transaction_commit (transaction, FAST_POINT ("batch-close"), error);
}

/* Closed in one transaction if nothing of the batch is half sealed; else the caller finishes that
 * first and comes again. When another process has closed @wanted since, there is nothing left to
 * close: the batch that is open now is the next day's. */
static gboolean
try_close (FastSealer *sealer, const char *wanted, const char *const officers[2],
           JsonObject *summary, char **closed, GError **error)
{
  FastStore *store = fast_sealer_store (sealer);
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (store, error);
  g_autofree char *batch =
      transaction == NULL ? NULL : fast_batch_table_current (transaction, error);
  g_autoptr (FastBatchRow) row = batch == NULL ? NULL : fast_batch_table_load (store, batch, error);
  gboolean finished;

  *closed = NULL;
  if (row == NULL || !is_finished (store, batch, &finished, error))
    return FALSE;
  if (wanted != NULL && strcmp (batch, wanted) != 0) {
    *closed = g_strdup (wanted);
    return TRUE;
  }
  if (!finished)
    return TRUE;
  row->first_officer = g_strdup (officers[0]);
  row->second_officer = g_strdup (officers[1]);
  if (!close_row (transaction, sealer, row, summary, error))
    return FALSE;
  *closed = g_steal_pointer (&batch);
  return TRUE;
}

static gboolean
check_officers (const char *first, const char *second, GError **error)
{
  if (strcmp (first, second) != 0)
    return TRUE;
  return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "batch-same-officer",
                    "officer=%s", first);
}

static gboolean
is_sealed (FastStore *store, const char *item, gboolean *sealed, GError **error)
{
  g_autoptr (GPtrArray) left = fast_revision_list_unsealed (store, item, error);

  *sealed = left != NULL && left->len == 0;
  return left != NULL;
}

/* A close that crashed after its transaction has closed the batch already: then sealing the batch
 * item is what is left to do, and closing once more would close the next day. */
static gboolean
finish_last (FastSealer *sealer, char **finished, GError **error)
{
  FastStore *store = fast_sealer_store (sealer);
  g_autoptr (FastBatchRow) last = NULL;
  gboolean sealed;

  *finished = NULL;
  if (!fast_batch_table_find_last_closed (store, &last, error))
    return FALSE;
  if (last == NULL)
    return TRUE;
  if (!is_sealed (store, last->item, &sealed, error))
    return FALSE;
  if (sealed)
    return TRUE;
  if (!fast_sealing_run (sealer, last->item, 1, error))
    return FALSE;
  *finished = g_strdup (last->batch);
  return TRUE;
}

/* Asked again on the day that it was closed, with nothing but the batch item since. */
static gboolean
is_only_echo (FastStore *store, char **closed, GError **error)
{
  g_autoptr (FastBatchRow) open = NULL;
  g_autoptr (FastBatchRow) last = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GDate) today = fast_clock_today ();
  g_autofree char *day = fast_date_format (today);

  *closed = NULL;
  if (!fast_batch_table_find_open (store, &open, error) ||
      !fast_batch_table_find_last_closed (store, &last, error))
    return FALSE;
  if (open == NULL || last == NULL || strcmp (last->closed, day) != 0)
    return TRUE;
  list = fast_reservation_list_batch (store, open->batch, error);
  if (list == NULL)
    return FALSE;
  for (guint i = 0; i < list->len; i++)
    if (strcmp (((const FastReservation *)list->pdata[i])->kind, BATCH_KIND) != 0)
      return TRUE;
  *closed = g_strdup (last->batch);
  return TRUE;
}

static char *
close_open (FastSealer *sealer, const char *wanted, const char *const officers[2],
            JsonObject *summary, GError **error)
{
  for (guint round = 0; round < MOST_ROUNDS; round++) {
    char *closed;

    if (!fast_sealing_resume (sealer, NULL, error) ||
        !try_close (sealer, wanted, officers, summary, &closed, error))
      return NULL;
    if (closed != NULL)
      return closed;
  }
  return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_BUSY, "batch-busy", NULL);
}

/**
 * fast_batch_close:
 * @sealer: a sealer
 * @first: an officer who signed in
 * @second: another
 * @summary: (nullable): the day's cards, stock and fees
 * @error: return location for an error
 *
 * Closes the open batch and seals its manifest. May be repeated after a crash anywhere: what was
 * begun is finished, and no further batch is closed.
 *
 * Returns: (transfer full): the closed batch; %NULL with FAST_GATE_ERROR when both are one officer
 */
char *
fast_batch_close (FastSealer *sealer, const char *first, const char *second, JsonObject *summary,
                  GError **error)
{
  FastStore *store = fast_sealer_store (sealer);
  const char *const officers[] = {first, second};
  g_autoptr (FastBatchRow) open = NULL;
  g_autofree char *batch = NULL;
  g_autofree char *again = NULL;

  if (!fast_batch_table_find_open (store, &open, error) || !check_officers (first, second, error) ||
      !finish_last (sealer, &batch, error))
    return NULL;
  if (batch == NULL && !is_only_echo (store, &batch, error))
    return NULL;
  if (batch != NULL)
    return g_steal_pointer (&batch);
  batch = close_open (sealer, open == NULL ? NULL : open->batch, officers, summary, error);
  if (batch == NULL || !finish_last (sealer, &again, error))
    return NULL;
  return g_steal_pointer (&batch);
}

static FastBatchRow *
load (FastStore *store, const char *batch, GError **error)
{
  FastBatchRow *row;

  if (batch != NULL)
    return fast_batch_table_load (store, batch, error);
  if (!fast_batch_table_find_last_closed (store, &row, error))
    return NULL;
  if (row == NULL && !fast_batch_table_find_open (store, &row, error))
    return NULL;
  if (row == NULL)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "batch-none", NULL);
  return row;
}

/**
 * fast_batch_show:
 * @store: a store
 * @batch: (nullable): a batch; %NULL is the one closed last
 * @error: return location for an error
 *
 * Returns: (transfer full): `batch`, `state` (`open` or `closed`), `manifest` (of an open batch,
 *   what it holds so far) and the batch `item`
 */
JsonNode *
fast_batch_show (FastStore *store, const char *batch, GError **error)
{
  g_autoptr (FastBatchRow) row = load (store, batch, error);
  g_autoptr (FastManifest) manifest = row == NULL ? NULL : fast_batch_manifest (store, row, error);
  g_autoptr (GBytes) bytes = NULL;
  JsonNode *node;
  JsonObject *object;

  if (manifest == NULL)
    return NULL;
  bytes = row->manifest != NULL ? g_bytes_ref (row->manifest) : fast_manifest_to_bytes (manifest);
  node = fast_json_parse (bytes, "manifest", error);
  if (node == NULL)
    return NULL;
  object = json_object_new ();
  json_object_set_string_member (object, "state", row->closed == NULL ? "open" : "closed");
  json_object_set_string_member (object, "batch", row->batch);
  json_object_set_member (object, "manifest", node);
  if (row->item != NULL)
    json_object_set_string_member (object, "item", row->item);
  return fast_json_node_take (object);
}

static gboolean
fail_verify (GError **error, const char *batch, const char *id, const char *what)
{
  return fast_fail (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_DIFFERENT, id, "batch=%s, what=%s",
                    batch, what);
}

static gboolean
verify_file (FastPacketFolder *folder, const char *batch, const char *nation, const char *packet,
             GError **error)
{
  g_autofree char *path = fast_packet_folder_file (folder, nation, packet);
  g_autoptr (GBytes) bytes = fast_bytes_read_file (path, FAST_PACKET_LIMIT, error);
  g_autofree char *id = bytes == NULL ? NULL : fast_packet_id (bytes);

  if (bytes == NULL)
    return FALSE;
  return strcmp (id, packet) == 0 ? TRUE : fail_verify (error, batch, "batch-file", packet);
}

static gboolean
verify_files (FastManifest *manifest, FastPacketFolder *folder, GError **error)
{
  const char *batch = fast_manifest_get_batch (manifest);

  for (guint i = 0; i < fast_manifest_count (manifest); i++) {
    const FastManifestLine *line = fast_manifest_get_line (manifest, i);

    if (!verify_file (folder, batch, "CA", line->ca, error) ||
        !verify_file (folder, batch, "US", line->us, error))
      return FALSE;
  }
  return TRUE;
}

/* The digest that was frozen, and that both nations got, is that of the manifest kept here. */
static gboolean
verify_item (FastStore *store, const FastBatchRow *row, GError **error)
{
  g_autoptr (FastRevision) revision = fast_revision_load (store, row->item, 1, error);
  const FastPart *part =
      revision == NULL ? NULL : fast_revision_find_part (revision, MANIFEST_PART);
  g_autoptr (GBytes) salt = NULL;
  guint8 digest[FAST_SHA256_SIZE];
  gsize size;
  gconstpointer data = g_bytes_get_data (row->manifest, &size);

  if (part == NULL)
    return revision != NULL ? fail_verify (error, row->batch, "batch-item", row->item) : FALSE;
  salt = g_bytes_new (part->salt, sizeof part->salt);
  fast_part_digest (salt, data, size, digest);
  if (!fast_equal_secret (digest, part->digest, sizeof digest))
    return fail_verify (error, row->batch, "batch-item", row->item);
  return TRUE;
}

/**
 * fast_batch_verify:
 * @store: a store
 * @folder: the packets' folder
 * @batch: (nullable): a closed batch; %NULL is the one closed last
 * @error: return location for an error
 *
 * Checks a closed batch on the unit alone: the manifest is well formed and the one that was sealed,
 * it is what the rows say now, and every packet's file has its digest.
 *
 * Returns: whether all of it holds; FAST_SYNC_ERROR_DIFFERENT with what does not
 */
gboolean
fast_batch_verify (FastStore *store, FastPacketFolder *folder, const char *batch, GError **error)
{
  g_autoptr (FastBatchRow) row = load (store, batch, error);
  g_autoptr (FastManifest) kept = NULL;
  g_autoptr (FastManifest) now = NULL;
  g_autofree char *kept_root = NULL;
  g_autofree char *now_root = NULL;

  if (row == NULL)
    return FALSE;
  if (row->closed == NULL)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT, "batch-open", "batch=%s",
                      row->batch);
  kept = fast_manifest_parse (row->manifest, error);
  now = kept == NULL ? NULL : fast_batch_manifest (store, row, error);
  if (now == NULL)
    return FALSE;
  kept_root = fast_manifest_root (kept);
  now_root = fast_manifest_root (now);
  if (strcmp (kept_root, now_root) != 0)
    return fail_verify (error, row->batch, "batch-rows", now_root);
  return verify_item (store, row, error) && verify_files (kept, folder, error);
}
