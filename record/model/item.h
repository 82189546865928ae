/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/error.h"

G_BEGIN_DECLS

/**
 * FastItemKind:
 * @FAST_ITEM_ENROLMENT: what was captured of one applicant; the only kind with biometrics
 * @FAST_ITEM_DECISION: one agency's signed decision on an enrolment
 * @FAST_ITEM_CARD: a card that was made, and what its chip holds by digest
 * @FAST_ITEM_HANDOVER: a card given to its holder
 * @FAST_ITEM_PAYMENT: a fee taken
 * @FAST_ITEM_CORRECTION: a change of what was sent before
 * @FAST_ITEM_REVOCATION: a card or membership that no longer counts
 * @FAST_ITEM_STOCK_DAY: a day's count of blanks and cards
 * @FAST_ITEM_TRANSFER: an enrolment that moves to another unit
 * @FAST_ITEM_BATCH: a closed day
 *
 * What is replicated to both nations.
 */
typedef enum {
  FAST_ITEM_ENROLMENT,
  FAST_ITEM_DECISION,
  FAST_ITEM_CARD,
  FAST_ITEM_HANDOVER,
  FAST_ITEM_PAYMENT,
  FAST_ITEM_CORRECTION,
  FAST_ITEM_REVOCATION,
  FAST_ITEM_STOCK_DAY,
  FAST_ITEM_TRANSFER,
  FAST_ITEM_BATCH,
  FAST_ITEM_COUNT,
} FastItemKind;

extern const char *const fast_item_kind_names[];

/* The form of an item id, UNIT-SEQUENCE, for tables and schemas. */
#define FAST_PATTERN_UNIT "^[A-Z0-9]{1,12}$"
#define FAST_PATTERN_ITEM "^[A-Z0-9]{1,12}-[1-9][0-9]{0,15}$"
#define FAST_ITEM_SEQUENCE_LIMIT G_GUINT64_CONSTANT (9007199254740991)

const char *fast_item_kind_name (FastItemKind kind);
gboolean fast_item_kind_parse (const char *name, FastItemKind *kind, GError **error);

char *fast_item_id_format (const char *unit, guint64 sequence);
gboolean fast_item_id_parse (const char *id, char **unit, guint64 *sequence, GError **error);
gboolean fast_item_unit_is_valid (const char *unit);

G_END_DECLS
