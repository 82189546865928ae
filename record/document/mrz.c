/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/document/mrz.h"

#include <string.h>

#include "record/base/bytes.h"
#include "record/document/mrz-layout.h"
#include "record/document/transliteration.h"

typedef struct {
  FastMrz mrz;
  gatomicrefcount references;
  GStringChunk *strings;
} Zone;

static const char *
keep (Zone *zone, const char *text, gsize size)
{
  while (size > 0 && text[size - 1] == '<')
    size--;
  return g_string_chunk_insert_len (zone->strings, text, (gssize)size);
}

static const char *
keep_field (Zone *zone, const FastMrzLayout *layout, const char *text, FastMrzField field)
{
  return keep (zone, text + layout->fields[field].start, layout->fields[field].size);
}

/* An identifier's components with spaces between. */
static const char *
keep_name (Zone *zone, const char *text, gsize size)
{
  g_autofree char *name = g_strndup (text, size);
  g_auto (GStrv) parts = g_strsplit (name, "<", -1);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; parts[i] != NULL; i++)
    if (parts[i][0] != '\0')
      g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "", parts[i]);
  return g_string_chunk_insert (zone->strings, out->str);
}

static void
fill_number (Zone *zone, const FastMrzLayout *layout, const char *text)
{
  const gsize rest = fast_mrz_layout_long_number (layout, text);
  const FastMrzSpan number = layout->fields[FAST_MRZ_NUMBER];
  const FastMrzSpan optional = layout->fields[FAST_MRZ_OPTIONAL];
  g_autofree char *whole = NULL;

  if (rest < 2) {
    zone->mrz.number = keep_field (zone, layout, text, FAST_MRZ_NUMBER);
    zone->mrz.optional = keep_field (zone, layout, text, FAST_MRZ_OPTIONAL);
    return;
  }
  whole = g_strdup_printf ("%.*s%.*s", number.size, text + number.start, (int)rest - 1,
                           text + optional.start);
  zone->mrz.number = g_string_chunk_insert (zone->strings, whole);
  zone->mrz.optional = rest >= optional.size ? ""
                                             : keep (zone, text + optional.start + rest + 1,
                                                     optional.size - rest - 1);
}

static FastMrz *
new_zone (FastMrzFormat format, const char *text)
{
  Zone *zone = g_new0 (Zone, 1);
  const FastMrzLayout *layout = &fast_mrz_layouts[format];
  const char *middle;

  g_atomic_ref_count_init (&zone->references);
  zone->strings = g_string_chunk_new (256);
  zone->mrz.format = format;
  zone->mrz.text = g_string_chunk_insert (zone->strings, text);
  zone->mrz.code = keep_field (zone, layout, text, FAST_MRZ_CODE);
  zone->mrz.state = keep_field (zone, layout, text, FAST_MRZ_STATE);
  zone->mrz.birth =
      g_string_chunk_insert_len (zone->strings, text + layout->fields[FAST_MRZ_BIRTH].start, 6);
  zone->mrz.sex = text[layout->fields[FAST_MRZ_SEX].start];
  zone->mrz.expiry = keep_field (zone, layout, text, FAST_MRZ_EXPIRY);
  zone->mrz.nationality = keep_field (zone, layout, text, FAST_MRZ_NATIONALITY);
  zone->mrz.optional2 = keep_field (zone, layout, text, FAST_MRZ_OPTIONAL2);
  zone->mrz.name = keep_field (zone, layout, text, FAST_MRZ_NAME);
  fill_number (zone, layout, text);
  middle = strstr (zone->mrz.name, "<<");
  if (middle == NULL)
    middle = zone->mrz.name + strlen (zone->mrz.name);
  zone->mrz.surname = keep_name (zone, zone->mrz.name, (gsize)(middle - zone->mrz.name));
  zone->mrz.given = keep_name (zone, middle, strlen (middle));
  return &zone->mrz;
}

static gboolean
find_format (const char *text, gsize size, FastMrzFormat *format, GError **error)
{
  gboolean size_known = FALSE;

  for (guint i = 0; i < FAST_MRZ_MRV_B + 1; i++) {
    if (fast_mrz_layouts[i].size != size)
      continue;
    size_known = TRUE;
    if (strchr (fast_mrz_layouts[i].codes, text[0]) != NULL) {
      *format = (FastMrzFormat)i;
      return TRUE;
    }
  }
  if (!size_known)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "mrz-length",
                      "size=%" G_GSIZE_FORMAT, size);
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "mrz-code", NULL);
}

static char *
strip_spaces (const char *text)
{
  GString *out = g_string_new (NULL);

  for (; *text != '\0'; text++)
    if (!g_ascii_isspace (*text))
      g_string_append_c (out, *text);
  return g_string_free (out, FALSE);
}

static gboolean
check_ascii (const char *text, GError **error)
{
  const gsize good = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<");

  if (text[good] == '\0')
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "mrz-alphabet",
                    "position=%" G_GSIZE_FORMAT, good + 1);
}

/**
 * fast_mrz_parse:
 * @text: the zone; line breaks and spaces do not count
 * @error: return location for an error
 *
 * Reads TD1, TD2, TD3, MRV-A and MRV-B, told apart by length and document code, and checks
 * characters, every check digit (ICAO 9303-3, 4.9), dates, and that what must be there is there.
 *
 * Returns: (transfer full): the zone, or %NULL with FAST_INPUT_ERROR naming the field
 */
FastMrz *
fast_mrz_parse (const char *text, GError **error)
{
  g_autofree char *zone = strip_spaces (text);
  FastMrzFormat format = FAST_MRZ_TD1;

  if (!check_ascii (zone, error) || !find_format (zone, strlen (zone), &format, error) ||
      !fast_mrz_layout_check (&fast_mrz_layouts[format], zone, error))
    return NULL;
  return new_zone (format, zone);
}

static gboolean
put (char *text, FastMrzField field, const char *value, GError **error)
{
  const FastMrzSpan span = fast_mrz_layouts[FAST_MRZ_TD1].fields[field];
  const gsize size = strlen (value);

  if (size > span.size || strspn (value, fast_mrz_field_forms[field].allowed) != size)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "mrz-field",
                      "field=%s, width=%u", fast_mrz_field_forms[field].name, span.size);
  return fast_copy (text + span.start, span.size, value, size);
}

static gboolean
put_date (char *text, FastMrzField field, const GDate *date, GError **error)
{
  g_autofree char *value = g_strdup_printf ("%02d%02d%02d", g_date_get_year (date) % 100,
                                            (int)g_date_get_month (date), g_date_get_day (date));

  return put (text, field, value, error);
}

static void
put_digits (char *text)
{
  const FastMrzLayout *layout = &fast_mrz_layouts[FAST_MRZ_TD1];
  guint position = 0, sum = 0;

  for (guint field = 0; field < FAST_MRZ_N_FIELDS; field++) {
    const FastMrzSpan span = layout->fields[field];
    if ((layout->checked & 1u << field) != 0)
      text[span.start + span.size] = fast_mrz_check_digit (text + span.start, span.size);
  }
  for (guint i = 0; i < G_N_ELEMENTS (layout->over); i++)
    sum = fast_mrz_weigh (sum, &position, text + layout->over[i].start, layout->over[i].size);
  text[layout->composite] = (char)('0' + sum % 10);
}

/**
 * fast_mrz_new_td1:
 * @fields: what the zone says
 * @error: return location for an error
 *
 * Composes the zone of a card: ICAO 9303-5, 4.2. The name is transliterated and, where it must,
 * truncated.
 *
 * Returns: (transfer full): the zone; %NULL with FAST_INPUT_ERROR for a field that does not fit, or
 *   FAST_GATE_ERROR for a name that cannot be transliterated
 */
FastMrz *
fast_mrz_new_td1 (const FastMrzFields *fields, GError **error)
{
  const FastMrzLayout *layout = &fast_mrz_layouts[FAST_MRZ_TD1];
  const char sex[] = {fields->sex == 'X' ? '<' : fields->sex, '\0'};
  g_autofree char *name =
      fast_name_field (fields->surname, fields->given, layout->fields[FAST_MRZ_NAME].size, error);
  g_autofree char *text = g_strnfill (layout->size, '<');

  if (name == NULL || !put (text, FAST_MRZ_CODE, fields->code, error) ||
      !put (text, FAST_MRZ_STATE, fast_mrz_state (fields->state), error) ||
      !put (text, FAST_MRZ_NUMBER, fields->number, error) ||
      !put (text, FAST_MRZ_OPTIONAL, fields->optional != NULL ? fields->optional : "", error) ||
      !put_date (text, FAST_MRZ_BIRTH, fields->birth, error) ||
      !put (text, FAST_MRZ_SEX, sex, error) ||
      !put_date (text, FAST_MRZ_EXPIRY, fields->expiry, error) ||
      !put (text, FAST_MRZ_NATIONALITY, fast_mrz_state (fields->nationality), error) ||
      !put (text, FAST_MRZ_OPTIONAL2, fields->optional2 != NULL ? fields->optional2 : "", error) ||
      !put (text, FAST_MRZ_NAME, name, error))
    return NULL;
  put_digits (text);
  return fast_mrz_parse (text, error);
}

/**
 * fast_mrz_ref:
 * @mrz: a zone
 *
 * Returns: (transfer full): the same zone
 */
FastMrz *
fast_mrz_ref (const FastMrz *mrz)
{
  Zone *zone = (Zone *)(gpointer)mrz;

  g_atomic_ref_count_inc (&zone->references);
  return &zone->mrz;
}

/**
 * fast_mrz_unref:
 * @mrz: (transfer full) (nullable): a zone
 */
void
fast_mrz_unref (FastMrz *mrz)
{
  Zone *zone = (Zone *)(gpointer)mrz;

  if (zone == NULL || !g_atomic_ref_count_dec (&zone->references))
    return;
  g_string_chunk_free (zone->strings);
  g_free (zone);
}

static gpointer
copy_boxed (gpointer mrz)
{
  return fast_mrz_ref (mrz);
}

static void
free_boxed (gpointer mrz)
{
  fast_mrz_unref (mrz);
}

/**
 * fast_mrz_get_type:
 *
 * Returns: the boxed type
 */
GType
fast_mrz_get_type (void)
{
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_boxed_type_register_static ("FastMrz", copy_boxed, free_boxed));
  return type;
}

/**
 * fast_mrz_name_width:
 * @mrz: a zone
 *
 * Returns: how many characters its name field has
 */
gsize
fast_mrz_name_width (const FastMrz *mrz)
{
  return fast_mrz_layouts[mrz->format].fields[FAST_MRZ_NAME].size;
}

/**
 * fast_mrz_state:
 * @country: three letters of ISO 3166
 *
 * Returns: (transfer none): the code in a zone, which is the same but for Germany (ICAO 9303-3,
 *   section 5)
 */
const char *
fast_mrz_state (const char *country)
{
  return strcmp (country, "DEU") == 0 ? "D" : country;
}

/**
 * fast_mrz_dup_lines:
 * @mrz: a zone
 *
 * Returns: (transfer full) (array zero-terminated=1): its lines
 */
char **
fast_mrz_dup_lines (const FastMrz *mrz)
{
  const FastMrzLayout *layout = &fast_mrz_layouts[mrz->format];
  const guint n = layout->size / layout->width;
  char **lines = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    lines[i] = g_strndup (mrz->text + i * layout->width, layout->width);
  return lines;
}

/* The date YYMMDD in the latest century in which it is not after @limit, or else in the one
 * before; %NULL when that century has no such day. */
static GDate *
date_until (const char *text, const GDate *limit)
{
  const guint century = g_date_get_year (limit) / 100 * 100;

  for (guint base = century + 100; base >= century - 100; base -= 100) {
    const GDateYear year = (GDateYear)(base + fast_mrz_two_digits (text));
    const GDateMonth month = (GDateMonth)fast_mrz_two_digits (text + 2);
    const GDateDay day = (GDateDay)fast_mrz_two_digits (text + 4);
    g_autoptr (GDate) date = NULL;

    if (!g_date_valid_dmy (day, month, year))
      continue;
    date = g_date_new_dmy (day, month, year);
    if (g_date_compare (date, limit) <= 0)
      return g_steal_pointer (&date);
  }
  return NULL;
}

/**
 * fast_mrz_dup_birth:
 * @mrz: a zone
 * @today: the day on which it is read
 *
 * Two digits of a year of birth mean the latest year that is not in the future.
 *
 * Returns: (transfer full) (nullable): the date of birth; %NULL when it is not wholly known
 */
GDate *
fast_mrz_dup_birth (const FastMrz *mrz, const GDate *today)
{
  return fast_mrz_date_is_known (mrz->birth) ? date_until (mrz->birth, today) : NULL;
}

/**
 * fast_mrz_dup_expiry:
 * @mrz: a zone
 * @today: the day on which it is read
 *
 * Two digits of a year of expiry mean the year that is at most 50 years ahead; documents are
 * issued for ten years and carried some decades after at most.
 *
 * Returns: (transfer full) (nullable): the date of expiry
 */
GDate *
fast_mrz_dup_expiry (const FastMrz *mrz, const GDate *today)
{
  g_autoptr (GDate) limit = g_date_copy (today);

  g_date_add_years (limit, 50);
  return date_until (mrz->expiry, limit);
}

/**
 * fast_mrz_access_information:
 * @mrz: a zone
 *
 * What the keys of Basic Access Control and PACE are made from: document number, date of birth and
 * date of expiry, each with its check digit (ICAO 9303-11, 4.3.2 and appendix D.2). A long
 * document number counts whole.
 *
 * Returns: (transfer full): the `MRZ_information`; it opens a chip, so treat it as a secret
 */
char *
fast_mrz_access_information (const FastMrz *mrz)
{
  const int fillers = 9 - (int)MIN (strlen (mrz->number), 9);
  g_autofree char *padded = g_strdup_printf ("%s%.*s", mrz->number, fillers, "<<<<<<<<<");

  return g_strdup_printf ("%s%c%s%c%s%c", padded, fast_mrz_check_digit (padded, strlen (padded)),
                          mrz->birth, fast_mrz_check_digit (mrz->birth, 6), mrz->expiry,
                          fast_mrz_check_digit (mrz->expiry, 6));
}
