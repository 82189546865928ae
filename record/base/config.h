/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FastConfig:
 *
 * A configuration file (GKeyFile). Relative paths in it are taken from the file's own folder.
 * Immutable after loading; may be read from any thread.
 */
typedef struct _FastConfig FastConfig;

FastConfig *fast_config_load (const char *path, GError **error);
void fast_config_free (FastConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastConfig, fast_config_free)

gboolean fast_config_has (FastConfig *config, const char *group, const char *key);
char *fast_config_string (FastConfig *config, const char *group, const char *key, GError **error);
char *fast_config_string_or (FastConfig *config, const char *group, const char *key,
                             const char *fallback);
char **fast_config_list (FastConfig *config, const char *group, const char *key, GError **error);
char *fast_config_path (FastConfig *config, const char *group, const char *key, GError **error);
char *fast_config_resolve (FastConfig *config, const char *value);
char **fast_config_paths (FastConfig *config, const char *group, const char *key, GError **error);
char **fast_config_groups (FastConfig *config, const char *prefix);

G_END_DECLS
