/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/asset.h"

#include <gio/gio.h>

#include "assets/fast-assets.h"
#include "record/base/error.h"

#define PREFIX "/org/fast/"

static gpointer
register_assets (gpointer data G_GNUC_UNUSED)
{
  fast_assets_register_resource ();
  return fast_assets_get_resource ();
}

static GResource *
get_assets (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, register_assets, NULL);
}

/* Assets (catalogues, schemas, profiles, artwork) are compiled in, so that a program works wherever
 * it is copied to. A folder named by FAST_ASSETS_DIR goes first: a designer's or an
 * administrator's own versions. */

/**
 * fast_asset_load:
 * @name: a path below `assets/`, as in `card/front.svg`
 * @error: return location for an error
 *
 * Returns: (transfer full): the bytes, or %NULL with FAST_INPUT_ERROR_MISSING
 */
GBytes *
fast_asset_load (const char *name, GError **error)
{
  const char *folder = g_getenv ("FAST_ASSETS_DIR");
  g_autofree char *resource = g_strconcat (PREFIX, name, NULL);
  GBytes *bytes;

  if (folder != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    char *contents;
    gsize size;

    if (g_file_get_contents (path, &contents, &size, NULL))
      return g_bytes_new_take (contents, size);
  }
  bytes = g_resource_lookup_data (get_assets (), resource, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  if (bytes == NULL)
    fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "asset-missing", "name=%s", name);
  return bytes;
}

/**
 * fast_asset_list:
 * @folder: a folder below `assets/`
 *
 * Returns: (transfer full) (array zero-terminated=1): the names of the compiled-in assets in it
 */
char **
fast_asset_list (const char *folder)
{
  g_autofree char *path = g_strconcat (PREFIX, folder, NULL);
  char **names =
      g_resource_enumerate_children (get_assets (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  return names != NULL ? names : g_new0 (char *, 1);
}
