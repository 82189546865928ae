/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sync/link/peer.h"

G_BEGIN_DECLS

#define FAST_UPLOAD_CHECKSUM_LIMIT (256 * 1024)

/**
 * FastUploadJob:
 * @path: the packet's file
 * @packet: its id
 * @location: (nullable): where the peer keeps it, if it was created before
 * @moved: (nullable): told each time the peer has said where it keeps the packet and how much of it
 *   it has: what must be remembered to go on after a crash; its failure ends the upload
 * @progress: (nullable): told the position in the file as bytes go out
 * @data: for both
 *
 * One packet to be uploaded. Borrowed.
 */
typedef struct {
  const char *path;
  const char *packet;
  const char *location;
  gboolean (*moved) (gpointer data, const char *location, goffset offset, GError **error);
  void (*progress) (gpointer data, goffset position, goffset size);
  gpointer data;
} FastUploadJob;

gboolean fast_upload_run (FastPeer *peer, const FastUploadJob *job, GCancellable *cancellable,
                          GError **error);

G_END_DECLS
