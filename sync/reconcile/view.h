/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/set-tree.h"
#include "sync/reconcile/comparison.h"

G_BEGIN_DECLS

/* What a view holds; private to this room. */

typedef struct {
  char *item;
  gint64 revision;
  char *last;
} FastLeaf;

/**
 * FastView:
 * @side: whose
 * @batch: of which batch
 * @items: leaves [item, revision, kind]
 * @lanes: leaves [item, revision, packet], for CA and US
 * @leaves: (element-type utf8 FastLeaf): what a leaf of any of these trees stands for, by its hash
 */
struct _FastView {
  FastSide side;
  char *batch;
  FastSetTree *items;
  FastSetTree *lanes[2];
  GHashTable *leaves;
};

void fast_leaf_free (gpointer data);

G_END_DECLS
