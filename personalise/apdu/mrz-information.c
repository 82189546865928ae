/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/mrz-information.h"

#include <string.h>

#include "record/base/error.h"

#define TD1_SIZE 90
#define TD3_SIZE 88
#define INFORMATION_SIZE 24
#define NUMBER_SIZE 9
#define DATE_SIZE 6
#define TD1_OPTIONAL 15
#define TD1_OPTIONAL_SIZE 15

static gboolean
fail (GError **error, const char *id)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, id, NULL);
}

static guint
weigh (char c)
{
  if (g_ascii_isdigit (c))
    return (guint)(c - '0');
  return c == '<' ? 0 : (guint)(c - 'A') + 10;
}

/* ICAO 9303-3, 4.9: weights 7, 3, 1, modulo 10. */
static char
check_digit (const char *text, gsize size)
{
  static const guint weights[] = {7, 3, 1};
  guint sum = 0;

  for (gsize i = 0; i < size; i++)
    sum += weigh (text[i]) * weights[i % G_N_ELEMENTS (weights)];
  return (char)('0' + sum % 10);
}

/* Keeps what an MRZ can hold; line ends and spaces go. */
static gboolean
append_characters (FastSecret *out, const char *mrz, gsize size, GError **error)
{
  for (gsize i = 0; i < size; i++) {
    if (g_ascii_isspace (mrz[i]))
      continue;
    if (!g_ascii_isdigit (mrz[i]) && !g_ascii_isupper (mrz[i]) && mrz[i] != '<')
      return fail (error, "mrz-information-character");
    fast_secret_append (out, mrz + i, 1);
  }
  return TRUE;
}

static gboolean
append_checked (FastSecret *out, const char *field, gsize size, char digit, GError **error)
{
  if (check_digit (field, size) != digit)
    return fail (error, "mrz-information-digit");
  fast_secret_append (out, field, size);
  fast_secret_append (out, &digit, 1);
  return TRUE;
}

/* ICAO 9303-5, 4.2.2.1 note j: a number of more than nine characters goes on in the optional data,
 * where its check digit stands last, and '<' is in the check digit's usual place. */
static gboolean
append_long_number (FastSecret *out, const char *mrz, GError **error)
{
  g_autoptr (FastSecret) number = fast_secret_new_from (mrz + 5, NUMBER_SIZE);
  const char *more = mrz + TD1_OPTIONAL;
  gsize size = 0;

  while (size < TD1_OPTIONAL_SIZE && more[size] != '<')
    size++;
  if (size < 2)
    return fail (error, "mrz-information-digit");
  fast_secret_append (number, more, size - 1);
  return append_checked (out, (const char *)fast_secret_data (number), fast_secret_size (number),
                         more[size - 1], error);
}

static gboolean
append_td1_number (FastSecret *out, const char *mrz, GError **error)
{
  if (mrz[14] == '<')
    return append_long_number (out, mrz, error);
  return append_checked (out, mrz + 5, NUMBER_SIZE, mrz[14], error);
}

static gboolean
append_fields (FastSecret *out, FastSecret *text, GError **error)
{
  const char *mrz = (const char *)fast_secret_data (text);

  switch (fast_secret_size (text)) {
  case TD1_SIZE:
    return append_td1_number (out, mrz, error) &&
           append_checked (out, mrz + 30, DATE_SIZE, mrz[36], error) &&
           append_checked (out, mrz + 38, DATE_SIZE, mrz[44], error);
  case TD3_SIZE:
    return append_checked (out, mrz + 44, NUMBER_SIZE, mrz[53], error) &&
           append_checked (out, mrz + 57, DATE_SIZE, mrz[63], error) &&
           append_checked (out, mrz + 65, DATE_SIZE, mrz[71], error);
  case INFORMATION_SIZE:
    return append_checked (out, mrz, NUMBER_SIZE, mrz[9], error) &&
           append_checked (out, mrz + 10, DATE_SIZE, mrz[16], error) &&
           append_checked (out, mrz + 17, DATE_SIZE, mrz[23], error);
  default:
    return fail (error, "mrz-information-size");
  }
}

/**
 * fast_mrz_information:
 * @mrz: an MRZ of three lines of 30 (TD1) or two of 44 (TD3), with or without line ends, or the 24
 *   characters of the MRZ information itself
 * @size: how many characters
 * @error: return location for an error
 *
 * Document number, birth date and expiry date with their check digits: what the basic access key
 * is made of (ICAO 9303-11, 4.3.2). A mistyped character is found here, before a chip is asked.
 *
 * Returns: (transfer full): the MRZ information, or %NULL with FAST_INPUT_ERROR_INVALID
 */
FastSecret *
fast_mrz_information (const char *mrz, gsize size, GError **error)
{
  g_autoptr (FastSecret) text = fast_secret_new (0);
  g_autoptr (FastSecret) out = fast_secret_new (0);

  if (!append_characters (text, mrz, size, error) || !append_fields (out, text, error))
    return NULL;
  return g_steal_pointer (&out);
}

static gboolean
append_digit (FastSecret *out, const char *field, gsize size, GError **error)
{
  const gsize before = fast_secret_size (out);
  char digit;

  if (!append_characters (out, field, size, error))
    return FALSE;
  if (fast_secret_size (out) != before + size)
    return fail (error, "mrz-information-character");
  digit = check_digit (field, size);
  fast_secret_append (out, &digit, 1);
  return TRUE;
}

/**
 * fast_mrz_information_join:
 * @number: document number, filled up with `<` to nine characters if it is shorter
 * @size: how many characters
 * @birth: date of birth, six characters
 * @expiry: date of expiry, six characters
 * @error: return location for an error
 *
 * Returns: (transfer full): the MRZ information of these fields with their check digits, or %NULL
 *   with FAST_INPUT_ERROR_INVALID
 */
FastSecret *
fast_mrz_information_join (const char *number, gsize size, const char *birth, const char *expiry,
                           GError **error)
{
  g_autoptr (FastSecret) out = fast_secret_new (0);

  if (size < NUMBER_SIZE) {
    fail (error, "mrz-information-size");
    return NULL;
  }
  if (!append_digit (out, number, size, error) || !append_digit (out, birth, DATE_SIZE, error) ||
      !append_digit (out, expiry, DATE_SIZE, error))
    return NULL;
  return g_steal_pointer (&out);
}
