/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/shim/lost-write.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

int fsync (int fd);
int fdatasync (int fd);

static int
is_below (int fd, const char *root)
{
  char link[64];
  char path[PATH_MAX];
  ssize_t size;
  size_t length = strlen (root);

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  size = readlink (link, path, sizeof path - 1);
  if (size < 0)
    return 0;
  path[size] = '\0';
  return strncmp (path, root, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* What is synced later is kept later: without this, of two threads that sync one folder, the one
 * that read its entries first could be the last to put them in place. A killed process lets go. */
static int
lock (const char *shadow)
{
  int fd = open (shadow, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  while (fd >= 0 && flock (fd, LOCK_EX) != 0)
    if (errno != EINTR) {
      close (fd);
      return -1;
    }
  return fd;
}

static int
keep (int fd, const char *shadow)
{
  struct stat state;
  int locked;
  int kept;

  if (fstat (fd, &state) != 0)
    return -1;
  locked = lock (shadow);
  if (locked < 0)
    return -1;
  kept = S_ISDIR (state.st_mode) ? lost_write_keep_folder (fd, shadow)
                                 : lost_write_keep_file (fd, shadow);
  close (locked);
  if (kept)
    return 0;
  errno = EIO;
  return -1;
}

static int
sync_or_keep (const char *name, int fd)
{
  const char *root = getenv ("FAST_LOST_WRITE_ROOT");
  const char *shadow = getenv ("FAST_LOST_WRITE_SHADOW");
  int (*real) (int) = NULL;

  if (root != NULL && shadow != NULL && is_below (fd, root))
    return keep (fd, shadow);
  *(void **)&real = dlsym (RTLD_NEXT, name);
  return real (fd);
}

int
fsync (int fd)
{
  return sync_or_keep ("fsync", fd);
}

int
fdatasync (int fd)
{
  return sync_or_keep ("fdatasync", fd);
}
