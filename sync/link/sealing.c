/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/link/sealing.h"

#include "record/base/error.h"
#include "record/store/audit.h"
#include "record/store/outbox.h"

typedef struct {
  FastPacket *packets[FAST_NATION_COUNT];
} Pair;

static void
pair_clear (Pair *pair)
{
  for (guint i = 0; i < FAST_NATION_COUNT; i++)
    g_clear_pointer (&pair->packets[i], fast_packet_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

static FastHeader *
compose_header (FastSealer *sealer, const FastRevision *revision,
                const FastReservation *reservation, FastNation nation)
{
  FastHeader *header = fast_header_new ();

  header->nation = g_strdup (fast_nation_name (nation));
  header->unit = g_strdup (fast_store_unit (fast_sealer_store (sealer)));
  header->epoch = reservation->epoch;
  header->centre = g_strdup (fast_sealer_centre (sealer));
  header->item = g_strdup (revision->item);
  header->kind = g_strdup (revision->kind);
  header->revision = revision->revision;
  header->predecessor = g_strdup (revision->predecessor);
  header->predecessor_revision = revision->predecessor_revision;
  header->about = g_strdup (revision->about);
  header->batch = g_strdup (reservation->batch);
  header->lane = reservation->lanes[nation];
  header->audit_size = reservation->audit_size;
  header->audit_root = g_strdup (reservation->audit_root);
  return header;
}

static FastParts *
open_parts (FastSealer *sealer, const FastRevision *revision, GError **error)
{
  g_autoptr (FastParts) parts = fast_parts_new (revision->parts_json, error);

  for (guint i = 0; parts != NULL && i < revision->parts->len; i++) {
    const FastPart *part = revision->parts->pdata[i];
    g_autoptr (GBytes) salt = g_bytes_new (part->salt, sizeof part->salt);
    FastSecret *content =
        fast_revision_open_part (fast_sealer_vault (sealer), revision, part->name, error);

    if (content == NULL || !fast_parts_add (parts, part->name, content, salt, error))
      return NULL;
  }
  return g_steal_pointer (&parts);
}

static FastPacket *
build (FastSealer *sealer, const FastRevision *revision, FastParts *parts,
       const FastReservation *reservation, FastNation nation, GError **error)
{
  FastStore *store = fast_sealer_store (sealer);
  const FastSealingKeys keys = fast_sealer_keys (sealer, nation);
  g_autoptr (FastHeader) header = compose_header (sealer, revision, reservation, nation);
  g_autoptr (GBytes) audit = NULL;
  gint64 previous;

  if (!fast_reservation_previous_head (store, reservation, nation, &previous, error))
    return NULL;
  audit = fast_audit_extract (store, revision->item, previous, reservation->audit_size, error);
  return audit == NULL ? NULL : fast_packet_build (header, parts, audit, &keys, error);
}

static gboolean
build_and_write (FastSealer *sealer, const FastRevision *revision,
                 const FastReservation *reservation, Pair *pair, GError **error)
{
  g_autoptr (FastParts) parts = open_parts (sealer, revision, error);

  for (guint i = 0; i < FAST_NATION_COUNT; i++) {
    FastPacket *packet =
        parts == NULL ? NULL : build (sealer, revision, parts, reservation, (FastNation)i, error);

    if (packet == NULL)
      return FALSE;
    pair->packets[i] = packet;
    if (!fast_packet_folder_write (fast_sealer_folder (sealer), packet->header->nation, packet->id,
                                   packet->bytes, FAST_POINT ("seal-file"), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
append_audit (FastTransaction *transaction, FastSealer *sealer, const FastReservation *reservation,
              const Pair *pair, GError **error)
{
  g_autoptr (JsonObject) details = json_object_new ();

  json_object_set_int_member (details, "revision", reservation->revision);
  json_object_set_string_member (details, "batch", reservation->batch);
  for (guint i = 0; i < FAST_NATION_COUNT; i++) {
    JsonObject *place = json_object_new ();

    json_object_set_int_member (place, "lane", reservation->lanes[i]);
    json_object_set_string_member (place, "packet", pair->packets[i]->id);
    json_object_set_object_member (details, fast_nation_names[i], place);
  }
  return fast_audit_append (transaction, fast_vault_officer (fast_sealer_vault (sealer)),
                            "item-sealed", reservation->item, details, NULL, error);
}

static gboolean
add_row (FastTransaction *transaction, const FastPacket *packet, GError **error)
{
  const FastOutboxRow row = {.packet = packet->id,
                             .nation = packet->header->nation,
                             .lane = packet->header->lane,
                             .item = packet->header->item,
                             .revision = packet->header->revision,
                             .kind = packet->header->kind,
                             .size = (gint64)g_bytes_get_size (packet->bytes)};

  return fast_outbox_add (transaction, &row, error);
}

static gboolean
finish (FastSealer *sealer, const FastReservation *reservation, const Pair *pair, GError **error)
{
  g_autoptr (FastTransaction) transaction =
      fast_transaction_begin (fast_sealer_store (sealer), error);
  const char *const ids[] = {pair->packets[FAST_NATION_CA]->id, pair->packets[FAST_NATION_US]->id};

  if (transaction == NULL || !fast_reservation_close (transaction, reservation, ids, error) ||
      !append_audit (transaction, sealer, reservation, pair, error))
    return FALSE;
  for (guint i = 0; i < FAST_NATION_COUNT; i++)
    if (!add_row (transaction, pair->packets[i], error))
      return FALSE;
  return fast_transaction_commit (transaction, FAST_POINT ("seal-commit"), error);
}

static gboolean
seal (FastSealer *sealer, const FastRevision *revision, const FastReservation *reservation,
      GError **error)
{
  g_autoptr (FastFolderLock) lock = fast_packet_folder_share (fast_sealer_folder (sealer), error);
  g_auto (Pair) pair = {0};

  return lock != NULL && build_and_write (sealer, revision, reservation, &pair, error) &&
         finish (sealer, reservation, &pair, error);
}

/* Two processes may have resumed the same reservation; the files of the one that lost have no row.
 */
static gboolean
is_done_by_another (FastStore *store, const FastRevision *revision, const GError *cause)
{
  g_autoptr (FastReservation) reservation = NULL;

  if (!g_error_matches (cause, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT))
    return FALSE;
  reservation = fast_reservation_take (store, revision, NULL);
  return reservation != NULL && reservation->done;
}

/**
 * fast_sealing_run:
 * @sealer: a sealer
 * @item: an item
 * @revision: its frozen revision
 * @error: return location for an error
 *
 * Seals the revision for both nations, in the order above. A revision that is sealed already stays
 * as it is.
 *
 * Returns: whether it is sealed
 */
gboolean
fast_sealing_run (FastSealer *sealer, const char *item, gint64 revision, GError **error)
{
  FastStore *store = fast_sealer_store (sealer);
  g_autoptr (FastRevision) frozen = fast_revision_load (store, item, revision, error);
  g_autoptr (FastReservation) reservation = NULL;
  g_autoptr (GError) cause = NULL;

  if (frozen == NULL)
    return FALSE;
  reservation = fast_reservation_take (store, frozen, error);
  if (reservation == NULL)
    return FALSE;
  if (reservation->done || seal (sealer, frozen, reservation, &cause) ||
      is_done_by_another (store, frozen, cause))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return fast_error_prefix (error, "seal-failed", "item=%s, revision=%" G_GINT64_FORMAT, item,
                            revision);
}

/**
 * fast_sealing_run_all:
 * @sealer: a sealer
 * @about: (nullable): an enrolment's item id; %NULL for everything
 * @sealed: (out) (optional): how many revisions were sealed
 * @error: return location for an error
 *
 * Seals every frozen revision of the enrolment that is not sealed yet, oldest first.
 *
 * Returns: whether none is left
 */
gboolean
fast_sealing_run_all (FastSealer *sealer, const char *about, guint *sealed, GError **error)
{
  g_autoptr (GPtrArray) revisions =
      fast_revision_list_unsealed (fast_sealer_store (sealer), about, error);

  if (revisions == NULL)
    return FALSE;
  for (guint i = 0; i < revisions->len; i++) {
    const FastRevision *revision = revisions->pdata[i];

    if (!fast_sealing_run (sealer, revision->item, revision->revision, error))
      return FALSE;
  }
  if (sealed != NULL)
    *sealed = revisions->len;
  return TRUE;
}

/**
 * fast_sealing_resume:
 * @sealer: a sealer
 * @sealed: (out) (optional): how many reservations were finished
 * @error: return location for an error
 *
 * Finishes what a crash left between reservation and commit, and removes the files it left.
 *
 * Returns: whether no reservation is open
 */
gboolean
fast_sealing_resume (FastSealer *sealer, guint *sealed, GError **error)
{
  FastStore *store = fast_sealer_store (sealer);
  g_autoptr (GPtrArray) open = fast_reservation_list_open (store, error);
  guint removed;

  if (open == NULL)
    return FALSE;
  for (guint i = 0; i < open->len; i++) {
    const FastReservation *reservation = open->pdata[i];

    if (!fast_sealing_run (sealer, reservation->item, reservation->revision, error))
      return FALSE;
  }
  if (sealed != NULL)
    *sealed = open->len;
  return fast_packet_folder_clean (fast_sealer_folder (sealer), store, &removed, error);
}
