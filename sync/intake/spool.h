/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The files of the intake, in a folder next to its database:
 *
 *   uploads/UNIT-PACKET.part   what has come so far of a packet
 *   packets/PACKET.p7m         packets that were accepted
 *   refused/UNIT-PACKET.p7m    packets that were complete but refused, for inspection
 *
 * A row follows its file and never leads it: bytes are synced before the row says how many there
 * are, and a file is in its final place before the row says that the packet is accepted. After a
 * crash there may be more file than row; the row is what counts.
 */

typedef struct _FastSpool FastSpool;

FastSpool *fast_spool_open (const char *folder, GError **error);
void fast_spool_free (FastSpool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastSpool, fast_spool_free)

int fast_spool_append (FastSpool *spool, const char *unit, const char *packet, gint64 received,
                       GError **error);
gboolean fast_spool_write (FastSpool *spool, int fd, gconstpointer data, gsize size,
                           GError **error);
gboolean fast_spool_sync (FastSpool *spool, int fd, GError **error);
GBytes *fast_spool_load (FastSpool *spool, const char *unit, const char *packet, GError **error);
GBytes *fast_spool_load_packet (FastSpool *spool, const char *packet, GError **error);
gboolean fast_spool_keep (FastSpool *spool, const char *unit, const char *packet, GError **error);
gboolean fast_spool_take_back (FastSpool *spool, const char *unit, const char *packet,
                               GError **error);
gboolean fast_spool_set_aside (FastSpool *spool, const char *unit, const char *packet,
                               GError **error);
gboolean fast_spool_drop (FastSpool *spool, const char *unit, const char *packet, GError **error);
char *fast_spool_packet_path (FastSpool *spool, const char *packet);

G_END_DECLS
