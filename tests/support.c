/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/support.h"

#include <gio/gio.h>
#include <sys/wait.h>

/**
 * fast_test_data:
 * @name: a path in the folder of real data
 *
 * Returns: (transfer full) (nullable): its path; %NULL when it is absent: then the test is marked
 *   as skipped and must return
 */
char *
fast_test_data (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("FAST_DATA_DIR"), name, NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  g_test_skip ("the folder of real data is not here (FAST_DATA_DIR)");
  return NULL;
}

/**
 * fast_test_program:
 * @name: as in `fast-card`
 *
 * Returns: (transfer full): the path of the built program
 */
char *
fast_test_program (const char *name)
{
  return g_build_filename (g_getenv ("FAST_BUILD_DIR"), "programs", name, name, NULL);
}

/**
 * fast_test_source:
 * @name: a path in the source tree
 *
 * Returns: (transfer full): its absolute path
 */
char *
fast_test_source (const char *name)
{
  return g_build_filename (g_getenv ("FAST_SOURCE_DIR"), name, NULL);
}

/**
 * fast_test_folder:
 *
 * Returns: (transfer full): a new, empty folder
 */
char *
fast_test_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("fast-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static void
remove_below (GFile *file)
{
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
      file, "standard::name,standard::type", G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFile *child;

  while (children != NULL && g_file_enumerator_iterate (children, NULL, &child, NULL, NULL) &&
         child != NULL)
    remove_below (child);
  g_file_delete (file, NULL, NULL);
}

/**
 * fast_test_remove_folder:
 * @folder: (transfer full): removed with all that is in it
 */
void
fast_test_remove_folder (char *folder)
{
  g_autoptr (GFile) file = g_file_new_for_path (folder);

  remove_below (file);
  g_free (folder);
}

/**
 * fast_test_run:
 * @out: (out) (optional): what it printed
 * @err: (out) (optional): what it printed to standard error
 * @argv: the command
 *
 * Returns: its exit code, or 128 and the number of the signal that ended it
 */
int
fast_test_run (char **out, char **err, const char *const *argv)
{
  GSpawnFlags flags = G_SPAWN_SEARCH_PATH;
  g_autoptr (GError) error = NULL;
  int status;

  if (out == NULL)
    flags |= G_SPAWN_STDOUT_TO_DEV_NULL; /* what is printed here must be TAP */
  g_spawn_sync (NULL, (char **)argv, NULL, flags, NULL, NULL, out, err, &status, &error);
  g_assert_no_error (error);
  return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}
