/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/error.h"

G_BEGIN_DECLS

/*
 * From national characters to the letters A to Z and the filler `<` of a machine readable zone
 * (ICAO 9303-3, 4.6 and 6). The tables are data: `assets/document/transliteration.tsv`. ICAO has
 * tables for Latin, Cyrillic and Arabic letters and none for others (Greek, Hebrew, Han …): such a
 * name must be entered as the person's passport spells it in Latin letters, so it is a gate and
 * not a guess.
 */

char *fast_transliterate (const char *text, const char *field, GError **error);
char *fast_name_field (const char *surname, const char *given, gsize width, GError **error);
gboolean fast_name_field_matches (const char *name, gsize width, const char *surname,
                                  const char *given);

G_END_DECLS
