/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/clock.h"
#include "record/store/outbox.h"
#include "record/store/statement.h"
#include "sync/link/lane.h"

static gboolean
put_counts (FastStore *store, const char *nation, JsonObject *status, GError **error)
{
  JsonObject *counts = json_object_new ();

  json_object_set_object_member (status, "packets", counts);
  for (guint i = FAST_OUTBOX_SEALED; i <= FAST_OUTBOX_REFUSED; i++) {
    gint64 n;

    if (!fast_outbox_count (store, nation, (FastOutboxState)i, &n, error))
      return FALSE;
    json_object_set_int_member (counts, fast_outbox_state_name ((FastOutboxState)i), n);
  }
  return TRUE;
}

static void
put_time (JsonObject *object, const char *member, gint64 time)
{
  g_autofree char *text = fast_clock_format (time);

  json_object_set_string_member (object, member, text);
}

static gboolean
put_trouble (FastStore *store, const char *nation, JsonObject *status, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error,
                          "SELECT message, english, french, since, last FROM link_trouble "
                          "WHERE nation = ?",
                          "s", nation);
  JsonObject *trouble;
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  json_object_set_null_member (status, "trouble");
  if (!row)
    return TRUE;
  trouble = json_object_new ();
  json_object_set_string_member (trouble, "id", fast_statement_text (statement, 0));
  json_object_set_string_member (trouble, "en", fast_statement_text (statement, 1));
  json_object_set_string_member (trouble, "fr", fast_statement_text (statement, 2));
  put_time (trouble, "since", fast_statement_int (statement, 3));
  put_time (trouble, "last", fast_statement_int (statement, 4));
  json_object_set_object_member (status, "trouble", trouble);
  return TRUE;
}

static gboolean
put_refused (FastStore *store, const char *nation, JsonObject *status, GError **error)
{
  g_autoptr (GPtrArray) rows = fast_outbox_list (store, nation, FAST_OUTBOX_REFUSED, error);
  JsonArray *list;

  if (rows == NULL)
    return FALSE;
  list = json_array_new ();
  for (guint i = 0; i < rows->len; i++) {
    const FastOutboxRow *row = rows->pdata[i];
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "item", row->item);
    json_object_set_int_member (object, "revision", row->revision);
    json_object_set_string_member (object, "packet", row->packet);
    json_object_set_string_member (object, "reason", row->reason == NULL ? "-" : row->reason);
    json_array_add_object_element (list, object);
  }
  json_object_set_array_member (status, "refused", list);
  return TRUE;
}

/**
 * fast_lane_status:
 * @store: a store with the schema of this room
 * @nation: `CA` or `US`
 * @error: return location for an error
 *
 * Where a lane stands, from the store alone: whether or not anybody is sending.
 *
 * Returns: (transfer full): `packets` (a number for each state), `refused` (each with its reason)
 *   and `trouble` (null, or id, sentence in both languages, since and last)
 */
JsonObject *
fast_lane_status (FastStore *store, const char *nation, GError **error)
{
  g_autoptr (JsonObject) status = json_object_new ();

  json_object_set_string_member (status, "nation", nation);
  if (!put_counts (store, nation, status, error) || !put_refused (store, nation, status, error) ||
      !put_trouble (store, nation, status, error))
    return NULL;
  return g_steal_pointer (&status);
}
