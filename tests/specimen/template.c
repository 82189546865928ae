/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/specimen/template.h"

#include <stdlib.h>
#include <string.h>

#include "record/base/clock.h"

#define LINE 44

/* ICAO 9303-3, 4.9. Written here again, so that the specimens test the suite and not itself. */
static char
check_digit (const char *text, gsize size)
{
  static const guint WEIGHTS[] = {7, 3, 1};
  guint sum = 0;

  for (gsize i = 0; i < size; i++) {
    guint value = g_ascii_isdigit (text[i])   ? (guint)(text[i] - '0')
                  : g_ascii_isupper (text[i]) ? (guint)(text[i] - 'A' + 10)
                                              : 0;

    sum += value * WEIGHTS[i % 3];
  }
  return (char)('0' + sum % 10);
}

static GDate *
day (const GDate *today, const char *offset)
{
  GDate *date = g_date_copy (today);
  int days = atoi (offset);

  if (days >= 0)
    g_date_add_days (date, (guint)days);
  else
    g_date_subtract_days (date, (guint)-days);
  return date;
}

static char *
pad (const char *text, gsize size)
{
  char *padded = g_strnfill (size, '<');

  fast_copy (padded, size, text, MIN (size, strlen (text)));
  return padded;
}

static void
append_checked (GString *line, const char *text)
{
  g_string_append (line, text);
  g_string_append_c (line, check_digit (text, strlen (text)));
}

/* ICAO 9303-4, 4.2.2: number, birth and expiry with check digits, then one over all of them. */
static char *
mrz_line (char **words, const GDate *today)
{
  GString *line = g_string_new (NULL);
  GString *composite = g_string_new (NULL);
  g_autofree char *number = pad (words[1], 9);
  g_autoptr (GDate) expiry = day (today, words[5]);
  char digits[7];

  g_date_strftime (digits, sizeof digits, "%y%m%d", expiry);
  append_checked (line, number);
  g_string_append (line, words[2]);
  append_checked (line, words[3]);
  g_string_append (line, words[4]);
  append_checked (line, digits);
  g_string_append (line, "<<<<<<<<<<<<<<0");
  g_string_append_len (composite, line->str, 10);
  g_string_append_len (composite, line->str + 13, 7);
  g_string_append_len (composite, line->str + 21, 22);
  g_string_append_c (line, check_digit (composite->str, composite->len));
  g_string_free (composite, TRUE);
  return g_string_free (line, FALSE);
}

static char *
name_line (char **words)
{
  g_autofree char *text = g_strconcat ("P<", words[1], words[2], NULL);

  return pad (text, LINE);
}

static char *
replacement (const char *place, const GDate *today)
{
  g_auto (GStrv) words = g_strsplit (place, " ", -1);
  guint count = g_strv_length (words);
  g_autoptr (GDate) date = NULL;

  if (count == 1 && g_str_equal (words[0], "year"))
    return g_strdup_printf ("%u", g_date_get_year (today));
  if (count == 3 && g_str_equal (words[0], "mrz1"))
    return name_line (words);
  if (count == 6 && g_str_equal (words[0], "mrz2"))
    return mrz_line (words, today);
  date = day (today, count == 2 ? words[1] : "0");
  return fast_date_format (date);
}

static gboolean
on_match (const GMatchInfo *match, GString *result, gpointer data)
{
  g_autofree char *place = g_match_info_fetch (match, 1);
  g_autofree char *text = replacement (place, data);

  g_string_append (result, text);
  return FALSE;
}

/**
 * specimen_template_fill:
 * @text: a template
 * @today: the day
 *
 * Returns: (transfer full): it with all places filled
 */
char *
specimen_template_fill (const char *text, const GDate *today)
{
  g_autoptr (GRegex) places = g_regex_new ("\\{\\{([^}]*)\\}\\}", 0, 0, NULL);

  return g_regex_replace_eval (places, text, -1, 0, 0, on_match, (gpointer)today, NULL);
}
