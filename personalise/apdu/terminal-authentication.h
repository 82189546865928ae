/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/apdu.h"
#include "record/base/secure.h"
#include "record/keys/cv-certificate.h"

G_BEGIN_DECLS

/*
 * Terminal authentication, version 1 (ICAO 9303-11, 7.1; TR-03110-1, 3.5): the reader proves by
 * certificates that the chip's State trusts, and by a signature, that it may read fingers and
 * irises. It follows chip authentication, whose ephemeral key the signature covers: nobody who
 * listens in can lend the reader's name to another session.
 *
 *   for each certificate   MSE:Set DST (81B6)       83 authority
 *                          PSO:VERIFY CERTIFICATE   7F4E body, 5F37 signature
 *   MSE:Set AT (81A4)      83 holder of the terminal's certificate
 *   GET CHALLENGE          answered by eight random bytes
 *   EXTERNAL AUTHENTICATE  signature over identity ‖ challenge ‖ x of the ephemeral key
 *
 * The identity of the chip is what opened it: after BAC the document number with its check digit,
 * after PACE the x coordinate of the chip's ephemeral key.
 *
 * This is the reader's side; the chip's is FastTerminalCheck.
 */

#define FAST_TERMINAL_CHALLENGE_SIZE 8

/**
 * FastTerminalAuthentication:
 *
 * One run of terminal authentication in the reader's role. Not shared between threads.
 */
typedef struct _FastTerminalAuthentication FastTerminalAuthentication;

GBytes *fast_terminal_identity (FastSecret *mrz_information);

FastTerminalAuthentication *fast_terminal_authentication_new (GPtrArray *chain, EVP_PKEY *key,
                                                              GBytes *identity,
                                                              GBytes *terminal_key, GError **error);
void fast_terminal_authentication_free (FastTerminalAuthentication *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastTerminalAuthentication, fast_terminal_authentication_free)

gboolean fast_terminal_authentication_ask (FastTerminalAuthentication *self, FastCommand *command,
                                           GError **error);
gboolean fast_terminal_authentication_take (FastTerminalAuthentication *self, gconstpointer data,
                                            gsize size, GError **error);
gboolean fast_terminal_authentication_is_done (const FastTerminalAuthentication *self);

G_END_DECLS
