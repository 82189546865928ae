/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/appointment.h"

#include "record/model/forms.h"
#include "record/model/nation.h"

static const char *const states[] = {"booked", "kept", "missed", "cancelled", NULL};

static const FastField fields[] = {
    FAST_FIELD (FastAppointment, reference, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_REFERENCE),
    FAST_FIELD (FastAppointment, centre, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_CENTRE),
    FAST_FIELD (FastAppointment, start, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_TIME),
    FAST_FIELD (FastAppointment, minutes, .type = FAST_FIELD_INT, .flags = FAST_FIELD_REQUIRED,
                .least = 1, .most = 480),
    FAST_FIELD (FastAppointment, agencies, .type = FAST_FIELD_STRINGS, .flags = FAST_FIELD_REQUIRED,
                .names = fast_agency_names, .least = 1, .most = 2),
    FAST_FIELD (FastAppointment, state, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .names = states),
};

FAST_DEFINE_VALUE (FastAppointment, fast_appointment, "appointment", fields)
