/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/batch.h"

#include "record/model/forms.h"
#include "record/model/item.h"

static const FastField fields[] = {
    FAST_FIELD (FastBatch, batch, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_BATCH),
    FAST_FIELD (FastBatch, unit, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_UNIT),
    FAST_FIELD (FastBatch, day, .type = FAST_FIELD_DATE, .flags = FAST_FIELD_REQUIRED),
    FAST_FIELD (FastBatch, closed, .type = FAST_FIELD_STRING,
                .flags = FAST_FIELD_REQUIRED | FAST_FIELD_NULLABLE, .pattern = FAST_PATTERN_TIME),
    FAST_FIELD (FastBatch, closed_by, .type = FAST_FIELD_STRINGS, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_OFFICER, .most = 2),
    FAST_FIELD (FastBatch, items, .type = FAST_FIELD_INT, .flags = FAST_FIELD_REQUIRED,
                .most = FAST_INTEGER_LIMIT),
    FAST_FIELD (FastBatch, root, .type = FAST_FIELD_STRING,
                .flags = FAST_FIELD_REQUIRED | FAST_FIELD_NULLABLE, .pattern = FAST_PATTERN_SHA256),
};

FAST_DEFINE_VALUE (FastBatch, fast_batch, "batch", fields)
