/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/document/mrz.h"

G_BEGIN_DECLS

/* Where everything stands in the five layouts of ICAO 9303, as a table; for mrz.c only. */

/**
 * FastMrzSpan:
 * @start: where in the zone's text, lines joined
 * @size: how many characters; 0 where a layout has no such field
 */
typedef struct {
  guint8 start;
  guint8 size;
} FastMrzSpan;

typedef enum {
  FAST_MRZ_CODE,
  FAST_MRZ_STATE,
  FAST_MRZ_NUMBER,
  FAST_MRZ_OPTIONAL,
  FAST_MRZ_BIRTH,
  FAST_MRZ_SEX,
  FAST_MRZ_EXPIRY,
  FAST_MRZ_NATIONALITY,
  FAST_MRZ_OPTIONAL2,
  FAST_MRZ_NAME,
  FAST_MRZ_N_FIELDS,
} FastMrzField;

/**
 * FastMrzLayout:
 * @size: of the text
 * @width: of a line
 * @codes: first characters of document codes
 * @fields: where each field is
 * @checked: a field's check digit follows it
 * @composite: where the composite check digit is; 0 for visas, which have none
 * @over: what that covers
 *
 * ICAO 9303-4, 4.2.2; 9303-5, 4.2.2; 9303-6, 4.2.2; 9303-7, 4.2.2 and 5.2.2, with positions
 * counted from 0 over all lines.
 */
typedef struct {
  guint8 size;
  guint8 width;
  const char *codes;
  FastMrzSpan fields[FAST_MRZ_N_FIELDS];
  guint checked;
  guint8 composite;
  FastMrzSpan over[4];
} FastMrzLayout;

/**
 * FastMrzFieldForm:
 * @name: a field's name in errors
 * @allowed: its characters
 */
typedef struct {
  const char *name;
  const char *allowed;
} FastMrzFieldForm;

extern const FastMrzLayout fast_mrz_layouts[];
extern const FastMrzFieldForm fast_mrz_field_forms[];

guint fast_mrz_weigh (guint sum, guint *position, const char *text, gsize size);
gsize fast_mrz_layout_long_number (const FastMrzLayout *layout, const char *text);
gboolean fast_mrz_layout_check (const FastMrzLayout *layout, const char *text, GError **error);
guint fast_mrz_two_digits (const char *text);
gboolean fast_mrz_date_is_known (const char *text);

G_END_DECLS
