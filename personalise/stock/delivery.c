/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/stock/delivery.h"

#include <string.h>

#include "record/base/error.h"

#define HEADER "serial,chip,rfid"
#define SERIAL_SIZE 9
#define CHIP_LEAST 8
#define CHIP_MOST 40
#define RFID_LEAST 8
#define RFID_MOST 24

typedef struct {
  const char *column;
  gsize least;
  gsize most;
  const char *alphabet;
} Column;

static const Column columns[] = {
    {"serial", SERIAL_SIZE, SERIAL_SIZE, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"},
    {"chip", CHIP_LEAST, CHIP_MOST, "0123456789ABCDEF"},
    {"rfid", RFID_LEAST, RFID_MOST, "0123456789ABCDEF"},
};

/**
 * fast_blank_free:
 * @blank: (transfer full): a blank
 */
void
fast_blank_free (FastBlank *blank)
{
  g_free (blank->serial);
  g_free (blank->chip);
  g_free (blank->rfid);
  g_free (blank);
}

static gboolean
check_value (const Column *column, const char *value, guint row, GError **error)
{
  gsize size = strlen (value);

  if (size >= column->least && size <= column->most && strspn (value, column->alphabet) == size)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "stock-value",
                    "row=%u, column=%s, least=%" G_GSIZE_FORMAT ", most=%" G_GSIZE_FORMAT, row,
                    column->column, column->least, column->most);
}

static FastBlank *
parse_row (const char *line, guint row, GError **error)
{
  g_auto (GStrv) values = g_strsplit (line, ",", -1);
  FastBlank *blank;

  if (g_strv_length (values) != G_N_ELEMENTS (columns))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "stock-columns",
                           "row=%u, found=%u", row, g_strv_length (values));
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    if (!check_value (&columns[i], values[i], row, error))
      return NULL;
  blank = g_new0 (FastBlank, 1);
  blank->serial = g_strdup (values[0]);
  blank->chip = g_strdup (values[1]);
  blank->rfid = g_strdup (values[2]);
  return blank;
}

/* A number that stands twice in one delivery would make two cards answer to it. */
static gboolean
note_once (GHashTable *seen, const char *column, const char *value, guint row, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%s:%s", column, value);
  guint first = GPOINTER_TO_UINT (g_hash_table_lookup (seen, key));

  if (first != 0)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "stock-repeated",
                      "row=%u, column=%s, value=%s, first=%u", row, column, value, first);
  g_hash_table_insert (seen, g_steal_pointer (&key), GUINT_TO_POINTER (row));
  return TRUE;
}

static gboolean
add_row (GPtrArray *blanks, GHashTable *seen, const char *line, guint row, GError **error)
{
  g_autoptr (FastBlank) blank = parse_row (line, row, error);

  if (blank == NULL || !note_once (seen, "serial", blank->serial, row, error) ||
      !note_once (seen, "chip", blank->chip, row, error) ||
      !note_once (seen, "rfid", blank->rfid, row, error))
    return FALSE;
  g_ptr_array_add (blanks, g_steal_pointer (&blank));
  return TRUE;
}

static gboolean
check_frame (const char *text, gsize size, GError **error)
{
  if (size == 0 || memchr (text, '\0', size) != NULL || !g_utf8_validate_len (text, size, NULL))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "stock-not-text", NULL);
  if (text[size - 1] != '\n')
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_TRUNCATED, "stock-cut", NULL);
  return TRUE;
}

/**
 * fast_delivery_parse:
 * @csv: a manufacturer's list: the header `serial,chip,rfid`, then a row a blank, each line ended;
 *   serial nine characters A–Z 0–9, chip 8 to 40 and rfid 8 to 24 uppercase hexadecimal digits
 * @error: return location for an error
 *
 * All or nothing: one bad row refuses the list and is named by its number.
 *
 * Returns: (transfer full) (element-type FastBlank): the blanks in the list's order
 */
GPtrArray *
fast_delivery_parse (GBytes *csv, GError **error)
{
  g_autoptr (GPtrArray) blanks = g_ptr_array_new_with_free_func ((GDestroyNotify)fast_blank_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gsize size;
  const char *data = g_bytes_get_data (csv, &size);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!check_frame (data, size, error))
    return NULL;
  text = g_strndup (data, size - 1);
  lines = g_strsplit (text, "\n", -1);
  if (strcmp (g_strchomp (lines[0]), HEADER) != 0)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "stock-header",
                           "found=%s", lines[0]);
  for (guint i = 1; lines[i] != NULL; i++)
    if (!add_row (blanks, seen, g_strchomp (lines[i]), i + 1, error))
      return NULL;
  return g_steal_pointer (&blanks);
}
