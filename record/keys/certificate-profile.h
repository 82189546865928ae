/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/certificate.h"
#include "record/keys/key.h"

G_BEGIN_DECLS

/**
 * FastCertificateSubject:
 * @country: ISO 3166 with two letters, as in `CA`
 * @state: the same as in an MRZ, three letters, as in `CAN`
 * @organization: (nullable): O
 * @unit: (nullable): OU
 * @common_name: CN
 *
 * Whom a certificate is for.
 */
typedef struct {
  const char *country;
  const char *state;
  const char *organization;
  const char *unit;
  const char *common_name;
} FastCertificateSubject;

/**
 * FastCertificateProfile:
 * @name: what it is for
 * @parameters: how its key names the curve
 * @serial_size: bytes of its serial number
 * @days: how long it is valid
 * @key_days: how long its private key signs (PrivateKeyUsagePeriod); 0: as long as it is valid
 * @extensions: the rest of its extensions, as OpenSSL configuration
 *
 * One row of the table of certificate profiles.
 */
typedef struct {
  const char *name;
  FastKeyParameters parameters;
  guint serial_size;
  guint days;
  guint key_days;
  const char *extensions;
} FastCertificateProfile;

/**
 * FastCertificateIssuer:
 * @certificate: an authority's certificate
 * @key: its private key
 */
typedef struct {
  X509 *certificate;
  EVP_PKEY *key;
} FastCertificateIssuer;

const FastCertificateProfile *fast_certificate_profile_find (const char *name);
X509 *fast_certificate_profile_issue (const FastCertificateProfile *profile,
                                      const FastCertificateSubject *subject, EVP_PKEY *key,
                                      const FastCertificateIssuer *issuer, gboolean training,
                                      gint64 now, GError **error);

G_END_DECLS
