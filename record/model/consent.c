/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/consent.h"

#include "record/model/forms.h"

static const char *const languages[] = {"en", "fr", NULL};

static const FastField fields[] = {
    FAST_FIELD (FastConsent, nation, .type = FAST_FIELD_ENUM, .flags = FAST_FIELD_REQUIRED,
                .names = fast_nation_names),
    FAST_FIELD (FastConsent, text, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_LANGUAGE_TEXT),
    FAST_FIELD (FastConsent, language, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .names = languages),
    FAST_FIELD (FastConsent, given, .type = FAST_FIELD_BOOLEAN, .flags = FAST_FIELD_REQUIRED),
};

FAST_DEFINE_VALUE (FastConsent, fast_consent, "consent", fields)
