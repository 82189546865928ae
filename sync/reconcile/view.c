/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/reconcile/view.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/json.h"

/**
 * fast_view_new:
 * @side: whose
 * @batch: of which batch
 *
 * Returns: (transfer full): an empty view, to be filled with fast_view_add()
 */
FastView *
fast_view_new (FastSide side, const char *batch)
{
  FastView *view = g_new0 (FastView, 1);

  view->side = side;
  view->batch = g_strdup (batch);
  view->items = fast_set_tree_new ();
  view->lanes[0] = fast_set_tree_new ();
  view->lanes[1] = fast_set_tree_new ();
  view->leaves = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, fast_leaf_free);
  return view;
}

/**
 * fast_view_free:
 * @view: (transfer full): a view
 */
void
fast_view_free (FastView *view)
{
  g_free (view->batch);
  fast_set_tree_free (view->items);
  fast_set_tree_free (view->lanes[0]);
  fast_set_tree_free (view->lanes[1]);
  g_hash_table_unref (view->leaves);
  g_free (view);
}

void
fast_leaf_free (gpointer data)
{
  FastLeaf *leaf = data;

  g_free (leaf->item);
  g_free (leaf->last);
  g_free (leaf);
}

static void
add_leaf (FastView *view, FastSetTree *tree, const char *item, gint64 revision, const char *last)
{
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), array);
  FastLeaf *leaf = g_new0 (FastLeaf, 1);
  guint8 digest[FAST_SHA256_SIZE];

  json_array_unref (array);
  json_array_add_string_element (array, item);
  json_array_add_int_element (array, revision);
  json_array_add_string_element (array, last);
  fast_set_tree_add_json (tree, node, digest);
  leaf->item = g_strdup (item);
  leaf->revision = revision;
  leaf->last = g_strdup (last);
  g_hash_table_replace (view->leaves, fast_hex_encode (digest, sizeof digest), leaf);
}

/**
 * fast_view_add:
 * @view: a view
 * @item: an item
 * @revision: its revision
 * @kind: its kind
 * @ca: (nullable): the first packet sealed of it for Canada; for views of the unit and of Canada
 * @us: (nullable): likewise for the United States
 * @error: return location for an error
 *
 * Returns: %FALSE with FAST_INPUT_ERROR_INVALID when a needed value is missing
 */
gboolean
fast_view_add (FastView *view, const char *item, gint64 revision, const char *kind, const char *ca,
               const char *us, GError **error)
{
  gboolean lacks_ca = view->side != FAST_SIDE_US && ca == NULL;
  gboolean lacks_us = view->side != FAST_SIDE_CA && us == NULL;

  if (item == NULL || kind == NULL || revision < 1 || lacks_ca || lacks_us)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "reconcile-line",
                      "item=%s", item == NULL ? "?" : item);
  add_leaf (view, view->items, item, revision, kind);
  if (view->side != FAST_SIDE_US)
    add_leaf (view, view->lanes[0], item, revision, ca);
  if (view->side != FAST_SIDE_CA)
    add_leaf (view, view->lanes[1], item, revision, us);
  return TRUE;
}

static gboolean
malformed (GError **error)
{
  return fast_fail (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_GARBAGE, "reconcile-view", NULL);
}

/* One [item, revision, last]. */
static gboolean
parse_leaf (FastView *view, FastSetTree *tree, JsonNode *node, GError **error)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  JsonNode *item, *revision, *last;

  if (array == NULL || json_array_get_length (array) != 3)
    return malformed (error);
  item = json_array_get_element (array, 0);
  revision = json_array_get_element (array, 1);
  last = json_array_get_element (array, 2);
  if (json_node_get_value_type (item) != G_TYPE_STRING ||
      json_node_get_value_type (revision) != G_TYPE_INT64 ||
      json_node_get_value_type (last) != G_TYPE_STRING)
    return malformed (error);
  add_leaf (view, tree, json_node_get_string (item), json_node_get_int (revision),
            json_node_get_string (last));
  return TRUE;
}

/* A root that is not that of its leaves is a side that contradicts itself. */
static gboolean
parse_side (FastView *view, FastSetTree *tree, JsonObject *object, GError **error)
{
  const char *root = object == NULL ? NULL : fast_json_get_string (object, "root", error);
  JsonArray *leaves = root == NULL ? NULL : fast_json_get_array (object, "leaves", error);
  g_autofree char *found = NULL;

  if (leaves == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (leaves); i++)
    if (!parse_leaf (view, tree, json_array_get_element (leaves, i), error))
      return FALSE;
  found = fast_set_tree_root (tree);
  return strcmp (found, root) == 0 ? TRUE : malformed (error);
}

static gboolean
parse_names (FastView *view, JsonObject *object, GError **error)
{
  const char *nation = fast_json_get_string (object, "nation", error);
  const char *batch = nation == NULL ? NULL : fast_json_get_string (object, "batch", error);

  if (batch == NULL)
    return FALSE;
  if (strcmp (nation, view->side == FAST_SIDE_CA ? "CA" : "US") != 0)
    return malformed (error);
  view->batch = g_strdup (batch);
  return TRUE;
}

/**
 * fast_view_parse:
 * @side: whose: FAST_SIDE_CA or FAST_SIDE_US
 * @json: what that nation's intake answered under /v1/batches/ID
 * @error: return location for an error
 *
 * Returns: (transfer full): the view, or %NULL with FAST_SYNC_ERROR_GARBAGE or FAST_INPUT_ERROR
 *   when it is not one or its roots are not those of its leaves
 */
FastView *
fast_view_parse (FastSide side, GBytes *json, GError **error)
{
  g_autoptr (JsonNode) node = fast_json_parse (json, "view", error);
  g_autoptr (FastView) view = NULL;
  JsonObject *object;

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node) || side == FAST_SIDE_UNIT) {
    malformed (error);
    return NULL;
  }
  view = fast_view_new (side, NULL);
  object = json_node_get_object (node);
  if (!parse_names (view, object, error) ||
      !parse_side (view, view->items, fast_json_get_object (object, "items", error), error) ||
      !parse_side (view, view->lanes[side - FAST_SIDE_CA],
                   fast_json_get_object (object, "packets", error), error))
    return NULL;
  return g_steal_pointer (&view);
}

/**
 * fast_view_items_root:
 * @view: a view
 *
 * Returns: (transfer full): the root over [item, revision, kind]
 */
char *
fast_view_items_root (FastView *view)
{
  return fast_set_tree_root (view->items);
}

/**
 * fast_view_lane_root:
 * @view: a view
 * @nation: FAST_SIDE_CA or FAST_SIDE_US
 *
 * Returns: (transfer full): the root over [item, revision, packet] of that nation's lane
 */
char *
fast_view_lane_root (FastView *view, FastSide nation)
{
  return fast_set_tree_root (view->lanes[nation - FAST_SIDE_CA]);
}

/**
 * fast_view_count:
 * @view: a view
 *
 * Returns: how many revisions it has
 */
guint
fast_view_count (FastView *view)
{
  return fast_set_tree_count (view->items);
}
