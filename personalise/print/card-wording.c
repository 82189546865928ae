/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/print/card-wording.h"

#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"

typedef struct {
  const char *state;
  const char *first;
  const char *second;
} Order;

static const Order orders[] = {
    {"CAN", "fr", "en"},
    {"USA", "en", "fr"},
};

static const Order *
find_order (const char *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (orders); i++) {
    if (g_strcmp0 (orders[i].state, state) == 0)
      return &orders[i];
  }
  return NULL;
}

/**
 * fast_wording_check_state:
 * @state: (nullable): an issuing State, three letters
 * @error: return location for an error
 *
 * Returns: whether cards of that State exist
 */
gboolean
fast_wording_check_state (const char *state, GError **error)
{
  return find_order (state) != NULL ||
         fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-state", "state=%s",
                    state != NULL ? state : "");
}

/**
 * fast_wording_label:
 * @state: an issuing State that fast_wording_check_state() accepts
 * @id: a message
 * @separator: what stands between the languages
 *
 * Returns: (transfer full): the message in both languages, once when they are equal
 */
char *
fast_wording_label (const char *state, const char *id, const char *separator)
{
  const Order *order = find_order (state);
  g_autofree char *first = fast_text (order->first, id, NULL);
  g_autofree char *second = fast_text (order->second, id, NULL);

  if (strcmp (first, second) == 0)
    return g_steal_pointer (&first);
  return g_strconcat (first, separator, second, NULL);
}

/**
 * fast_wording_date:
 * @state: an issuing State
 * @date: (nullable): `YYYY-MM-DD`
 * @error: return location for an error
 *
 * ICAO 9303-3, 3.8: day, month in letters in both languages, year.
 *
 * Returns: (transfer full): as in `29 FÉV/FEB 1984`
 */
char *
fast_wording_date (const char *state, const char *date, GError **error)
{
  g_autoptr (GDate) parsed = fast_date_parse (date != NULL ? date : "", error);
  g_autofree char *id = NULL;
  g_autofree char *month = NULL;

  if (parsed == NULL)
    return NULL;
  id = g_strdup_printf ("card-month-%d", (int)g_date_get_month (parsed));
  month = fast_wording_label (state, id, "/");
  return g_strdup_printf ("%02d %s %04d", g_date_get_day (parsed), month, g_date_get_year (parsed));
}

/**
 * fast_wording_group:
 * @number: digits or letters
 * @size: how many make a group
 *
 * Returns: (transfer full): the number in groups, so that it can be read aloud
 */
char *
fast_wording_group (const char *number, guint size)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; number[i] != '\0'; i++) {
    if (i > 0 && i % size == 0)
      g_string_append_c (text, ' ');
    g_string_append_c (text, number[i]);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
