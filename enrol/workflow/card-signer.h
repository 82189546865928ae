/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/unit.h"
#include "record/keys/certificate.h"

G_BEGIN_DECLS

/**
 * FastCardSigner:
 * @key: its private key
 * @certificate: its certificate
 *
 * What signs a card for the issuing State: the document signer, or the seal signer.
 */
typedef struct {
  EVP_PKEY *key;
  X509 *certificate;
} FastCardSigner;

gboolean fast_card_signer_load (FastCardSigner *signer, FastUnit *unit, const char *name,
                                GError **error);
void fast_card_signer_clear (FastCardSigner *signer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FastCardSigner, fast_card_signer_clear)

G_END_DECLS
