/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/autoptr.h"
#include "record/base/bytes.h"

G_BEGIN_DECLS

/**
 * FastSignatureKind:
 * @FAST_SIGNATURE_RSA: RSASSA-PKCS1-v1_5 (RFC 8017, 8.2)
 * @FAST_SIGNATURE_PSS: RSASSA-PSS (RFC 8017, 8.1; parameters as in RFC 4055, 3.1)
 * @FAST_SIGNATURE_ECDSA: ECDSA, the two numbers as a DER sequence (ANSI X9.62 identifiers)
 * @FAST_SIGNATURE_ECDSA_PLAIN: ECDSA, the two numbers one after the other (TR-03111, 5.2.2, BSI's
 *   identifiers)
 * @FAST_SIGNATURE_DSA: DSA (FIPS 186)
 */
typedef enum {
  FAST_SIGNATURE_RSA,
  FAST_SIGNATURE_PSS,
  FAST_SIGNATURE_ECDSA,
  FAST_SIGNATURE_ECDSA_PLAIN,
  FAST_SIGNATURE_DSA,
} FastSignatureKind;

/**
 * FastSignatureScheme:
 * @kind: the arithmetic
 * @digest: digest of the message, as in `SHA256`
 * @mask_digest: (nullable): of PSS: digest of the mask
 * @salt_size: of PSS: bytes of the salt
 *
 * A signature algorithm that travel documents may use (ICAO 9303-12, 4.4 and TR-03105-5.1, 7.1.2).
 * OpenSSL takes the algorithm of a CMS signature from the key and the digest, and does not know
 * BSI's identifiers; here what the document declares is what is verified.
 */
typedef struct {
  FastSignatureKind kind;
  const char *digest;
  const char *mask_digest;
  int salt_size;
} FastSignatureScheme;

void fast_signature_scheme_register (void);
const char *fast_signature_digest (const X509_ALGOR *algorithm);
gboolean fast_signature_scheme_parse (const X509_ALGOR *algorithm, const char *digest,
                                      FastSignatureScheme *scheme, GError **error);
gboolean fast_signature_scheme_verify (const FastSignatureScheme *scheme, EVP_PKEY *key,
                                       GBytes *message, GBytes *signature, GError **error);
gboolean fast_signature_scheme_verify_certificate (X509 *certificate, EVP_PKEY *issuer,
                                                   GError **error);

G_END_DECLS
