/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/tlv-text.h"

#include "record/base/bytes.h"

/**
 * fast_tlv_text:
 * @tag: the tag in hexadecimal, as in `7f61`; empty for the parts alone
 * @...: parts of the value in hexadecimal, ended by %NULL
 *
 * Returns: (transfer none): tag, DER length and value in hexadecimal; lives as long as the program
 */
const char *
fast_tlv_text (const char *tag, ...)
{
  g_autoptr (GString) value = g_string_new (NULL);
  g_autoptr (GString) text = g_string_new (tag);
  const char *part;
  va_list parts;
  gsize size;

  va_start (parts, tag);
  while ((part = va_arg (parts, const char *)) != NULL)
    g_string_append (value, part);
  va_end (parts);
  size = value->len / 2;
  if (*tag == '\0')
    return g_intern_string (value->str);
  if (size < 0x80)
    g_string_append_printf (text, "%02x", (guint)size);
  else if (size <= 0xFF)
    g_string_append_printf (text, "81%02x", (guint)size);
  else
    g_string_append_printf (text, "82%04x", (guint)size);
  g_string_append (text, value->str);
  return g_intern_string (text->str);
}

/**
 * fast_tlv_text_bytes:
 * @text: hexadecimal
 *
 * Returns: (transfer full): its bytes
 */
GBytes *
fast_tlv_text_bytes (const char *text)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = fast_hex_decode (text, &error);

  g_assert_no_error (error);
  return bytes;
}
