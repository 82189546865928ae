/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/scp03.h"
#include "personalise/apdu/secure-messaging.h"
#include "personalise/chip/transport.h"
#include "personalise/lds/lds.h"

G_BEGIN_DECLS

/**
 * FastChipSession:
 *
 * A conversation with one chip: in plain, secured as ICAO 9303-11, 9.8 asks, or in an SCP03
 * channel. It knows in which folder of the chip it is, and cuts what is too long for one APDU into
 * a chain. Borrows the transport.
 */
typedef struct _FastChipSession FastChipSession;

FastChipSession *fast_chip_session_new (FastTransport *transport, GCancellable *cancellable);
void fast_chip_session_free (FastChipSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastChipSession, fast_chip_session_free)

gboolean fast_chip_session_connect (FastChipSession *session, GError **error);
gboolean fast_chip_session_start (FastChipSession *session, GError **error);
void fast_chip_session_secure (FastChipSession *session, FastSecureMessaging *messaging);
void fast_chip_session_protect (FastChipSession *session, FastScp03 *channel);
void fast_chip_session_identify (FastChipSession *session, GBytes *identity);
GBytes *fast_chip_session_identity (FastChipSession *session);
GBytes *fast_chip_session_transmit (FastChipSession *session, GBytes *command, GError **error);
gboolean fast_chip_session_send (FastChipSession *session, const FastCommand *command,
                                 FastResponse *response, GError **error);
gboolean fast_chip_session_command (FastChipSession *session, const FastCommand *command,
                                    const char *name, GError **error);
GBytes *fast_chip_session_ask (FastChipSession *session, const FastCommand *command,
                               const char *name, GError **error);
gboolean fast_chip_is_lost (const GError *error);
gboolean fast_chip_session_announce (FastChipSession *session, gsize command_max,
                                     gsize response_max, GError **error);
gsize fast_chip_session_write_max (FastChipSession *session);
gsize fast_chip_session_read_max (FastChipSession *session);
gboolean fast_chip_session_enter (FastChipSession *session, FastFilePlace place, GError **error);
gboolean fast_chip_session_select (FastChipSession *session, const FastFile *file, GError **error);
GBytes *fast_chip_session_read_file (FastChipSession *session, const FastFile *file,
                                     GError **error);

G_END_DECLS
