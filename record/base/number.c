/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/number.h"

/**
 * fast_number_parse:
 * @text: (nullable): digits
 * @base: 10 or 16
 * @least: smallest number that is taken
 * @most: largest number that is taken
 * @number: (out): the number; unchanged on failure
 *
 * Digits only: no sign, no space, no prefix, not empty. g_ascii_string_to_unsigned() is no choice
 * in threads: it takes an errno that GLib's own initialisation left for a wrong number.
 *
 * Returns: whether all of @text is a number from @least to @most
 */
gboolean
fast_number_parse (const char *text, guint base, guint64 least, guint64 most, guint64 *number)
{
  guint64 value = 0;

  if (text == NULL || text[0] == '\0')
    return FALSE;
  for (const char *at = text; *at != '\0'; at++) {
    int digit = base == 16 ? g_ascii_xdigit_value (*at) : g_ascii_digit_value (*at);

    if (digit < 0 || !g_uint64_checked_mul (&value, value, base) ||
        !g_uint64_checked_add (&value, value, (guint64)digit))
      return FALSE;
  }
  if (value < least || value > most)
    return FALSE;
  *number = value;
  return TRUE;
}
