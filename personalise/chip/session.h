/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/bac.h"
#include "personalise/chip/transport.h"

G_BEGIN_DECLS

/**
 * FastChipSession:
 *
 * A conversation with the eMRTD application of one chip, in plain or, after access control,
 * secured. Borrows the transport.
 */
typedef struct _FastChipSession FastChipSession;

FastChipSession *fast_chip_session_new (FastTransport *transport, GCancellable *cancellable);
void fast_chip_session_free (FastChipSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastChipSession, fast_chip_session_free)

gboolean fast_chip_session_start (FastChipSession *session, GError **error);
gboolean fast_chip_session_send (FastChipSession *session, const FastCommand *command,
                                 FastResponse *response, GError **error);
gboolean fast_chip_session_command (FastChipSession *session, const FastCommand *command,
                                    const char *name, GError **error);
GBytes *fast_chip_session_ask (FastChipSession *session, const FastCommand *command,
                               const char *name, GError **error);
gboolean fast_chip_session_select_application (FastChipSession *session, GError **error);
gboolean fast_chip_session_authenticate (FastChipSession *session, FastSecret *mrz_information,
                                         GError **error);
GBytes *fast_chip_session_read_file (FastChipSession *session, guint16 fid, GError **error);

G_END_DECLS
