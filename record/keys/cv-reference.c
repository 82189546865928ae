/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/cv-reference.h"

#include "record/base/error.h"

#define COUNTRY_SIZE 2
#define SEQUENCE_SIZE 5

static gboolean
fail_reference (GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "cv-reference", NULL);
}

/* TR-03110-3, D.2.1.4: 00-1F and 7F-9F stand for no character. */
static gboolean
is_character (guint8 byte)
{
  return byte >= 0x20 && (byte < 0x7F || byte > 0x9F);
}

static gboolean
is_sequence (guint8 byte)
{
  return g_ascii_isdigit (byte) || g_ascii_isupper (byte);
}

static gboolean
is_reference (const guint8 *bytes, gsize size)
{
  if (size < COUNTRY_SIZE + SEQUENCE_SIZE || size > FAST_CV_REFERENCE_MAX)
    return FALSE;
  for (gsize i = 0; i < size; i++)
    if (i < COUNTRY_SIZE            ? !g_ascii_isupper (bytes[i])
        : i >= size - SEQUENCE_SIZE ? !is_sequence (bytes[i])
                                    : !is_character (bytes[i]))
      return FALSE;
  return TRUE;
}

/**
 * fast_cv_reference_parse:
 * @data: a reference as it is on the wire
 * @size: its size in bytes
 * @error: return location for an error
 *
 * Returns: (transfer full): it in UTF-8; FAST_INPUT_ERROR_INVALID when it has not the form of
 *   TR-03110-3, A.7.1
 */
char *
fast_cv_reference_parse (gconstpointer data, gsize size, GError **error)
{
  const guint8 *bytes = data;
  GString *text;

  if (!is_reference (bytes, size)) {
    fail_reference (error);
    return NULL;
  }
  text = g_string_sized_new (2 * size);
  for (gsize i = 0; i < size; i++)
    g_string_append_unichar (text, bytes[i]);
  return g_string_free (text, FALSE);
}

/**
 * fast_cv_reference_append:
 * @out: where to append
 * @tag: of the data object, as in 0x42
 * @reference: in UTF-8
 * @error: return location for an error
 *
 * Returns: whether it has the form of TR-03110-3, A.7.1 and was appended
 */
gboolean
fast_cv_reference_append (GByteArray *out, guint32 tag, const char *reference, GError **error)
{
  guint8 bytes[FAST_CV_REFERENCE_MAX];
  gsize size = 0;

  for (const char *at = reference; *at != '\0'; at = g_utf8_next_char (at), size++) {
    if (size == sizeof bytes || g_utf8_get_char (at) > 0xFF)
      return fail_reference (error);
    bytes[size] = (guint8)g_utf8_get_char (at);
  }
  if (!is_reference (bytes, size))
    return fail_reference (error);
  fast_tlv_append (out, tag, bytes, size);
  return TRUE;
}
