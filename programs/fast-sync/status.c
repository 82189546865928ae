/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-sync/verbs.h"
#include "record/model/nation.h"
#include "sync/link/batch-table.h"
#include "sync/link/lane.h"

static void
say_trouble (FastInvocation *invocation, const char *nation, JsonObject *status)
{
  JsonObject *trouble = json_object_get_null_member (status, "trouble")
                            ? NULL
                            : json_object_get_object_member (status, "trouble");

  if (trouble != NULL)
    fast_invocation_say (invocation, "sync-trouble", "nation=%s, since=%s, text=%s", nation,
                         json_object_get_string_member (trouble, "since"),
                         json_object_get_string_member (trouble, invocation->language));
}

static void
say_refused (FastInvocation *invocation, const char *nation, JsonObject *status)
{
  JsonArray *refused = json_object_get_array_member (status, "refused");

  for (guint i = 0; i < json_array_get_length (refused); i++) {
    JsonObject *row = json_array_get_object_element (refused, i);

    fast_invocation_say (invocation, "sync-refused", "nation=%s, item=%s, reason=%s", nation,
                         json_object_get_string_member (row, "item"),
                         json_object_get_string_member (row, "reason"));
  }
}

static void
say_lane (FastInvocation *invocation, const char *nation, JsonObject *status)
{
  JsonObject *packets = json_object_get_object_member (status, "packets");
  gint64 waiting = json_object_get_int_member (packets, "sealed") +
                   json_object_get_int_member (packets, "created") +
                   json_object_get_int_member (packets, "uploading");

  fast_invocation_say (invocation, "sync-lane",
                       "nation=%s, waiting=%" G_GINT64_FORMAT ", stored=%" G_GINT64_FORMAT
                       ", opened=%" G_GINT64_FORMAT ", refused=%" G_GINT64_FORMAT,
                       nation, waiting, json_object_get_int_member (packets, "stored"),
                       json_object_get_int_member (packets, "opened"),
                       json_object_get_int_member (packets, "refused"));
  say_trouble (invocation, nation, status);
  say_refused (invocation, nation, status);
}

static gboolean
put_lanes (FastInvocation *invocation, FastStore *store, JsonObject *object, GError **error)
{
  for (guint i = 0; i < FAST_NATION_COUNT; i++) {
    JsonObject *status = fast_lane_status (store, fast_nation_names[i], error);

    if (status == NULL)
      return FALSE;
    json_object_set_object_member (object, fast_nation_names[i], status);
    say_lane (invocation, fast_nation_names[i], status);
  }
  return TRUE;
}

static gboolean
put_batch (FastInvocation *invocation, FastStore *store, JsonObject *object, GError **error)
{
  g_autoptr (FastBatchRow) row = NULL;

  if (!fast_batch_table_find_open (store, &row, error))
    return FALSE;
  json_object_set_null_member (object, "batch");
  if (row == NULL)
    return TRUE;
  json_object_set_string_member (object, "batch", row->batch);
  fast_invocation_say (invocation, "sync-batch", "batch=%s, opened=%s", row->batch, row->opened);
  return TRUE;
}

static gboolean
put_missing (FastInvocation *invocation, FastStore *store, JsonObject *object, GError **error)
{
  g_autoptr (FastPacketFolder) folder = fast_sync_open_folder (invocation, error);
  g_autoptr (GPtrArray) missing =
      folder == NULL ? NULL : fast_packet_folder_find_missing (folder, store, error);
  JsonArray *list;

  if (missing == NULL)
    return FALSE;
  list = json_array_new ();
  for (guint i = 0; i < missing->len; i++) {
    json_array_add_string_element (list, missing->pdata[i]);
    fast_invocation_say (invocation, "sync-missing", "packet=%s", (const char *)missing->pdata[i]);
  }
  json_object_set_array_member (object, "missing", list);
  return TRUE;
}

/* status: from the store alone. */
gboolean
fast_sync_verb_status (FastInvocation *invocation, GError **error)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autoptr (FastStore) store = NULL;

  json_object_unref (object);
  if (!fast_invocation_parse (invocation, NULL, 0, 0, error))
    return FALSE;
  store = fast_sync_open_store (invocation, error);
  if (store == NULL || !put_lanes (invocation, store, object, error) ||
      !put_batch (invocation, store, object, error) ||
      !put_missing (invocation, store, object, error))
    return FALSE;
  fast_invocation_print_json (invocation, node);
  return TRUE;
}
