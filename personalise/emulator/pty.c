/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "record/base/autoptr.h"
#include "record/base/error.h"

#define PTS_PREFIX "/dev/pts/"

/* The near end (@fd) is ours. The far end is kept open too (@far), else the line would report an
 * error whenever the last host closes it. */
struct _FastPty {
  int fd;
  int far;
  char *path;
  char *link;
};

static gboolean
fail (GError **error, const char *what, const char *path)
{
  return fast_fail (error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_ABSENT, "pty-failed",
                    "step=%s, path=%s, why=%s", what, path, g_strerror (errno));
}

static gboolean
open_ends (FastPty *pty, GError **error)
{
  struct termios settings;
  char name[64];

  pty->fd = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (pty->fd < 0 || grantpt (pty->fd) != 0 || unlockpt (pty->fd) != 0 ||
      ptsname_r (pty->fd, name, sizeof name) != 0)
    return fail (error, "open", "/dev/ptmx");
  pty->path = g_strdup (name);
  pty->far = open (name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (pty->far < 0 || tcgetattr (pty->far, &settings) != 0)
    return fail (error, "open", name);
  cfmakeraw (&settings);
  if (tcsetattr (pty->far, TCSANOW, &settings) != 0)
    return fail (error, "tcsetattr", name);
  return TRUE;
}

/* Only a link into /dev/pts is one that a run of ours left behind; anything else stays. */
static void
remove_stale (const char *link)
{
  g_autofree char *target = g_file_read_link (link, NULL);

  if (target != NULL && g_str_has_prefix (target, PTS_PREFIX))
    unlink (link);
}

/**
 * fast_pty_open:
 * @link: where the symbolic link goes; a stale one of an earlier run is replaced
 * @error: return location for an error
 *
 * Returns: (transfer full): the pseudo-terminal
 */
FastPty *
fast_pty_open (const char *link, GError **error)
{
  g_autoptr (FastPty) pty = g_new0 (FastPty, 1);

  pty->fd = -1;
  pty->far = -1;
  if (!open_ends (pty, error))
    return NULL;
  remove_stale (link);
  if (symlink (pty->path, link) != 0) {
    fail (error, "link", link);
    return NULL;
  }
  pty->link = g_strdup (link);
  return g_steal_pointer (&pty);
}

/**
 * fast_pty_free:
 * @pty: (transfer full): closed; the link is removed if it is still ours
 */
void
fast_pty_free (FastPty *pty)
{
  g_autofree char *target = pty->link == NULL ? NULL : g_file_read_link (pty->link, NULL);

  if (g_strcmp0 (target, pty->path) == 0 && pty->link != NULL)
    unlink (pty->link);
  if (pty->fd >= 0)
    close (pty->fd);
  if (pty->far >= 0)
    close (pty->far);
  g_free (pty->path);
  g_free (pty->link);
  g_free (pty);
}

/**
 * fast_pty_fd:
 * @pty: a pseudo-terminal
 *
 * Returns: its near end, non-blocking
 */
int
fast_pty_fd (const FastPty *pty)
{
  return pty->fd;
}

/**
 * fast_pty_path:
 * @pty: a pseudo-terminal
 *
 * Returns: (transfer none): the path of its far end
 */
const char *
fast_pty_path (const FastPty *pty)
{
  return pty->path;
}
