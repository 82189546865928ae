/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"

G_BEGIN_DECLS

/**
 * FastStockItem:
 * @serial: of the blank, nine characters
 * @chip: the chip's serial
 * @rfid: the number of its tag
 * @state: where it is, as in `in-stock`
 * @enrolment: (nullable): item id of whose card it is or was to be
 *
 * One blank in the ledger, through its whole life.
 */
typedef struct {
  const char *serial;
  const char *chip;
  const char *rfid;
  const char *state;
  const char *enrolment;
} FastStockItem;

FAST_DECLARE_VALUE (FastStockItem, fast_stock_item)

G_END_DECLS
