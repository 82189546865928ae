/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/base/autoptr.h"
#include "record/base/error.h"

static gboolean
fail (GError **error, const char *what, const char *path)
{
  return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_IO, "durable-failed",
                    "step=%s, path=%s, why=%s", what, path, g_strerror (errno));
}

/**
 * fast_durable_sync:
 * @fd: an open file
 * @path: its name, for errors
 * @point: (nullable): the failpoint of this place
 * @error: return location for an error
 *
 * Returns: whether what was written is on stable storage
 */
gboolean
fast_durable_sync (int fd, const char *path, FastPoint *point, GError **error)
{
  if (!fast_point_pass (point, error))
    return FALSE;
  if (fsync (fd) != 0)
    return fail (error, "fsync", path);
  return fast_point_pass (point, error);
}

/**
 * fast_durable_sync_folder:
 * @folder: a folder
 * @point: (nullable): the failpoint of this place
 * @error: return location for an error
 *
 * Returns: whether the folder's entries are on stable storage
 */
gboolean
fast_durable_sync_folder (const char *folder, FastPoint *point, GError **error)
{
  g_autofd int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return fail (error, "open", folder);
  return fast_durable_sync (fd, folder, point, error);
}

/**
 * fast_durable_make_folder:
 * @folder: a folder; its parents are made too
 * @mode: permissions of those that are made
 * @error: return location for an error
 *
 * Returns: whether it exists now, with its entry in its parent on stable storage
 */
gboolean
fast_durable_make_folder (const char *folder, mode_t mode, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (folder);

  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    return TRUE;
  if (!fast_durable_make_folder (parent, mode, error))
    return FALSE;
  if (mkdir (folder, mode) != 0 && errno != EEXIST)
    return fail (error, "mkdir", folder);
  return fast_durable_sync_folder (parent, NULL, error);
}

static gboolean
write_all (int fd, GBytes *bytes, const char *path, GError **error)
{
  FastReader reader = fast_reader_from_bytes (bytes, path);

  while (fast_reader_left (&reader) > 0) {
    gssize n = write (fd, reader.data + reader.offset, fast_reader_left (&reader));

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail (error, "write", path);
    reader.offset += (gsize)n;
  }
  return TRUE;
}

static gboolean
rename_and_sync (const char *from, const char *to, FastPoint *point, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (to);

  if (rename (from, to) != 0)
    return fail (error, "rename", to);
  return fast_durable_sync_folder (folder, point, error);
}

static gboolean
write_temporary (int fd, const char *temporary, GBytes *bytes, mode_t mode, FastPoint *point,
                 GError **error)
{
  if (fchmod (fd, mode) != 0)
    return fail (error, "chmod", temporary);
  return write_all (fd, bytes, temporary, error) && fast_durable_sync (fd, temporary, point, error);
}

/**
 * fast_durable_replace:
 * @path: the file
 * @bytes: its new contents
 * @mode: its permissions
 * @point: (nullable): the failpoint of this place; passed four times
 * @error: return location for an error
 *
 * Returns: whether the file with just these contents is on stable storage
 */
gboolean
fast_durable_replace (const char *path, GBytes *bytes, mode_t mode, FastPoint *point,
                      GError **error)
{
  g_autofree char *temporary = g_strdup_printf ("%s.XXXXXX", path);
  g_autofd int fd = mkostemp (temporary, O_CLOEXEC);

  if (fd < 0)
    return fail (error, "create", temporary);
  if (!write_temporary (fd, temporary, bytes, mode, point, error)) {
    unlink (temporary);
    return FALSE;
  }
  return rename_and_sync (temporary, path, point, error);
}

/**
 * fast_durable_rename:
 * @from: a file whose contents are on stable storage
 * @to: its new place, on the same file system; a file that stands there is replaced
 * @point: (nullable): the failpoint of this place; passed before and after each step
 * @error: return location for an error
 *
 * The new entry is made durable before the old one's absence: after a crash there is at least one.
 *
 * Returns: whether both folders are on stable storage
 */
gboolean
fast_durable_rename (const char *from, const char *to, FastPoint *point, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (from);

  return fast_point_pass (point, error) && rename_and_sync (from, to, point, error) &&
         fast_durable_sync_folder (folder, point, error);
}

/**
 * fast_durable_remove:
 * @path: a file
 * @point: (nullable): the failpoint of this place
 * @error: return location for an error
 *
 * Returns: whether the file is gone for good; %TRUE if it was not there
 */
gboolean
fast_durable_remove (const char *path, FastPoint *point, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (unlink (path) != 0 && errno != ENOENT)
    return fail (error, "remove", path);
  return fast_durable_sync_folder (folder, point, error);
}

/**
 * fast_durable_commit:
 * @commit: commits a transaction
 * @data: for @commit
 * @point: (nullable): the failpoint of this place
 * @error: return location for an error
 *
 * Returns: whether it was committed. On an error after @commit the caller cannot know; it must read
 *   back, as after any crash
 */
gboolean
fast_durable_commit (FastCommitFunc commit, gpointer data, FastPoint *point, GError **error)
{
  return fast_point_pass (point, error) && commit (data, error) && fast_point_pass (point, error);
}
