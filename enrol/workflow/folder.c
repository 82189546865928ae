/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/folder.h"

#include <string.h>

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/biometric/finger-image.h"
#include "record/biometric/image.h"
#include "record/model/part.h"

#define APPLICATION "application.json"
#define DOCUMENTS "documents"
#define DOCUMENT_LIMIT (4 * 1024 * 1024)

/**
 * fast_folder_free:
 * @folder: (transfer full): a capture folder
 */
void
fast_folder_free (FastFolder *folder)
{
  g_clear_pointer (&folder->application, fast_application_unref);
  g_clear_pointer (&folder->profile, fast_profile_unref);
  g_clear_pointer (&folder->samples, g_hash_table_unref);
  g_free (folder);
}

static gboolean
decodes (const char *name, GBytes *bytes, GError **error)
{
  g_autoptr (FastImage) image = g_str_has_prefix (name, "finger-")
                                    ? fast_finger_image_load (bytes, name, error)
                                    : fast_image_decode (bytes, name, error);

  return image != NULL;
}

static gboolean
add_sample (FastFolder *folder, const char *path, const char *file, GError **error)
{
  g_autofree char *full = g_build_filename (path, file, NULL);
  g_autoptr (GBytes) bytes = fast_bytes_read_file (full, FAST_IMAGE_FILE_LIMIT, error);

  if (bytes == NULL || !decodes (file, bytes, error))
    return fast_error_prefix (error, "folder-sample", "name=%s", file);
  g_hash_table_insert (folder->samples, g_strdup (file), g_steal_pointer (&bytes));
  return TRUE;
}

/* Each sample of the profile at most once, in one of the formats it may have. */
static gboolean
read_sample (FastFolder *folder, const char *path, const FastProfileBiometric *biometric,
             GError **error)
{
  g_autofree char *found = NULL;

  for (guint i = 0; biometric->suffixes[i] != NULL; i++) {
    g_autofree char *file = g_strconcat (biometric->name, ".", biometric->suffixes[i], NULL);
    g_autofree char *full = g_build_filename (path, file, NULL);

    if (!g_file_test (full, G_FILE_TEST_EXISTS))
      continue;
    if (found != NULL)
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "folder-twice",
                        "first=%s, second=%s", found, file);
    found = g_steal_pointer (&file);
  }
  return found == NULL || add_sample (folder, path, found, error);
}

static gboolean
add_document (FastFolder *folder, const char *path, const char *file, GError **error)
{
  g_autofree char *full = g_build_filename (path, DOCUMENTS, file, NULL);
  g_autofree char *part = g_strconcat ("document-", file, NULL);
  g_autoptr (GBytes) bytes = NULL;

  if (!fast_part_name_is_valid (part))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "folder-name",
                      "name=%s/%s", DOCUMENTS, file);
  bytes = fast_bytes_read_file (full, DOCUMENT_LIMIT, error);
  if (bytes == NULL)
    return FALSE;
  g_hash_table_insert (folder->samples, g_steal_pointer (&part), g_steal_pointer (&bytes));
  return TRUE;
}

static gboolean
read_documents (FastFolder *folder, const char *path, GError **error)
{
  g_autofree char *documents = g_build_filename (path, DOCUMENTS, NULL);
  g_autoptr (GDir) dir = g_dir_open (documents, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (!add_document (folder, path, name, error))
      return FALSE;
  return TRUE;
}

static char *
stem_of (const char *name)
{
  const char *dot = strrchr (name, '.');

  return dot == NULL ? g_strdup (name) : g_strndup (name, (gsize)(dot - name));
}

/* A misspelt file would be a sample that nobody misses until the card is made. Irises are left
 * where they are when the programme does not ask for them. */
static gboolean
is_expected (const FastFolder *folder, const char *name)
{
  g_autofree char *stem = stem_of (name);

  return strcmp (name, APPLICATION) == 0 || strcmp (name, DOCUMENTS) == 0 ||
         g_str_has_prefix (name, "iris-") || g_hash_table_contains (folder->samples, name) ||
         fast_profile_find_biometric (folder->profile, stem) != NULL;
}

static gboolean
check_names (const FastFolder *folder, const char *path, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (!is_expected (folder, name))
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "folder-name", "name=%s",
                        name);
  return TRUE;
}

/**
 * fast_folder_read:
 * @path: a capture folder: `application.json`, `face.jpg|png`, `finger-….png`, `signature.png`,
 *   `documents/`
 * @error: return location for an error
 *
 * Returns: (transfer full): the folder, or %NULL with FAST_INPUT_ERROR that names the file or field
 */
FastFolder *
fast_folder_read (const char *path, GError **error)
{
  g_autoptr (FastFolder) folder = g_new0 (FastFolder, 1);

  folder->samples =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  folder->application = fast_application_load (path, error);
  if (folder->application == NULL)
    return NULL;
  folder->profile = fast_profile_load (folder->application->programme, error);
  if (folder->profile == NULL || !check_names (folder, path, error))
    return NULL;
  for (guint i = 0; i < folder->profile->biometrics->len; i++)
    if (!read_sample (folder, path, folder->profile->biometrics->pdata[i], error))
      return NULL;
  return read_documents (folder, path, error) ? g_steal_pointer (&folder) : NULL;
}

/**
 * fast_folder_find_sample:
 * @folder: a capture folder
 * @name: of a sample, as in `finger-right-thumb`
 *
 * Returns: (transfer none) (nullable): its file name, as in `finger-right-thumb.png`
 */
const char *
fast_folder_find_sample (const FastFolder *folder, const char *name)
{
  GHashTableIter iter;
  gpointer file;

  g_hash_table_iter_init (&iter, folder->samples);
  while (g_hash_table_iter_next (&iter, &file, NULL)) {
    g_autofree char *stem = stem_of (file);
    if (strcmp (stem, name) == 0)
      return file;
  }
  return NULL;
}
