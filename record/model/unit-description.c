/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/unit-description.h"

#include "record/model/forms.h"
#include "record/model/item.h"

static const char *const languages[] = {"en", "fr", NULL};

static const FastField fields[] = {
    FAST_FIELD (FastUnitDescription, id, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_UNIT),
    FAST_FIELD (FastUnitDescription, centre, .type = FAST_FIELD_STRING,
                .flags = FAST_FIELD_REQUIRED, .pattern = FAST_PATTERN_CENTRE),
    FAST_FIELD (FastUnitDescription, state, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_COUNTRY),
    FAST_FIELD (FastUnitDescription, language, .type = FAST_FIELD_STRING,
                .flags = FAST_FIELD_REQUIRED, .names = languages),
    FAST_FIELD (FastUnitDescription, numbers, .type = FAST_FIELD_STRING,
                .flags = FAST_FIELD_REQUIRED | FAST_FIELD_NULLABLE,
                .pattern = FAST_PATTERN_NUMBERS),
};

FAST_DEFINE_VALUE (FastUnitDescription, fast_unit_description, "unit", fields)
