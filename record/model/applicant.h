/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"

G_BEGIN_DECLS

/**
 * FastNameKind:
 * @FAST_NAME_LEGAL: the name on the card
 * @FAST_NAME_FORMER: a name borne before
 * @FAST_NAME_ALIAS: a name also used
 */
typedef enum {
  FAST_NAME_LEGAL,
  FAST_NAME_FORMER,
  FAST_NAME_ALIAS,
} FastNameKind;

/**
 * FastPersonName:
 * @kind: a FastNameKind
 * @surname: primary identifier, in national characters
 * @given: (nullable): secondary identifier; %NULL for a person with a single name
 */
typedef struct {
  int kind;
  const char *surname;
  const char *given;
} FastPersonName;

/**
 * FastBirth:
 * @date: YYYY-MM-DD
 * @place: town
 * @region: (nullable): province or state
 * @state: country, three letters
 */
typedef struct {
  const char *date;
  const char *place;
  const char *region;
  const char *state;
} FastBirth;

/**
 * FastResidence:
 * @state: country, three letters
 * @status: by which right: `citizen`, `permanent-resident`, `temporary-resident`
 */
typedef struct {
  const char *state;
  const char *status;
} FastResidence;

/**
 * FastContact:
 * @email: (nullable): address
 * @phone: (nullable): number
 */
typedef struct {
  const char *email;
  const char *phone;
} FastContact;

/**
 * FastAddress:
 * @from: first month, YYYY-MM
 * @to: (nullable): last month; %NULL for where the person lives now
 * @lines: street and number
 * @city: town
 * @region: (nullable): province or state
 * @postal_code: (nullable): code
 * @country: three letters
 */
typedef struct {
  const char *from;
  const char *to;
  const char *const *lines;
  const char *city;
  const char *region;
  const char *postal_code;
  const char *country;
} FastAddress;

/**
 * FastEmployment:
 * @from: first month, YYYY-MM
 * @to: (nullable): last month; %NULL for the present one
 * @employer: for whom
 * @occupation: as what
 * @city: (nullable): town
 * @region: (nullable): province or state
 * @country: three letters
 */
typedef struct {
  const char *from;
  const char *to;
  const char *employer;
  const char *occupation;
  const char *city;
  const char *region;
  const char *country;
} FastEmployment;

/**
 * FastApplicant:
 * @names: (element-type FastPersonName): the legal one and others
 * @birth: when and where
 * @sex: `F`, `M` or `X`
 * @citizenships: three letters each; the first goes on the card
 * @residence: where the person lives by right
 * @height_cm: in centimetres
 * @eye_colour: as in AAMVA's list
 * @language: `en` or `fr`
 * @contact: how to reach the person
 * @addresses: (element-type FastAddress): newest first
 * @employment: (element-type FastEmployment): newest first
 *
 * The person. All of it is personal.
 */
typedef struct {
  GPtrArray *names;
  FastBirth *birth;
  const char *sex;
  const char *const *citizenships;
  FastResidence *residence;
  gint64 height_cm;
  const char *eye_colour;
  const char *language;
  FastContact *contact;
  GPtrArray *addresses;
  GPtrArray *employment;
} FastApplicant;

FAST_DECLARE_VALUE (FastApplicant, fast_applicant)

const FastPersonName *fast_applicant_legal_name (const FastApplicant *applicant);

G_END_DECLS
