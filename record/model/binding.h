/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "record/base/error.h"
#include "record/base/json.h"

G_BEGIN_DECLS

/*
 * A value of the model is a plain struct and a table that says, member by member, how it stands in
 * JSON. One engine reads, writes, checks and frees all of them by their tables, so that a noun is
 * its struct and its table and nothing else, and no member can be read but not written.
 *
 * Values are counted references to memory that nobody changes after fast_binding_read() or
 * fast_binding_new() has made it: they go to other threads and rooms as they are. New ones are made
 * from a struct on the stack that borrows everything:
 *
 *   fast_payment_new (&(FastPayment){.amount = "50.00", .currency = "CAD", …}, &error)
 *
 * which copies and checks it by the same table. Errors name the member by its path, as in
 * `documents[1].expiry`, and never its value, which may be personal.
 */

/**
 * FastFieldType:
 * @FAST_FIELD_STRING: `const char *`; checked by pattern or names where the field has them
 * @FAST_FIELD_DATE: `const char *`, a date of the calendar as YYYY-MM-DD
 * @FAST_FIELD_INT: `gint64` between least and most
 * @FAST_FIELD_BOOLEAN: `gboolean`
 * @FAST_FIELD_ENUM: `int`, the index of the string in names
 * @FAST_FIELD_STRINGS: `const char *const *`, each checked like a string
 * @FAST_FIELD_OBJECT: pointer to a struct bound by binding
 * @FAST_FIELD_OBJECTS: `GPtrArray *` of such
 * @FAST_FIELD_MAP: `GHashTable *` of string to string: names are member names allowed, or keys is
 *   their pattern; pattern or values check what they hold
 */
typedef enum {
  FAST_FIELD_STRING,
  FAST_FIELD_DATE,
  FAST_FIELD_INT,
  FAST_FIELD_BOOLEAN,
  FAST_FIELD_ENUM,
  FAST_FIELD_STRINGS,
  FAST_FIELD_OBJECT,
  FAST_FIELD_OBJECTS,
  FAST_FIELD_MAP,
} FastFieldType;

/**
 * FastFieldFlags:
 * @FAST_FIELD_REQUIRED: the member must be there
 * @FAST_FIELD_NULLABLE: it may be null; a required one is then written as null
 */
typedef enum {
  FAST_FIELD_OPTIONAL = 0,
  FAST_FIELD_REQUIRED = 1 << 0,
  FAST_FIELD_NULLABLE = 1 << 1,
} FastFieldFlags;

typedef struct _FastBinding FastBinding;

/**
 * FastField:
 * @name: the member
 * @type: what it is
 * @offset: where in the struct
 * @flags: whether it must be there
 * @pattern: (nullable): a regular expression in the subset that PCRE and ECMA-262 share
 * @names: (nullable) (array zero-terminated=1): the strings allowed
 * @keys: (nullable): for maps, the pattern of member names
 * @values: (nullable): for maps, the strings allowed as values
 * @binding: (nullable): for objects, their table
 * @least: smallest number, or fewest elements
 * @most: largest number, or most elements or characters; 0 is no limit but the engine's own
 */
typedef struct {
  const char *name;
  FastFieldType type;
  gsize offset;
  FastFieldFlags flags;
  const char *pattern;
  const char *const *names;
  const char *keys;
  const char *const *values;
  const FastBinding *binding;
  gint64 least;
  gint64 most;
} FastField;

/**
 * FastBinding:
 * @what: what the value is, for errors about its root
 * @size: of the struct
 * @fields: its members
 * @n_fields: how many
 * @check: (nullable): what no single member can say; @path ends where the value stands
 */
struct _FastBinding {
  const char *what;
  gsize size;
  const FastField *fields;
  guint n_fields;
  gboolean (*check) (gconstpointer value, const char *path, GError **error);
};

/**
 * FAST_FIELD:
 * @Type: a struct
 * @member: one of its members, of the same name in JSON
 *
 * A row of a table; what follows are the row's other columns by name.
 */
#define FAST_FIELD(Type, member, ...)                                                              \
  {                                                                                                \
    .name = #member, .offset = G_STRUCT_OFFSET (Type, member), __VA_ARGS__                         \
  }

/**
 * FAST_TEXT:
 * @Type: a struct
 * @member: one of its members
 * @presence: its flags
 *
 * A row for a text that is not blank.
 */
#define FAST_TEXT(Type, member, presence)                                                          \
  FAST_FIELD (Type, member, .type = FAST_FIELD_STRING, .flags = presence,                          \
              .pattern = FAST_PATTERN_TEXT, .most = FAST_TEXT_LIMIT)

/**
 * FAST_BINDING:
 * @name: of a table NAME_fields
 * @Type: the struct that it binds
 *
 * Defines NAME_binding for a struct that stands only inside others.
 */
#define FAST_BINDING(name, Type)                                                                   \
  static const FastBinding name##_binding = {                                                      \
      .what = #name,                                                                               \
      .size = sizeof (Type),                                                                       \
      .fields = name##_fields,                                                                     \
      .n_fields = G_N_ELEMENTS (name##_fields),                                                    \
  }

#define FAST_TEXT_LIMIT 200
#define FAST_PATTERN_TEXT "[^ \\t\\r\\n]"

gpointer fast_binding_alloc (const FastBinding *binding);
gpointer fast_binding_read (const FastBinding *binding, JsonNode *node, GError **error);
gpointer fast_binding_new (const FastBinding *binding, gconstpointer fields, GError **error);
JsonNode *fast_binding_write (const FastBinding *binding, gconstpointer value);
gpointer fast_binding_ref (gconstpointer value);
GType fast_binding_register (gsize *once, const char *name);
void fast_binding_unref (gpointer value);
gpointer fast_binding_read_bytes (const FastBinding *binding, GBytes *bytes, GError **error);
GBytes *fast_binding_write_bytes (const FastBinding *binding, gconstpointer value);
char *fast_binding_join_path (const char *path, const char *name);

/**
 * FAST_DECLARE_VALUE:
 * @Type: as in `FastPayment`
 * @prefix: as in `fast_payment`
 *
 * Declares the functions that every value has: `new` (copies and checks a struct that borrows),
 * `ref`, `unref`, `from_json`, `to_json`, and `from_bytes`, `to_bytes` for canonical JSON; and its
 * boxed type. A value is immutable and may be used from any thread. `from_…` and `new` fail with
 * FAST_INPUT_ERROR that names the member's path.
 */
#define FAST_DECLARE_VALUE(Type, prefix)                                                           \
  extern const FastBinding prefix##_binding;                                                       \
  GType prefix##_get_type (void);                                                                  \
  Type *prefix##_new (const Type *borrowed, GError **error);                                       \
  Type *prefix##_ref (const Type *value);                                                          \
  void prefix##_unref (Type *value);                                                               \
  Type *prefix##_from_json (JsonNode *node, GError **error);                                       \
  JsonNode *prefix##_to_json (const Type *value);                                                  \
  Type *prefix##_from_bytes (GBytes *bytes, GError **error);                                       \
  GBytes *prefix##_to_bytes (const Type *value);                                                   \
  G_DEFINE_AUTOPTR_CLEANUP_FUNC (Type, prefix##_unref)

/**
 * FAST_DEFINE_VALUE:
 *
 * Defines what FAST_DECLARE_VALUE() declares, by the table @fields_table.
 */
#define FAST_DEFINE_VALUE(Type, prefix, root, fields_table)                                        \
  FAST_DEFINE_CHECKED_VALUE (Type, prefix, root, fields_table, NULL)

/**
 * FAST_DEFINE_CHECKED_VALUE:
 *
 * As FAST_DEFINE_VALUE(), with what no single member can say in @checker.
 */
#define FAST_DEFINE_CHECKED_VALUE(Type, prefix, root, fields_table, checker)                       \
  const FastBinding prefix##_binding = {                                                           \
      .what = root,                                                                                \
      .size = sizeof (Type),                                                                       \
      .fields = fields_table,                                                                      \
      .n_fields = G_N_ELEMENTS (fields_table),                                                     \
      .check = checker,                                                                            \
  };                                                                                               \
  Type *prefix##_new (const Type *borrowed, GError **error)                                        \
  {                                                                                                \
    return fast_binding_new (&prefix##_binding, borrowed, error);                                  \
  }                                                                                                \
  Type *prefix##_ref (const Type *value)                                                           \
  {                                                                                                \
    return fast_binding_ref (value);                                                               \
  }                                                                                                \
  void prefix##_unref (Type *value)                                                                \
  {                                                                                                \
    fast_binding_unref (value);                                                                    \
  }                                                                                                \
  Type *prefix##_from_json (JsonNode *node, GError **error)                                        \
  {                                                                                                \
    return fast_binding_read (&prefix##_binding, node, error);                                     \
  }                                                                                                \
  JsonNode *prefix##_to_json (const Type *value)                                                   \
  {                                                                                                \
    return fast_binding_write (&prefix##_binding, value);                                          \
  }                                                                                                \
  Type *prefix##_from_bytes (GBytes *bytes, GError **error)                                        \
  {                                                                                                \
    return fast_binding_read_bytes (&prefix##_binding, bytes, error);                              \
  }                                                                                                \
  GBytes *prefix##_to_bytes (const Type *value)                                                    \
  {                                                                                                \
    return fast_binding_write_bytes (&prefix##_binding, value);                                    \
  }                                                                                                \
  GType prefix##_get_type (void)                                                                   \
  {                                                                                                \
    static gsize type;                                                                             \
    return fast_binding_register (&type, #Type);                                                   \
  }

G_END_DECLS
