/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/sample.h"

#include "record/model/forms.h"

static const FastField fields[] = {
    FAST_FIELD (FastSample, name, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_CODE),
    FAST_FIELD (FastSample, suffix, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_CODE),
    FAST_FIELD (FastSample, width, .type = FAST_FIELD_INT, .flags = FAST_FIELD_REQUIRED, .least = 1,
                .most = 100000),
    FAST_FIELD (FastSample, height, .type = FAST_FIELD_INT, .flags = FAST_FIELD_REQUIRED,
                .least = 1, .most = 100000),
    FAST_FIELD (FastSample, resolution, .type = FAST_FIELD_INT, .flags = FAST_FIELD_REQUIRED,
                .most = 10000),
    FAST_FIELD (FastSample, digest, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_SHA256),
    FAST_FIELD (FastSample, captured, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_TIME),
    FAST_FIELD (FastSample, captured_by, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_OFFICER),
    FAST_TEXT (FastSample, device, FAST_FIELD_REQUIRED | FAST_FIELD_NULLABLE),
};

FAST_DEFINE_VALUE (FastSample, fast_sample, "sample", fields)
