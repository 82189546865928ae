/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/autoptr.h"
#include "record/base/secure.h"
#include "record/keys/pkcs11.h"

G_BEGIN_DECLS

/**
 * FastKeyParameters:
 * @FAST_KEY_PARAMETERS_NAMED: the curve is named by its object identifier: for TLS, CMS,
 * time-stamps
 * @FAST_KEY_PARAMETERS_EXPLICIT: the curve's numbers are written out, as ICAO 9303-12 demands of
 *   CSCA and document signer
 *
 * How a public key says on which curve it lies.
 */
typedef enum {
  FAST_KEY_PARAMETERS_NAMED,
  FAST_KEY_PARAMETERS_EXPLICIT,
} FastKeyParameters;

EVP_PKEY *fast_key_generate (const char *curve, FastKeyParameters parameters, GError **error);
EVP_PKEY *fast_key_load (const char *uri, GError **error);
EVP_PKEY *fast_key_load_asking (const char *uri, FastPinFunc ask, gpointer data, GError **error);
gboolean fast_key_is_token (const char *uri);
EVP_PKEY *fast_key_dup_public (EVP_PKEY *key, FastKeyParameters parameters, GError **error);
gboolean fast_key_save (EVP_PKEY *key, const char *path, GError **error);
FastSecret *fast_key_export (EVP_PKEY *key, GError **error);
EVP_PKEY *fast_key_import (FastSecret *pkcs8, GError **error);

G_END_DECLS
