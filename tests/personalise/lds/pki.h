/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/certificate.h"
#include "record/keys/key.h"
#include "record/keys/trust.h"

G_BEGIN_DECLS

/* A training CSCA with its document signer, made new, and a second State's. */
typedef struct {
  char *folder;
  X509 *signer;
  EVP_PKEY *key;
  FastTrust *trust;
  FastTrust *other;
} TestPki;

void test_pki_init (TestPki *pki);
void test_pki_clear (TestPki *pki);

G_END_DECLS
