/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/private-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/base/error.h"

static gboolean
check_private (int fd, const char *path, GError **error)
{
  struct stat status;

  if (fstat (fd, &status) != 0)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "key-unreadable",
                      "path=%s, why=%s", path, g_strerror (errno));
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "key-open-to-others",
                      "path=%s, mode=%04o", path, (guint)status.st_mode & 07777);
  return TRUE;
}

/**
 * fast_private_file_open:
 * @path: a file with a private key or a PIN
 * @error: return location for an error
 *
 * A file that others than its owner may read is refused: a secret that could be copied is none.
 *
 * Returns: a descriptor to read from, to be closed; -1 with FAST_KEY_ERROR_ABSENT
 */
int
fast_private_file_open (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0) {
    fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "key-unreadable", "path=%s, why=%s",
               path, g_strerror (errno));
    return -1;
  }
  if (check_private (fd, path, error))
    return fd;
  close (fd);
  return -1;
}
