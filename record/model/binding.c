/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/binding.h"

#define AT(value, field, type) (*(type *)(gpointer)((guint8 *)(value) + (field)->offset))
#define AT_CONST(value, field, type)                                                               \
  (*(type const *)(gconstpointer)((const guint8 *)(value) + (field)->offset))

/* What stands before every value in memory. */
typedef struct {
  const FastBinding *binding;
  gatomicrefcount references;
} Box;

#define BOX_SIZE ((sizeof (Box) + 15) & ~(gsize)15)

/**
 * fast_binding_alloc:
 * @binding: the table of a value
 *
 * For the reader only.
 *
 * Returns: (transfer full): a value with nothing in it yet
 */
gpointer
fast_binding_alloc (const FastBinding *binding)
{
  Box *box = g_malloc0 (BOX_SIZE + binding->size);

  box->binding = binding;
  g_atomic_ref_count_init (&box->references);
  return (guint8 *)box + BOX_SIZE;
}

static Box *
box_of (gconstpointer value)
{
  return (Box *)(gpointer)((guint8 *)value - BOX_SIZE);
}

/**
 * fast_binding_new:
 * @binding: the table of a value
 * @fields: a struct of that kind; everything in it is borrowed and copied
 * @error: return location for an error
 *
 * Returns: (transfer full): a value that holds the same, or %NULL with FAST_INPUT_ERROR when the
 *   table would not read it
 */
gpointer
fast_binding_new (const FastBinding *binding, gconstpointer fields, GError **error)
{
  g_autoptr (JsonNode) node = fast_binding_write (binding, fields);

  return fast_binding_read (binding, node, error);
}

static JsonNode *
write_strings (const char *const *strings)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  for (guint i = 0; strings[i] != NULL; i++)
    json_array_add_string_element (array, strings[i]);
  json_node_take_array (node, array);
  return node;
}

static JsonNode *
write_objects (const FastBinding *binding, const GPtrArray *elements)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < elements->len; i++)
    json_array_add_element (array, fast_binding_write (binding, elements->pdata[i]));
  json_node_take_array (node, array);
  return node;
}

static JsonNode *
write_map (GHashTable *map)
{
  JsonObject *object = json_object_new ();
  GHashTableIter iter;
  gpointer name, text;

  g_hash_table_iter_init (&iter, map);
  while (g_hash_table_iter_next (&iter, &name, &text))
    json_object_set_string_member (object, name, text);
  return fast_json_node_take (object);
}

static JsonNode *
write_pointer (const FastField *field, gpointer at)
{
  switch (field->type) {
  case FAST_FIELD_STRINGS:
    return write_strings (at);
  case FAST_FIELD_OBJECT:
    return fast_binding_write (field->binding, at);
  case FAST_FIELD_OBJECTS:
    return write_objects (field->binding, at);
  case FAST_FIELD_MAP:
    return write_map (at);
  case FAST_FIELD_STRING:
  case FAST_FIELD_DATE:
  case FAST_FIELD_INT:
  case FAST_FIELD_BOOLEAN:
  case FAST_FIELD_ENUM:
  default:
    return json_node_init_string (json_node_alloc (), at);
  }
}

static JsonNode *
write_field (const FastField *field, gconstpointer value)
{
  gpointer at;

  if (field->type == FAST_FIELD_INT)
    return json_node_init_int (json_node_alloc (), AT_CONST (value, field, gint64));
  if (field->type == FAST_FIELD_BOOLEAN)
    return json_node_init_boolean (json_node_alloc (), AT_CONST (value, field, gboolean));
  if (field->type == FAST_FIELD_ENUM)
    return json_node_init_string (json_node_alloc (), field->names[AT_CONST (value, field, int)]);
  at = AT_CONST (value, field, gpointer);
  return at == NULL ? NULL : write_pointer (field, at);
}

/**
 * fast_binding_write:
 * @binding: the table of a value
 * @value: a value of that kind
 *
 * Returns: (transfer full): its JSON; what is absent is left out, or null where it is required
 */
JsonNode *
fast_binding_write (const FastBinding *binding, gconstpointer value)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < binding->n_fields; i++) {
    const FastField *field = &binding->fields[i];
    JsonNode *node = write_field (field, value);

    if (node != NULL)
      json_object_set_member (object, field->name, node);
    else if ((field->flags & FAST_FIELD_REQUIRED) != 0)
      json_object_set_null_member (object, field->name);
  }
  return fast_json_node_take (object);
}

/**
 * fast_binding_ref:
 * @value: a value that fast_binding_read() or fast_binding_new() made
 *
 * Returns: (transfer full): the same value
 */
gpointer
fast_binding_ref (gconstpointer value)
{
  g_atomic_ref_count_inc (&box_of (value)->references);
  return (gpointer)value;
}

static void
clear_field (const FastField *field, gpointer value)
{
  gpointer at = NULL;

  if (field->type != FAST_FIELD_INT && field->type != FAST_FIELD_BOOLEAN &&
      field->type != FAST_FIELD_ENUM)
    at = AT (value, field, gpointer);
  if (at == NULL)
    return;
  if (field->type == FAST_FIELD_STRINGS)
    g_strfreev (at);
  else if (field->type == FAST_FIELD_OBJECT)
    fast_binding_unref (at);
  else if (field->type == FAST_FIELD_OBJECTS)
    g_ptr_array_unref (at);
  else if (field->type == FAST_FIELD_MAP)
    g_hash_table_unref (at);
  else
    g_free (at);
}

/**
 * fast_binding_unref:
 * @value: (transfer full) (nullable): a value
 */
void
fast_binding_unref (gpointer value)
{
  Box *box;

  if (value == NULL)
    return;
  box = box_of (value);
  if (!g_atomic_ref_count_dec (&box->references))
    return;
  for (guint i = 0; i < box->binding->n_fields; i++)
    clear_field (&box->binding->fields[i], value);
  g_free (box);
}

static gpointer
copy_boxed (gpointer value)
{
  return fast_binding_ref (value);
}

/**
 * fast_binding_register:
 * @once: where the type is kept
 * @name: of the type
 *
 * Returns: the boxed type of a value
 */
GType
fast_binding_register (gsize *once, const char *name)
{
  if (g_once_init_enter (once))
    g_once_init_leave (once, g_boxed_type_register_static (g_intern_string (name), copy_boxed,
                                                           fast_binding_unref));
  return *once;
}

/**
 * fast_binding_read_bytes:
 * @binding: the table of a value
 * @bytes: canonical JSON (RFC 8785)
 * @error: return location for an error
 *
 * Returns: (transfer full): a value, or %NULL with FAST_INPUT_ERROR
 */
gpointer
fast_binding_read_bytes (const FastBinding *binding, GBytes *bytes, GError **error)
{
  g_autoptr (JsonNode) node = fast_json_parse_canonical (bytes, binding->what, error);

  return node == NULL ? NULL : fast_binding_read (binding, node, error);
}

/**
 * fast_binding_write_bytes:
 * @binding: the table of a value
 * @value: a value of that kind
 *
 * Returns: (transfer full): its canonical JSON (RFC 8785)
 */
GBytes *
fast_binding_write_bytes (const FastBinding *binding, gconstpointer value)
{
  g_autoptr (JsonNode) node = fast_binding_write (binding, value);

  return fast_json_canonical_bytes (node);
}
