/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/durable.h"
#include "record/store/store.h"

G_BEGIN_DECLS

/**
 * FastPacketFolder:
 *
 * Where sealed packets lie: `NATION/ID.p7m` and the file `lock`. Packets are never blobs in the
 * store. A file is written before its row is committed, so a crash can leave a file without a row,
 * never a row without its file; who holds the lock shared is between the two, and only who holds it
 * alone may remove what has no row.
 */
typedef struct _FastPacketFolder FastPacketFolder;

FastPacketFolder *fast_packet_folder_open (const char *path, GError **error);
void fast_packet_folder_free (FastPacketFolder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastPacketFolder, fast_packet_folder_free)

/**
 * FastFolderLock:
 *
 * Guard of a lock on the folder; let go when freed, or by the end of the process.
 */
typedef struct _FastFolderLock FastFolderLock;

FastFolderLock *fast_packet_folder_share (FastPacketFolder *folder, GError **error);
FastFolderLock *fast_packet_folder_try_alone (FastPacketFolder *folder, const char *name,
                                              GError **error);
void fast_folder_lock_free (FastFolderLock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastFolderLock, fast_folder_lock_free)

char *fast_packet_folder_file (FastPacketFolder *folder, const char *nation, const char *packet);
gboolean fast_packet_folder_write (FastPacketFolder *folder, const char *nation, const char *packet,
                                   GBytes *bytes, FastPoint *point, GError **error);
gboolean fast_packet_folder_clean (FastPacketFolder *folder, FastStore *store, guint *removed,
                                   GError **error);
GPtrArray *fast_packet_folder_find_missing (FastPacketFolder *folder, FastStore *store,
                                            GError **error);

G_END_DECLS
