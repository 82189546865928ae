/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/certificate.h"
#include "record/keys/key.h"

G_BEGIN_DECLS

/* ICAO 9303-12, 7.1.1.3, 7.1.3, 7.1.1.5, 7.1.1.6 */
#define FAST_OID_MASTER_LIST_SIGNER "2.23.136.1.1.3"
#define FAST_OID_SEAL_SIGNER "2.23.136.1.1.11.1"
#define FAST_OID_NAME_CHANGE "2.23.136.1.1.6.1"
#define FAST_OID_DOCUMENT_TYPES "2.23.136.1.1.6.2"

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
 * @parameters: how its key names the curve; explicit in the profiles of ICAO 9303-12
 * @bare: whether its subject is a country and two capitals, nothing else (9303-12, 7.1.3)
 * @serial_size: bytes of its serial number
 * @days: how long it is valid
 * @key_days: how long its private key signs (PrivateKeyUsagePeriod); 0: as long as it is valid
 * @identity: the extensions that only its issuer can give, as OpenSSL configuration
 * @usage: those that say what it is for; a request asks for them
 *
 * One row of the table of certificate profiles.
 */
typedef struct {
  const char *name;
  FastKeyParameters parameters;
  gboolean bare;
  guint serial_size;
  guint days;
  guint key_days;
  const char *identity;
  const char *usage;
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
X509_NAME *fast_certificate_subject_name (const FastCertificateSubject *subject,
                                          const FastCertificateProfile *profile, GError **error);
X509 *fast_certificate_profile_issue (const FastCertificateProfile *profile,
                                      const FastCertificateSubject *subject, EVP_PKEY *key,
                                      const FastCertificateIssuer *issuer, gboolean training,
                                      gint64 now, GError **error);

G_END_DECLS
