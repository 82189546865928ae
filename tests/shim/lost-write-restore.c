/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tests/shim/lost-write.h"

static const char *shadow;
static const char *root;

static void
fail (const char *what)
{
  fprintf (stderr, "lost-write-restore: %s: %s\n", what, strerror (errno));
  exit (1);
}

static void
join (char path[PATH_MAX], const char *left, const char *right)
{
  if (snprintf (path, PATH_MAX, "%s/%s", left, right) >= PATH_MAX)
    fail (left);
}

static int
remove_one (const char *path, const struct stat *state, int type, struct FTW *at)
{
  (void)state;
  (void)type;
  return at->level == 0 ? 0 : remove (path);
}

static void
empty_folder (const char *path)
{
  if (nftw (path, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
    fail (path);
}

static int
keep_one (const char *path, const struct stat *state, int type, struct FTW *at)
{
  int fd;
  int kept;

  (void)at;
  if (type != FTW_F && type != FTW_D)
    return 0;
  if (type == FTW_F && !S_ISREG (state->st_mode))
    return 0;
  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    fail (path);
  kept = type == FTW_D ? lost_write_keep_folder (fd, shadow) : lost_write_keep_file (fd, shadow);
  close (fd);
  return kept ? 0 : -1;
}

static void
make_group (const char *name)
{
  char path[PATH_MAX];

  join (path, shadow, name);
  if (mkdir (path, 0700) != 0 && errno != EEXIST)
    fail (path);
}

static void
begin_anew (void)
{
  if (mkdir (shadow, 0700) != 0 && errno != EEXIST)
    fail (shadow);
  empty_folder (shadow);
  make_group ("files");
  make_group ("folders");
  if (nftw (root, keep_one, 16, FTW_PHYS) != 0)
    fail (root);
}

static void
copy_kept (const char *name, const char *to, mode_t mode)
{
  char group[PATH_MAX];
  char from[PATH_MAX];
  char piece[65536];
  FILE *in;
  FILE *out = fopen (to, "w");
  size_t n;

  join (group, shadow, "files");
  join (from, group, name);
  in = fopen (from, "r"); /* absent: its bytes never reached the disk */
  while (in != NULL && out != NULL && (n = fread (piece, 1, sizeof piece, in)) > 0)
    if (fwrite (piece, 1, n, out) != n)
      fail (to);
  if (out == NULL || fclose (out) != 0 || chmod (to, mode) != 0)
    fail (to);
  if (in != NULL)
    fclose (in);
}

static void build (const char *name, const char *to);

/* One line of a folder: INODE KIND-AND-MODE NAME. */
static void
build_entry (char *line, const char *to)
{
  char path[PATH_MAX];
  char *name = strtok (line, " ");
  char *kind = strtok (NULL, " ");
  char *entry = strtok (NULL, "\n");
  mode_t mode;

  if (name == NULL || kind == NULL || entry == NULL)
    fail ("a kept folder is malformed");
  mode = (mode_t)strtoul (kind + 1, NULL, 8);
  join (path, to, entry);
  if (kind[0] == 'f') {
    copy_kept (name, path, mode);
    return;
  }
  if (mkdir (path, mode | 0700) != 0)
    fail (path);
  build (name, path);
}

static void
build (const char *name, const char *to)
{
  char group[PATH_MAX];
  char from[PATH_MAX];
  char line[PATH_MAX + 128];
  FILE *in;

  join (group, shadow, "folders");
  join (from, group, name);
  in = fopen (from, "r"); /* absent: the folder is there, its entries never reached the disk */
  while (in != NULL && fgets (line, sizeof line, in) != NULL) {
    char copy[PATH_MAX + 128];

    snprintf (copy, sizeof copy, "%s", line);
    build_entry (copy, to);
  }
  if (in != NULL)
    fclose (in);
}

static void
cut (void)
{
  char name[LOST_WRITE_NAME];
  struct statx state;

  if (!lost_write_name (AT_FDCWD, root, name, &state))
    fail (root);
  empty_folder (root);
  build (name, root);
}

int
main (int argc, char **argv)
{
  if (argc != 4 || (strcmp (argv[1], "begin") != 0 && strcmp (argv[1], "cut") != 0)) {
    fprintf (stderr, "usage: lost-write-restore begin|cut ROOT SHADOW\n");
    return 2;
  }
  root = argv[2];
  shadow = argv[3];
  umask (0);
  if (strcmp (argv[1], "cut") == 0)
    cut ();
  begin_anew ();
  return 0;
}
