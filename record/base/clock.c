/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/clock.h"

#include <string.h>

#include "record/base/error.h"

/**
 * fast_clock_now:
 *
 * The unit's uncorrected clock. Order never depends on it.
 *
 * Returns: seconds since 1970-01-01T00:00:00Z
 */
gint64
fast_clock_now (void)
{
#ifdef FAST_FAILPOINTS
  const char *fixed = g_getenv ("FAST_CLOCK");
  gint64 seconds;

  if (fixed != NULL && fast_clock_parse (fixed, &seconds, NULL))
    return seconds;
#endif
  return g_get_real_time () / G_USEC_PER_SEC;
}

/**
 * fast_clock_today:
 *
 * Returns: (transfer full): the local date
 */
GDate *
fast_clock_today (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (fast_clock_now ());

  return g_date_new_dmy ((GDateDay)g_date_time_get_day_of_month (now),
                         (GDateMonth)g_date_time_get_month (now),
                         (GDateYear)g_date_time_get_year (now));
}

/**
 * fast_clock_format:
 * @seconds: seconds since 1970
 *
 * Returns: (transfer full): as in `2026-11-24T04:02:31Z`
 */
char *
fast_clock_format (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

/**
 * fast_clock_parse:
 * @text: a time as fast_clock_format() writes it
 * @seconds: (out): seconds since 1970
 * @error: return location for an error
 *
 * Returns: whether it is one
 */
gboolean
fast_clock_parse (const char *text, gint64 *seconds, GError **error)
{
  g_autoptr (GDateTime) time = NULL;

  if (strlen (text) == strlen ("2026-11-24T04:02:31Z") && text[10] == 'T' &&
      g_str_has_suffix (text, "Z"))
    time = g_date_time_new_from_iso8601 (text, NULL);
  if (time == NULL)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "time-malformed",
                      "text=%s", text);
  *seconds = g_date_time_to_unix (time);
  return TRUE;
}

/**
 * fast_date_parse:
 * @text: a date of the Gregorian calendar, `YYYY-MM-DD`
 * @error: return location for an error
 *
 * Returns: (transfer full): the date
 */
GDate *
fast_date_parse (const char *text, GError **error)
{
  guint parts[3] = {0, 0, 0};
  gboolean valid = strlen (text) == strlen ("YYYY-MM-DD");

  for (guint i = 0, part = 0; valid && text[i] != '\0'; i++) {
    if (i == 4 || i == 7) {
      valid = text[i] == '-';
      part++;
    } else {
      valid = g_ascii_isdigit (text[i]);
      parts[part] = parts[part] * 10 + (guint)(text[i] - '0');
    }
  }
  valid = valid && parts[0] >= 1 && parts[1] >= 1 && parts[1] <= 12 && parts[2] <= 31 &&
          g_date_valid_dmy ((GDateDay)parts[2], (GDateMonth)parts[1], (GDateYear)parts[0]);
  if (!valid)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "date-malformed",
                           "text=%s", text);
  return g_date_new_dmy ((GDateDay)parts[2], (GDateMonth)parts[1], (GDateYear)parts[0]);
}

/**
 * fast_date_format:
 * @date: a valid date
 *
 * Returns: (transfer full): `YYYY-MM-DD`
 */
char *
fast_date_format (const GDate *date)
{
  return g_strdup_printf ("%04d-%02d-%02d", g_date_get_year (date), (int)g_date_get_month (date),
                          g_date_get_day (date));
}
