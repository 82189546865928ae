/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/centre.h"

#include "record/model/forms.h"
#include "record/model/nation.h"

static const FastField fields[] = {
    FAST_FIELD (FastCentre, code, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_CENTRE),
    FAST_FIELD (FastCentre, name, .type = FAST_FIELD_OBJECT, .flags = FAST_FIELD_REQUIRED,
                .binding = &fast_texts_binding),
    FAST_FIELD (FastCentre, state, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_COUNTRY),
    FAST_FIELD (FastCentre, mobile, .type = FAST_FIELD_BOOLEAN, .flags = FAST_FIELD_REQUIRED),
    FAST_FIELD (FastCentre, agencies, .type = FAST_FIELD_STRINGS, .flags = FAST_FIELD_REQUIRED,
                .names = fast_agency_names, .least = 1, .most = 2),
};

FAST_DEFINE_VALUE (FastCentre, fast_centre, "centre", fields)
