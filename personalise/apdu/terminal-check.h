/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/random-source.h"
#include "personalise/apdu/terminal-authentication.h"
#include "record/keys/cv-chain.h"

G_BEGIN_DECLS

/**
 * FastTerminalCheck:
 *
 * Terminal authentication in the chip's role: one of these begins when chip authentication has
 * ended, and ends with the session. What is out of order is refused by one table; a refusal leaves
 * the certificates that were believed. Not shared between threads.
 */
typedef struct _FastTerminalCheck FastTerminalCheck;

FastTerminalCheck *fast_terminal_check_new (FastCvTrust *trust, GBytes *identity,
                                            GBytes *terminal_key, const FastRandomSource *source);
void fast_terminal_check_free (FastTerminalCheck *check);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastTerminalCheck, fast_terminal_check_free)

gboolean fast_terminal_check_is_for (const FastCommand *command);
guint16 fast_terminal_check_answer (FastTerminalCheck *check, const FastCommand *command,
                                    GByteArray *out, GError **error);
gboolean fast_terminal_check_is_done (const FastTerminalCheck *check);
FastCvRights fast_terminal_check_get_rights (const FastTerminalCheck *check);

G_END_DECLS
