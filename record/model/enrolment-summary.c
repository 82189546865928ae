/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/enrolment-summary.h"

#include "record/model/forms.h"
#include "record/model/item.h"

static const FastField fields[] = {
    FAST_FIELD (FastEnrolmentSummary, item, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_ITEM),
    FAST_FIELD (FastEnrolmentSummary, revision, .type = FAST_FIELD_INT,
                .flags = FAST_FIELD_REQUIRED, .least = 1, .most = FAST_INTEGER_LIMIT),
    FAST_FIELD (FastEnrolmentSummary, programme, .type = FAST_FIELD_STRING,
                .flags = FAST_FIELD_REQUIRED, .pattern = FAST_PATTERN_PROGRAMME),
    FAST_FIELD (FastEnrolmentSummary, unit, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_UNIT),
    FAST_FIELD (FastEnrolmentSummary, centre, .type = FAST_FIELD_STRING,
                .flags = FAST_FIELD_REQUIRED, .pattern = FAST_PATTERN_CENTRE),
    FAST_FIELD (FastEnrolmentSummary, captured, .type = FAST_FIELD_STRING,
                .flags = FAST_FIELD_REQUIRED, .pattern = FAST_PATTERN_TIME),
    FAST_FIELD (FastEnrolmentSummary, captured_by, .type = FAST_FIELD_STRING,
                .flags = FAST_FIELD_REQUIRED, .pattern = FAST_PATTERN_OFFICER),
    FAST_FIELD (FastEnrolmentSummary, membership, .type = FAST_FIELD_STRING,
                .flags = FAST_FIELD_REQUIRED | FAST_FIELD_NULLABLE,
                .pattern = FAST_PATTERN_MEMBERSHIP),
    FAST_FIELD (FastEnrolmentSummary, serial, .type = FAST_FIELD_STRING,
                .flags = FAST_FIELD_REQUIRED | FAST_FIELD_NULLABLE, .pattern = FAST_PATTERN_SERIAL),
};

FAST_DEFINE_VALUE (FastEnrolmentSummary, fast_enrolment_summary, "enrolment", fields)
