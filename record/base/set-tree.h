/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "record/base/bytes.h"

G_BEGIN_DECLS

/*
 * A set of 32-byte leaves as a radix-16 tree, by which two sides find out what one of them lacks
 * without telling each other the whole set. A leaf's place is its own 64 hex digits; the node at a
 * prefix of n digits stands for all leaves that begin with it. Its hash depends on nothing but the
 * set: not on order, repetition or how the tree was built.
 *
 *   no leaf          SHA-256 (02)
 *   one leaf         SHA-256 (00 ‖ leaf), at whatever depth: a chain of single children collapses
 *   several leaves   SHA-256 (01 ‖ the 16 children's hashes in the order of their digits)
 *
 * The first byte keeps the three apart, so no leaf can pass for an inner node. Leaves are hashes
 * themselves, so the tree stays about log16 of their number deep, and a leaf carries its whole
 * place, so a collapsed chain tells no less than a long one. Two equal hashes mean equal sets: a
 * comparison descends only where hashes differ, at most 16 look-ups a level and difference.
 */

/**
 * FastSetNode:
 * @hash: as above
 * @count: how many leaves are below
 * @leaf: the leaf, where @count is 1; zeros otherwise
 *
 * What one side tells of a prefix.
 */
typedef struct {
  guint8 hash[FAST_SHA256_SIZE];
  guint count;
  guint8 leaf[FAST_SHA256_SIZE];
} FastSetNode;

/**
 * FastSetTree:
 *
 * The set. Not shared between threads while it is filled.
 */
typedef struct _FastSetTree FastSetTree;

/**
 * FastSetLookup:
 * @data: of the other side
 * @prefix: 0 to 64 lowercase hex digits
 * @node: (out caller-allocates): what it has there
 * @error: return location for an error
 *
 * Asks the other side for a node; fast_set_tree_lookup() is one such function.
 *
 * Returns: whether it answered
 */
typedef gboolean (*FastSetLookup) (gpointer data, const char *prefix, FastSetNode *node,
                                   GError **error);

FastSetTree *fast_set_tree_new (void);
void fast_set_tree_free (FastSetTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastSetTree, fast_set_tree_free)

void fast_set_tree_add (FastSetTree *tree, const guint8 leaf[FAST_SHA256_SIZE]);
void fast_set_tree_add_json (FastSetTree *tree, JsonNode *array, guint8 leaf[FAST_SHA256_SIZE]);
guint fast_set_tree_count (FastSetTree *tree);
gboolean fast_set_tree_contains (FastSetTree *tree, const guint8 leaf[FAST_SHA256_SIZE]);
char *fast_set_tree_root (FastSetTree *tree);
gboolean fast_set_tree_lookup (gpointer tree, const char *prefix, FastSetNode *node,
                               GError **error);
gboolean fast_set_tree_diff (FastSetTree *tree, FastSetLookup other, gpointer data,
                             FastSetTree *only_here, FastSetTree *only_there, GError **error);
char **fast_set_tree_list (FastSetTree *tree);

G_END_DECLS
