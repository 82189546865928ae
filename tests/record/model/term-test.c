/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/term.h"

#include "record/base/clock.h"
#include "tests/support.h"

static void
check_day (GDate *found, const char *wanted)
{
  g_autoptr (GDate) owned = found;
  g_autofree char *text = fast_date_format (owned);

  g_assert_cmpstr (text, ==, wanted);
}

static void
check_end (const char *birth, const char *grant, const char *wanted)
{
  g_autoptr (GDate) born = fast_date_parse (birth, NULL);
  g_autoptr (GDate) granted = fast_date_parse (grant, NULL);

  check_day (fast_term_end (born, granted, 5), wanted);
}

static void
test_end (void)
{
  check_end ("1974-08-12", "2026-11-24", "2032-08-12");
  check_end ("1974-11-24", "2026-11-24", "2031-11-24"); /* at least: the day itself counts */
  check_end ("1974-11-23", "2026-11-24", "2032-11-23");
  check_end ("1974-11-25", "2026-11-24", "2031-11-25");
  check_end ("1974-12-31", "2026-01-01", "2031-12-31");
  check_end ("1974-01-01", "2026-12-31", "2032-01-01");
}

static void
test_leap_day (void)
{
  check_end ("1984-02-29", "2026-11-24", "2032-02-29");
  check_end ("1984-02-29", "2025-11-24", "2031-02-28");
  check_end ("1984-02-29", "2026-02-28", "2031-02-28");
  check_end ("1984-02-29", "2026-03-01", "2032-02-29");
  check_end ("1974-03-01", "2024-02-29", "2029-03-01");
}

static void
test_renewal (void)
{
  g_autoptr (GDate) born = fast_date_parse ("1984-02-29", NULL);
  g_autoptr (GDate) leap = fast_date_parse ("2032-02-29", NULL);
  g_autoptr (GDate) common = fast_date_parse ("2027-02-28", NULL);
  g_autoptr (GDate) plain_birth = fast_date_parse ("1974-08-12", NULL);
  g_autoptr (GDate) plain = fast_date_parse ("2027-08-12", NULL);

  check_day (fast_term_renewed_end (plain_birth, plain, 5), "2032-08-12");
  check_day (fast_term_renewed_end (born, leap, 5), "2037-02-28");
  check_day (fast_term_renewed_end (born, common, 5), "2032-02-29");
  check_day (fast_term_renewed_end (born, plain, 5), "2032-08-12");
  check_day (fast_term_renewal_opens (plain, 1), "2026-08-12");
  check_day (fast_term_renewal_opens (leap, 1), "2031-02-28");
}

static void
test_age (void)
{
  g_autoptr (GDate) born = fast_date_parse ("2008-02-29", NULL);
  g_autoptr (GDate) before = fast_date_parse ("2026-02-27", NULL);
  g_autoptr (GDate) day = fast_date_parse ("2026-02-28", NULL);

  g_assert_cmpuint (fast_age_on (born, before), ==, 17);
  g_assert_cmpuint (fast_age_on (born, day), ==, 18);
  g_assert_cmpuint (fast_age_on (born, born), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/term/end", test_end);
  g_test_add_func ("/model/term/leap-day", test_leap_day);
  g_test_add_func ("/model/term/renewal", test_renewal);
  g_test_add_func ("/model/term/age", test_age);
  return g_test_run ();
}
