/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/document/transliteration.h"

#include <string.h>

#include "record/base/asset.h"
#include "record/base/bytes.h"

#define TABLE "document/transliteration.tsv"
#define NOTHING "-"
#define REPEAT "="

/**
 * Letters:
 * @general: what a character becomes
 * @final: what it becomes at the end of a name component
 * @alternative: what some States make of it
 *
 * A row of the table.
 */
typedef struct {
  const char *general;
  const char *final;
  const char *alternative;
} Letters;

static const char *
cell (const char *text, const char *otherwise)
{
  return strcmp (text, NOTHING) == 0 ? otherwise : g_intern_string (text);
}

static void
add_row (GHashTable *table, const char *line)
{
  g_auto (GStrv) cells = g_strsplit (line, "\t", -1);
  Letters *letters;

  if (line[0] == '#' || line[0] == '\0')
    return;
  if (g_strv_length (cells) != 5)
    g_error ("the row “%s” of %s has not five cells", line, TABLE);
  letters = g_new0 (Letters, 1);
  letters->general = cell (cells[2], "");
  letters->final = cell (cells[3], letters->general);
  letters->alternative = cell (cells[4], letters->general);
  g_hash_table_insert (table, GUINT_TO_POINTER (g_ascii_strtoull (cells[0], NULL, 16)), letters);
}

static gpointer
load_table (gpointer data G_GNUC_UNUSED)
{
  GHashTable *table = g_hash_table_new (NULL, NULL);
  g_autoptr (GBytes) bytes = fast_asset_load (TABLE, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (bytes == NULL)
    g_error ("%s is missing", TABLE);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    add_row (table, lines[i]);
  return table;
}

static const Letters *
find_letters (gunichar c)
{
  static GOnce once = G_ONCE_INIT;
  GHashTable *table = g_once (&once, load_table, NULL);
  const Letters *letters = g_hash_table_lookup (table, GUINT_TO_POINTER (c));

  return letters != NULL ? letters
                         : g_hash_table_lookup (table, GUINT_TO_POINTER (g_unichar_toupper (c)));
}

/* 9303-3, 4.6: apostrophes and other punctuation leave no trace; some characters that people type
 * for an apostrophe are letters or symbols to Unicode. */
static gboolean
is_dropped (gunichar c)
{
  static const gunichar apostrophes[] = {'`',    0x00B4, 0x02B9, 0x02BB, 0x02BC, 0x02BD,
                                         0x02BE, 0x02BF, 0x02C8, 0x2032, 0x2035};

  for (guint i = 0; i < G_N_ELEMENTS (apostrophes); i++)
    if (apostrophes[i] == c)
      return TRUE;
  return g_unichar_ispunct (c) && g_unichar_type (c) != G_UNICODE_MATH_SYMBOL &&
         g_unichar_type (c) != G_UNICODE_CURRENCY_SYMBOL &&
         g_unichar_type (c) != G_UNICODE_MODIFIER_SYMBOL &&
         g_unichar_type (c) != G_UNICODE_OTHER_SYMBOL;
}

/* 9303-3, 4.6: spaces, hyphens and commas separate components. */
static gboolean
is_separator (gunichar c)
{
  return g_unichar_isspace (c) || g_unichar_type (c) == G_UNICODE_DASH_PUNCTUATION || c == ',' ||
         c == 0x060C || c == 0x2212;
}

static gboolean
is_mark (gunichar c)
{
  return g_unichar_ismark (c) || g_unichar_type (c) == G_UNICODE_FORMAT;
}

/* The capital A to Z under a Latin letter's diacritical marks, or 0. */
static char
base_letter (gunichar c)
{
  gunichar decomposed[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

  g_unichar_fully_decompose (g_unichar_toupper (c), FALSE, decomposed, G_N_ELEMENTS (decomposed));
  return decomposed[0] < 128 && g_ascii_isalpha ((char)decomposed[0])
             ? g_ascii_toupper ((char)decomposed[0])
             : '\0';
}

static gboolean
ends_component (const char *next)
{
  while (*next != '\0' && is_mark (g_utf8_get_char (next)))
    next = g_utf8_next_char (next);
  return *next == '\0' || is_separator (g_utf8_get_char (next));
}

static void
append_separator (GString *out)
{
  if (out->len > 0 && out->str[out->len - 1] != '<')
    g_string_append_c (out, '<');
}

/* Appends what @at becomes; @previous is where the letters of the character before it begin. */
static gboolean
append_character (GString *out, const char *at, gboolean alternative, gsize *previous)
{
  const gunichar c = g_utf8_get_char (at);
  const Letters *letters = find_letters (c);
  const gsize before = out->len;
  char base = '\0';

  if (letters != NULL && strcmp (letters->general, REPEAT) == 0) {
    g_autofree char *again = g_strdup (out->str + *previous);
    g_string_append (out, strchr (again, '<') == NULL ? again : "");
    return TRUE;
  }
  if (letters != NULL) {
    const char *usual = alternative ? letters->alternative : letters->general;
    g_string_append (out, ends_component (g_utf8_next_char (at)) && !alternative ? letters->final
                                                                                 : usual);
  } else if (is_separator (c)) {
    append_separator (out);
  } else if ((base = base_letter (c)) != '\0') {
    g_string_append_c (out, base);
  } else if (!is_mark (c)) {
    return is_dropped (c);
  }
  if (out->len > before)
    *previous = before;
  return TRUE;
}

static char *
transliterate (const char *text, gboolean alternative, const char *field, GError **error)
{
  g_autofree char *composed = g_utf8_validate (text, -1, NULL)
                                  ? g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE)
                                  : NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  gsize previous = 0;

  if (composed == NULL)
    return fast_fail_null (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "translit-encoding",
                           "field=%s", field);
  for (const char *at = composed; *at != '\0'; at = g_utf8_next_char (at))
    if (!append_character (out, at, alternative, &previous)) {
      g_autofree char *character = g_strndup (at, (gsize)(g_utf8_next_char (at) - at));
      return fast_fail_null (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "translit-character",
                             "field=%s, character=%s, code=%04X", field, character,
                             g_utf8_get_char (at));
    }
  while (out->len > 0 && out->str[out->len - 1] == '<')
    g_string_truncate (out, out->len - 1);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * fast_transliterate:
 * @text: a name in national characters
 * @field: what it is, for errors, as in `applicant.names[0].surname`
 * @error: return location for an error
 *
 * ICAO 9303-3, 4.6 and 6. Components are separated by one filler; there is none at the ends.
 *
 * Returns: (transfer full): A to Z and `<`, maybe empty; or %NULL with FAST_GATE_ERROR that names
 *   the field and the first character that ICAO cannot transliterate
 */
char *
fast_transliterate (const char *text, const char *field, GError **error)
{
  return transliterate (text, FALSE, field, error);
}

/* The first @width characters of @components, the last of them a letter: 9303 lets a name field
 * end in a letter only where something was cut off. Where the cut falls behind a component, its
 * last letter makes place for the first of the next; one letter of each component remains. */
static char *
cut_components (const char *components, gsize width)
{
  g_autoptr (GString) out = g_string_new_len (components, (gssize)width);
  gsize end = width - 1;

  if (out->str[end] != '<')
    return g_string_free (g_steal_pointer (&out), FALSE);
  while (end >= 2 && out->str[end - 2] == '<')
    end -= 2;
  if (end < 2)
    return g_strndup (components, width - 1);
  g_string_erase (out, (gssize)end - 1, 1);
  g_string_append_c (out, components[width]);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
shorten (const char *components, gsize width)
{
  return strlen (components) <= width ? g_strdup (components) : cut_components (components, width);
}

static char *
join_identifiers (const char *primary, const char *secondary, gsize width)
{
  const gsize whole = strlen (primary) + 2 + strlen (secondary);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (secondary[0] == '\0')
    return shorten (primary, width);
  first = whole <= width ? g_strdup (primary) : shorten (primary, width - 3);
  second = shorten (secondary, width - strlen (first) - 2);
  return g_strconcat (first, "<<", second, NULL);
}

/**
 * fast_name_field:
 * @surname: primary identifier in national characters
 * @given: (nullable): secondary identifier
 * @width: characters of the field: 30 in TD1
 * @error: return location for an error
 *
 * Composes and, where it must, truncates the name field: 9303-3, 4.6; 9303-5, 4.2.3. A primary
 * identifier that is too long is cut until `<<` and the first letter of the secondary one find
 * place; the secondary one is cut to what is left; a truncated field ends in a letter.
 *
 * Returns: (transfer full): the field with its fillers, or %NULL with FAST_GATE_ERROR
 */
char *
fast_name_field (const char *surname, const char *given, gsize width, GError **error)
{
  g_autofree char *primary = fast_transliterate (surname, "surname", error);
  g_autofree char *secondary = NULL;
  g_autofree char *joined = NULL;
  char *field;

  if (primary == NULL)
    return NULL;
  secondary = fast_transliterate (given != NULL ? given : "", "given", error);
  if (secondary == NULL)
    return NULL;
  if (primary[0] == '\0')
    return fast_fail_null (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "translit-empty",
                           "field=%s", "surname");
  joined = join_identifiers (primary, secondary, width);
  field = g_strnfill (width, '<');
  fast_copy (field, width, joined, strlen (joined));
  return field;
}

/* Whether the components of @found are those of @wanted, each maybe cut short. */
static gboolean
is_shortened (const char *found, const char *wanted)
{
  g_auto (GStrv) left = g_strsplit (found, "<", -1);
  g_auto (GStrv) right = g_strsplit (wanted, "<", -1);

  if (g_strv_length (left) > g_strv_length (right))
    return FALSE;
  for (guint i = 0; left[i] != NULL; i++)
    if (!g_str_has_prefix (right[i], left[i]))
      return FALSE;
  return TRUE;
}

static gboolean
matches (const char *name, gboolean full, const char *surname, const char *given,
         gboolean alternative)
{
  g_autofree char *primary = transliterate (surname, alternative, "surname", NULL);
  g_autofree char *secondary =
      transliterate (given != NULL ? given : "", alternative, "given", NULL);
  g_autofree char *whole = NULL;
  g_auto (GStrv) halves = g_strsplit (name, "<<", 2);

  if (primary == NULL || secondary == NULL || halves[0] == NULL)
    return FALSE;
  whole = g_strconcat (primary, secondary[0] != '\0' ? "<<" : "", secondary, NULL);
  if (strcmp (whole, name) == 0)
    return TRUE;
  return full && is_shortened (halves[0], primary) &&
         is_shortened (halves[1] != NULL ? halves[1] : "", secondary);
}

/**
 * fast_name_field_matches:
 * @name: a name field without its trailing fillers
 * @width: the characters the field has; a name that fills it may have been cut, in any of the ways
 *   that 9303 allows
 * @surname: in national characters
 * @given: (nullable): in national characters
 *
 * Compares the name on somebody else's document with the name as the person writes it, also by
 * the letters that some States use instead (9303-3, 6: Ä as AE or A).
 *
 * Returns: whether it is the same name
 */
gboolean
fast_name_field_matches (const char *name, gsize width, const char *surname, const char *given)
{
  const gboolean full = strlen (name) >= width;

  return matches (name, full, surname, given, FALSE) || matches (name, full, surname, given, TRUE);
}
