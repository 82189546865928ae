/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/stock/delivery.h"
#include "record/store/transaction.h"

G_BEGIN_DECLS

/*
 * The ledger of blanks: each serial is in exactly one state, and every move is a row of the audit
 * log in the same transaction. Serial, chip and RFID number are unique for ever: a number that was
 * once in the ledger never comes back as another card.
 */

/**
 * FastBlankState:
 * @FAST_BLANK_RECEIVED: arrived, in the safe
 * @FAST_BLANK_ALLOTTED: given to the desk
 * @FAST_BLANK_IN_PRODUCTION: taken for an enrolment; its chip may be written
 * @FAST_BLANK_MADE: proved by read-back, awaits collection
 * @FAST_BLANK_HANDED_OVER: with its holder
 *
 * Where a blank is.
 */
typedef enum {
  FAST_BLANK_RECEIVED,
  FAST_BLANK_ALLOTTED,
  FAST_BLANK_IN_PRODUCTION,
  FAST_BLANK_MADE,
  FAST_BLANK_HANDED_OVER,
  FAST_BLANK_STATE_COUNT,
} FastBlankState;

/**
 * FastStockEntry:
 * @serial: the card's serial
 * @chip: the chip's serial
 * @rfid: the RFID number
 * @state: where it is
 * @enrolment: (nullable): item id of the enrolment that it was taken for
 *
 * One line of the ledger.
 */
typedef struct {
  char *serial;
  char *chip;
  char *rfid;
  FastBlankState state;
  char *enrolment;
} FastStockEntry;

extern const FastSchema fast_stock_schema;

void fast_stock_entry_free (FastStockEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastStockEntry, fast_stock_entry_free)

const char *fast_blank_state_name (FastBlankState state);

gboolean fast_stock_receive (FastTransaction *transaction, const char *actor, GPtrArray *blanks,
                             GError **error);
gboolean fast_stock_allot (FastTransaction *transaction, const char *actor,
                           const char *const *serials, guint *n_allotted, GError **error);
gboolean fast_stock_take (FastTransaction *transaction, const char *actor, const char *serial,
                          const char *enrolment, GError **error);
gboolean fast_stock_made (FastTransaction *transaction, const char *actor, const char *serial,
                          GError **error);
gboolean fast_stock_hand_over (FastTransaction *transaction, const char *actor, const char *serial,
                               GError **error);

FastStockEntry *fast_stock_find_serial (FastStore *store, const char *serial, GError **error);
FastStockEntry *fast_stock_find_chip (FastStore *store, const char *chip, GError **error);
FastStockEntry *fast_stock_first_allotted (FastStore *store, GError **error);
gboolean fast_stock_count (FastStore *store, gint64 counts[FAST_BLANK_STATE_COUNT], GError **error);

G_END_DECLS
