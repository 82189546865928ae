/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/outbox.h"

#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/store/statement.h"

static const char *const names[] = {
    [FAST_OUTBOX_SEALED] = "sealed",       [FAST_OUTBOX_CREATED] = "created",
    [FAST_OUTBOX_UPLOADING] = "uploading", [FAST_OUTBOX_STORED] = "stored",
    [FAST_OUTBOX_OPENED] = "opened",       [FAST_OUTBOX_REFUSED] = "refused",
};

#define TO(state) (1u << FAST_OUTBOX_##state)

/* Back to *sealed*: the nation let a half-finished upload expire. Straight to *stored*: it has had
 * the packet all along and only its answer was lost. */
static const guint moves[] = {
    [FAST_OUTBOX_SEALED] = TO (CREATED) | TO (UPLOADING) | TO (STORED) | TO (REFUSED),
    [FAST_OUTBOX_CREATED] = TO (SEALED) | TO (UPLOADING) | TO (STORED) | TO (REFUSED),
    [FAST_OUTBOX_UPLOADING] = TO (SEALED) | TO (UPLOADING) | TO (STORED) | TO (REFUSED),
    [FAST_OUTBOX_STORED] = TO (OPENED) | TO (REFUSED),
    [FAST_OUTBOX_OPENED] = 0,
    [FAST_OUTBOX_REFUSED] = 0,
};

/* What sets the time column of each state; a state without one sets none. */
static const char *const stamps[] = {
    [FAST_OUTBOX_SEALED] = "",
    [FAST_OUTBOX_CREATED] = "created = ?4, ",
    [FAST_OUTBOX_UPLOADING] = "",
    [FAST_OUTBOX_STORED] = "stored = ?4, ",
    [FAST_OUTBOX_OPENED] = "opened = ?4, ",
    [FAST_OUTBOX_REFUSED] = "refused = ?4, ",
};

#define COLUMNS                                                                                    \
  "SELECT o.packet, o.nation, o.lane, o.item, o.revision, o.kind, o.size, o.supersedes, "          \
  "EXISTS (SELECT 1 FROM outbox AS n WHERE n.supersedes = o.packet), "                             \
  "o.state, o.offset, o.reason, o.sealed, o.created, o.moved, o.stored, o.opened, o.refused "      \
  "FROM outbox AS o "

/**
 * fast_outbox_row_new:
 *
 * Returns: (transfer full): an empty row
 */
FastOutboxRow *
fast_outbox_row_new (void)
{
  return g_new0 (FastOutboxRow, 1);
}

/**
 * fast_outbox_row_free:
 * @row: (transfer full): a row
 */
void
fast_outbox_row_free (FastOutboxRow *row)
{
  g_free (row->packet);
  g_free (row->nation);
  g_free (row->item);
  g_free (row->kind);
  g_free (row->supersedes);
  g_free (row->reason);
  g_free (row);
}

/**
 * fast_outbox_state_name:
 * @state: a state
 *
 * Returns: (transfer none): its name, as in `sealed`
 */
const char *
fast_outbox_state_name (FastOutboxState state)
{
  return names[state];
}

static gboolean
state_parse (const char *name, FastOutboxState *state, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (names[i], name) == 0) {
      *state = (FastOutboxState)i;
      return TRUE;
    }
  return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "store-corrupt", "why=%s",
                    "state");
}

static gboolean
is_urgent (const char *kind)
{
  return strcmp (kind, "revocation") == 0 || strcmp (kind, "decision") == 0;
}

/**
 * fast_outbox_add:
 * @transaction: the transaction that closes the sealing's reservation
 * @row: packet, nation, lane, item, revision, kind, size and supersedes; the rest is set here
 * @error: return location for an error
 *
 * Returns: whether the row is in @transaction; FAST_STORE_ERROR_CONFLICT when the packet, its place
 *   in the lane or what it supersedes is taken
 */
gboolean
fast_outbox_add (FastTransaction *transaction, const FastOutboxRow *row, GError **error)
{
  gint64 now = fast_clock_now ();

  return fast_statement_run (
      fast_transaction_store (transaction), error,
      "INSERT INTO outbox (packet, nation, lane, item, revision, kind, urgent, size, supersedes, "
      "state, offset, sealed, moved) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'sealed', 0, ?, ?)",
      "ssisisiisii", row->packet, row->nation, row->lane, row->item, row->revision, row->kind,
      (gint64)is_urgent (row->kind), row->size, row->supersedes, now, now);
}

static gboolean
check_move (const FastOutboxRow *row, FastOutboxState state, gint64 offset, GError **error)
{
  if ((moves[row->state] & (1u << state)) == 0)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT, "outbox-move",
                      "packet=%s, from=%s, to=%s", row->packet, names[row->state], names[state]);
  if (offset < 0 || offset > row->size)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT, "outbox-offset",
                      "packet=%s, offset=%" G_GINT64_FORMAT ", size=%" G_GINT64_FORMAT, row->packet,
                      offset, row->size);
  return TRUE;
}

/**
 * fast_outbox_move:
 * @transaction: a transaction
 * @packet: a packet's id
 * @state: its new state
 * @offset: how many bytes the nation has; counts in *uploading* only
 * @reason: (nullable): why it was refused; counts in *refused* only
 * @error: return location for an error
 *
 * Returns: whether the move is in @transaction; FAST_STORE_ERROR_CONFLICT when the table of moves
 *   does not allow it
 */
gboolean
fast_outbox_move (FastTransaction *transaction, const char *packet, FastOutboxState state,
                  gint64 offset, const char *reason, GError **error)
{
  FastStore *store = fast_transaction_store (transaction);
  g_autoptr (FastOutboxRow) row = fast_outbox_load (store, packet, error);
  g_autofree char *sql = g_strconcat ("UPDATE outbox SET state = ?1, offset = ?2, reason = ?3, ",
                                      stamps[state], "moved = ?4 WHERE packet = ?5", NULL);
  gint64 kept = 0;

  if (row == NULL || !check_move (row, state, offset, error))
    return FALSE;
  if (state == FAST_OUTBOX_UPLOADING)
    kept = offset;
  else if (state == FAST_OUTBOX_STORED || state == FAST_OUTBOX_OPENED)
    kept = row->size;
  return fast_statement_run (store, error, sql, "sisis", names[state], kept,
                             state == FAST_OUTBOX_REFUSED ? reason : NULL, fast_clock_now (),
                             packet);
}

static FastOutboxRow *
read_row (sqlite3_stmt *s, GError **error)
{
  g_autoptr (FastOutboxRow) row = fast_outbox_row_new ();

  row->packet = g_strdup (fast_statement_text (s, 0));
  row->nation = g_strdup (fast_statement_text (s, 1));
  row->lane = fast_statement_int (s, 2);
  row->item = g_strdup (fast_statement_text (s, 3));
  row->revision = fast_statement_int (s, 4);
  row->kind = g_strdup (fast_statement_text (s, 5));
  row->size = fast_statement_int (s, 6);
  row->supersedes = g_strdup (fast_statement_text (s, 7));
  row->superseded = fast_statement_int (s, 8) != 0;
  row->offset = fast_statement_int (s, 10);
  row->reason = g_strdup (fast_statement_text (s, 11));
  row->sealed = fast_statement_int (s, 12);
  row->created = fast_statement_int (s, 13);
  row->moved = fast_statement_int (s, 14);
  row->stored = fast_statement_int (s, 15);
  row->opened = fast_statement_int (s, 16);
  row->refused = fast_statement_int (s, 17);
  if (!state_parse (fast_statement_text (s, 9), &row->state, error))
    return NULL;
  return g_steal_pointer (&row);
}

static GPtrArray *
read_rows (sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fast_outbox_row_free);
  gboolean more;

  if (statement == NULL || !fast_statement_step (statement, &more, error))
    return NULL;
  while (more) {
    FastOutboxRow *row = read_row (statement, error);

    if (row == NULL)
      return NULL;
    g_ptr_array_add (rows, row);
    if (!fast_statement_step (statement, &more, error))
      return NULL;
  }
  return g_steal_pointer (&rows);
}

static FastOutboxRow *
read_only_row (sqlite3_stmt *statement, const char *what, GError **error)
{
  gboolean found;

  if (statement == NULL || !fast_statement_step (statement, &found, error))
    return NULL;
  if (!found)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "outbox-unknown",
                           "what=%s", what);
  return read_row (statement, error);
}

/**
 * fast_outbox_load:
 * @store: a store
 * @packet: a packet's id
 * @error: return location for an error
 *
 * Returns: (transfer full): its row; %NULL with FAST_STORE_ERROR_ABSENT if there is none
 */
FastOutboxRow *
fast_outbox_load (FastStore *store, const char *packet, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, COLUMNS "WHERE o.packet = ?", "s", packet);

  return read_only_row (statement, packet, error);
}

/**
 * fast_outbox_newest:
 * @store: a store
 * @item: an item
 * @revision: its revision
 * @nation: `CA` or `US`
 * @error: return location for an error
 *
 * Returns: (transfer full): the packet that counts for them, the last of the lane; %NULL with
 *   FAST_STORE_ERROR_ABSENT if none was sealed
 */
FastOutboxRow *
fast_outbox_newest (FastStore *store, const char *item, gint64 revision, const char *nation,
                    GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error,
      COLUMNS "WHERE o.item = ? AND o.revision = ? AND o.nation = ? ORDER BY o.lane DESC LIMIT 1",
      "sis", item, revision, nation);

  return read_only_row (statement, item, error);
}

/**
 * fast_outbox_to_send:
 * @store: a store
 * @nation: `CA` or `US`
 * @limit: how many at most
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type FastOutboxRow): what the lane still has to send, in the
 *   order of sending: revocations and decisions first, then the oldest
 */
GPtrArray *
fast_outbox_to_send (FastStore *store, const char *nation, gint64 limit, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error,
      COLUMNS "WHERE o.nation = ? AND o.state IN ('sealed', 'created', 'uploading') "
              "AND NOT EXISTS (SELECT 1 FROM outbox AS n WHERE n.supersedes = o.packet) "
              "ORDER BY o.urgent DESC, o.lane LIMIT ?",
      "si", nation, limit);

  return read_rows (statement, error);
}

/**
 * fast_outbox_list:
 * @store: a store
 * @nation: `CA` or `US`
 * @state: a state
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type FastOutboxRow): the lane's packets in that state, oldest
 *   first, superseded ones included
 */
GPtrArray *
fast_outbox_list (FastStore *store, const char *nation, FastOutboxState state, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error, COLUMNS "WHERE o.nation = ? AND o.state = ? ORDER BY o.lane", "ss", nation,
      names[state]);

  return read_rows (statement, error);
}

/**
 * fast_outbox_list_all:
 * @store: a store
 * @nation: `CA` or `US`
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type FastOutboxRow): every packet of the lane, oldest first
 */
GPtrArray *
fast_outbox_list_all (FastStore *store, const char *nation, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, COLUMNS "WHERE o.nation = ? ORDER BY o.lane", "s", nation);

  return read_rows (statement, error);
}

/**
 * fast_outbox_count:
 * @store: a store
 * @nation: `CA` or `US`
 * @state: a state
 * @count: (out): how many of the lane's packets are in it, superseded ones left out
 * @error: return location for an error
 *
 * Returns: whether they could be counted
 */
gboolean
fast_outbox_count (FastStore *store, const char *nation, FastOutboxState state, gint64 *count,
                   GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error,
      "SELECT count(*) FROM outbox AS o WHERE o.nation = ? AND o.state = ? "
      "AND NOT EXISTS (SELECT 1 FROM outbox AS n WHERE n.supersedes = o.packet)",
      "ss", nation, names[state]);
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  *count = fast_statement_int (statement, 0);
  return TRUE;
}
