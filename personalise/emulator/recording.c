/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/base/bytes.h"
#include "record/base/error.h"

struct _FastRecording {
  int fd;
  char *path;
};

static gboolean
fail (const char *path, GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "recording-failed",
                    "path=%s, why=%s", path, g_strerror (errno));
}

/**
 * fast_recording_open:
 * @path: a file, made anew
 * @error: return location for an error
 *
 * Returns: (transfer full): a recording with nothing in it
 */
FastRecording *
fast_recording_open (const char *path, GError **error)
{
  FastRecording *recording;
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  if (fd < 0 || fchmod (fd, 0600) != 0) {
    fail (path, error);
    if (fd >= 0)
      close (fd);
    return NULL;
  }
  recording = g_new0 (FastRecording, 1);
  recording->fd = fd;
  recording->path = g_strdup (path);
  return recording;
}

/**
 * fast_recording_free:
 * @recording: (transfer full): closed
 */
void
fast_recording_free (FastRecording *recording)
{
  close (recording->fd);
  g_free (recording->path);
  g_free (recording);
}

/**
 * fast_recording_add:
 * @recording: a recording
 * @command: a C-APDU
 * @size: how many bytes
 * @answer: (nullable): its R-APDU; %NULL when none came
 * @error: return location for an error
 *
 * Returns: whether the whole line was written
 */
gboolean
fast_recording_add (FastRecording *recording, gconstpointer command, gsize size, GBytes *answer,
                    GError **error)
{
  g_autofree char *left = fast_hex_encode (command, size);
  g_autofree char *right =
      answer == NULL ? g_strdup ("-")
                     : fast_hex_encode (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  g_autofree char *line = g_strdup_printf ("%s %s\n", left, right);
  gsize done = 0;

  while (done < strlen (line)) {
    gssize n = write (recording->fd, line + done, strlen (line) - done);
    if (n < 0 && errno != EINTR)
      return fail (recording->path, error);
    done += n < 0 ? 0 : (gsize)n;
  }
  return TRUE;
}
