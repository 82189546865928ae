/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/link/reservation.h"

#include "record/base/error.h"
#include "record/store/audit.h"
#include "record/store/statement.h"
#include "sync/link/batch-table.h"

#define COLUMNS                                                                                    \
  "SELECT id, item, revision, kind, epoch, batch, audit_size, audit_root, done "                   \
  "FROM link_reservation "

/**
 * fast_reservation_free:
 * @reservation: (transfer full): a reservation
 */
void
fast_reservation_free (FastReservation *reservation)
{
  for (guint i = 0; i < FAST_NATION_COUNT; i++)
    g_free (reservation->packets[i]);
  g_free (reservation->item);
  g_free (reservation->kind);
  g_free (reservation->batch);
  g_free (reservation->audit_root);
  g_free (reservation);
}

static gboolean
read_place (FastStore *store, FastReservation *reservation, FastNation nation, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error, "SELECT lane, packet FROM link_place WHERE reservation = ? AND nation = ?",
      "is", reservation->id, fast_nation_name (nation));
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  if (!row)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "store-corrupt", "why=%s",
                      "lane");
  reservation->lanes[nation] = fast_statement_int (statement, 0);
  reservation->packets[nation] = g_strdup (fast_statement_text (statement, 1));
  return TRUE;
}

static FastReservation *
read_row (FastStore *store, sqlite3_stmt *statement, GError **error)
{
  g_autoptr (FastReservation) reservation = g_new0 (FastReservation, 1);

  reservation->id = fast_statement_int (statement, 0);
  reservation->item = g_strdup (fast_statement_text (statement, 1));
  reservation->revision = fast_statement_int (statement, 2);
  reservation->kind = g_strdup (fast_statement_text (statement, 3));
  reservation->epoch = fast_statement_int (statement, 4);
  reservation->batch = g_strdup (fast_statement_text (statement, 5));
  reservation->audit_size = fast_statement_int (statement, 6);
  reservation->audit_root = g_strdup (fast_statement_text (statement, 7));
  reservation->done = fast_statement_int (statement, 8) != 0;
  for (guint i = 0; i < FAST_NATION_COUNT; i++)
    if (!read_place (store, reservation, (FastNation)i, error))
      return NULL;
  return g_steal_pointer (&reservation);
}

static gboolean
find (FastStore *store, const char *item, gint64 revision, FastReservation **found, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error, COLUMNS "WHERE item = ? AND revision = ?", "si", item, revision);
  gboolean row;

  *found = NULL;
  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  if (row)
    *found = read_row (store, statement, error);
  return !row || *found != NULL;
}

static gboolean
take_place (FastStore *store, FastNation nation, gint64 epoch, gint64 reservation, GError **error)
{
  return fast_statement_run (store, error,
                             "INSERT INTO link_place (nation, epoch, lane, reservation) "
                             "SELECT ?1, ?2, coalesce (max (lane), 0) + 1, ?3 FROM link_place "
                             "WHERE nation = ?1 AND epoch = ?2",
                             "sii", fast_nation_name (nation), epoch, reservation);
}

/* Batch, both lane sequences and the audit head belong together: read and taken in one transaction.
 */
static gboolean
take (FastTransaction *transaction, const FastRevision *revision, GError **error)
{
  FastStore *store = fast_transaction_store (transaction);
  gint64 epoch = fast_store_epoch (store);
  g_autofree char *batch = fast_batch_table_current (transaction, error);
  g_autofree char *root = NULL;
  FastAuditHead head;
  gint64 id;

  if (batch == NULL || !fast_audit_head (store, &head, error))
    return FALSE;
  root = fast_hex_encode (head.root, sizeof head.root);
  if (!fast_statement_run (store, error,
                           "INSERT INTO link_reservation "
                           "(item, revision, kind, epoch, batch, audit_size, audit_root) "
                           "VALUES (?, ?, ?, ?, ?, ?, ?)",
                           "sisisis", revision->item, revision->revision, revision->kind, epoch,
                           batch, head.size, root))
    return FALSE;
  id = sqlite3_last_insert_rowid (fast_store_handle (store));
  for (guint i = 0; i < FAST_NATION_COUNT; i++)
    if (!take_place (store, (FastNation)i, epoch, id, error))
      return FALSE;
  return TRUE;
}

/**
 * fast_reservation_take:
 * @store: a store
 * @revision: a frozen revision
 * @error: return location for an error
 *
 * Takes the revision's place, in one short transaction; where it has one already, gives that.
 *
 * Returns: (transfer full): the reservation
 */
FastReservation *
fast_reservation_take (FastStore *store, const FastRevision *revision, GError **error)
{
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (store, error);
  FastReservation *reservation;

  if (transaction == NULL || !find (store, revision->item, revision->revision, &reservation, error))
    return NULL;
  if (reservation != NULL)
    return reservation;
  if (!take (transaction, revision, error) ||
      !fast_transaction_commit (transaction, FAST_POINT ("seal-reserve"), error) ||
      !find (store, revision->item, revision->revision, &reservation, error))
    return NULL;
  return reservation;
}

/**
 * fast_reservation_close:
 * @transaction: the transaction that adds the outbox rows
 * @reservation: what is sealed
 * @packets: the ids of the packets, by FastNation
 * @error: return location for an error
 *
 * Returns: whether it was still open and is closed in @transaction; FAST_STORE_ERROR_CONFLICT when
 *   another process was first
 */
gboolean
fast_reservation_close (FastTransaction *transaction, const FastReservation *reservation,
                        const char *const packets[FAST_NATION_COUNT], GError **error)
{
  FastStore *store = fast_transaction_store (transaction);

  if (!fast_statement_run (store, error,
                           "UPDATE link_reservation SET done = 1 WHERE id = ? AND done = 0", "i",
                           reservation->id))
    return FALSE;
  if (sqlite3_changes (fast_store_handle (store)) != 1)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT, "seal-done", "item=%s",
                      reservation->item);
  for (guint i = 0; i < FAST_NATION_COUNT; i++)
    if (!fast_statement_run (
            store, error, "UPDATE link_place SET packet = ? WHERE reservation = ? AND nation = ?",
            "sis", packets[i], reservation->id, fast_nation_names[i]))
      return FALSE;
  return TRUE;
}

static GPtrArray *
read_list (FastStore *store, sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fast_reservation_free);
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return NULL;
  while (row) {
    FastReservation *reservation = read_row (store, statement, error);

    if (reservation == NULL)
      return NULL;
    g_ptr_array_add (list, reservation);
    if (!fast_statement_step (statement, &row, error))
      return NULL;
  }
  return g_steal_pointer (&list);
}

/**
 * fast_reservation_list_open:
 * @store: a store
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type FastReservation): what was begun and not finished, oldest
 *   first
 */
GPtrArray *
fast_reservation_list_open (FastStore *store, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, COLUMNS "WHERE done = 0 ORDER BY id", "");

  return read_list (store, statement, error);
}

/**
 * fast_reservation_list_batch:
 * @store: a store
 * @batch: a batch
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type FastReservation): all of that batch, oldest first
 */
GPtrArray *
fast_reservation_list_batch (FastStore *store, const char *batch, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, COLUMNS "WHERE batch = ? ORDER BY id", "s", batch);

  return read_list (store, statement, error);
}

/**
 * fast_reservation_previous_head:
 * @store: a store
 * @reservation: a reservation
 * @nation: in whose lane
 * @size: (out): the audit log's size in the lane's previous sequence; -1 for the first
 * @error: return location for an error
 *
 * Returns: whether it could be read
 */
gboolean
fast_reservation_previous_head (FastStore *store, const FastReservation *reservation,
                                FastNation nation, gint64 *size, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error,
      "SELECT r.audit_size FROM link_place AS p JOIN link_reservation AS r ON r.id = p.reservation "
      "WHERE p.nation = ? AND p.epoch = ? AND p.lane = ?",
      "sii", fast_nation_name (nation), reservation->epoch, reservation->lanes[nation] - 1);
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  *size = row ? fast_statement_int (statement, 0) : -1;
  return TRUE;
}
