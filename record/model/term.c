/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/term.h"

#include "record/base/clock.h"

/**
 * fast_birthday_in:
 * @birth: date of birth
 * @year: a year
 *
 * Returns: (transfer full): the birthday in that year; of 29 February the 28th in common years
 */
GDate *
fast_birthday_in (const GDate *birth, GDateYear year)
{
  const GDateMonth month = g_date_get_month (birth);
  const GDateDay day = MIN (g_date_get_day (birth), g_date_get_days_in_month (month, year));

  return g_date_new_dmy (day, month, year);
}

/**
 * fast_age_on:
 * @birth: date of birth
 * @day: a day that is not before it
 *
 * Returns: full years; a birthday counts from its morning
 */
guint
fast_age_on (const GDate *birth, const GDate *day)
{
  g_autoptr (GDate) birthday = fast_birthday_in (birth, g_date_get_year (day));
  const guint years = g_date_get_year (day) - g_date_get_year (birth);

  return g_date_compare (day, birthday) >= 0 ? years : years - 1;
}

/**
 * fast_term_end:
 * @birth: date of birth
 * @second_grant: the day of the later of the two grants
 * @years: of the programme
 *
 * Returns: (transfer full): the first birthday at least @years after @second_grant, the last day
 *   of membership
 */
GDate *
fast_term_end (const GDate *birth, const GDate *second_grant, guint years)
{
  g_autoptr (GDate) least = g_date_copy (second_grant);
  g_autoptr (GDate) birthday = NULL;

  g_date_add_years (least, years);
  birthday = fast_birthday_in (birth, g_date_get_year (least));
  if (g_date_compare (birthday, least) >= 0)
    return g_steal_pointer (&birthday);
  return fast_birthday_in (birth, (GDateYear)(g_date_get_year (least) + 1));
}

/**
 * fast_term_renewed_end:
 * @birth: date of birth
 * @previous_end: the last day of the present term
 * @years: of the programme
 *
 * Returns: (transfer full): that day @years later, again the birthday if it was one
 */
GDate *
fast_term_renewed_end (const GDate *birth, const GDate *previous_end, guint years)
{
  g_autoptr (GDate) birthday = fast_birthday_in (birth, g_date_get_year (previous_end));
  GDate *end;

  if (g_date_compare (birthday, previous_end) == 0)
    return fast_birthday_in (birth, (GDateYear)(g_date_get_year (previous_end) + years));
  end = g_date_copy (previous_end);
  g_date_add_years (end, years);
  return end;
}

/**
 * fast_term_renewal_opens:
 * @end: the last day of the present term
 * @years: how long before it may be renewed
 *
 * Returns: (transfer full): the first day on which it may
 */
GDate *
fast_term_renewal_opens (const GDate *end, guint years)
{
  GDate *opens = g_date_copy (end);

  g_date_subtract_years (opens, years);
  return opens;
}

/**
 * fast_term_for:
 * @application: an application
 * @profile: its programme
 * @second_grant: the day of the later of the two grants
 * @error: return location for an error
 *
 * Returns: (transfer full): the last day of the membership that is granted, or %NULL with
 *   FAST_INPUT_ERROR when a renewal or replacement lacks the end of the present term
 */
GDate *
fast_term_for (const FastApplication *application, const FastProfile *profile,
               const GDate *second_grant, GError **error)
{
  const char *previous = application->membership->previous_expiry;
  const guint years = (guint)profile->term_years;
  g_autoptr (GDate) birth = fast_date_parse (application->applicant->birth->date, error);
  g_autoptr (GDate) end = NULL;

  if (birth == NULL)
    return NULL;
  if (application->kind == FAST_APPLICATION_NEW)
    return fast_term_end (birth, second_grant, years);
  if (previous == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "model-missing",
                           "path=%s", "membership.previous_expiry");
  end = fast_date_parse (previous, error);
  if (end == NULL || application->kind == FAST_APPLICATION_REPLACEMENT)
    return g_steal_pointer (&end);
  return fast_term_renewed_end (birth, end, years);
}
