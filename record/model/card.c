/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/card.h"

#include "record/model/forms.h"
#include "record/model/item.h"

static const char *const readings[] = {"equal", "unread", NULL};
static const char *const accesses[] = {"bac", "pace", NULL};

static const FastField file_fields[] = {
    FAST_FIELD (FastCardFile, name, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_CHIP_FILE),
    FAST_FIELD (FastCardFile, digest, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_SHA256),
};
FAST_BINDING (file, FastCardFile);

static const FastField fields[] = {
    FAST_FIELD (FastCard, enrolment, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_ITEM),
    FAST_FIELD (FastCard, serial, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_SERIAL),
    FAST_FIELD (FastCard, chip, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_CHIP),
    FAST_FIELD (FastCard, rfid, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_RFID),
    FAST_FIELD (FastCard, rfid_read, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .names = readings),
    FAST_FIELD (FastCard, programme, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_PROGRAMME),
    FAST_FIELD (FastCard, membership, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_MEMBERSHIP),
    FAST_FIELD (FastCard, state, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_COUNTRY),
    FAST_FIELD (FastCard, issued, .type = FAST_FIELD_DATE, .flags = FAST_FIELD_REQUIRED),
    FAST_FIELD (FastCard, expiry, .type = FAST_FIELD_DATE, .flags = FAST_FIELD_REQUIRED),
    FAST_FIELD (FastCard, access, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .names = accesses),
    FAST_FIELD (FastCard, files, .type = FAST_FIELD_OBJECTS, .flags = FAST_FIELD_REQUIRED,
                .binding = &file_binding, .least = 1, .most = 24),
};

FAST_DEFINE_VALUE (FastCard, fast_card, "card", fields)
