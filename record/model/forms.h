/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Forms that members of several values share, in the subset of regular expressions that PCRE,
 * ECMA-262 and Python read alike: the schemas in `assets/schema` repeat them word for word. */

#define FAST_PATTERN_CODE "^[a-z0-9]+(-[a-z0-9]+)*$"
#define FAST_PATTERN_SHA256 "^[0-9a-f]{64}$"
#define FAST_PATTERN_COUNTRY "^[A-Z]{3}$"
#define FAST_PATTERN_LINE "^.{1,200}$"
#define FAST_PATTERN_EMAIL "^[^@ ]+@[^@ ]+\\.[^@ ]+$"
#define FAST_PATTERN_PHONE "^\\+?[0-9][0-9 ().-]{4,24}$"
#define FAST_PATTERN_CURRENCY "^[A-Z]{3}$"
#define FAST_PATTERN_RECEIPT "^[A-Za-z0-9][A-Za-z0-9/-]{0,39}$"
#define FAST_PATTERN_JURISDICTION "^[A-Z]{2}-[A-Z0-9]{1,3}$"
#define FAST_PATTERN_DOCUMENT_NUMBER "^[A-Z0-9][A-Z0-9 -]{0,29}$"
#define FAST_PATTERN_LICENCE_CLASS "^[A-Z0-9]{1,8}$"
#define FAST_PATTERN_MRZ_LINE "^([A-Z0-9<]{30}|[A-Z0-9<]{36}|[A-Z0-9<]{44})$"
#define FAST_PATTERN_PROGRAMME "^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$"
#define FAST_PATTERN_REFERENCE "^[A-Z]{2}-[0-9]{4}-[0-9]{1,9}$"
#define FAST_PATTERN_LANGUAGE_TEXT "^[a-z]+-[A-Z]{2}/[1-9][0-9]*$"
#define FAST_PATTERN_MONTH "^[0-9]{4}-(0[1-9]|1[0-2])$"
#define FAST_PATTERN_AMOUNT "^(0|[1-9][0-9]{0,5})\\.[0-9]{2}$"
#define FAST_PATTERN_OFFICER "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
#define FAST_PATTERN_MEMBERSHIP "^[0-9]{9}$"
#define FAST_PATTERN_SERIAL "^[A-Z0-9]{9}$"
#define FAST_PATTERN_CHIP "^[0-9A-F]{8,40}$"
#define FAST_PATTERN_RFID "^[0-9A-F]{8,24}$"
#define FAST_PATTERN_CHIP_FILE "^EF\\.(COM|SOD|DG[1-9]|DG1[0-6]|CardAccess|CVCA|ATR-INFO)$"
#define FAST_PATTERN_NUMBERS "^[0-9]{9}-[0-9]{9}$"
#define FAST_PATTERN_BATCH "^[A-Z0-9]{1,12}-b[1-9][0-9]{0,15}$"
#define FAST_PATTERN_CENTRE "^[A-Z0-9]{1,8}$"
#define FAST_PATTERN_TIME                                                                          \
  "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$"
#define FAST_PATTERN_GATE "^[a-z]+(-[a-z]+)*/[a-z]+(-[a-z]+)*$"

#define FAST_INTEGER_LIMIT G_GINT64_CONSTANT (9007199254740991)

G_END_DECLS
