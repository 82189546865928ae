/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/config.h"
#include "record/keys/cv-certificate.h"

G_BEGIN_DECLS

/**
 * FastTerminal:
 * @certificates: (element-type FastCvCertificate): the terminal's own, its DV's by each State that
 *   certified it, and link certificates, in any order
 * @key: the terminal's private key
 *
 * What a reader has to show to chips that guard fingers and irises.
 */
typedef struct {
  GPtrArray *certificates;
  EVP_PKEY *key;
} FastTerminal;

FastTerminal *fast_terminal_load (const char *key, const char *const *certificates, GError **error);
void fast_terminal_free (FastTerminal *terminal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastTerminal, fast_terminal_free)
gboolean fast_terminal_from_config (FastConfig *config, FastTerminal **terminal, GError **error);
gboolean fast_terminal_check (const FastTerminal *terminal, GBytes *trust_point, const GDate *today,
                              FastCvRights wanted, GError **error);

G_END_DECLS
