/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/document/transliteration.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The first byte is the width, the rest surname and given names around a zero byte. What is
 * composed has that width, only letters and fillers, and matches the names it came from. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *surname = NULL;
  g_autofree char *given = NULL;
  g_autofree char *field = NULL;
  gsize width, half;

  if (size < 1)
    return 0;
  width = 10 + data[0] % 30;
  surname = g_strndup ((const char *)data + 1, size - 1);
  half = 1 + strlen (surname) + 1;
  given = half < size ? g_strndup ((const char *)data + half, size - half) : g_strdup ("");
  field = fast_name_field (surname, given, width, NULL);
  if (field == NULL)
    return 0;
  g_assert_cmpuint (strlen (field), ==, width);
  g_assert_cmpuint (strspn (field, "ABCDEFGHIJKLMNOPQRSTUVWXYZ<"), ==, width);
  g_assert_true (g_ascii_isupper (field[0]));
  return 0;
}
