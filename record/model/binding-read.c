/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/binding.h"

#include <string.h>

#include "record/base/clock.h"

#define MOST_ELEMENTS 1000
#define MOST_CHARACTERS 4000

#define AT(value, field, type) (*(type *)(gpointer)((guint8 *)(value) + (field)->offset))

static gboolean
refuse (const char *path, const char *id, GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, id, "path=%s", path);
}

static gboolean
refuse_type (const char *path, const char *wanted, GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "model-type",
                    "path=%s, wanted=%s", path, wanted);
}

/**
 * fast_binding_join_path:
 * @path: where an object stands; empty for the root
 * @name: its member
 *
 * Returns: (transfer full): where the member stands
 */
char *
fast_binding_join_path (const char *path, const char *name)
{
  return path[0] == '\0' ? g_strdup (name) : g_strdup_printf ("%s.%s", path, name);
}

static GRegex *
get_regex (const char *pattern)
{
  static GMutex lock;
  static GHashTable *all;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  GRegex *regex;

  if (all == NULL)
    all = g_hash_table_new (g_str_hash, g_str_equal);
  regex = g_hash_table_lookup (all, pattern);
  if (regex == NULL) {
    regex = g_regex_new (pattern, G_REGEX_DOLLAR_ENDONLY | G_REGEX_OPTIMIZE, 0, NULL);
    if (regex == NULL)
      g_error ("the pattern %s of a binding is broken", pattern);
    g_hash_table_insert (all, (gpointer)pattern, regex);
  }
  return regex;
}

static gboolean
matches (const char *pattern, const char *text)
{
  return pattern == NULL || g_regex_match (get_regex (pattern), text, 0, NULL);
}

static gboolean
check_names (const char *const *names, const char *text, const char *path, GError **error)
{
  g_autofree char *allowed = NULL;

  if (names == NULL || g_strv_contains (names, text))
    return TRUE;
  allowed = g_strjoinv (", ", (char **)names);
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "model-choice",
                    "path=%s, allowed=%s", path, allowed);
}

static gboolean
check_text (const FastField *field, const char *text, const char *path, GError **error)
{
  const gboolean limited = field->most > 0 && field->type != FAST_FIELD_STRINGS;
  const glong most = limited ? (glong)field->most : MOST_CHARACTERS;
  const char *const *names = field->type == FAST_FIELD_MAP ? field->values : field->names;

  if (!check_names (names, text, path, error))
    return FALSE;
  if (g_utf8_strlen (text, -1) > most)
    return refuse (path, "model-long", error);
  if (!matches (field->pattern, text))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "model-form",
                      "path=%s, form=%s", path, field->pattern);
  return TRUE;
}

static const char *
node_text (JsonNode *node, const char *path, GError **error)
{
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING) {
    refuse_type (path, "string", error);
    return NULL;
  }
  return json_node_get_string (node);
}

static gboolean
read_string (const FastField *field, JsonNode *node, const char *path, gpointer value,
             GError **error)
{
  const char *text = node_text (node, path, error);

  if (text == NULL || !check_text (field, text, path, error))
    return FALSE;
  AT (value, field, char *) = g_strdup (text);
  return TRUE;
}

static gboolean
read_date (const FastField *field, JsonNode *node, const char *path, gpointer value, GError **error)
{
  const char *text = node_text (node, path, error);
  g_autoptr (GDate) date = NULL;

  if (text == NULL)
    return FALSE;
  date = fast_date_parse (text, NULL);
  if (date == NULL)
    return refuse (path, "model-date", error);
  AT (value, field, char *) = g_strdup (text);
  return TRUE;
}

static gboolean
read_int (const FastField *field, JsonNode *node, const char *path, gpointer value, GError **error)
{
  gint64 number;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return refuse_type (path, "integer", error);
  number = json_node_get_int (node);
  if (number < field->least || number > field->most)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "model-range",
                      "path=%s, least=%" G_GINT64_FORMAT ", most=%" G_GINT64_FORMAT, path,
                      field->least, field->most);
  AT (value, field, gint64) = number;
  return TRUE;
}

static gboolean
read_boolean (const FastField *field, JsonNode *node, const char *path, gpointer value,
              GError **error)
{
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return refuse_type (path, "boolean", error);
  AT (value, field, gboolean) = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
read_enum (const FastField *field, JsonNode *node, const char *path, gpointer value, GError **error)
{
  const char *text = node_text (node, path, error);
  int index = 0;

  if (text == NULL || !check_names (field->names, text, path, error))
    return FALSE;
  while (strcmp (field->names[index], text) != 0)
    index++;
  AT (value, field, int) = index;
  return TRUE;
}

static gboolean
check_count (const FastField *field, guint count, const char *path, GError **error)
{
  const gint64 most = field->most > 0 ? field->most : MOST_ELEMENTS;

  if (count >= field->least && count <= most)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "model-count",
                    "path=%s, least=%" G_GINT64_FORMAT ", most=%" G_GINT64_FORMAT, path,
                    field->least, most);
}

static JsonArray *
node_array (const FastField *field, JsonNode *node, const char *path, GError **error)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node)) {
    refuse_type (path, "array", error);
    return NULL;
  }
  array = json_node_get_array (node);
  return check_count (field, json_array_get_length (array), path, error) ? array : NULL;
}

static gboolean
read_strings (const FastField *field, JsonNode *node, const char *path, gpointer value,
              GError **error)
{
  JsonArray *array = node_array (field, node, path, error);
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);

  if (array == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++) {
    g_autofree char *at = g_strdup_printf ("%s[%u]", path, i);
    const char *text = node_text (json_array_get_element (array, i), at, error);
    if (text == NULL || !check_text (field, text, at, error))
      return FALSE;
    g_ptr_array_add (strings, g_strdup (text));
  }
  g_ptr_array_add (strings, NULL);
  AT (value, field, char **) = (char **)g_ptr_array_free (g_steal_pointer (&strings), FALSE);
  return TRUE;
}

static gpointer read_value (const FastBinding *binding, JsonNode *node, const char *path,
                            GError **error);

static gboolean
read_object (const FastField *field, JsonNode *node, const char *path, gpointer value,
             GError **error)
{
  gpointer inner = read_value (field->binding, node, path, error);

  AT (value, field, gpointer) = inner;
  return inner != NULL;
}

static gboolean
read_objects (const FastField *field, JsonNode *node, const char *path, gpointer value,
              GError **error)
{
  JsonArray *array = node_array (field, node, path, error);
  GPtrArray *elements;

  if (array == NULL)
    return FALSE;
  elements = g_ptr_array_new_with_free_func (fast_binding_unref);
  AT (value, field, GPtrArray *) = elements;
  for (guint i = 0; i < json_array_get_length (array); i++) {
    g_autofree char *at = g_strdup_printf ("%s[%u]", path, i);
    gpointer element = read_value (field->binding, json_array_get_element (array, i), at, error);
    if (element == NULL)
      return FALSE;
    g_ptr_array_add (elements, element);
  }
  return TRUE;
}

static gboolean
read_entry (const FastField *field, const char *name, JsonNode *node, const char *path,
            GHashTable *map, GError **error)
{
  g_autofree char *at = fast_binding_join_path (path, name);
  const char *text;

  if ((field->names != NULL && !g_strv_contains (field->names, name)) ||
      !matches (field->keys, name))
    return refuse (at, "model-unknown", error);
  text = node_text (node, at, error);
  if (text == NULL || !check_text (field, text, at, error))
    return FALSE;
  g_hash_table_insert (map, g_strdup (name), g_strdup (text));
  return TRUE;
}

static gboolean
read_map (const FastField *field, JsonNode *node, const char *path, gpointer value, GError **error)
{
  g_autoptr (GHashTable) map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonObjectIter iter;
  const char *name;
  JsonNode *entry;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse_type (path, "object", error);
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &entry))
    if (!read_entry (field, name, entry, path, map, error))
      return FALSE;
  AT (value, field, GHashTable *) = g_steal_pointer (&map);
  return TRUE;
}

typedef gboolean (*ReadFunc) (const FastField *field, JsonNode *node, const char *path,
                              gpointer value, GError **error);

static const ReadFunc readers[] = {
    [FAST_FIELD_STRING] = read_string, [FAST_FIELD_DATE] = read_date,
    [FAST_FIELD_INT] = read_int,       [FAST_FIELD_BOOLEAN] = read_boolean,
    [FAST_FIELD_ENUM] = read_enum,     [FAST_FIELD_STRINGS] = read_strings,
    [FAST_FIELD_OBJECT] = read_object, [FAST_FIELD_OBJECTS] = read_objects,
    [FAST_FIELD_MAP] = read_map,
};

static gboolean
read_field (const FastField *field, JsonObject *object, const char *path, gpointer value,
            GError **error)
{
  g_autofree char *at = fast_binding_join_path (path, field->name);
  JsonNode *node = json_object_get_member (object, field->name);

  if (node == NULL && (field->flags & FAST_FIELD_REQUIRED) != 0)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "model-missing", "path=%s",
                      at);
  if (node == NULL)
    return TRUE;
  if (JSON_NODE_HOLDS_NULL (node) && (field->flags & FAST_FIELD_NULLABLE) != 0)
    return TRUE;
  return readers[field->type](field, node, at, value, error);
}

static gboolean
has_field (const FastBinding *binding, const char *name)
{
  for (guint i = 0; i < binding->n_fields; i++)
    if (strcmp (binding->fields[i].name, name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
check_members (const FastBinding *binding, JsonObject *object, const char *path, GError **error)
{
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, NULL))
    if (!has_field (binding, name)) {
      g_autofree char *at = fast_binding_join_path (path, name);
      return refuse (at, "model-unknown", error);
    }
  return TRUE;
}

static gpointer
read_value (const FastBinding *binding, JsonNode *node, const char *path, GError **error)
{
  gpointer value;
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    refuse_type (path[0] == '\0' ? binding->what : path, "object", error);
    return NULL;
  }
  object = json_node_get_object (node);
  if (!check_members (binding, object, path, error))
    return NULL;
  value = fast_binding_alloc (binding);
  for (guint i = 0; i < binding->n_fields; i++)
    if (!read_field (&binding->fields[i], object, path, value, error)) {
      fast_binding_unref (value);
      return NULL;
    }
  if (binding->check != NULL && !binding->check (value, path, error)) {
    fast_binding_unref (value);
    return NULL;
  }
  return value;
}

/**
 * fast_binding_read:
 * @binding: the table of a value
 * @node: JSON
 * @error: return location for an error
 *
 * Reads strictly: what the table does not name, or of another type or form than it says, is
 * refused.
 *
 * Returns: (transfer full): a value, to be freed with fast_binding_unref(), or %NULL with
 *   FAST_INPUT_ERROR naming the member's path
 */
gpointer
fast_binding_read (const FastBinding *binding, JsonNode *node, GError **error)
{
  return read_value (binding, node, "", error);
}
