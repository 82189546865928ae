/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/apdu.h"

G_BEGIN_DECLS

/* What fits a short APDU once it is wrapped: 239 data bytes in a command without an answer's data;
 * 231 bytes of answer. Some chips stop at 223, so reads ask for no more than that. */
#define FAST_SECURE_WRITE_MAX 239
#define FAST_SECURE_READ_MAX 223

/**
 * FastSecureMessaging:
 *
 * A secured session between reader and chip: Triple-DES in encrypt-then-authenticate mode (ICAO
 * 9303-11, 9.8). It serves both roles. After an error the two send sequence counters differ, so a
 * session that failed once refuses everything afterwards. Not shared between threads; wiped when
 * freed.
 */
typedef struct _FastSecureMessaging FastSecureMessaging;

FastSecureMessaging *fast_secure_messaging_new (const guint8 enc[16], const guint8 mac[16],
                                                const guint8 counter[8]);
void fast_secure_messaging_free (FastSecureMessaging *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastSecureMessaging, fast_secure_messaging_free)

GBytes *fast_secure_messaging_wrap_command (FastSecureMessaging *session,
                                            const FastCommand *command, GError **error);
GBytes *fast_secure_messaging_unwrap_response (FastSecureMessaging *session, GBytes *response,
                                               GError **error);
GBytes *fast_secure_messaging_unwrap_command (FastSecureMessaging *session,
                                              const FastCommand *command, GError **error);
GBytes *fast_secure_messaging_wrap_response (FastSecureMessaging *session, gconstpointer data,
                                             gsize size, guint16 status, GError **error);

G_END_DECLS
