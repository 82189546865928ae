/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/applicant.h"

#include "record/model/forms.h"

#define NULLABLE (FAST_FIELD_REQUIRED | FAST_FIELD_NULLABLE)

static const char *const name_kinds[] = {"legal", "former", "alias", NULL};
static const char *const sexes[] = {"F", "M", "X", NULL};
static const char *const statuses[] = {"citizen", "permanent-resident", "temporary-resident", NULL};
static const char *const eye_colours[] = {"black", "blue",    "brown",  "green",
                                          "grey",  "hazel",   "maroon", "multicolour",
                                          "pink",  "unknown", NULL};
static const char *const languages[] = {"en", "fr", NULL};

static const FastField person_name_fields[] = {
    FAST_FIELD (FastPersonName, kind, .type = FAST_FIELD_ENUM, .flags = FAST_FIELD_REQUIRED,
                .names = name_kinds),
    FAST_TEXT (FastPersonName, surname, FAST_FIELD_REQUIRED),
    FAST_TEXT (FastPersonName, given, NULLABLE),
};
FAST_BINDING (person_name, FastPersonName);

static const FastField birth_fields[] = {
    FAST_FIELD (FastBirth, date, .type = FAST_FIELD_DATE, .flags = FAST_FIELD_REQUIRED),
    FAST_TEXT (FastBirth, place, FAST_FIELD_REQUIRED),
    FAST_TEXT (FastBirth, region, FAST_FIELD_NULLABLE),
    FAST_FIELD (FastBirth, state, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_COUNTRY),
};
FAST_BINDING (birth, FastBirth);

static const FastField residence_fields[] = {
    FAST_FIELD (FastResidence, state, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_COUNTRY),
    FAST_FIELD (FastResidence, status, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .names = statuses),
};
FAST_BINDING (residence, FastResidence);

static const FastField contact_fields[] = {
    FAST_FIELD (FastContact, email, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_NULLABLE,
                .pattern = FAST_PATTERN_EMAIL, .most = FAST_TEXT_LIMIT),
    FAST_FIELD (FastContact, phone, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_NULLABLE,
                .pattern = FAST_PATTERN_PHONE),
};
FAST_BINDING (contact, FastContact);

static const FastField address_fields[] = {
    FAST_FIELD (FastAddress, from, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_MONTH),
    FAST_FIELD (FastAddress, to, .type = FAST_FIELD_STRING, .flags = NULLABLE,
                .pattern = FAST_PATTERN_MONTH),
    FAST_FIELD (FastAddress, lines, .type = FAST_FIELD_STRINGS, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_LINE, .least = 1, .most = 5),
    FAST_TEXT (FastAddress, city, FAST_FIELD_REQUIRED),
    FAST_TEXT (FastAddress, region, FAST_FIELD_NULLABLE),
    FAST_TEXT (FastAddress, postal_code, FAST_FIELD_NULLABLE),
    FAST_FIELD (FastAddress, country, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_COUNTRY),
};
FAST_BINDING (address, FastAddress);

static const FastField employment_fields[] = {
    FAST_FIELD (FastEmployment, from, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_MONTH),
    FAST_FIELD (FastEmployment, to, .type = FAST_FIELD_STRING, .flags = NULLABLE,
                .pattern = FAST_PATTERN_MONTH),
    FAST_TEXT (FastEmployment, employer, FAST_FIELD_REQUIRED),
    FAST_TEXT (FastEmployment, occupation, FAST_FIELD_REQUIRED),
    FAST_TEXT (FastEmployment, city, FAST_FIELD_NULLABLE),
    FAST_TEXT (FastEmployment, region, FAST_FIELD_NULLABLE),
    FAST_FIELD (FastEmployment, country, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_COUNTRY),
};
FAST_BINDING (employment, FastEmployment);

static const FastField fields[] = {
    FAST_FIELD (FastApplicant, names, .type = FAST_FIELD_OBJECTS, .flags = FAST_FIELD_REQUIRED,
                .binding = &person_name_binding, .least = 1, .most = 20),
    FAST_FIELD (FastApplicant, birth, .type = FAST_FIELD_OBJECT, .flags = FAST_FIELD_REQUIRED,
                .binding = &birth_binding),
    FAST_FIELD (FastApplicant, sex, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .names = sexes),
    FAST_FIELD (FastApplicant, citizenships, .type = FAST_FIELD_STRINGS,
                .flags = FAST_FIELD_REQUIRED, .pattern = FAST_PATTERN_COUNTRY, .least = 1,
                .most = 10),
    FAST_FIELD (FastApplicant, residence, .type = FAST_FIELD_OBJECT, .flags = FAST_FIELD_REQUIRED,
                .binding = &residence_binding),
    FAST_FIELD (FastApplicant, height_cm, .type = FAST_FIELD_INT, .flags = FAST_FIELD_REQUIRED,
                .least = 50, .most = 280),
    FAST_FIELD (FastApplicant, eye_colour, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .names = eye_colours),
    FAST_FIELD (FastApplicant, language, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .names = languages),
    FAST_FIELD (FastApplicant, contact, .type = FAST_FIELD_OBJECT, .flags = FAST_FIELD_REQUIRED,
                .binding = &contact_binding),
    FAST_FIELD (FastApplicant, addresses, .type = FAST_FIELD_OBJECTS, .flags = FAST_FIELD_REQUIRED,
                .binding = &address_binding, .least = 1, .most = 50),
    FAST_FIELD (FastApplicant, employment, .type = FAST_FIELD_OBJECTS, .flags = FAST_FIELD_REQUIRED,
                .binding = &employment_binding, .most = 50),
};

FAST_DEFINE_VALUE (FastApplicant, fast_applicant, "applicant", fields)

/**
 * fast_applicant_legal_name:
 * @applicant: a person
 *
 * Returns: (transfer none) (nullable): the first legal name, which goes on the card
 */
const FastPersonName *
fast_applicant_legal_name (const FastApplicant *applicant)
{
  for (guint i = 0; i < applicant->names->len; i++) {
    const FastPersonName *name = applicant->names->pdata[i];
    if (name->kind == FAST_NAME_LEGAL)
      return name;
  }
  return NULL;
}
