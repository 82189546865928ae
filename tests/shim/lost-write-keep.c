/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>

#include "tests/shim/lost-write.h"

/* Each kept file is written beside and renamed, so that a process killed in the middle of an
 * fsync() leaves what was kept before. */
static int
open_new (const char *shadow, char temporary[PATH_MAX])
{
  snprintf (temporary, PATH_MAX, "%s/new.XXXXXX", shadow);
  return mkostemp (temporary, O_CLOEXEC);
}

static int
put_in_place (const char *temporary, const char *shadow, const char *group, const char *name)
{
  char path[PATH_MAX];

  snprintf (path, sizeof path, "%s/%s/%s", shadow, group, name);
  return rename (temporary, path) == 0;
}

static int
copy_all (int from, int to, off_t size)
{
  off_t offset = 0;

  while (offset < size) {
    ssize_t n = sendfile (to, from, &offset, (size_t)(size - offset));

    if (n == 0)
      return 1;
    if (n < 0 && errno != EINTR)
      return 0;
  }
  return 1;
}

/* The descriptor that was synced may be open for writing only. */
static int
reopen (int fd)
{
  char path[64];

  snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
  return open (path, O_RDONLY | O_CLOEXEC);
}

int
lost_write_keep_file (int fd, const char *shadow)
{
  char name[LOST_WRITE_NAME];
  char temporary[PATH_MAX];
  struct statx state;
  int from = reopen (fd);
  int to = open_new (shadow, temporary);
  int kept = from >= 0 && to >= 0 && lost_write_name (from, "", name, &state) &&
             copy_all (from, to, (off_t)state.stx_size) && fchmod (to, state.stx_mode & 07777) == 0;

  if (from >= 0)
    close (from);
  if (to >= 0)
    close (to);
  return kept && put_in_place (temporary, shadow, "files", name);
}

static int
write_entries (DIR *folder, FILE *out)
{
  char name[LOST_WRITE_NAME];
  struct statx state;
  struct dirent *entry;

  while ((entry = readdir (folder)) != NULL) {
    if (strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0)
      continue;
    if (!lost_write_name (dirfd (folder), entry->d_name, name, &state))
      continue; /* gone since */
    if (S_ISREG (state.stx_mode) || S_ISDIR (state.stx_mode))
      fprintf (out, "%s %c%o %s\n", name, S_ISDIR (state.stx_mode) ? 'd' : 'f',
               state.stx_mode & 07777, entry->d_name);
  }
  return fflush (out) == 0;
}

int
lost_write_keep_folder (int fd, const char *shadow)
{
  char name[LOST_WRITE_NAME];
  char temporary[PATH_MAX];
  struct statx state;
  int again = openat (fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = again >= 0 ? fdopendir (again) : NULL;
  int to = open_new (shadow, temporary);
  FILE *out = to >= 0 ? fdopen (to, "w") : NULL;
  int kept = folder != NULL && out != NULL && lost_write_name (again, "", name, &state) &&
             write_entries (folder, out);

  if (folder != NULL)
    closedir (folder);
  if (out != NULL)
    fclose (out);
  return kept && put_in_place (temporary, shadow, "folders", name);
}
