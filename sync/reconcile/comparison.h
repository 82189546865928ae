/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "record/base/bytes.h"

G_BEGIN_DECLS

/*
 * Does everybody have the same of a batch? Three pairs are compared, each by set trees:
 *
 *   unit ↔ CA, unit ↔ US   [item, revision, kind] and the lane's [item, revision, packet]
 *   CA ↔ US                [item, revision, kind]; their packets never have equal ids
 *
 * Equal roots end it. Otherwise the trees say which leaves differ, and the report says in words who
 * has which item, who lacks it, and whose packet is another one. Views are values; who gets them
 * from where is the caller's business. This room compares and reports, and changes nothing.
 */

/**
 * FastSide:
 * @FAST_SIDE_UNIT: what the unit sealed
 * @FAST_SIDE_CA: what Canada has
 * @FAST_SIDE_US: what the United States have
 */
typedef enum {
  FAST_SIDE_UNIT,
  FAST_SIDE_CA,
  FAST_SIDE_US,
} FastSide;

#define FAST_N_SIDES 3

/**
 * FastView:
 *
 * What one side has of a batch.
 */
typedef struct _FastView FastView;

FastView *fast_view_new (FastSide side, const char *batch);
FastView *fast_view_parse (FastSide side, GBytes *json, GError **error);
void fast_view_free (FastView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastView, fast_view_free)

gboolean fast_view_add (FastView *view, const char *item, gint64 revision, const char *kind,
                        const char *ca, const char *us, GError **error);
char *fast_view_items_root (FastView *view);
char *fast_view_lane_root (FastView *view, FastSide nation);
guint fast_view_count (FastView *view);

/**
 * FastDifferenceKind:
 * @FAST_DIFFERENCE_MISSING: one side lacks a revision that another has
 * @FAST_DIFFERENCE_KIND: both have the revision but call it another kind
 * @FAST_DIFFERENCE_PACKET: unit and nation name different first packets for it
 */
typedef enum {
  FAST_DIFFERENCE_MISSING,
  FAST_DIFFERENCE_KIND,
  FAST_DIFFERENCE_PACKET,
} FastDifferenceKind;

/**
 * FastDifference:
 * @kind: what differs
 * @has: the side that has it, or the first of two that disagree
 * @lacks: the side that lacks it, or the second
 * @item: the item
 * @revision: its revision
 * @left: what @has says: the kind or the packet
 * @right: (nullable): what @lacks says
 */
typedef struct {
  FastDifferenceKind kind;
  FastSide has;
  FastSide lacks;
  char *item;
  gint64 revision;
  char *left;
  char *right;
} FastDifference;

/**
 * FastComparison:
 * @batch: the batch
 * @counts: how many revisions each side has
 * @roots: each side's root over [item, revision, kind]
 * @lanes: roots over [item, revision, packet]: the unit's and the nation's, of CA, then of US
 * @differences: (element-type FastDifference): sorted by item, revision; empty where all agree
 */
typedef struct {
  char *batch;
  guint counts[FAST_N_SIDES];
  char *roots[FAST_N_SIDES];
  char *lanes[2][2];
  GPtrArray *differences;
} FastComparison;

FastComparison *fast_comparison_run (FastView *unit, FastView *ca, FastView *us, GError **error);
void fast_comparison_free (FastComparison *comparison);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastComparison, fast_comparison_free)

gboolean fast_comparison_is_equal (const FastComparison *comparison);
char *fast_comparison_to_text (const FastComparison *comparison, const char *language);
JsonNode *fast_comparison_to_json (const FastComparison *comparison);

G_END_DECLS
