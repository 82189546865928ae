/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/config.h"
#include "record/keys/trust.h"
#include "sync/intake/database.h"
#include "sync/intake/spool.h"

G_BEGIN_DECLS

/*
 * The intake without a network: what becomes of a packet on its way in. The server in front of it
 * only moves bytes, so other ways in (a stick) end in the same steps:
 *
 *   create    the upload's file, then its row
 *   append    write; sync the file; only then say in the row how many bytes are safe
 *   complete  digest and outer signature; move the file; then, in one transaction, the packet's
 *             row, its *stored* receipt and the end of the upload
 *
 * A crash between any two steps leaves an upload that goes on from its row, and
 * fast_intake_recover() completes one whose bytes are all there. The intake holds no key that opens
 * anything.
 */

typedef struct _FastIntake FastIntake;

/**
 * FastArrivalState:
 * @FAST_ARRIVAL_UNKNOWN: this unit sent nothing of that id, or what it sent expired
 * @FAST_ARRIVAL_RECEIVING: on its way
 * @FAST_ARRIVAL_STORED: accepted; there is a *stored* receipt
 * @FAST_ARRIVAL_REFUSED: complete, but refused
 */
typedef enum {
  FAST_ARRIVAL_UNKNOWN,
  FAST_ARRIVAL_RECEIVING,
  FAST_ARRIVAL_STORED,
  FAST_ARRIVAL_REFUSED,
} FastArrivalState;

/**
 * FastArrival:
 * @state: where it stands
 * @length: how long the packet is
 * @upload: (nullable): while it is on its way
 * @reason: (nullable): why it was refused: JSON with `id`, `en` and `fr`
 *
 * What is known of one packet of one unit.
 */
typedef struct {
  FastArrivalState state;
  gint64 length;
  FastUpload *upload;
  char *reason;
} FastArrival;

void fast_arrival_clear (FastArrival *arrival);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FastArrival, fast_arrival_clear)

FastIntake *fast_intake_open (FastConfig *config, const char *database, GError **error);
void fast_intake_close (FastIntake *intake);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastIntake, fast_intake_close)

const char *fast_intake_get_nation (FastIntake *intake);
FastIntakeDatabase *fast_intake_get_database (FastIntake *intake);
FastSpool *fast_intake_get_spool (FastIntake *intake);
FastTrust *fast_intake_get_units (FastIntake *intake);
X509 *fast_intake_get_receipt_certificate (FastIntake *intake);

gboolean fast_intake_initialise (FastIntake *intake, FastConfig *config, guint *registered,
                                 GError **error);
gboolean fast_intake_register (FastIntake *intake, X509 *certificate, char **unit, char **use,
                               GError **error);
char *fast_intake_identify (FastIntake *intake, GBytes *certificate, GError **error);
gboolean fast_intake_recover (FastIntake *intake, GError **error);

gboolean fast_intake_find (FastIntake *intake, const char *unit, const char *packet,
                           FastArrival *arrival, GError **error);
gboolean fast_intake_create (FastIntake *intake, const char *unit, const char *packet,
                             gint64 length, FastArrival *arrival, GError **error);
gboolean fast_intake_advance (FastIntake *intake, FastUpload *upload, int fd, gint64 received,
                              GError **error);
gboolean fast_intake_complete (FastIntake *intake, const FastUpload *upload, char **reason,
                               GError **error);

char *fast_intake_reason (const GError *error);

G_END_DECLS
