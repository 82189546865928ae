/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/link/packet-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "record/base/autoptr.h"
#include "record/base/error.h"
#include "record/store/outbox.h"
#include "sync/packet/header.h"
#include "sync/packet/packet.h"

#define FOLDER_MODE 0700
#define FILE_MODE 0600
#define LOCK_NAME "lock"

struct _FastPacketFolder {
  char *path;
};

struct _FastFolderLock {
  int fd;
};

/**
 * fast_packet_folder_open:
 * @path: a folder; made if it is not there
 * @error: return location for an error
 *
 * Returns: (transfer full): the folder, with one below it for each nation
 */
FastPacketFolder *
fast_packet_folder_open (const char *path, GError **error)
{
  const char *const *nations = fast_nation_names;
  FastPacketFolder *folder;

  for (guint i = 0; nations[i] != NULL; i++) {
    g_autofree char *below = g_build_filename (path, nations[i], NULL);
    if (!fast_durable_make_folder (below, FOLDER_MODE, error))
      return NULL;
  }
  folder = g_new0 (FastPacketFolder, 1);
  folder->path = g_strdup (path);
  return folder;
}

/**
 * fast_packet_folder_free:
 * @folder: (transfer full): a folder
 */
void
fast_packet_folder_free (FastPacketFolder *folder)
{
  g_free (folder->path);
  g_free (folder);
}

static FastFolderLock *
take_lock (FastPacketFolder *folder, const char *name, int operation, GError **error)
{
  g_autofree char *path = g_build_filename (folder->path, name, NULL);
  g_autofd int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
  FastFolderLock *lock;
  int status = -1;

  while (fd >= 0 && (status = flock (fd, operation)) != 0 && errno == EINTR)
    continue;
  if (fd >= 0 && status != 0 && errno == EWOULDBLOCK)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_BUSY, "link-locked", "path=%s",
                           path);
  if (status != 0)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_IO, "durable-failed",
                           "step=%s, path=%s, why=%s", "flock", path, g_strerror (errno));
  lock = g_new0 (FastFolderLock, 1);
  lock->fd = fd;
  fd = -1;
  return lock;
}

/**
 * fast_packet_folder_share:
 * @folder: a folder
 * @error: return location for an error
 *
 * For who writes packets: held until their rows are committed. Waits for a cleaner to end.
 *
 * Returns: (transfer full): the guard
 */
FastFolderLock *
fast_packet_folder_share (FastPacketFolder *folder, GError **error)
{
  return take_lock (folder, LOCK_NAME, LOCK_SH, error);
}

/**
 * fast_packet_folder_try_alone:
 * @folder: a folder
 * @name: `lock`, or a sender's lock of its own
 * @error: return location for an error
 *
 * Returns: (transfer full): the guard, or %NULL with FAST_STORE_ERROR_BUSY when another process
 *   holds it
 */
FastFolderLock *
fast_packet_folder_try_alone (FastPacketFolder *folder, const char *name, GError **error)
{
  return take_lock (folder, name, LOCK_EX | LOCK_NB, error);
}

/**
 * fast_folder_lock_free:
 * @lock: (transfer full): a guard
 */
void
fast_folder_lock_free (FastFolderLock *lock)
{
  close (lock->fd);
  g_free (lock);
}

/**
 * fast_packet_folder_file:
 * @folder: a folder
 * @nation: a nation
 * @packet: a packet's id
 *
 * Returns: (transfer full): the path of that packet's file
 */
char *
fast_packet_folder_file (FastPacketFolder *folder, const char *nation, const char *packet)
{
  g_autofree char *name = g_strconcat (packet, FAST_PACKET_SUFFIX, NULL);

  return g_build_filename (folder->path, nation, name, NULL);
}

/**
 * fast_packet_folder_write:
 * @folder: a folder that is held shared
 * @nation: a nation
 * @packet: the packet's id
 * @bytes: the packet
 * @point: (nullable): the failpoint of this place
 * @error: return location for an error
 *
 * Returns: whether the file is on stable storage
 */
gboolean
fast_packet_folder_write (FastPacketFolder *folder, const char *nation, const char *packet,
                          GBytes *bytes, FastPoint *point, GError **error)
{
  g_autofree char *path = fast_packet_folder_file (folder, nation, packet);

  return fast_durable_replace (path, bytes, FILE_MODE, point, error);
}

static GHashTable *
list_rows (FastStore *store, const char *nation, GError **error)
{
  g_autoptr (GPtrArray) rows = fast_outbox_list_all (store, nation, error);
  GHashTable *names;

  if (rows == NULL)
    return NULL;
  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < rows->len; i++) {
    const FastOutboxRow *row = rows->pdata[i];
    g_hash_table_add (names, g_strconcat (row->packet, FAST_PACKET_SUFFIX, NULL));
  }
  return names;
}

static gboolean
clean_nation (FastPacketFolder *folder, FastStore *store, const char *nation, guint *removed,
              GError **error)
{
  g_autofree char *path = g_build_filename (folder->path, nation, NULL);
  g_autoptr (GHashTable) rows = list_rows (store, nation, error);
  g_autoptr (GDir) entries = g_dir_open (path, 0, NULL);
  const char *name;

  if (rows == NULL)
    return FALSE;
  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL) {
    g_autofree char *file = g_build_filename (path, name, NULL);

    if (g_hash_table_contains (rows, name) || strstr (name, FAST_PACKET_SUFFIX) == NULL)
      continue;
    if (!fast_durable_remove (file, FAST_POINT ("link-clean"), error))
      return FALSE;
    *removed += 1;
  }
  return TRUE;
}

/**
 * fast_packet_folder_clean:
 * @folder: a folder
 * @store: the store with the rows
 * @removed: (out): how many files had no row
 * @error: return location for an error
 *
 * Removes what a crash left: packets and temporary files without a row. Does nothing while anybody
 * is sealing.
 *
 * Returns: whether nothing failed; that somebody is sealing is no failure
 */
gboolean
fast_packet_folder_clean (FastPacketFolder *folder, FastStore *store, guint *removed,
                          GError **error)
{
  g_autoptr (GError) busy = NULL;
  g_autoptr (FastFolderLock) lock = fast_packet_folder_try_alone (folder, LOCK_NAME, &busy);
  const char *const *nations = fast_nation_names;

  *removed = 0;
  if (lock == NULL && g_error_matches (busy, FAST_STORE_ERROR, FAST_STORE_ERROR_BUSY))
    return TRUE;
  if (lock == NULL) {
    g_propagate_error (error, g_steal_pointer (&busy));
    return FALSE;
  }
  for (guint i = 0; nations[i] != NULL; i++)
    if (!clean_nation (folder, store, nations[i], removed, error))
      return FALSE;
  return TRUE;
}

/**
 * fast_packet_folder_find_missing:
 * @folder: a folder
 * @store: the store with the rows
 * @error: return location for an error
 *
 * A packet's row without its file is not something that a crash can leave: somebody removed the
 * file, or the disk lost it. It is told, and wants a re-seal.
 *
 * Returns: (transfer full) (element-type utf8): ids of packets not yet opened by their nation whose
 *   file is gone
 */
GPtrArray *
fast_packet_folder_find_missing (FastPacketFolder *folder, FastStore *store, GError **error)
{
  g_autoptr (GPtrArray) missing = g_ptr_array_new_with_free_func (g_free);
  const char *const *nations = fast_nation_names;

  for (guint i = 0; nations[i] != NULL; i++) {
    g_autoptr (GPtrArray) rows = fast_outbox_list_all (store, nations[i], error);

    if (rows == NULL)
      return NULL;
    for (guint j = 0; j < rows->len; j++) {
      const FastOutboxRow *row = rows->pdata[j];
      g_autofree char *path = fast_packet_folder_file (folder, nations[i], row->packet);

      if (row->state != FAST_OUTBOX_OPENED && !g_file_test (path, G_FILE_TEST_IS_REGULAR))
        g_ptr_array_add (missing, g_strdup (row->packet));
    }
  }
  return g_steal_pointer (&missing);
}
