/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/print/c40.h"

#include <string.h>

#include "record/base/bytes.h"
#include "record/base/error.h"

/* The byte that says: one ASCII character follows, as its code plus one. */
#define UNLATCH 0xFE
#define NO_VALUE 0xFF

static guint8
value_of (char character)
{
  if (character == ' ' || character == '<')
    return 3;
  if (g_ascii_isdigit (character))
    return (guint8)(character - '0' + 4);
  if (g_ascii_isupper (character))
    return (guint8)(character - 'A' + 14);
  return NO_VALUE;
}

static char
character_of (guint value)
{
  if (value == 3)
    return ' ';
  if (value >= 4 && value <= 13)
    return (char)('0' + value - 4);
  if (value >= 14 && value <= 39)
    return (char)('A' + value - 14);
  return '\0';
}

/**
 * fast_c40_size:
 * @characters: how many characters
 *
 * Returns: how many bytes they take
 */
gsize
fast_c40_size (gsize characters)
{
  return 2 * ((characters + 2) / 3);
}

static gboolean
check_text (const char *text, GError **error)
{
  for (gsize i = 0; text[i] != '\0'; i++) {
    if (value_of (text[i]) == NO_VALUE)
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-c40-character",
                        "offset=%zu", i);
  }
  return TRUE;
}

/**
 * fast_c40_encode:
 * @text: A–Z, 0–9, space and `<`
 * @error: return location for an error
 *
 * BSI TR-03137-1, annex B: two characters left over are filled with value 0, a single one is
 * written as FE and its ASCII code plus one.
 *
 * Returns: (transfer full): the bytes, or %NULL with FAST_INPUT_ERROR_INVALID
 */
GBytes *
fast_c40_encode (const char *text, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize left = strlen (text);

  if (!check_text (text, error))
    return NULL;
  for (; left >= 2; text += MIN (left, 3), left -= MIN (left, 3)) {
    guint third = left >= 3 ? value_of (text[2]) : 0;

    fast_append_u16 (out,
                     (guint16)(1600 * value_of (text[0]) + 40 * value_of (text[1]) + third + 1));
  }
  if (left == 1) {
    fast_append_u8 (out, UNLATCH);
    fast_append_u8 (out, (guint8)((text[0] == '<' ? ' ' : text[0]) + 1));
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static gboolean
decode_pair (GString *text, guint16 pair, gboolean last)
{
  guint value = pair - 1u;
  char characters[3];

  if (pair >> 8 == UNLATCH) {
    g_string_append_c (text, (char)((pair & 0xFF) - 1));
    return last && value_of ((char)((pair & 0xFF) - 1)) != NO_VALUE && (pair & 0xFF) <= 0x80;
  }
  if (pair == 0 || value / 1600 > 39)
    return FALSE;
  characters[0] = character_of (value / 1600);
  characters[1] = character_of (value / 40 % 40);
  characters[2] = character_of (value % 40);
  g_string_append_len (text, characters, characters[2] != '\0' ? 3 : 2);
  return characters[0] != '\0' && characters[1] != '\0' &&
         (characters[2] != '\0' || (last && value % 40 == 0));
}

/**
 * fast_c40_decode:
 * @data: (array length=size): the bytes
 * @size: how many
 * @error: return location for an error
 *
 * The shifts of C40 to other character sets do not occur in seals and are refused.
 *
 * Returns: (transfer full): the text, or %NULL with FAST_INPUT_ERROR_MALFORMED
 */
char *
fast_c40_decode (gconstpointer data, gsize size, GError **error)
{
  FastReader reader = fast_reader_new (data, size, "C40");
  g_autoptr (GString) text = g_string_new (NULL);

  while (fast_reader_left (&reader) > 0) {
    guint16 pair;

    if (!fast_reader_u16 (&reader, &pair, error))
      return NULL;
    if (!decode_pair (text, pair, fast_reader_left (&reader) == 0))
      return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "print-c40-bytes",
                             "offset=%zu", reader.offset - 2);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
