/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/training-config.h"

#include <string.h>

#include "record/base/asset.h"
#include "record/base/error.h"

/* Whether @line gives @key, be it commented out. */
static gboolean
gives_key (const char *line, const char *key)
{
  const char *start = line[0] == '#' ? line + 1 : line;

  return g_str_has_prefix (start, key) && start[strlen (key)] == '=';
}

/* The line of @key in @group; -1 when there is none. */
static int
find_line (char **lines, const char *group, const char *key)
{
  g_autofree char *heading = g_strdup_printf ("[%s]", group);
  gboolean inside = FALSE;

  for (int i = 0; lines[i] != NULL; i++) {
    if (lines[i][0] == '[')
      inside = strcmp (lines[i], heading) == 0;
    else if (inside && gives_key (lines[i], key))
      return i;
  }
  return -1;
}

/**
 * fast_training_config:
 * @asset: a shipped default, as in `config/unit.conf`
 * @settings: what differs from it
 * @error: return location for an error
 *
 * Only keys that the default has, or has commented out, can be set: so the two cannot drift.
 *
 * Returns: (transfer full): the default's text, comments included, with these settings
 */
GBytes *
fast_training_config (const char *asset, const FastSetting *settings, GError **error)
{
  g_autoptr (GBytes) bytes = fast_asset_load (asset, error);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  char *joined;

  if (bytes == NULL)
    return NULL;
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  lines = g_strsplit (text, "\n", -1);
  for (const FastSetting *setting = settings; setting->group != NULL; setting++) {
    int at = find_line (lines, setting->group, setting->key);

    if (at < 0)
      return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "config-missing",
                             "path=%s, group=%s, key=%s", asset, setting->group, setting->key);
    g_free (lines[at]);
    lines[at] = g_strdup_printf ("%s=%s", setting->key, setting->value);
  }
  joined = g_strjoinv ("\n", lines);
  return g_bytes_new_take (joined, strlen (joined));
}
