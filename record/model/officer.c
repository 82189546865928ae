/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/officer.h"

#include "record/model/forms.h"
#include "record/model/nation.h"

static const char *const roles[] = {"enrolment", "supervisor", "clerk", "administrator", NULL};

static const FastField fields[] = {
    FAST_FIELD (FastOfficer, name, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_OFFICER),
    FAST_FIELD (FastOfficer, agency, .type = FAST_FIELD_ENUM, .flags = FAST_FIELD_REQUIRED,
                .names = fast_agency_names),
    FAST_FIELD (FastOfficer, certificate, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_SHA256),
    FAST_FIELD (FastOfficer, roles, .type = FAST_FIELD_STRINGS, .flags = FAST_FIELD_REQUIRED,
                .names = roles, .least = 1, .most = 4),
};

FAST_DEFINE_VALUE (FastOfficer, fast_officer, "officer", fields)
