/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/config.h"

#include <string.h>

#include "record/base/error.h"

struct _FastConfig {
  GKeyFile *file;
  char *path;
  char *folder;
};

/**
 * fast_config_load:
 * @path: a configuration file
 * @error: return location for an error
 *
 * Returns: (transfer full): the configuration
 */
FastConfig *
fast_config_load (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  GError *cause = NULL;
  FastConfig *config;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &cause)) {
    fast_fail_from (error, cause, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "config-unreadable",
                    "path=%s", path);
    return NULL;
  }
  config = g_new0 (FastConfig, 1);
  config->file = g_steal_pointer (&file);
  config->path = g_canonicalize_filename (path, NULL);
  config->folder = g_path_get_dirname (config->path);
  return config;
}

/**
 * fast_config_free:
 * @config: (transfer full): a configuration
 */
void
fast_config_free (FastConfig *config)
{
  g_key_file_unref (config->file);
  g_free (config->path);
  g_free (config->folder);
  g_free (config);
}

/**
 * fast_config_has:
 * @config: a configuration
 * @group: a group
 * @key: a key
 *
 * Returns: whether the key is set
 */
gboolean
fast_config_has (FastConfig *config, const char *group, const char *key)
{
  return g_key_file_has_key (config->file, group, key, NULL);
}

/**
 * fast_config_string:
 * @config: a configuration
 * @group: a group
 * @key: a key
 * @error: return location for an error
 *
 * Returns: (transfer full): the value, or %NULL with FAST_INPUT_ERROR_CONFIG when it is not set
 */
char *
fast_config_string (FastConfig *config, const char *group, const char *key, GError **error)
{
  char *value = g_key_file_get_string (config->file, group, key, NULL);

  if (value == NULL)
    fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "config-missing",
               "path=%s, group=%s, key=%s", config->path, group, key);
  return value;
}

/**
 * fast_config_string_or:
 * @config: a configuration
 * @group: a group
 * @key: a key
 * @fallback: (nullable): the value where none is set
 *
 * Returns: (transfer full) (nullable): the value
 */
char *
fast_config_string_or (FastConfig *config, const char *group, const char *key, const char *fallback)
{
  char *value = g_key_file_get_string (config->file, group, key, NULL);

  return value != NULL ? value : g_strdup (fallback);
}

/**
 * fast_config_list:
 * @config: a configuration
 * @group: a group
 * @key: a key with values separated by semicolons
 * @error: return location for an error
 *
 * Returns: (transfer full) (array zero-terminated=1): the values
 */
char **
fast_config_list (FastConfig *config, const char *group, const char *key, GError **error)
{
  char **values = g_key_file_get_string_list (config->file, group, key, NULL, NULL);

  if (values == NULL)
    fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "config-missing",
               "path=%s, group=%s, key=%s", config->path, group, key);
  return values;
}

/**
 * fast_config_path:
 * @config: a configuration
 * @group: a group
 * @key: a key that names a file or folder, or a key in a token by its `pkcs11:` URI
 * @error: return location for an error
 *
 * Returns: (transfer full): the absolute path, or the URI as it stands
 */
char *
fast_config_path (FastConfig *config, const char *group, const char *key, GError **error)
{
  g_autofree char *value = fast_config_string (config, group, key, error);

  if (value != NULL && g_str_has_prefix (value, "pkcs11:"))
    return g_steal_pointer (&value);
  return value == NULL ? NULL : g_canonicalize_filename (value, config->folder);
}

/**
 * fast_config_resolve:
 * @config: a configuration
 * @value: a path, or the path part of a value such as `sqlite:FILE`
 *
 * Returns: (transfer full): the absolute path
 */
char *
fast_config_resolve (FastConfig *config, const char *value)
{
  return g_canonicalize_filename (value, config->folder);
}

/**
 * fast_config_paths:
 * @config: a configuration
 * @group: a group
 * @key: a key with paths separated by semicolons
 * @error: return location for an error
 *
 * Returns: (transfer full) (array zero-terminated=1): the absolute paths
 */
char **
fast_config_paths (FastConfig *config, const char *group, const char *key, GError **error)
{
  char **values = fast_config_list (config, group, key, error);

  for (guint i = 0; values != NULL && values[i] != NULL; i++) {
    char *path = g_canonicalize_filename (values[i], config->folder);
    g_free (values[i]);
    values[i] = path;
  }
  return values;
}

/**
 * fast_config_groups:
 * @config: a configuration
 * @prefix: as in `officer `
 *
 * Returns: (transfer full) (array zero-terminated=1): the rest of the names of all groups that
 *   begin with @prefix, in the file's order
 */
char **
fast_config_groups (FastConfig *config, const char *prefix)
{
  g_auto (GStrv) groups = g_key_file_get_groups (config->file, NULL);
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], prefix))
      g_ptr_array_add (found, g_strdup (groups[i] + strlen (prefix)));
  g_ptr_array_add (found, NULL);
  return (char **)g_ptr_array_free (found, FALSE);
}
