/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/print/card-face.h"
#include "personalise/print/seal.h"

G_BEGIN_DECLS

/* What the tests of this room print and seal: two drivers, and a seal signer made on the spot. */

EVP_PKEY *fast_specimen_key (const char *curve);
X509 *fast_specimen_certificate (EVP_PKEY *key, const char *country, const char *name, long serial);
GBytes *fast_specimen_seal (EVP_PKEY *key, X509 *certificate, const FastCardInput *input);
FastCardInput fast_specimen_quebec (void);
FastCardInput fast_specimen_michigan (void);
GBytes *fast_specimen_grey_face (void);
GBytes *fast_specimen_file (const char *path);

G_END_DECLS
