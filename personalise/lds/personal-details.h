/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

/**
 * FastPersonalDetails:
 * @surname: primary identifier, in national characters (part of 5F0E)
 * @given: (nullable): secondary identifier, in national characters (part of 5F0E)
 * @other_names: (nullable) (array zero-terminated=1): further names, each in the form
 *   `Surname<<Given` (5F0F in A0)
 * @birth: (nullable): full date of birth as `1984-02-29` (5F2B)
 * @birth_place: (nullable) (array zero-terminated=1): place, region, State (5F11)
 * @address: (nullable) (array zero-terminated=1): lines, city, region, postal code, State (5F42)
 *
 * EF.DG11, ICAO 9303-10, 4.7.11. UTF-8. In a made value the strings are borrowed; a parsed one owns
 * them and is freed with fast_personal_details_free().
 */
typedef struct {
  char *surname;
  char *given;
  char **other_names;
  char *birth;
  char **birth_place;
  char **address;
} FastPersonalDetails;

GBytes *fast_personal_details_make (const FastPersonalDetails *details, GError **error);
FastPersonalDetails *fast_personal_details_parse (GBytes *encoded, GError **error);
void fast_personal_details_free (FastPersonalDetails *details);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastPersonalDetails, fast_personal_details_free)

G_END_DECLS
