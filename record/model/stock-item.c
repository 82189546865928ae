/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/stock-item.h"

#include "record/model/forms.h"
#include "record/model/item.h"

/* Every blank is in one of these, so that a day's count adds up. */
static const char *const states[] = {"in-stock",    "in-production", "awaiting-collection",
                                     "handed-over", "destroyed",     "spoiled",
                                     "returned",    "missing",       NULL};

static const FastField fields[] = {
    FAST_FIELD (FastStockItem, serial, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_SERIAL),
    FAST_FIELD (FastStockItem, chip, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_CHIP),
    FAST_FIELD (FastStockItem, rfid, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_RFID),
    FAST_FIELD (FastStockItem, state, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .names = states),
    FAST_FIELD (FastStockItem, enrolment, .type = FAST_FIELD_STRING,
                .flags = FAST_FIELD_REQUIRED | FAST_FIELD_NULLABLE, .pattern = FAST_PATTERN_ITEM),
};

FAST_DEFINE_VALUE (FastStockItem, fast_stock_item, "stock item", fields)
