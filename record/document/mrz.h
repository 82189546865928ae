/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "record/base/error.h"

G_BEGIN_DECLS

/**
 * FastMrzFormat:
 * @FAST_MRZ_TD1: cards, 3 lines of 30 (ICAO 9303-5)
 * @FAST_MRZ_TD2: 2 lines of 36 (9303-6)
 * @FAST_MRZ_TD3: passports, 2 lines of 44 (9303-4)
 * @FAST_MRZ_MRV_A: visas, 2 lines of 44 (9303-7)
 * @FAST_MRZ_MRV_B: visas, 2 lines of 36 (9303-7)
 */
typedef enum {
  FAST_MRZ_TD1,
  FAST_MRZ_TD2,
  FAST_MRZ_TD3,
  FAST_MRZ_MRV_A,
  FAST_MRZ_MRV_B,
} FastMrzFormat;

/**
 * FastMrz:
 * @format: which layout
 * @text: all characters, without line breaks
 * @code: document code, as in `ID`
 * @state: issuing State or organisation
 * @number: document number, whole: a long one of TD1 or TD2 is put together again
 * @optional: optional data (of TD1 the first field, without the rest of a long number)
 * @birth: as in the zone, YYMMDD, parts that are not known as `<<`
 * @sex: `M`, `F` or `<` (unspecified)
 * @expiry: as in the zone, YYMMDD
 * @nationality: nationality
 * @optional2: optional data of TD1's second line
 * @name: the name field without trailing fillers, as in `ERIKSSON<<ANNA<MARIA`
 * @surname: the primary identifier, components separated by spaces
 * @given: the secondary identifier; may be empty
 *
 * A machine readable zone whose check digits all hold. Fields are without trailing fillers.
 * Immutable; may be used from any thread.
 */
typedef struct {
  FastMrzFormat format;
  const char *text;
  const char *code;
  const char *state;
  const char *number;
  const char *optional;
  const char *birth;
  char sex;
  const char *expiry;
  const char *nationality;
  const char *optional2;
  const char *name;
  const char *surname;
  const char *given;
} FastMrz;

/**
 * FastMrzFields:
 * @code: document code, 1 or 2 letters
 * @state: issuing State, three letters of ISO 3166 or as in a zone
 * @number: document number, at most 9 characters A–Z 0–9
 * @optional: (nullable): optional data of the first line, at most 15 characters
 * @birth: date of birth
 * @sex: `M`, `F` or `X` (written as `<`)
 * @expiry: date of expiry
 * @nationality: 1 to 3 letters
 * @optional2: (nullable): optional data of the second line, at most 11 characters
 * @surname: in national characters
 * @given: (nullable): in national characters
 *
 * What fast_mrz_new_td1() writes. All borrowed.
 */
typedef struct {
  const char *code;
  const char *state;
  const char *number;
  const char *optional;
  const GDate *birth;
  char sex;
  const GDate *expiry;
  const char *nationality;
  const char *optional2;
  const char *surname;
  const char *given;
} FastMrzFields;

GType fast_mrz_get_type (void);
FastMrz *fast_mrz_new_td1 (const FastMrzFields *fields, GError **error);
FastMrz *fast_mrz_parse (const char *text, GError **error);
FastMrz *fast_mrz_ref (const FastMrz *mrz);
void fast_mrz_unref (FastMrz *mrz);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastMrz, fast_mrz_unref)

gsize fast_mrz_name_width (const FastMrz *mrz);
const char *fast_mrz_state (const char *country);
char **fast_mrz_dup_lines (const FastMrz *mrz);
GDate *fast_mrz_dup_birth (const FastMrz *mrz, const GDate *today);
GDate *fast_mrz_dup_expiry (const FastMrz *mrz, const GDate *today);
char *fast_mrz_access_information (const FastMrz *mrz);
char fast_mrz_check_digit (const char *text, gsize size);

G_END_DECLS
