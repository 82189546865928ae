/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/number.h"

static void
check (const char *text, guint base, guint64 most, gboolean taken, guint64 wanted)
{
  guint64 number = 4711;

  g_assert_true (fast_number_parse (text, base, 0, most, &number) == taken);
  g_assert_cmpuint (number, ==, taken ? wanted : 4711);
}

static void
test_taken (void)
{
  check ("0", 10, 0, TRUE, 0);
  check ("007", 10, 9, TRUE, 7);
  check ("18446744073709551615", 10, G_MAXUINT64, TRUE, G_MAXUINT64);
  check ("fF", 16, 0xFF, TRUE, 0xFF);
}

static void
test_refused (void)
{
  static const char *const wrong[] = {"", " 1", "1 ", "+1", "-1", "0x1", "1a", "1.0", "１"};

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    check (wrong[i], 10, G_MAXUINT64, FALSE, 0);
  check (NULL, 10, G_MAXUINT64, FALSE, 0);
  check ("0x1", 16, G_MAXUINT64, FALSE, 0);
  check ("18446744073709551616", 10, G_MAXUINT64, FALSE, 0);
  check ("10", 10, 9, FALSE, 0);
}

static void
test_least (void)
{
  guint64 number;

  g_assert_false (fast_number_parse ("4", 10, 5, 9, &number));
  g_assert_true (fast_number_parse ("5", 10, 5, 9, &number));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/number/taken", test_taken);
  g_test_add_func ("/base/number/refused", test_refused);
  g_test_add_func ("/base/number/least", test_least);
  return g_test_run ();
}
