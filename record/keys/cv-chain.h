/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/cv-trust.h"

G_BEGIN_DECLS

/**
 * FastCvChain:
 *
 * The certificates of one session, shown one by one as MSE:SET DST and PSO:VERIFY CERTIFICATE do
 * (TR-03110-3, B.3). Each step names the key that shall verify, then gives a certificate. What a
 * certificate of a CVCA or DV changes for good goes into the trust at once; keys of DV and terminal
 * die with the chain. A step that fails changes nothing but that no key is chosen any more.
 *
 * Who may certify whom:
 *
 * |              | CVCA         | DV          | terminal                       |
 * |--------------|--------------|-------------|--------------------------------|
 * | trust point  | link: new trust point, date | date | refused            |
 * | DV, domestic | refused      | refused     | date (it keeps a good clock)   |
 * | DV, foreign  | refused      | refused     | the date does not move         |
 *
 * Not shared between threads.
 */
typedef struct _FastCvChain FastCvChain;

FastCvChain *fast_cv_chain_new (FastCvTrust *trust);
void fast_cv_chain_free (FastCvChain *chain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastCvChain, fast_cv_chain_free)

gboolean fast_cv_chain_select (FastCvChain *chain, gconstpointer reference, gsize size,
                               GError **error);
gboolean fast_cv_chain_verify (FastCvChain *chain, const FastCvCertificate *certificate,
                               GError **error);
FastCvKey *fast_cv_chain_find_terminal (const FastCvChain *chain, gconstpointer reference,
                                        gsize size, GError **error);
FastCvRights fast_cv_chain_get_rights (const FastCvChain *chain);

G_END_DECLS
