/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/intake/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/base/autoptr.h"
#include "record/base/durable.h"
#include "record/base/error.h"
#include "sync/intake/tus.h"

struct _FastSpool {
  char *uploads;
  char *packets;
  char *refused;
};

/**
 * fast_spool_open:
 * @folder: made where there is none
 * @error: return location for an error
 *
 * Returns: (transfer full): the files
 */
FastSpool *
fast_spool_open (const char *folder, GError **error)
{
  g_autoptr (FastSpool) spool = g_new0 (FastSpool, 1);

  spool->uploads = g_build_filename (folder, "uploads", NULL);
  spool->packets = g_build_filename (folder, "packets", NULL);
  spool->refused = g_build_filename (folder, "refused", NULL);
  if (!fast_durable_make_folder (spool->uploads, 0700, error) ||
      !fast_durable_make_folder (spool->packets, 0700, error) ||
      !fast_durable_make_folder (spool->refused, 0700, error))
    return NULL;
  return g_steal_pointer (&spool);
}

/**
 * fast_spool_free:
 * @spool: (transfer full): the files
 */
void
fast_spool_free (FastSpool *spool)
{
  g_free (spool->uploads);
  g_free (spool->packets);
  g_free (spool->refused);
  g_free (spool);
}

static char *
part_path (FastSpool *spool, const char *unit, const char *packet)
{
  return g_strdup_printf ("%s/%s-%s.part", spool->uploads, unit, packet);
}

static char *
refused_path (FastSpool *spool, const char *unit, const char *packet)
{
  return g_strdup_printf ("%s/%s-%s.p7m", spool->refused, unit, packet);
}

/**
 * fast_spool_packet_path:
 * @spool: the files
 * @packet: a packet's id
 *
 * Returns: (transfer full): where that packet lies once it is accepted
 */
char *
fast_spool_packet_path (FastSpool *spool, const char *packet)
{
  return g_strdup_printf ("%s/%s.p7m", spool->packets, packet);
}

static gboolean
fail (GError **error, const char *step, const char *path)
{
  gboolean full = errno == ENOSPC || errno == EDQUOT;

  return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_IO,
                    full ? "intake-full" : "intake-file", "step=%s, path=%s, why=%s", step, path,
                    g_strerror (errno));
}

/* What lies beyond @received was never acknowledged, and after a crash it need not be what was
 * sent. A file that is shorter than its row lost what was said to be safe. */
static gboolean
cut (int fd, const char *path, gint64 received, GError **error)
{
  struct stat status;

  if (fstat (fd, &status) != 0)
    return fail (error, "stat", path);
  if (status.st_size < received)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "intake-file-short",
                      "path=%s, size=%" G_GINT64_FORMAT ", wanted=%" G_GINT64_FORMAT, path,
                      (gint64)status.st_size, received);
  if (ftruncate (fd, received) != 0 || lseek (fd, received, SEEK_SET) != received)
    return fail (error, "truncate", path);
  return TRUE;
}

/**
 * fast_spool_append:
 * @spool: the files
 * @unit: who sends
 * @packet: what
 * @received: how many bytes the database knows; the file is cut to that
 * @error: return location for an error
 *
 * Opens the upload's file for what comes next. With 0 it is made, and its entry is durable.
 *
 * Returns: a file descriptor, or -1 with FAST_STORE_ERROR; FAST_STORE_ERROR_CORRUPT when the file
 *   is gone or too short
 */
int
fast_spool_append (FastSpool *spool, const char *unit, const char *packet, gint64 received,
                   GError **error)
{
  g_autofree char *path = part_path (spool, unit, packet);
  g_autofd int fd =
      open (path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | (received == 0 ? O_CREAT : 0), 0600);
  int opened = -1;

  if (fd < 0 && errno == ENOENT) {
    fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "intake-file-short",
               "path=%s, size=0, wanted=%" G_GINT64_FORMAT, path, received);
    return -1;
  }
  if (fd < 0) {
    fail (error, "open", path);
    return -1;
  }
  if (!cut (fd, path, received, error) ||
      (received == 0 &&
       !fast_durable_sync_folder (spool->uploads, FAST_POINT ("intake-sync-uploads"), error)))
    return -1;
  opened = fd;
  fd = -1;
  return opened;
}

/**
 * fast_spool_write:
 * @spool: the files
 * @fd: from fast_spool_append()
 * @data: what came
 * @size: how many bytes
 * @error: return location for an error
 *
 * Returns: whether it was written; it is not durable yet
 */
gboolean
fast_spool_write (FastSpool *spool, int fd, gconstpointer data, gsize size, GError **error)
{
  FastReader reader = fast_reader_new (data, size, "upload");

  while (fast_reader_left (&reader) > 0) {
    gssize n = write (fd, reader.data + reader.offset, fast_reader_left (&reader));

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail (error, "write", spool->uploads);
    reader.offset += (gsize)n;
  }
  return TRUE;
}

/**
 * fast_spool_sync:
 * @spool: the files
 * @fd: from fast_spool_append()
 * @error: return location for an error
 *
 * Returns: whether all that was written is durable
 */
gboolean
fast_spool_sync (FastSpool *spool, int fd, GError **error)
{
  return fast_durable_sync (fd, spool->uploads, FAST_POINT ("intake-sync-part"), error);
}

/**
 * fast_spool_load_packet:
 * @spool: the files
 * @packet: an accepted packet's id
 * @error: return location for an error
 *
 * Returns: (transfer full): its bytes; checked against its id by nobody here
 */
GBytes *
fast_spool_load_packet (FastSpool *spool, const char *packet, GError **error)
{
  g_autofree char *path = fast_spool_packet_path (spool, packet);

  return fast_bytes_read_file (path, FAST_TUS_MAX_SIZE, error);
}

/**
 * fast_spool_load:
 * @spool: the files
 * @unit: who sent it
 * @packet: its id
 * @error: return location for an error
 *
 * A crash may have come between moving the file and noting that, so it is looked for in all places.
 *
 * Returns: (transfer full): the bytes of a complete upload
 */
GBytes *
fast_spool_load (FastSpool *spool, const char *unit, const char *packet, GError **error)
{
  g_autofree char *part = part_path (spool, unit, packet);
  g_autofree char *refused = refused_path (spool, unit, packet);

  if (g_file_test (part, G_FILE_TEST_EXISTS))
    return fast_bytes_read_file (part, FAST_TUS_MAX_SIZE, error);
  if (g_file_test (refused, G_FILE_TEST_EXISTS))
    return fast_bytes_read_file (refused, FAST_TUS_MAX_SIZE, error);
  return fast_spool_load_packet (spool, packet, error);
}

static gboolean
move (const char *from, const char *to, FastPoint *point, GError **error)
{
  if (!g_file_test (from, G_FILE_TEST_EXISTS) && g_file_test (to, G_FILE_TEST_EXISTS))
    return TRUE;
  return fast_durable_rename (from, to, point, error);
}

/**
 * fast_spool_keep:
 * @spool: the files
 * @unit: who sent it
 * @packet: its id, which its bytes have been checked against
 * @error: return location for an error
 *
 * Returns: whether the file is durably in its final place
 */
gboolean
fast_spool_keep (FastSpool *spool, const char *unit, const char *packet, GError **error)
{
  g_autofree char *from = part_path (spool, unit, packet);
  g_autofree char *to = fast_spool_packet_path (spool, packet);

  return move (from, to, FAST_POINT ("intake-rename-packet"), error);
}

/**
 * fast_spool_take_back:
 * @spool: the files
 * @unit: who sent it
 * @packet: its id; no row says that it is accepted, and @unit is who sealed it
 * @error: return location for an error
 *
 * Undoes fast_spool_keep() when the row cannot follow, in this call or before a crash.
 *
 * Returns: whether the file is durably that of an upload
 */
gboolean
fast_spool_take_back (FastSpool *spool, const char *unit, const char *packet, GError **error)
{
  g_autofree char *from = fast_spool_packet_path (spool, packet);
  g_autofree char *to = part_path (spool, unit, packet);

  return !g_file_test (from, G_FILE_TEST_EXISTS) ||
         fast_durable_rename (from, to, FAST_POINT ("intake-rename-back"), error);
}

/**
 * fast_spool_set_aside:
 * @spool: the files
 * @unit: who sent it
 * @packet: the id that it was to have
 * @error: return location for an error
 *
 * Returns: whether the refused file is durably where it can be looked at
 */
gboolean
fast_spool_set_aside (FastSpool *spool, const char *unit, const char *packet, GError **error)
{
  g_autofree char *from = part_path (spool, unit, packet);
  g_autofree char *to = refused_path (spool, unit, packet);

  return move (from, to, FAST_POINT ("intake-rename-refused"), error);
}

/**
 * fast_spool_drop:
 * @spool: the files
 * @unit: who sent it
 * @packet: what
 * @error: return location for an error
 *
 * Returns: whether the file of an unfinished upload is gone
 */
gboolean
fast_spool_drop (FastSpool *spool, const char *unit, const char *packet, GError **error)
{
  g_autofree char *path = part_path (spool, unit, packet);

  return fast_durable_remove (path, FAST_POINT ("intake-remove-part"), error);
}
