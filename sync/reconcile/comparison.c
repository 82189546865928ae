/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/base/error.h"
#include "sync/reconcile/view.h"

static void
difference_free (gpointer data)
{
  FastDifference *difference = data;

  g_free (difference->item);
  g_free (difference->left);
  g_free (difference->right);
  g_free (difference);
}

/**
 * fast_comparison_free:
 * @comparison: (transfer full): a comparison
 */
void
fast_comparison_free (FastComparison *comparison)
{
  g_free (comparison->batch);
  for (guint i = 0; i < FAST_N_SIDES; i++)
    g_free (comparison->roots[i]);
  for (guint i = 0; i < 4; i++)
    g_free (comparison->lanes[i / 2][i % 2]);
  g_ptr_array_unref (comparison->differences);
  g_free (comparison);
}

/* Leaves that stand alone on one side, by item and revision. */
static GHashTable *
index_leaves (FastSetTree *alone, FastView *view)
{
  g_auto (GStrv) list = fast_set_tree_list (alone);
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; list[i] != NULL; i++) {
    FastLeaf *leaf = g_hash_table_lookup (view->leaves, list[i]);
    g_hash_table_insert (
        index, g_strdup_printf ("%s %" G_GINT64_FORMAT, leaf->item, leaf->revision), leaf);
  }
  return index;
}

static void
add_difference (FastComparison *comparison, FastDifferenceKind kind, FastSide has, FastSide lacks,
                const FastLeaf *left, const FastLeaf *right)
{
  FastDifference *difference = g_new0 (FastDifference, 1);

  difference->kind = kind;
  difference->has = has;
  difference->lacks = lacks;
  difference->item = g_strdup (left->item);
  difference->revision = left->revision;
  difference->left = g_strdup (left->last);
  difference->right = right == NULL ? NULL : g_strdup (right->last);
  g_ptr_array_add (comparison->differences, difference);
}

/* One pair of sides over one pair of trees. Missing revisions are told once, by their kind. */
typedef struct {
  FastView *left;
  FastView *right;
  FastSetTree *left_tree;
  FastSetTree *right_tree;
  FastDifferenceKind differs;
} Pair;

static void
tell_left (FastComparison *comparison, const Pair *pair, GHashTable *left, GHashTable *right)
{
  GHashTableIter iter;
  gpointer key, leaf;

  g_hash_table_iter_init (&iter, left);
  while (g_hash_table_iter_next (&iter, &key, &leaf)) {
    FastLeaf *other = g_hash_table_lookup (right, key);
    if (other != NULL)
      add_difference (comparison, pair->differs, pair->left->side, pair->right->side, leaf, other);
    else if (pair->differs == FAST_DIFFERENCE_KIND)
      add_difference (comparison, FAST_DIFFERENCE_MISSING, pair->left->side, pair->right->side,
                      leaf, NULL);
  }
}

static void
tell_right (FastComparison *comparison, const Pair *pair, GHashTable *left, GHashTable *right)
{
  GHashTableIter iter;
  gpointer key, leaf;

  if (pair->differs != FAST_DIFFERENCE_KIND)
    return;
  g_hash_table_iter_init (&iter, right);
  while (g_hash_table_iter_next (&iter, &key, &leaf))
    if (!g_hash_table_contains (left, key))
      add_difference (comparison, FAST_DIFFERENCE_MISSING, pair->right->side, pair->left->side,
                      leaf, NULL);
}

static gboolean
compare_pair (FastComparison *comparison, const Pair *pair, GError **error)
{
  g_autoptr (FastSetTree) only_left = fast_set_tree_new ();
  g_autoptr (FastSetTree) only_right = fast_set_tree_new ();
  g_autoptr (GHashTable) left = NULL, right = NULL;

  if (!fast_set_tree_diff (pair->left_tree, fast_set_tree_lookup, pair->right_tree, only_left,
                           only_right, error))
    return FALSE;
  left = index_leaves (only_left, pair->left);
  right = index_leaves (only_right, pair->right);
  tell_left (comparison, pair, left, right);
  tell_right (comparison, pair, left, right);
  return TRUE;
}

static gint
compare_items (const char *left, const char *right)
{
  gsize a = strlen (left), b = strlen (right);

  return a != b && strcspn (left, "-") == strcspn (right, "-") ? (a < b ? -1 : 1)
                                                               : strcmp (left, right);
}

static gint
compare_differences (gconstpointer a, gconstpointer b)
{
  const FastDifference *left = *(FastDifference *const *)a, *right = *(FastDifference *const *)b;
  gint order = compare_items (left->item, right->item);

  if (order == 0)
    order = (left->revision > right->revision) - (left->revision < right->revision);
  if (order == 0)
    order = (gint)left->lacks - (gint)right->lacks;
  if (order == 0)
    order = (gint)left->has - (gint)right->has;
  return order != 0 ? order : (gint)left->kind - (gint)right->kind;
}

static gboolean
compare_all (FastComparison *comparison, FastView *unit, FastView *ca, FastView *us, GError **error)
{
  const Pair pairs[] = {
      {unit, ca, unit->items, ca->items, FAST_DIFFERENCE_KIND},
      {unit, us, unit->items, us->items, FAST_DIFFERENCE_KIND},
      {ca, us, ca->items, us->items, FAST_DIFFERENCE_KIND},
      {unit, ca, unit->lanes[0], ca->lanes[0], FAST_DIFFERENCE_PACKET},
      {unit, us, unit->lanes[1], us->lanes[1], FAST_DIFFERENCE_PACKET},
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (!compare_pair (comparison, &pairs[i], error))
      return FALSE;
  g_ptr_array_sort (comparison->differences, compare_differences);
  return TRUE;
}

static void
note_roots (FastComparison *comparison, FastView *unit, FastView *ca, FastView *us)
{
  FastView *views[FAST_N_SIDES] = {unit, ca, us};

  for (guint i = 0; i < FAST_N_SIDES; i++) {
    comparison->counts[i] = fast_view_count (views[i]);
    comparison->roots[i] = fast_view_items_root (views[i]);
  }
  for (guint i = 0; i < 2; i++) {
    comparison->lanes[i][0] = fast_set_tree_root (unit->lanes[i]);
    comparison->lanes[i][1] = fast_set_tree_root (views[i + 1]->lanes[i]);
  }
}

/**
 * fast_comparison_run:
 * @unit: what the unit sealed, with the packets of both lanes
 * @ca: what Canada has
 * @us: what the United States have
 * @error: return location for an error
 *
 * Returns: (transfer full): what differs; %NULL with FAST_SYNC_ERROR_DIFFERENT when the views are
 *   not of one batch
 */
FastComparison *
fast_comparison_run (FastView *unit, FastView *ca, FastView *us, GError **error)
{
  g_autoptr (FastComparison) comparison = g_new0 (FastComparison, 1);

  comparison->differences = g_ptr_array_new_with_free_func (difference_free);
  comparison->batch = g_strdup (unit->batch);
  if (g_strcmp0 (unit->batch, ca->batch) != 0 || g_strcmp0 (unit->batch, us->batch) != 0)
    return fast_fail_null (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_DIFFERENT, "reconcile-batches",
                           "unit=%s, ca=%s, us=%s", unit->batch, ca->batch, us->batch);
  note_roots (comparison, unit, ca, us);
  if (!compare_all (comparison, unit, ca, us, error))
    return NULL;
  return g_steal_pointer (&comparison);
}

/**
 * fast_comparison_is_equal:
 * @comparison: a comparison
 *
 * Returns: whether unit, Canada and the United States agree to the last record
 */
gboolean
fast_comparison_is_equal (const FastComparison *comparison)
{
  return comparison->differences->len == 0;
}
