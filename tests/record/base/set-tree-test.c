/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/set-tree.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/json.h"
#include "tests/support.h"

static void
number_leaf (guint32 number, guint8 leaf[FAST_SHA256_SIZE])
{
  fast_sha256 (&number, sizeof number, leaf);
}

static FastSetTree *
range (guint from, guint to)
{
  FastSetTree *tree = fast_set_tree_new ();
  guint8 leaf[FAST_SHA256_SIZE];

  for (guint i = from; i < to; i++) {
    number_leaf (i, leaf);
    fast_set_tree_add (tree, leaf);
  }
  return tree;
}

/* printf '\x02' | sha256sum, and so on: computed with coreutils from the definition. */
static void
test_known_hashes (void)
{
  g_autoptr (FastSetTree) tree = fast_set_tree_new ();
  g_autofree char *empty = fast_set_tree_root (tree);
  g_autofree char *one = NULL, *two = NULL;
  guint8 leaf[FAST_SHA256_SIZE] = {0};

  g_assert_cmpstr (empty, ==, "dbc1b4c900ffe48d575b5da5c638040125f65db0fe3e24494b76ea986457d986");
  fast_set_tree_add (tree, leaf);
  one = fast_set_tree_root (tree);
  g_assert_cmpstr (one, ==, "7f9c9e31ac8256ca2f258583df262dbc7d6f68f2a03043d5c99a4ae5a7396ce9");
  leaf[0] = 0xF0;
  fast_set_tree_add (tree, leaf);
  two = fast_set_tree_root (tree);
  g_assert_cmpstr (two, ==, "c75bcdbe385a1076f2fae976ed25736e7b65cf5e1ec822a8a7a67f69e2d824b1");
}

static void
test_json_leaf (void)
{
  g_autoptr (FastSetTree) tree = fast_set_tree_new ();
  g_autoptr (GBytes) text = g_bytes_new_static ("[\"U1-1\", 1, \"enrolment\"]", 24);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) array = fast_json_parse (text, "leaf", &error);
  g_autofree char *wanted = NULL, *found = NULL;
  guint8 leaf[FAST_SHA256_SIZE];

  g_assert_no_error (error);
  fast_set_tree_add_json (tree, array, leaf);
  found = fast_hex_encode (leaf, sizeof leaf);
  wanted = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "[\"U1-1\",1,\"enrolment\"]", -1);
  g_assert_cmpstr (found, ==, wanted);
  g_assert_true (fast_set_tree_contains (tree, leaf));
}

static void
test_order_and_repetition (void)
{
  for (guint round = 0; round < 20; round++) {
    g_autoptr (FastSetTree) sorted = range (0, 300);
    g_autoptr (FastSetTree) shuffled = fast_set_tree_new ();
    g_autofree char *left = fast_set_tree_root (sorted), *right = NULL;
    guint8 leaf[FAST_SHA256_SIZE];
    guint start = (guint)g_test_rand_int_range (0, 300);

    for (guint i = 0; i < 450; i++) {
      number_leaf ((start + i * 7) % 300, leaf);
      fast_set_tree_add (shuffled, leaf);
    }
    right = fast_set_tree_root (shuffled);
    g_assert_cmpstr (left, ==, right);
    g_assert_cmpuint (fast_set_tree_count (shuffled), ==, 300);
  }
}

static guint lookups;

static gboolean
count_lookup (gpointer data, const char *prefix, FastSetNode *node, GError **error)
{
  lookups++;
  return fast_set_tree_lookup (data, prefix, node, error);
}

static void
assert_leaves (FastSetTree *found, GHashTable *wanted)
{
  g_auto (GStrv) list = fast_set_tree_list (found);

  g_assert_cmpuint (g_strv_length (list), ==, g_hash_table_size (wanted));
  for (guint i = 0; list[i] != NULL; i++)
    g_assert_true (g_hash_table_contains (wanted, list[i]));
}

/* Puts @leaf into one side, the other or both, at random; notes where it is alone. */
static void
deal (guint32 number, FastSetTree *sides[2], GHashTable *alone[2], int odds)
{
  guint8 leaf[FAST_SHA256_SIZE];
  int draw = g_test_rand_int_range (0, odds);

  number_leaf (number, leaf);
  for (int side = 0; side < 2; side++)
    if (draw != side)
      fast_set_tree_add (sides[side], leaf);
  if (draw < 2)
    g_hash_table_add (alone[1 - draw], fast_hex_encode (leaf, sizeof leaf));
}

static void
check_random_sets (guint n, int odds)
{
  g_autoptr (FastSetTree) here = fast_set_tree_new (), there = fast_set_tree_new ();
  g_autoptr (FastSetTree) only_here = fast_set_tree_new (), only_there = fast_set_tree_new ();
  g_autoptr (GHashTable) a = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) b = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *left = NULL, *right = NULL;
  FastSetTree *sides[] = {here, there};
  GHashTable *alone[] = {a, b};

  for (guint i = 0; i < n; i++)
    deal (i, sides, alone, odds);
  lookups = 0;
  g_assert_true (fast_set_tree_diff (here, count_lookup, there, only_here, only_there, &error));
  g_assert_no_error (error);
  assert_leaves (only_here, a);
  assert_leaves (only_there, b);
  left = fast_set_tree_root (here);
  right = fast_set_tree_root (there);
  g_assert_cmpint (strcmp (left, right) == 0, ==,
                   g_hash_table_size (a) + g_hash_table_size (b) == 0);
}

static void
test_diff (void)
{
  const guint sizes[] = {0, 1, 2, 3, 17, 400};
  const int odds[] = {2, 3, 10, 500};

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (odds); j++)
      for (guint round = 0; round < 5; round++)
        check_random_sets (sizes[i], odds[j]);
}

static void
test_diff_is_cheap (void)
{
  g_autoptr (FastSetTree) here = range (0, 10000), there = range (1, 10000);
  g_autoptr (FastSetTree) only_here = fast_set_tree_new (), only_there = fast_set_tree_new ();

  lookups = 0;
  g_assert_true (fast_set_tree_diff (here, count_lookup, there, only_here, only_there, NULL));
  g_assert_cmpuint (fast_set_tree_count (only_here), ==, 1);
  g_assert_cmpuint (lookups, <=, 1 + 16 * 5);
}

static guint lie_at;

static gboolean
lying_lookup (gpointer data, const char *prefix, FastSetNode *node, GError **error)
{
  if (!fast_set_tree_lookup (data, prefix, node, error))
    return FALSE;
  if (strlen (prefix) == lie_at)
    node->count++;
  return TRUE;
}

static void
test_contradiction (void)
{
  g_autoptr (FastSetTree) here = range (0, 100), there = range (1, 100);
  g_autoptr (FastSetTree) only = fast_set_tree_new ();
  g_autoptr (GError) error = NULL;

  for (lie_at = 0; lie_at < 2; lie_at++) {
    g_assert_false (fast_set_tree_diff (here, lying_lookup, there, only, only, &error));
    g_assert_error (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_GARBAGE);
    g_clear_error (&error);
  }
}

static void
test_bad_prefix (void)
{
  g_autoptr (FastSetTree) tree = range (0, 3);
  g_autofree char *long_prefix = g_strnfill (65, 'a');
  const char *bad[] = {"g", "A", "0 ", long_prefix};
  FastSetNode node;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (fast_set_tree_lookup (tree, bad[i], &node, &error));
    fast_test_assert_id (error, "set-tree-prefix");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/set-tree/known-hashes", test_known_hashes);
  g_test_add_func ("/base/set-tree/json-leaf", test_json_leaf);
  g_test_add_func ("/base/set-tree/order-and-repetition", test_order_and_repetition);
  g_test_add_func ("/base/set-tree/diff", test_diff);
  g_test_add_func ("/base/set-tree/diff-is-cheap", test_diff_is_cheap);
  g_test_add_func ("/base/set-tree/contradiction", test_contradiction);
  g_test_add_func ("/base/set-tree/bad-prefix", test_bad_prefix);
  return g_test_run ();
}
