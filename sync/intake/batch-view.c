/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/intake/batch-view.h"

#include <string.h>

#include "record/base/json.h"
#include "record/base/set-tree.h"

typedef struct {
  JsonArray *leaves;
  FastSetTree *tree;
} Side;

static Side
side_new (void)
{
  return (Side){json_array_new (), fast_set_tree_new ()};
}

/* Adds [item, revision, last], once. */
static gboolean
side_add (Side *side, const FastStoredPacket *packet, const char *last)
{
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_init_array (json_node_alloc (), array);
  guint before = fast_set_tree_count (side->tree);

  json_array_unref (array);
  json_array_add_string_element (array, packet->item);
  json_array_add_int_element (array, packet->revision);
  json_array_add_string_element (array, last);
  fast_set_tree_add_json (side->tree, node, NULL);
  if (fast_set_tree_count (side->tree) == before) {
    json_node_unref (node);
    return FALSE;
  }
  json_array_add_element (side->leaves, node);
  return TRUE;
}

static JsonObject *
side_finish (Side *side)
{
  JsonObject *object = json_object_new ();
  g_autofree char *root = fast_set_tree_root (side->tree);

  json_object_set_int_member (object, "count", fast_set_tree_count (side->tree));
  json_object_set_string_member (object, "root", root);
  json_object_set_array_member (object, "leaves", side->leaves);
  fast_set_tree_free (side->tree);
  return object;
}

static void
count_kind (JsonObject *kinds, const char *kind)
{
  gint64 count =
      json_object_has_member (kinds, kind) ? json_object_get_int_member (kinds, kind) : 0;

  json_object_set_int_member (kinds, kind, count + 1);
}

static void
fill (JsonObject *view, GPtrArray *packets)
{
  Side items = side_new (), firsts = side_new ();
  JsonObject *kinds = json_object_new ();

  for (guint i = 0; i < packets->len; i++) {
    const FastStoredPacket *packet = packets->pdata[i];
    if (side_add (&items, packet, packet->kind))
      count_kind (kinds, packet->kind);
    side_add (&firsts, packet, packet->first);
  }
  json_object_set_object_member (view, "kinds", kinds);
  json_object_set_object_member (view, "items", side_finish (&items));
  json_object_set_object_member (view, "packets", side_finish (&firsts));
}

/**
 * fast_batch_view:
 * @intake: the intake
 * @unit: whose batch; others' packets never show
 * @batch: its id
 * @error: return location for an error
 *
 * Returns: (transfer full): the view; an empty one of a batch that nothing names
 */
JsonNode *
fast_batch_view (FastIntake *intake, const char *unit, const char *batch, GError **error)
{
  FastIntakeDatabase *database = fast_intake_get_database (intake);
  g_autoptr (GPtrArray) packets = fast_intake_database_list_batch (database, unit, batch, error);
  g_autofree char *receipt = NULL;
  JsonObject *view;

  if (packets == NULL || !fast_intake_database_find_batch (database, unit, batch, &receipt, error))
    return NULL;
  view = json_object_new ();
  json_object_set_string_member (view, "batch", batch);
  json_object_set_string_member (view, "nation", fast_intake_get_nation (intake));
  json_object_set_string_member (view, "unit", unit);
  if (receipt == NULL)
    json_object_set_null_member (view, "receipt");
  else
    json_object_set_string_member (view, "receipt", receipt);
  fill (view, packets);
  return fast_json_node_take (view);
}

static void
copy_side (JsonObject *to, JsonObject *from, const char *name)
{
  JsonObject *side = json_object_get_object_member (from, name);
  JsonObject *copy = json_object_new ();

  json_object_set_int_member (copy, "count", json_object_get_int_member (side, "count"));
  json_object_set_string_member (copy, "root", json_object_get_string_member (side, "root"));
  json_object_set_object_member (to, name, copy);
}

/**
 * fast_batch_view_summary:
 * @view: of fast_batch_view()
 *
 * Returns: (transfer full): roots and counts alone
 */
JsonNode *
fast_batch_view_summary (JsonNode *view)
{
  static const char *const texts[] = {"batch", "nation", "unit"};
  JsonObject *from = json_node_get_object (view);
  JsonObject *to = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    json_object_set_string_member (to, texts[i], json_object_get_string_member (from, texts[i]));
  json_object_set_member (to, "kinds", json_node_copy (json_object_get_member (from, "kinds")));
  copy_side (to, from, "items");
  copy_side (to, from, "packets");
  return fast_json_node_take (to);
}
