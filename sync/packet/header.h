/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define FAST_HEADER_FORMAT 1

/**
 * FastHeader:
 * @nation: `CA` or `US`: whom the packet is for
 * @unit: who seals; need not be the prefix of @item
 * @epoch: counts restorations of the unit, from 1
 * @centre: the enrolment centre
 * @item: `UNIT-SEQUENCE`
 * @kind: one of fast_item_kind_names
 * @revision: counted from 1
 * @predecessor: (nullable): the item that this one goes on from
 * @predecessor_revision: that item's revision; 0 without a predecessor
 * @about: (nullable): the item id of the enrolment concerned
 * @batch: the batch that was open when the lane sequence was reserved
 * @lane: the sequence in this nation's lane, from 1
 * @first: (nullable): with a re-seal, the first packet ever sealed for this revision and nation
 * @superseded: (nullable): with a re-seal, the packet that this one takes the place of
 * @superseded_lane: that packet's lane sequence; 0 without
 * @audit_size: how many rows the unit's audit log has
 * @audit_root: lowercase hex of its RFC 6962 root
 *
 * The clear header of a packet: the signed attribute, and again `item.json` inside. Nothing in it
 * is personal.
 */
typedef struct {
  char *nation;
  char *unit;
  gint64 epoch;
  char *centre;
  char *item;
  char *kind;
  gint64 revision;
  char *predecessor;
  gint64 predecessor_revision;
  char *about;
  char *batch;
  gint64 lane;
  char *first;
  char *superseded;
  gint64 superseded_lane;
  gint64 audit_size;
  char *audit_root;
} FastHeader;

FastHeader *fast_header_new (void);
FastHeader *fast_header_copy (const FastHeader *header);
void fast_header_free (FastHeader *header);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastHeader, fast_header_free)

FastHeader *fast_header_parse (GBytes *json, GError **error);
gboolean fast_header_check (const FastHeader *header, GError **error);
char *fast_header_to_text (const FastHeader *header);
GBytes *fast_header_to_bytes (const FastHeader *header);
gboolean fast_header_equal (const FastHeader *left, const FastHeader *right);

gboolean fast_nation_is_known (const char *nation);
gboolean fast_unit_id_is_valid (const char *text);
gboolean fast_item_id_is_valid (const char *text);
gboolean fast_batch_id_is_valid (const char *text);
gboolean fast_packet_id_is_valid (const char *text);
char *fast_batch_id_new (const char *unit, gint64 sequence);

G_END_DECLS
