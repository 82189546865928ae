/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sync/link/reservation.h"
#include "sync/link/sealer.h"

G_BEGIN_DECLS

/*
 * The order of sealing. A revision becomes one packet a nation, and a machine may lose power
 * anywhere in between. What must hold after any restart: exactly one packet for each nation and
 * revision; lane sequences without a gap or a double; audit heads that grow with the lanes; no row
 * without its file.
 *
 *   (1) One short transaction reserves, for a revision that never changes again, the open batch,
 *       each nation's next lane sequence and the committed audit head. From here on the place is
 *       taken; a second try finds the reservation and uses it, so nothing is numbered twice and
 *       nothing is left out.
 *   (2) Outside any transaction, both packets are built in locked memory and written by temporary
 *       file, fsync, rename, fsync of the folder. `packets/lock` is held shared from before the
 *       first file until (3) has committed.
 *   (3) One short transaction writes audit row and both outbox rows and closes the reservation.
 *       Its commit is the moment at which the revision is sealed: all or nothing.
 *   (4) A crash between (2) and (3) leaves files that no row knows. They have no meaning: the next
 *       try encrypts anew, under other content keys, into files of other names. Only a process that
 *       gets `packets/lock` alone, when nobody can be between (2) and (3), removes them
 *       (fast_packet_folder_clean()). A row without its file cannot come of a crash and is told.
 *
 * CMS work and disk waits lie in (2), where no other process waits for us.
 */

gboolean fast_sealing_run (FastSealer *sealer, const char *item, gint64 revision, GError **error);
gboolean fast_sealing_run_all (FastSealer *sealer, const char *about, guint *sealed,
                               GError **error);
gboolean fast_sealing_resume (FastSealer *sealer, guint *sealed, GError **error);

G_END_DECLS
