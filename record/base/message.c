/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/message.h"

#include <string.h>

#include "record/base/asset.h"

/* Parameters are separated by this control character while they are being formatted, so that a
 * value may hold commas and equals signs; a value that holds it loses it. */
#define SEPARATOR '\x1f'

typedef struct {
  char *name;
  char *value;
} Parameter;

struct _FastMessage {
  gatomicrefcount references;
  char *id;
  Parameter *parameters;
  guint n_parameters;
};

/* Adds @text, which begins with the name that @declared begins with. Where it does not, it is the
 * rest of a value that held the separator. */
static gboolean
add_parameter (FastMessage *message, const char *declared, const char *text)
{
  const gsize length = declared == NULL ? 0 : strcspn (declared, "=");
  Parameter *parameter = &message->parameters[message->n_parameters];

  if (declared == NULL || strncmp (text, declared, length + 1) != 0) {
    g_autofree char *rest = g_utf8_make_valid (text, -1);
    char *longer;
    if (message->n_parameters == 0)
      return FALSE;
    longer = g_strconcat (parameter[-1].value, rest, NULL);
    g_free (parameter[-1].value);
    parameter[-1].value = longer;
    return FALSE;
  }
  parameter->name = g_strndup (text, length);
  parameter->value = g_utf8_make_valid (text + length + 1, -1);
  message->n_parameters++;
  return TRUE;
}

static char *
separate (const char *parameters)
{
  char *format = g_strdup (parameters);

  for (char *at = format; (at = strstr (at, ", ")) != NULL; at += 2) {
    at[0] = SEPARATOR;
    at[1] = SEPARATOR;
  }
  return format;
}

static void
parse_parameters (FastMessage *message, const char *parameters, va_list arguments)
{
  g_autofree char *format = separate (parameters);
  g_autofree char *text = NULL;
  g_auto (GStrv) declared = g_strsplit (parameters, ", ", -1);
  g_auto (GStrv) pieces = NULL;
  guint next = 0;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  text = g_strdup_vprintf (format, arguments);
#pragma GCC diagnostic pop
  pieces = g_strsplit (text, "\x1f\x1f", -1);
  message->parameters = g_new0 (Parameter, g_strv_length (pieces) + 1);
  for (guint i = 0; pieces[i] != NULL; i++)
    if (add_parameter (message, declared[next], pieces[i]))
      next++;
}

/**
 * fast_message_new_valist:
 * @id: a group of a catalogue in `assets/messages`
 * @parameters: (nullable): see fast_message_new()
 * @arguments: the values
 *
 * Returns: (transfer full): the message
 */
FastMessage *
fast_message_new_valist (const char *id, const char *parameters, va_list arguments)
{
  FastMessage *message = g_new0 (FastMessage, 1);

  g_atomic_ref_count_init (&message->references);
  message->id = g_strdup (id);
  if (parameters != NULL && parameters[0] != '\0')
    parse_parameters (message, parameters, arguments);
  return message;
}

/**
 * fast_message_new:
 * @id: a group of a catalogue in `assets/messages`
 * @parameters: (nullable): `name=FORMAT` pairs separated by comma and space, as in
 *   `"field=%s, found=%u"`; the values never end up in logs unless the caller puts them there
 *
 * Returns: (transfer full): the message
 */
FastMessage *
fast_message_new (const char *id, const char *parameters, ...)
{
  FastMessage *message;
  va_list arguments;

  va_start (arguments, parameters);
  message = fast_message_new_valist (id, parameters, arguments);
  va_end (arguments);
  return message;
}

/**
 * fast_message_ref:
 * @message: a message
 *
 * Returns: (transfer full): the same message
 */
FastMessage *
fast_message_ref (FastMessage *message)
{
  g_atomic_ref_count_inc (&message->references);
  return message;
}

/**
 * fast_message_unref:
 * @message: (transfer full): a message
 */
void
fast_message_unref (FastMessage *message)
{
  if (!g_atomic_ref_count_dec (&message->references))
    return;
  for (guint i = 0; i < message->n_parameters; i++) {
    g_free (message->parameters[i].name);
    g_free (message->parameters[i].value);
  }
  g_free (message->parameters);
  g_free (message->id);
  g_free (message);
}

/**
 * fast_message_get_id:
 * @message: a message
 *
 * Returns: (transfer none): its id
 */
const char *
fast_message_get_id (const FastMessage *message)
{
  return message->id;
}

/**
 * fast_message_get_parameter:
 * @message: a message
 * @name: a parameter
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
fast_message_get_parameter (const FastMessage *message, const char *name)
{
  for (guint i = 0; i < message->n_parameters; i++)
    if (strcmp (message->parameters[i].name, name) == 0)
      return message->parameters[i].value;
  return NULL;
}

static gpointer
load_catalogues (gpointer data G_GNUC_UNUSED)
{
  /* Not interned: GLib leaks its table of strings each time that it grows. */
  g_autoptr (GHashTable) all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) names = fast_asset_list ("messages");

  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *path = g_strconcat ("messages/", names[i], NULL);
    g_autoptr (GBytes) bytes = fast_asset_load (path, NULL);
    g_autoptr (GKeyFile) file = g_key_file_new ();
    g_auto (GStrv) groups = NULL;

    if (bytes == NULL || !g_key_file_load_from_bytes (file, bytes, G_KEY_FILE_NONE, NULL))
      g_error ("the message catalogue %s cannot be read", path);
    groups = g_key_file_get_groups (file, NULL);
    for (guint j = 0; groups[j] != NULL; j++) {
      g_auto (GStrv) keys = g_key_file_get_keys (file, groups[j], NULL, NULL);
      for (guint k = 0; keys[k] != NULL; k++) {
        g_hash_table_insert (all, g_strconcat (groups[j], "/", keys[k], NULL),
                             g_key_file_get_string (file, groups[j], keys[k], NULL));
      }
    }
  }
  return g_steal_pointer (&all);
}

static GHashTable *
get_catalogue (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, load_catalogues, NULL);
}

/**
 * fast_message_lookup:
 * @id: a message id
 * @key: `en`, `fr` (the sentence), `do-en`, `do-fr` (the remedy)
 *
 * Returns: (transfer none) (nullable): the text with its `{name}` places
 */
const char *
fast_message_lookup (const char *id, const char *key)
{
  g_autofree char *name = g_strconcat (id, "/", key, NULL);

  return g_hash_table_lookup (get_catalogue (), name);
}

static gint
compare_names (gconstpointer left, gconstpointer right)
{
  return g_strcmp0 (*(const char *const *)left, *(const char *const *)right);
}

static gpointer
list_ids (gpointer data G_GNUC_UNUSED)
{
  GPtrArray *ids = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, get_catalogue ());
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (g_str_has_suffix (name, "/en"))
      g_ptr_array_add (ids, g_strndup (name, strlen (name) - strlen ("/en")));
  g_ptr_array_sort (ids, compare_names);
  g_ptr_array_add (ids, NULL);
  return g_ptr_array_free (ids, FALSE);
}

/**
 * fast_message_list_ids:
 *
 * Returns: (transfer none) (array zero-terminated=1): all ids, sorted
 */
const char *const *
fast_message_list_ids (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, list_ids, NULL);
}

static char *
fill_in (const FastMessage *message, const char *text)
{
  GString *out = g_string_new (NULL);

  while (*text != '\0') {
    const char *open = strchr (text, '{');
    const char *close = open == NULL ? NULL : strchr (open, '}');
    g_autofree char *name = NULL;
    const char *value;

    if (close == NULL) {
      g_string_append (out, text);
      break;
    }
    g_string_append_len (out, text, open - text);
    name = g_strndup (open + 1, (gsize)(close - open - 1));
    value = fast_message_get_parameter (message, name);
    g_string_append (out, value != NULL ? value : "?");
    text = close + 1;
  }
  return g_string_free (out, FALSE);
}

/**
 * fast_message_format:
 * @message: a message
 * @language: `en` or `fr`; English stands in where a language lacks the message
 *
 * Returns: (transfer full): the sentence, without a full stop
 */
char *
fast_message_format (const FastMessage *message, const char *language)
{
  const char *text = fast_message_lookup (message->id, language);

  if (text == NULL)
    text = fast_message_lookup (message->id, "en");
  return text == NULL ? g_strdup (message->id) : fill_in (message, text);
}

/**
 * fast_message_format_remedy:
 * @message: a message
 * @language: `en` or `fr`
 *
 * Returns: (transfer full) (nullable): what to do about it
 */
char *
fast_message_format_remedy (const FastMessage *message, const char *language)
{
  g_autofree char *key = g_strconcat ("do-", language, NULL);
  const char *text = fast_message_lookup (message->id, key);

  if (text == NULL)
    text = fast_message_lookup (message->id, "do-en");
  return text == NULL ? NULL : fill_in (message, text);
}

/**
 * fast_text:
 * @language: `en` or `fr`
 * @id: a message id
 * @parameters: (nullable): as for fast_message_new()
 *
 * Formats a message in one go, for progress lines, papers and reports.
 *
 * Returns: (transfer full): the sentence
 */
char *
fast_text (const char *language, const char *id, const char *parameters, ...)
{
  g_autoptr (FastMessage) message = NULL;
  va_list arguments;

  va_start (arguments, parameters);
  message = fast_message_new_valist (id, parameters, arguments);
  va_end (arguments);
  return fast_message_format (message, language);
}
