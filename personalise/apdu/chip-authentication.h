/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/secure-messaging.h"
#include "record/base/autoptr.h"

G_BEGIN_DECLS

/*
 * Chip authentication (ICAO 9303-11, 6.2; TR-03110-3, B.2), with elliptic curves: the reader sends
 * an ephemeral key, the chip answers nothing. Whether the chip has the private half of the key in
 * EF.DG14 shows in the first answer under the new session keys, which only it could derive. So the
 * reader has checked EF.DG14 against EF.SOD before, and reads something after.
 *
 *   with Triple-DES   MSE:Set KAT (41A6)  91 ephemeral key, 84 key id
 *   with AES          MSE:Set AT (41A4)   80 protocol, 84 key id
 *                     GENERAL AUTHENTICATE  7C { 80 ephemeral key }, answered by an empty 7C
 *
 * All of it, the last answer included, travels in the old session; a failure leaves that intact.
 *
 * The reader goes round `fast_chip_authentication_reader_ask()`, transmit,
 * `fast_chip_authentication_reader_take()` until fast_chip_authentication_is_done(); the chip gives
 * each of these commands to fast_chip_authentication_chip_answer(). Afterwards both call
 * fast_chip_authentication_finish().
 */

/* A chip with one key need not number it. */
#define FAST_CHIP_KEY_UNNUMBERED (-1)

/**
 * FastChipAuthentication:
 *
 * One run of chip authentication, in either role. Not shared between threads; wiped when freed.
 */
typedef struct _FastChipAuthentication FastChipAuthentication;

gboolean fast_chip_authentication_cipher (const char *oid, FastCipher *cipher, GError **error);

FastChipAuthentication *fast_chip_authentication_new_reader (FastCipher cipher, EVP_PKEY *chip_key,
                                                             gint64 key_id, GError **error);
FastChipAuthentication *fast_chip_authentication_new_reader_with (FastCipher cipher,
                                                                  EVP_PKEY *chip_key, gint64 key_id,
                                                                  EVP_PKEY *ephemeral,
                                                                  GError **error);
FastChipAuthentication *fast_chip_authentication_new_chip (EVP_PKEY *key, gint64 key_id);
void fast_chip_authentication_free (FastChipAuthentication *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastChipAuthentication, fast_chip_authentication_free)

gboolean fast_chip_authentication_reader_ask (FastChipAuthentication *self, FastCommand *command,
                                              GError **error);
gboolean fast_chip_authentication_reader_take (FastChipAuthentication *self, gconstpointer data,
                                               gsize size, GError **error);

gboolean fast_chip_authentication_is_for (const FastCommand *command);
guint16 fast_chip_authentication_chip_answer (FastChipAuthentication *self,
                                              const FastCommand *command, GByteArray *out,
                                              GError **error);

gboolean fast_chip_authentication_is_done (const FastChipAuthentication *self);
FastSecureMessaging *fast_chip_authentication_finish (FastChipAuthentication *self, GError **error);
GBytes *fast_chip_authentication_get_terminal_key (const FastChipAuthentication *self);

G_END_DECLS
