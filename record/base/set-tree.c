/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/set-tree.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/json.h"

#define N_DIGITS (2 * FAST_SHA256_SIZE)
#define N_CHILDREN 16

typedef struct {
  guint8 bytes[FAST_SHA256_SIZE];
} Leaf;

struct _FastSetTree {
  GArray *leaves;
  gboolean sorted;
};

/* The prefix of a node, grown and cut by one digit while descending. */
typedef struct {
  char digits[N_DIGITS + 1];
  guint length;
} Prefix;

/**
 * fast_set_tree_new:
 *
 * Returns: (transfer full): the empty set
 */
FastSetTree *
fast_set_tree_new (void)
{
  FastSetTree *tree = g_new0 (FastSetTree, 1);

  tree->leaves = g_array_new (FALSE, FALSE, sizeof (Leaf));
  tree->sorted = TRUE;
  return tree;
}

/**
 * fast_set_tree_free:
 * @tree: (transfer full) (nullable): a set
 */
void
fast_set_tree_free (FastSetTree *tree)
{
  if (tree == NULL)
    return;
  g_array_unref (tree->leaves);
  g_free (tree);
}

/**
 * fast_set_tree_add:
 * @tree: a set
 * @leaf: 32 bytes that are themselves a hash; adding one twice changes nothing
 */
void
fast_set_tree_add (FastSetTree *tree, const guint8 leaf[FAST_SHA256_SIZE])
{
  g_array_append_vals (tree->leaves, leaf, 1);
  tree->sorted = FALSE;
}

/**
 * fast_set_tree_add_json:
 * @tree: a set
 * @array: what the leaf stands for
 * @leaf: (out) (optional): the leaf: the SHA-256 of @array's canonical JSON
 */
void
fast_set_tree_add_json (FastSetTree *tree, JsonNode *array, guint8 leaf[FAST_SHA256_SIZE])
{
  g_autoptr (GBytes) text = fast_json_canonical_bytes (array);
  Leaf made;

  fast_sha256 (g_bytes_get_data (text, NULL), g_bytes_get_size (text), made.bytes);
  fast_set_tree_add (tree, made.bytes);
  if (leaf != NULL)
    fast_copy (leaf, FAST_SHA256_SIZE, made.bytes, FAST_SHA256_SIZE);
}

static gint
compare_leaves (gconstpointer left, gconstpointer right)
{
  return memcmp (((const Leaf *)left)->bytes, ((const Leaf *)right)->bytes, FAST_SHA256_SIZE);
}

static void
sort (FastSetTree *tree)
{
  Leaf *leaves = (Leaf *)(void *)tree->leaves->data;
  guint kept = 0;

  if (tree->sorted)
    return;
  g_array_sort (tree->leaves, compare_leaves);
  for (guint i = 0; i < tree->leaves->len; i++)
    if (kept == 0 || compare_leaves (&leaves[kept - 1], &leaves[i]) != 0)
      leaves[kept++] = leaves[i];
  g_array_set_size (tree->leaves, kept);
  tree->sorted = TRUE;
}

/**
 * fast_set_tree_count:
 * @tree: a set
 *
 * Returns: how many different leaves it has
 */
guint
fast_set_tree_count (FastSetTree *tree)
{
  sort (tree);
  return tree->leaves->len;
}

/**
 * fast_set_tree_contains:
 * @tree: a set
 * @leaf: 32 bytes
 *
 * Returns: whether @leaf is in it
 */
gboolean
fast_set_tree_contains (FastSetTree *tree, const guint8 leaf[FAST_SHA256_SIZE])
{
  sort (tree);
  return g_array_binary_search (tree->leaves, leaf, compare_leaves, NULL);
}

static guint
digit_at (const Leaf *leaf, guint depth)
{
  guint8 byte = leaf->bytes[depth / 2];

  return depth % 2 == 0 ? byte >> 4 : byte & 0x0F;
}

/* The end of those of the sorted @n @leaves, all equal before @depth, whose digit is @digit or
 * less. */
static guint
end_of_digit (const Leaf *leaves, guint n, guint depth, guint digit)
{
  guint low = 0, high = n;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (digit_at (&leaves[middle], depth) <= digit)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void
hash_leaf (const Leaf *leaf, guint8 hash[FAST_SHA256_SIZE])
{
  guint8 text[1 + FAST_SHA256_SIZE] = {0x00};

  fast_copy (text + 1, FAST_SHA256_SIZE, leaf->bytes, FAST_SHA256_SIZE);
  fast_sha256 (text, sizeof text, hash);
}

static void
hash_empty (guint8 hash[FAST_SHA256_SIZE])
{
  const guint8 text[] = {0x02};

  fast_sha256 (text, sizeof text, hash);
}

static void
hash_inner (guint8 children[N_CHILDREN][FAST_SHA256_SIZE], guint8 hash[FAST_SHA256_SIZE])
{
  guint8 text[1 + N_CHILDREN * FAST_SHA256_SIZE] = {0x01};

  fast_copy (text + 1, sizeof text - 1, children, N_CHILDREN * FAST_SHA256_SIZE);
  fast_sha256 (text, sizeof text, hash);
}

static void
hash_range (const Leaf *leaves, guint n, guint depth, guint8 hash[FAST_SHA256_SIZE])
{
  guint8 children[N_CHILDREN][FAST_SHA256_SIZE];
  guint start = 0;

  if (n == 0) {
    hash_empty (hash);
    return;
  }
  if (n == 1) {
    hash_leaf (leaves, hash);
    return;
  }
  for (guint digit = 0; digit < N_CHILDREN; digit++) {
    guint end = end_of_digit (leaves, n, depth, digit);
    hash_range (leaves + start, end - start, depth + 1, children[digit]);
    start = end;
  }
  hash_inner (children, hash);
}

static void
describe (const Leaf *leaves, guint n, guint depth, FastSetNode *node)
{
  static const Leaf none;

  hash_range (leaves, n, depth, node->hash);
  node->count = n;
  fast_copy (node->leaf, FAST_SHA256_SIZE, n == 1 ? leaves : &none, FAST_SHA256_SIZE);
}

/**
 * fast_set_tree_root:
 * @tree: a set
 *
 * Returns: (transfer full): the hash of all of it, in lowercase hex
 */
char *
fast_set_tree_root (FastSetTree *tree)
{
  guint8 hash[FAST_SHA256_SIZE];

  sort (tree);
  hash_range ((const Leaf *)(const void *)tree->leaves->data, tree->leaves->len, 0, hash);
  return fast_hex_encode (hash, sizeof hash);
}

/**
 * fast_set_tree_lookup:
 * @tree: a #FastSetTree
 * @prefix: 0 to 64 lowercase hex digits
 * @node: (out caller-allocates): what is there; an empty node where nothing is
 * @error: return location for an error
 *
 * Returns: %FALSE with FAST_INPUT_ERROR_MALFORMED when @prefix is not such a prefix
 */
gboolean
fast_set_tree_lookup (gpointer tree, const char *prefix, FastSetNode *node, GError **error)
{
  FastSetTree *set = tree;
  gsize length = strlen (prefix);
  const Leaf *leaves;
  guint n;

  if (length > N_DIGITS || strspn (prefix, "0123456789abcdef") != length)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "set-tree-prefix", NULL);
  sort (set);
  leaves = (const Leaf *)(const void *)set->leaves->data;
  n = set->leaves->len;
  for (guint depth = 0; depth < length && n > 0; depth++) {
    guint digit = (guint)g_ascii_xdigit_value (prefix[depth]);
    guint start = digit == 0 ? 0 : end_of_digit (leaves, n, depth, digit - 1);
    n = end_of_digit (leaves, n, depth, digit) - start;
    leaves += start;
  }
  describe (leaves, n, (guint)length, node);
  return TRUE;
}

/* One comparison on its way through the tree. */
typedef struct {
  FastSetLookup other;
  gpointer data;
  FastSetTree *only_here;
  FastSetTree *only_there;
  Prefix prefix;
} Walk;

static gboolean
contradicts (GError **error, const char *prefix)
{
  return fast_fail (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_GARBAGE, "set-tree-contradiction",
                    "prefix=%s", prefix);
}

/* The other side may be wrong or lie: a node without children must be what its hash says. */
static gboolean
check_node (const FastSetNode *node, const char *prefix, GError **error)
{
  g_autofree char *digits = fast_hex_encode (node->leaf, FAST_SHA256_SIZE);
  guint8 hash[FAST_SHA256_SIZE];
  Leaf leaf;

  if (node->count > 1)
    return strlen (prefix) < N_DIGITS ? TRUE : contradicts (error, prefix);
  fast_copy (leaf.bytes, sizeof leaf.bytes, node->leaf, FAST_SHA256_SIZE);
  if (node->count == 0)
    hash_empty (hash);
  else
    hash_leaf (&leaf, hash);
  if (memcmp (hash, node->hash, sizeof hash) != 0 ||
      (node->count == 1 && !g_str_has_prefix (digits, prefix)))
    return contradicts (error, prefix);
  return TRUE;
}

static gboolean
check_children (const FastSetNode *node, const FastSetNode children[N_CHILDREN], const char *prefix,
                GError **error)
{
  guint8 hashes[N_CHILDREN][FAST_SHA256_SIZE];
  guint8 hash[FAST_SHA256_SIZE];
  guint64 count = 0;

  for (guint i = 0; i < N_CHILDREN; i++) {
    fast_copy (hashes[i], FAST_SHA256_SIZE, children[i].hash, FAST_SHA256_SIZE);
    count += children[i].count;
  }
  hash_inner (hashes, hash);
  if (count != node->count || memcmp (hash, node->hash, sizeof hash) != 0)
    return contradicts (error, prefix);
  return TRUE;
}

static void
push (Prefix *prefix, guint digit)
{
  prefix->digits[prefix->length++] = "0123456789abcdef"[digit];
  prefix->digits[prefix->length] = '\0';
}

static void
pop (Prefix *prefix)
{
  prefix->digits[--prefix->length] = '\0';
}

static gboolean
ask_children (Walk *walk, const FastSetNode *node, FastSetNode children[N_CHILDREN], GError **error)
{
  for (guint digit = 0; digit < N_CHILDREN; digit++) {
    gboolean answered;
    push (&walk->prefix, digit);
    answered = walk->other (walk->data, walk->prefix.digits, &children[digit], error) &&
               check_node (&children[digit], walk->prefix.digits, error);
    pop (&walk->prefix);
    if (!answered)
      return FALSE;
  }
  return check_children (node, children, walk->prefix.digits, error);
}

/* The other side has one leaf or none below this prefix. */
static void
compare_with_leaf (Walk *walk, const Leaf *leaves, guint n, const FastSetNode *there)
{
  gboolean found = FALSE;

  for (guint i = 0; i < n; i++) {
    gboolean same = there->count == 1 && memcmp (leaves[i].bytes, there->leaf, sizeof (Leaf)) == 0;
    found = found || same;
    if (!same)
      fast_set_tree_add (walk->only_here, leaves[i].bytes);
  }
  if (there->count == 1 && !found)
    fast_set_tree_add (walk->only_there, there->leaf);
}

static gboolean
walk_node (Walk *walk, const Leaf *leaves, guint n, const FastSetNode *there, GError **error)
{
  guint8 hash[FAST_SHA256_SIZE];
  FastSetNode children[N_CHILDREN];
  guint depth = walk->prefix.length, start = 0;

  hash_range (leaves, n, depth, hash);
  if (memcmp (hash, there->hash, sizeof hash) == 0)
    return n == there->count ? TRUE : contradicts (error, walk->prefix.digits);
  if (there->count <= 1) {
    compare_with_leaf (walk, leaves, n, there);
    return TRUE;
  }
  if (!ask_children (walk, there, children, error))
    return FALSE;
  for (guint digit = 0; digit < N_CHILDREN; digit++) {
    guint end = n == 0 ? 0 : end_of_digit (leaves, n, depth, digit);
    gboolean walked;
    push (&walk->prefix, digit);
    walked = walk_node (walk, leaves + start, end - start, &children[digit], error);
    pop (&walk->prefix);
    if (!walked)
      return FALSE;
    start = end;
  }
  return TRUE;
}

/**
 * fast_set_tree_diff:
 * @tree: this side
 * @other: asks the other side
 * @data: for @other
 * @only_here: leaves that the other side lacks are added to it
 * @only_there: leaves that this side lacks are added to it
 * @error: return location for an error
 *
 * Compares two sets. Every answer of the other side is checked against the hash above it.
 *
 * Returns: whether the comparison could be made; %FALSE with FAST_SYNC_ERROR_GARBAGE when the other
 *   side's nodes contradict each other, or with @other's error
 */
gboolean
fast_set_tree_diff (FastSetTree *tree, FastSetLookup other, gpointer data, FastSetTree *only_here,
                    FastSetTree *only_there, GError **error)
{
  Walk walk = {.other = other, .data = data, .only_here = only_here, .only_there = only_there};
  FastSetNode root;

  sort (tree);
  if (!other (data, "", &root, error) || !check_node (&root, "", error))
    return FALSE;
  return walk_node (&walk, (const Leaf *)(const void *)tree->leaves->data, tree->leaves->len, &root,
                    error);
}

/**
 * fast_set_tree_list:
 * @tree: a set
 *
 * Returns: (transfer full) (array zero-terminated=1): its leaves in lowercase hex, sorted
 */
char **
fast_set_tree_list (FastSetTree *tree)
{
  char **list;

  sort (tree);
  list = g_new0 (char *, tree->leaves->len + 1);
  for (guint i = 0; i < tree->leaves->len; i++)
    list[i] = fast_hex_encode (&g_array_index (tree->leaves, Leaf, i), FAST_SHA256_SIZE);
  return list;
}
