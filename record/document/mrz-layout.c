/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/document/mrz-layout.h"

#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
#define DIGITS "0123456789<"
#define ALL LETTERS "0123456789"

#define CHECKED (1u << FAST_MRZ_NUMBER | 1u << FAST_MRZ_BIRTH | 1u << FAST_MRZ_EXPIRY)

/* A layout's fields in the order of FastMrzField. */
const FastMrzLayout fast_mrz_layouts[] = {
    [FAST_MRZ_TD1] =
        {
            .size = 90,
            .width = 30,
            .codes = "ACI",
            .fields = {{0, 2},
                       {2, 3},
                       {5, 9},
                       {15, 15},
                       {30, 6},
                       {37, 1},
                       {38, 6},
                       {45, 3},
                       {48, 11},
                       {60, 30}},
            .checked = CHECKED,
            .composite = 59,
            .over = {{5, 25}, {30, 7}, {38, 7}, {48, 11}},
        },
    [FAST_MRZ_TD2] =
        {
            .size = 72,
            .width = 36,
            .codes = "ACIP",
            .fields = {{0, 2},
                       {2, 3},
                       {36, 9},
                       {64, 7},
                       {49, 6},
                       {56, 1},
                       {57, 6},
                       {46, 3},
                       {0, 0},
                       {5, 31}},
            .checked = CHECKED,
            .composite = 71,
            .over = {{36, 10}, {49, 7}, {57, 14}},
        },
    [FAST_MRZ_TD3] =
        {
            .size = 88,
            .width = 44,
            .codes = "P",
            .fields = {{0, 2},
                       {2, 3},
                       {44, 9},
                       {72, 14},
                       {57, 6},
                       {64, 1},
                       {65, 6},
                       {54, 3},
                       {0, 0},
                       {5, 39}},
            .checked = CHECKED | 1u << FAST_MRZ_OPTIONAL,
            .composite = 87,
            .over = {{44, 10}, {57, 7}, {65, 22}},
        },
    [FAST_MRZ_MRV_A] =
        {
            .size = 88,
            .width = 44,
            .codes = "V",
            .fields = {{0, 2},
                       {2, 3},
                       {44, 9},
                       {72, 16},
                       {57, 6},
                       {64, 1},
                       {65, 6},
                       {54, 3},
                       {0, 0},
                       {5, 39}},
            .checked = CHECKED,
            .composite = 0,
            .over = {{0, 0}},
        },
    [FAST_MRZ_MRV_B] =
        {
            .size = 72,
            .width = 36,
            .codes = "V",
            .fields = {{0, 2},
                       {2, 3},
                       {36, 9},
                       {64, 8},
                       {49, 6},
                       {56, 1},
                       {57, 6},
                       {46, 3},
                       {0, 0},
                       {5, 31}},
            .checked = CHECKED,
            .composite = 0,
            .over = {{0, 0}},
        },
};

/* For every field its name in errors and the characters allowed: 9303-3, 4.3 and 4.7. */
const FastMrzFieldForm fast_mrz_field_forms[] = {
    [FAST_MRZ_CODE] = {"document-code", ALL},
    [FAST_MRZ_STATE] = {"issuing-state", LETTERS},
    [FAST_MRZ_NUMBER] = {"document-number", ALL},
    [FAST_MRZ_OPTIONAL] = {"optional-data", ALL},
    [FAST_MRZ_BIRTH] = {"date-of-birth", DIGITS},
    [FAST_MRZ_SEX] = {"sex", "MF<"},
    [FAST_MRZ_EXPIRY] = {"date-of-expiry", DIGITS},
    [FAST_MRZ_NATIONALITY] = {"nationality", LETTERS},
    [FAST_MRZ_OPTIONAL2] = {"optional-data-2", ALL},
    [FAST_MRZ_NAME] = {"name", LETTERS},
};

/**
 * fast_mrz_weigh:
 * @sum: the sum so far
 * @position: (inout): how many characters came before
 * @text: characters
 * @size: how many
 *
 * ICAO 9303-3, 4.9: a check digit over several fields goes on counting weights.
 *
 * Returns: the new sum; its last digit is the check digit
 */
guint
fast_mrz_weigh (guint sum, guint *position, const char *text, gsize size)
{
  static const guint weights[] = {7, 3, 1};

  for (gsize i = 0; i < size; i++) {
    guint value = 0;
    if (g_ascii_isdigit (text[i]))
      value = (guint)(text[i] - '0');
    else if (g_ascii_isupper (text[i]))
      value = (guint)(text[i] - 'A') + 10;
    sum += value * weights[(*position)++ % 3];
  }
  return sum;
}

/**
 * fast_mrz_check_digit:
 * @text: characters A–Z, 0–9 and `<`
 * @size: how many
 *
 * ICAO 9303-3, 4.9: modulus 10, weights 7, 3, 1.
 *
 * Returns: the check digit as a character
 */
char
fast_mrz_check_digit (const char *text, gsize size)
{
  guint position = 0;

  return (char)('0' + fast_mrz_weigh (0, &position, text, size) % 10);
}

static gboolean
check_digit (const char *field, char found, char expected, GError **error)
{
  if (found == expected)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "mrz-check-digit",
                    "field=%s, found=%c, expected=%c", field, found, expected);
}

static gboolean
check_composite (const FastMrzLayout *layout, const char *text, GError **error)
{
  guint position = 0, sum = 0;

  if (layout->composite == 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (layout->over); i++)
    sum = fast_mrz_weigh (sum, &position, text + layout->over[i].start, layout->over[i].size);
  return check_digit ("composite", text[layout->composite], (char)('0' + sum % 10), error);
}

static gboolean
check_characters (const FastMrzLayout *layout, const char *text, FastMrzField field, GError **error)
{
  const FastMrzSpan span = layout->fields[field];
  const gsize good = strspn (text + span.start, fast_mrz_field_forms[field].allowed);

  if (good >= span.size)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "mrz-character",
                    "field=%s, character=%c, line=%u, column=%u", fast_mrz_field_forms[field].name,
                    text[span.start + good], (guint)(span.start + good) / layout->width + 1,
                    (guint)(span.start + good) % layout->width + 1);
}

static gboolean
check_field_digit (const FastMrzLayout *layout, const char *text, FastMrzField field,
                   GError **error)
{
  const FastMrzSpan span = layout->fields[field];
  const char found = text[span.start + span.size];
  const char expected = fast_mrz_check_digit (text + span.start, span.size);

  if (field == FAST_MRZ_OPTIONAL && found == '<' && strspn (text + span.start, "<") >= span.size)
    return TRUE; /* 9303-4, 4.2.2.2: of an empty personal number it may be a filler */
  return check_digit (fast_mrz_field_forms[field].name, found, expected, error);
}

/**
 * fast_mrz_layout_long_number:
 * @layout: a layout
 * @text: a zone
 *
 * ICAO 9303-5, 4.2.2.1, note j: where `<` stands for the check digit of a document number that
 * fills its field, the rest of the number, its check digit and a filler begin the optional data.
 *
 * Returns: how many characters of the optional data are rest and check digit; less than 2 for none
 */
gsize
fast_mrz_layout_long_number (const FastMrzLayout *layout, const char *text)
{
  const FastMrzSpan span = layout->fields[FAST_MRZ_NUMBER];

  if (layout->composite == 0 || layout->width == 44 || text[span.start + span.size] != '<' ||
      memchr (text + span.start, '<', span.size) != NULL)
    return 0;
  return strcspn (text + layout->fields[FAST_MRZ_OPTIONAL].start, "<");
}

/* The standard's own examples weigh the number without the filler that stands for its check digit
 * (9303-11, D.2); cards issued before weigh that filler as a 0, and are still carried. */
static gboolean
check_long_number (const FastMrzLayout *layout, const char *text, gsize rest, GError **error)
{
  const FastMrzSpan number = layout->fields[FAST_MRZ_NUMBER];
  const char *more = text + layout->fields[FAST_MRZ_OPTIONAL].start;
  guint position = 0, with_filler = 10, sum, older;

  if (rest > layout->fields[FAST_MRZ_OPTIONAL].size)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "mrz-long-number", NULL);
  sum = fast_mrz_weigh (0, &position, text + number.start, number.size);
  older = fast_mrz_weigh (sum, &with_filler, more, rest - 1);
  if (more[rest - 1] == (char)('0' + older % 10))
    return TRUE;
  sum = fast_mrz_weigh (sum, &position, more, rest - 1);
  return check_digit (fast_mrz_field_forms[FAST_MRZ_NUMBER].name, more[rest - 1],
                      (char)('0' + sum % 10), error);
}

static gboolean
check_digits (const FastMrzLayout *layout, const char *text, gsize rest, GError **error)
{
  for (guint field = 0; field < FAST_MRZ_N_FIELDS; field++) {
    if ((layout->checked & 1u << field) == 0 || (field == FAST_MRZ_NUMBER && rest >= 2))
      continue;
    if (!check_field_digit (layout, text, (FastMrzField)field, error))
      return FALSE;
  }
  if (rest >= 2 && !check_long_number (layout, text, rest, error))
    return FALSE;
  return check_composite (layout, text, error);
}

/**
 * fast_mrz_two_digits:
 * @text: two digits
 *
 * Returns: their number
 */
guint
fast_mrz_two_digits (const char *text)
{
  return (guint)(text[0] - '0') * 10 + (guint)(text[1] - '0');
}

/**
 * fast_mrz_date_is_known:
 * @text: a date YYMMDD
 *
 * Returns: whether no part of it is a filler
 */
gboolean
fast_mrz_date_is_known (const char *text)
{
  return memchr (text, '<', 6) == NULL;
}

/* 9303-3, 4.8: parts of a date of birth that are not known are fillers, each as a whole. */
static gboolean
check_date (const char *text, gboolean partial, FastMrzField field, GError **error)
{
  gboolean valid = partial || fast_mrz_date_is_known (text);

  for (guint i = 0; i < 6 && valid; i += 2)
    valid = (text[i] == '<') == (text[i + 1] == '<');
  if (valid && text[2] != '<')
    valid = fast_mrz_two_digits (text + 2) >= 1 && fast_mrz_two_digits (text + 2) <= 12;
  if (valid && text[4] != '<')
    valid = fast_mrz_two_digits (text + 4) >= 1 && fast_mrz_two_digits (text + 4) <= 31;
  if (valid && fast_mrz_date_is_known (text))
    valid = g_date_valid_dmy ((GDateDay)fast_mrz_two_digits (text + 4),
                              (GDateMonth)fast_mrz_two_digits (text + 2),
                              (GDateYear)(2000 + fast_mrz_two_digits (text)));
  if (valid)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "mrz-date", "field=%s",
                    fast_mrz_field_forms[field].name);
}

static gboolean
check_filled (const FastMrzLayout *layout, const char *text, FastMrzField field, GError **error)
{
  if (text[layout->fields[field].start] != '<')
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "mrz-empty", "field=%s",
                    fast_mrz_field_forms[field].name);
}

/**
 * fast_mrz_layout_check:
 * @layout: a layout
 * @text: a zone of that size, of characters A–Z, 0–9 and `<`
 * @error: return location for an error
 *
 * Returns: whether the zone is right in every field, else FAST_INPUT_ERROR naming the first that is
 *   not
 */
gboolean
fast_mrz_layout_check (const FastMrzLayout *layout, const char *text, GError **error)
{
  static const FastMrzField filled[] = {FAST_MRZ_CODE, FAST_MRZ_STATE, FAST_MRZ_NUMBER,
                                        FAST_MRZ_NATIONALITY, FAST_MRZ_NAME};

  for (guint field = 0; field < FAST_MRZ_N_FIELDS; field++)
    if (!check_characters (layout, text, (FastMrzField)field, error))
      return FALSE;
  if (!check_digits (layout, text, fast_mrz_layout_long_number (layout, text), error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (filled); i++)
    if (!check_filled (layout, text, filled[i], error))
      return FALSE;
  return check_date (text + layout->fields[FAST_MRZ_BIRTH].start, TRUE, FAST_MRZ_BIRTH, error) &&
         check_date (text + layout->fields[FAST_MRZ_EXPIRY].start, FALSE, FAST_MRZ_EXPIRY, error);
}
