/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/handover.h"

#include "record/model/forms.h"
#include "record/model/item.h"

static const char *const proofs[] = {"photo", "finger", NULL};

static const FastField fields[] = {
    FAST_FIELD (FastHandover, enrolment, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_ITEM),
    FAST_FIELD (FastHandover, serial, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_SERIAL),
    FAST_FIELD (FastHandover, officer, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_OFFICER),
    FAST_FIELD (FastHandover, at, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_TIME),
    FAST_FIELD (FastHandover, identified_by, .type = FAST_FIELD_STRING,
                .flags = FAST_FIELD_REQUIRED, .names = proofs),
};

FAST_DEFINE_VALUE (FastHandover, fast_handover, "handover", fields)
