/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/link/batch.h"

#include "programs/fast-sync/verbs.h"

static void
say_lines (FastInvocation *invocation, JsonArray *lines)
{
  for (guint i = 0; i < json_array_get_length (lines); i++) {
    JsonObject *line = json_array_get_object_element (lines, i);

    fast_invocation_say (
        invocation, "sync-batch-line", "item=%s, revision=%" G_GINT64_FORMAT ", kind=%s",
        json_object_get_string_member (line, "item"), json_object_get_int_member (line, "revision"),
        json_object_get_string_member (line, "kind"));
  }
}

static void
say_batch (FastInvocation *invocation, JsonObject *shown)
{
  JsonObject *manifest = json_object_get_object_member (shown, "manifest");
  JsonArray *lines = json_object_get_array_member (manifest, "lines");

  fast_invocation_say (invocation, "sync-batch-head", "batch=%s, state=%s, count=%u, root=%s",
                       json_object_get_string_member (shown, "batch"),
                       json_object_get_string_member (shown, "state"),
                       json_array_get_length (lines),
                       json_object_get_string_member (manifest, "root"));
  say_lines (invocation, lines);
}

/* batch show */
gboolean
fast_sync_verb_batch_show (FastInvocation *invocation, GError **error)
{
  g_autoptr (FastStore) store = NULL;
  g_autoptr (JsonNode) shown = NULL;

  if (!fast_invocation_parse (invocation, NULL, 0, 1, error))
    return FALSE;
  store = fast_sync_open_store (invocation, error);
  if (store != NULL)
    shown = fast_batch_show (store, fast_invocation_operand (invocation, 0), error);
  if (shown == NULL)
    return FALSE;
  say_batch (invocation, json_node_get_object (shown));
  fast_invocation_print_json (invocation, shown);
  return TRUE;
}

/* batch verify */
gboolean
fast_sync_verb_batch_verify (FastInvocation *invocation, GError **error)
{
  g_autoptr (FastStore) store = NULL;
  g_autoptr (FastPacketFolder) folder = NULL;
  g_autoptr (JsonNode) shown = NULL;
  const char *batch;

  if (!fast_invocation_parse (invocation, NULL, 0, 1, error))
    return FALSE;
  batch = fast_invocation_operand (invocation, 0);
  store = fast_sync_open_store (invocation, error);
  folder = store == NULL ? NULL : fast_sync_open_folder (invocation, error);
  if (folder == NULL || !fast_batch_verify (store, folder, batch, error))
    return FALSE;
  shown = fast_batch_show (store, batch, error);
  if (shown == NULL)
    return FALSE;
  fast_invocation_say (invocation, "sync-batch-verified", "batch=%s",
                       json_object_get_string_member (json_node_get_object (shown), "batch"));
  fast_invocation_print_json (invocation, shown);
  return TRUE;
}
