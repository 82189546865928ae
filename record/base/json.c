/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/json.h"

#include <math.h>
#include <string.h>

#include "record/base/error.h"

#define MAX_DEPTH 64
#define MAX_SAFE_INTEGER G_GINT64_CONSTANT (9007199254740991)

/* json-glib parses by recursion and lets a repeated member win silently. Depth is checked before,
 * repeated members while it parses. */
static gboolean
check_depth (const char *text, gsize size, const char *what, GError **error)
{
  guint depth = 0;
  gboolean quoted = FALSE;

  for (gsize i = 0; i < size; i++) {
    if (quoted && text[i] == '\\')
      i++;
    else if (text[i] == '"')
      quoted = !quoted;
    else if (!quoted && (text[i] == '{' || text[i] == '['))
      depth++;
    else if (!quoted && (text[i] == '}' || text[i] == ']') && depth > 0)
      depth--;
    if (depth > MAX_DEPTH)
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "json-depth",
                        "what=%s, limit=%d", what, MAX_DEPTH);
  }
  return TRUE;
}

typedef struct {
  GHashTable *counts;
  char *repeated; /* the first member that an object gives twice */
} Members;

static void
on_member (JsonParser *parser G_GNUC_UNUSED, JsonObject *object, const char *name, gpointer data)
{
  Members *members = data;
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (members->counts, object)) + 1;

  g_hash_table_insert (members->counts, object, GUINT_TO_POINTER (count));
  if (count != json_object_get_size (object) && members->repeated == NULL)
    members->repeated = g_strdup (name);
}

static void
on_object_end (JsonParser *parser G_GNUC_UNUSED, JsonObject *object, gpointer data)
{
  g_hash_table_remove (((Members *)data)->counts, object);
}

static gboolean
load (JsonParser *parser, const char *text, gsize size, const char *what, GError **error)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  Members members = {.counts = counts};
  g_autofree char *repeated = NULL;
  GError *cause = NULL;
  gboolean loaded;

  g_signal_connect (parser, "object-member", G_CALLBACK (on_member), &members);
  g_signal_connect (parser, "object-end", G_CALLBACK (on_object_end), &members);
  loaded = json_parser_load_from_data (parser, text, (gssize)size, &cause);
  repeated = members.repeated;
  if (!loaded)
    return fast_fail_from (error, cause, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED,
                           "json-malformed", "what=%s", what);
  if (repeated != NULL)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "json-repeated",
                      "what=%s, member=%s", what, repeated);
  return TRUE;
}

static const char *find_fault (JsonNode *node);

static const char *
find_member_fault (JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  const char *fault = NULL;
  JsonNode *value;

  json_object_iter_init (&iter, object);
  while (fault == NULL && json_object_iter_next (&iter, &name, &value))
    fault = g_utf8_validate (name, -1, NULL) ? find_fault (value) : "json-encoding";
  return fault;
}

static const char *
find_element_fault (JsonArray *array)
{
  const char *fault = NULL;

  for (guint i = 0; fault == NULL && i < json_array_get_length (array); i++)
    fault = find_fault (json_array_get_element (array, i));
  return fault;
}

/* What the parser takes and RFC 8785 cannot write: a number such as 1e999, which reads as infinity
 * (3.2.2.3), and text that is no UTF-8 once its escapes are resolved: it knows octal ones too. */
static const char *
find_fault (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return find_member_fault (json_node_get_object (node));
  if (JSON_NODE_HOLDS_ARRAY (node))
    return find_element_fault (json_node_get_array (node));
  if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    return isfinite (json_node_get_double (node)) ? NULL : "json-number";
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_utf8_validate (json_node_get_string (node), -1, NULL) ? NULL : "json-encoding";
  return NULL;
}

static JsonNode *
parse_text (const char *text, gsize size, const char *what, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  const char *fault;

  if (!load (parser, text, size, what, error))
    return NULL;
  if (json_parser_get_root (parser) == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_TRUNCATED, "json-empty",
                           "what=%s", what);
  fault = find_fault (json_parser_get_root (parser));
  if (fault != NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, fault, "what=%s",
                           what);
  return json_parser_steal_root (parser);
}

/**
 * fast_json_parse:
 * @bytes: JSON text in UTF-8
 * @what: what it is, for errors
 * @error: return location for an error
 *
 * Refuses invalid UTF-8, repeated members, numbers that no double holds and nesting of more than 64
 * levels.
 *
 * Returns: (transfer full): an immutable tree, or %NULL with FAST_INPUT_ERROR
 */
JsonNode *
fast_json_parse (GBytes *bytes, const char *what, GError **error)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  if (size == 0)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_TRUNCATED, "json-empty",
                           "what=%s", what);
  if (!g_utf8_validate_len (text, size, NULL))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "json-encoding",
                           "what=%s", what);
  if (!check_depth (text, size, what, error))
    return NULL;
  return parse_text (text, size, what, error);
}

/**
 * fast_json_parse_canonical:
 * @bytes: canonical JSON (RFC 8785)
 * @what: what it is, for errors
 * @error: return location for an error
 *
 * For signed and hashed documents: what is not byte for byte canonical is refused.
 *
 * Returns: (transfer full): an immutable tree, or %NULL with FAST_INPUT_ERROR
 */
JsonNode *
fast_json_parse_canonical (GBytes *bytes, const char *what, GError **error)
{
  g_autoptr (JsonNode) node = fast_json_parse (bytes, what, error);
  g_autoptr (GBytes) again = NULL;

  if (node == NULL)
    return NULL;
  again = fast_json_canonical_bytes (node);
  if (!g_bytes_equal (again, bytes))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED,
                           "json-not-canonical", "what=%s", what);
  return g_steal_pointer (&node);
}

static void
append_string (GString *out, const char *text)
{
  static const char short_escapes[] = "\bb\tt\nn\ff\rr";

  g_string_append_c (out, '"');
  for (; *text != '\0'; text++) {
    guchar c = (guchar)*text;
    const char *escape = NULL;

    for (guint i = 0; i < sizeof short_escapes - 1 && escape == NULL; i += 2)
      if (short_escapes[i] == (char)c)
        escape = &short_escapes[i + 1];
    if (c == '"' || c == '\\')
      g_string_append_printf (out, "\\%c", c);
    else if (escape != NULL)
      g_string_append_printf (out, "\\%c", *escape);
    else if (c < 0x20)
      g_string_append_printf (out, "\\u%04x", c);
    else
      g_string_append_c (out, (char)c);
  }
  g_string_append_c (out, '"');
}

/* The shortest digits that read back as @value, and the power of ten of the first. */
static void
shortest_digits (double value, char digits[32], int *exponent)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  guint n = 0;

  for (int precision = 0; precision < 17; precision++) {
    char format[8];
    g_snprintf (format, sizeof format, "%%.%de", precision);
    g_ascii_formatd (text, sizeof text, format, value);
    if (g_ascii_strtod (text, NULL) == value)
      break;
  }
  for (const char *at = text; *at != 'e'; at++)
    if (g_ascii_isdigit (*at))
      digits[n++] = *at;
  digits[n] = '\0';
  *exponent = (int)g_ascii_strtoll (strchr (text, 'e') + 1, NULL, 10);
}

/**
 * fast_json_number:
 * @value: a finite number
 *
 * Writes a number as ECMAScript does (RFC 8785, 3.2.2.3).
 *
 * Returns: (transfer full): its text
 */
char *
fast_json_number (double value)
{
  char digits[32];
  int exponent, n;
  GString *out = g_string_new (value < 0 ? "-" : NULL);

  g_assert (isfinite (value));
  if (value == 0) {
    g_string_assign (out, "0");
    return g_string_free (out, FALSE);
  }
  shortest_digits (fabs (value), digits, &exponent);
  n = (int)strlen (digits);
  if (exponent >= 21 || exponent < -6) {
    g_string_append_c (out, digits[0]);
    if (n > 1)
      g_string_append_printf (out, ".%s", digits + 1);
    g_string_append_printf (out, "e%c%d", exponent < 0 ? '-' : '+', ABS (exponent));
  } else if (exponent < 0) {
    g_string_append (out, "0.");
    for (int i = -1; i > exponent; i--)
      g_string_append_c (out, '0');
    g_string_append (out, digits);
  } else {
    for (int i = 0; i < MAX (n, exponent + 1); i++) {
      if (i == exponent + 1)
        g_string_append_c (out, '.');
      g_string_append_c (out, i < n ? digits[i] : '0');
    }
  }
  return g_string_free (out, FALSE);
}

/* RFC 8785, 3.2.3: members are sorted by their names' UTF-16 code units. */
static gint
compare_utf16 (gconstpointer left, gconstpointer right)
{
  g_autofree gunichar2 *a = g_utf8_to_utf16 (left, -1, NULL, NULL, NULL);
  g_autofree gunichar2 *b = g_utf8_to_utf16 (right, -1, NULL, NULL, NULL);
  gsize i = 0;

  while (a[i] != 0 && a[i] == b[i])
    i++;
  return (gint)a[i] - (gint)b[i];
}

static void append_node (GString *out, JsonNode *node);

static void
append_object (GString *out, JsonObject *object)
{
  g_autoptr (GList) names = g_list_sort (json_object_get_members (object), compare_utf16);

  g_string_append_c (out, '{');
  for (GList *at = names; at != NULL; at = at->next) {
    if (at != names)
      g_string_append_c (out, ',');
    append_string (out, at->data);
    g_string_append_c (out, ':');
    append_node (out, json_object_get_member (object, at->data));
  }
  g_string_append_c (out, '}');
}

static void
append_array (GString *out, JsonArray *array)
{
  g_string_append_c (out, '[');
  for (guint i = 0; i < json_array_get_length (array); i++) {
    if (i > 0)
      g_string_append_c (out, ',');
    append_node (out, json_array_get_element (array, i));
  }
  g_string_append_c (out, ']');
}

static void
append_value (GString *out, JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING) {
    append_string (out, json_node_get_string (node));
  } else if (type == G_TYPE_BOOLEAN) {
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  } else if (type == G_TYPE_INT64) {
    gint64 value = json_node_get_int (node);
    g_autofree char *text = fast_json_number ((double)value);

    if (value >= -MAX_SAFE_INTEGER && value <= MAX_SAFE_INTEGER)
      g_string_append_printf (out, "%" G_GINT64_FORMAT, value);
    else
      g_string_append (out, text);
  } else {
    g_autofree char *text = fast_json_number (json_node_get_double (node));
    g_string_append (out, text);
  }
}

static void
append_node (GString *out, JsonNode *node)
{
  switch (json_node_get_node_type (node)) {
  case JSON_NODE_OBJECT:
    append_object (out, json_node_get_object (node));
    break;
  case JSON_NODE_ARRAY:
    append_array (out, json_node_get_array (node));
    break;
  case JSON_NODE_VALUE:
    append_value (out, node);
    break;
  case JSON_NODE_NULL:
  default:
    g_string_append (out, "null");
  }
}

/**
 * fast_json_canonical:
 * @node: a tree
 *
 * Returns: (transfer full): its canonical form (RFC 8785); integers beyond 2^53 lose precision, as
 *   that standard has it, and belong in strings
 */
char *
fast_json_canonical (JsonNode *node)
{
  GString *out = g_string_new (NULL);

  append_node (out, node);
  return g_string_free (out, FALSE);
}

/**
 * fast_json_canonical_bytes:
 * @node: a tree
 *
 * Returns: (transfer full): its canonical form (RFC 8785)
 */
GBytes *
fast_json_canonical_bytes (JsonNode *node)
{
  char *text = fast_json_canonical (node);

  return g_bytes_new_take (text, strlen (text));
}

/**
 * fast_json_pretty:
 * @node: a tree
 *
 * Returns: (transfer full): text for people, indented
 */
char *
fast_json_pretty (JsonNode *node)
{
  return json_to_string (node, TRUE);
}

/**
 * fast_json_node_take:
 * @object: (transfer full): an object
 *
 * Returns: (transfer full): a node around it
 */
JsonNode *
fast_json_node_take (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node;
}

static JsonNode *
get_member (JsonObject *object, const char *member, JsonNodeType type, GType value, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "json-missing",
                           "member=%s", member);
  if (json_node_get_node_type (node) != type ||
      (type == JSON_NODE_VALUE && json_node_get_value_type (node) != value))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "json-type",
                           "member=%s", member);
  return node;
}

/**
 * fast_json_get_object:
 * @object: an object
 * @member: a name
 * @error: return location for an error
 *
 * Returns: (transfer none): the member, or %NULL with FAST_INPUT_ERROR when it is missing or of
 *   another type
 */
JsonObject *
fast_json_get_object (JsonObject *object, const char *member, GError **error)
{
  JsonNode *node = get_member (object, member, JSON_NODE_OBJECT, G_TYPE_INVALID, error);

  return node == NULL ? NULL : json_node_get_object (node);
}

/**
 * fast_json_get_array:
 * @object: an object
 * @member: a name
 * @error: return location for an error
 *
 * Returns: (transfer none): the member, or %NULL with FAST_INPUT_ERROR
 */
JsonArray *
fast_json_get_array (JsonObject *object, const char *member, GError **error)
{
  JsonNode *node = get_member (object, member, JSON_NODE_ARRAY, G_TYPE_INVALID, error);

  return node == NULL ? NULL : json_node_get_array (node);
}

/**
 * fast_json_get_string:
 * @object: an object
 * @member: a name
 * @error: return location for an error
 *
 * Returns: (transfer none): the member, or %NULL with FAST_INPUT_ERROR
 */
const char *
fast_json_get_string (JsonObject *object, const char *member, GError **error)
{
  JsonNode *node = get_member (object, member, JSON_NODE_VALUE, G_TYPE_STRING, error);

  return node == NULL ? NULL : json_node_get_string (node);
}

/**
 * fast_json_get_int:
 * @object: an object
 * @member: a name
 * @value: (out): the member
 * @error: return location for an error
 *
 * Returns: whether the member is there and an integer
 */
gboolean
fast_json_get_int (JsonObject *object, const char *member, gint64 *value, GError **error)
{
  JsonNode *node = get_member (object, member, JSON_NODE_VALUE, G_TYPE_INT64, error);

  if (node != NULL)
    *value = json_node_get_int (node);
  return node != NULL;
}
