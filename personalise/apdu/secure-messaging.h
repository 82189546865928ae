/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/apdu.h"
#include "personalise/apdu/cipher.h"

G_BEGIN_DECLS

/*
 * A secured command is `header with class 0C, [87|85 cryptogram], [97 Le], 8E MAC, new Le`, its
 * answer `[87|85 cryptogram], 99 status word, 8E MAC`, then the status word again (ICAO 9303-11,
 * 9.8.4). Instructions with the last bit set carry BER-TLV data in 85 without a padding indicator.
 * Before each command and each answer both sides add one to the send sequence counter, which the
 * MAC covers: nothing can be left out, repeated or exchanged. With AES it gives the IV too.
 */

/* What fits short APDUs under every cipher: 239 data bytes in a command that wants no data back;
 * of an answer no more than 223, where some chips stop (and AES with them). */
#define FAST_SECURE_WRITE_MAX 239
#define FAST_SECURE_READ_MAX 223

/**
 * FastSecureMessaging:
 *
 * A secured session between reader and chip: encrypt, then authenticate (ICAO 9303-11, 9.8), with
 * Triple-DES or AES. It serves both roles. After an error the two send sequence counters differ, so
 * a session that failed once refuses everything afterwards. Not shared between threads; wiped when
 * freed.
 */
typedef struct _FastSecureMessaging FastSecureMessaging;

FastSecureMessaging *fast_secure_messaging_new (FastCipher cipher, const guint8 *enc,
                                                const guint8 *mac, const guint8 *counter);
FastSecureMessaging *fast_secure_messaging_from_secret (FastCipher cipher, const guint8 *secret,
                                                        gsize size, GError **error);
void fast_secure_messaging_free (FastSecureMessaging *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastSecureMessaging, fast_secure_messaging_free)

FastCipher fast_secure_messaging_get_cipher (const FastSecureMessaging *session);
gsize fast_secure_messaging_write_max (const FastSecureMessaging *session, gsize size_limit);
gsize fast_secure_messaging_read_max (const FastSecureMessaging *session, gsize size_limit);

GBytes *fast_secure_messaging_wrap_command (FastSecureMessaging *session,
                                            const FastCommand *command, GError **error);
GBytes *fast_secure_messaging_unwrap_response (FastSecureMessaging *session, GBytes *response,
                                               GError **error);
GBytes *fast_secure_messaging_unwrap_command (FastSecureMessaging *session,
                                              const FastCommand *command, GError **error);
GBytes *fast_secure_messaging_wrap_response (FastSecureMessaging *session, gconstpointer data,
                                             gsize size, guint16 status, GError **error);

G_END_DECLS
