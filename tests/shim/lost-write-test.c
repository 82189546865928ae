/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "record/base/durable.h"
#include "tests/shim/power-cut.h"
#include "tests/support.h"

static const char *program;

/* ---- what the child does, in the folder that it is given ---- */

static void
put (const char *name, const char *text)
{
  g_assert_true (g_file_set_contents_full (name, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
sync_path (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fsync (fd), ==, 0);
  close (fd);
}

static void
write_unsynced (void)
{
  put ("old", "new words");
  put ("fresh", "words");
}

static void
sync_file_only (void)
{
  put ("fresh", "words");
  sync_path ("fresh");
}

static void
sync_folder_only (void)
{
  put ("fresh", "words");
  sync_path (".");
}

static void
rename_unsynced (void)
{
  put ("fresh", "words");
  sync_path ("fresh");
  sync_path (".");
  g_assert_cmpint (rename ("fresh", "renamed"), ==, 0);
}

static void
remove_unsynced (void)
{
  g_assert_cmpint (unlink ("old"), ==, 0);
}

static void
replace_durably (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("durable", 7);

  g_assert_true (fast_durable_replace ("./old", bytes, 0600, NULL, NULL));
  g_assert_true (fast_durable_make_folder ("./deep/er", 0700, NULL));
  g_assert_true (fast_durable_replace ("./deep/er/file", bytes, 0640, NULL, NULL));
}

/* An inode's number is used again at once; the bytes kept for the old one must not come back. */
static void
reuse_inode (void)
{
  put ("secret", "old bytes");
  sync_path ("secret");
  g_assert_cmpint (unlink ("secret"), ==, 0);
  put ("other", "never synced");
  sync_path (".");
}

typedef struct {
  const char *name;
  void (*act) (void);
} Act;

static const Act acts[] = {
    {"write-unsynced", write_unsynced},     {"sync-file-only", sync_file_only},
    {"sync-folder-only", sync_folder_only}, {"rename-unsynced", rename_unsynced},
    {"remove-unsynced", remove_unsynced},   {"replace-durably", replace_durably},
    {"reuse-inode", reuse_inode},
};

static int
be_child (const char *name, const char *folder)
{
  g_assert_cmpint (chdir (folder), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    if (strcmp (acts[i].name, name) == 0)
      acts[i].act ();
  return 0;
}

/* ---- what the test sees afterwards ---- */

static char *
after (const char *act)
{
  g_autoptr (GError) error = NULL;
  char *folder = fast_test_folder ();
  g_autofree char *old = g_build_filename (folder, "old", NULL);
  const char *argv[] = {program, "--child", act, folder, NULL};
  g_auto (GStrv) environment = NULL;
  FastPowerCut *cut;
  int status;

  put (old, "old words");
  cut = fast_power_cut_new (folder);
  environment = fast_power_cut_environment (cut, g_get_environ ());
  g_spawn_sync (NULL, (char **)argv, environment, 0, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
  fast_power_cut_happen (cut);
  fast_power_cut_free (cut);
  return folder;
}

static void
assert_file (const char *folder, const char *name, const char *wanted)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, wanted);
}

static void
test_unsynced (void)
{
  char *folder = after ("write-unsynced");

  assert_file (folder, "old", "old words");
  assert_file (folder, "fresh", NULL);
  fast_test_remove_folder (folder);
}

static void
test_half_synced (void)
{
  char *folder = after ("sync-file-only");

  assert_file (folder, "fresh", NULL);
  fast_test_remove_folder (folder);
  folder = after ("sync-folder-only");
  assert_file (folder, "fresh", "");
  fast_test_remove_folder (folder);
}

static void
test_rename (void)
{
  char *folder = after ("rename-unsynced");

  assert_file (folder, "fresh", "words");
  assert_file (folder, "renamed", NULL);
  fast_test_remove_folder (folder);
}

static void
test_remove (void)
{
  char *folder = after ("remove-unsynced");

  assert_file (folder, "old", "old words");
  fast_test_remove_folder (folder);
}

static void
test_durable (void)
{
  char *folder = after ("replace-durably");

  assert_file (folder, "old", "durable");
  assert_file (folder, "deep/er/file", "durable");
  fast_test_remove_folder (folder);
}

static void
test_reuse (void)
{
  char *folder = after ("reuse-inode");

  assert_file (folder, "secret", NULL);
  assert_file (folder, "other", "");
  fast_test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  if (argc == 4 && strcmp (argv[1], "--child") == 0)
    return be_child (argv[2], argv[3]);
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shim/lost-write/unsynced", test_unsynced);
  g_test_add_func ("/shim/lost-write/half-synced", test_half_synced);
  g_test_add_func ("/shim/lost-write/rename", test_rename);
  g_test_add_func ("/shim/lost-write/remove", test_remove);
  g_test_add_func ("/shim/lost-write/durable", test_durable);
  g_test_add_func ("/shim/lost-write/reuse", test_reuse);
  return g_test_run ();
}
