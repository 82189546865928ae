/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/lds/lds.h"
#include "record/base/autoptr.h"

G_BEGIN_DECLS

/*
 * An EF.SOD of another State, built here byte by byte with nothing of what reads it: every part can
 * be altered before or after it is signed.
 */

/**
 * ForeignSign:
 *
 * How the fields below are signed: OpenSSL's padding and the form of an ECDSA signature.
 */
typedef enum {
  FOREIGN_RSA,
  FOREIGN_PSS,
  FOREIGN_EC,
  FOREIGN_PLAIN,
  FOREIGN_DSA,
} ForeignSign;

/**
 * ForeignFault:
 *
 * What is wrong with the object: a case of TR-03105-5.1, unit LDS_H.
 */
typedef enum {
  FOREIGN_SOUND,
  FOREIGN_TAG,
  FOREIGN_SHORT,
  FOREIGN_LONG,
  FOREIGN_DATA_VERSION,
  FOREIGN_NO_DATA_VERSION,
  FOREIGN_MD5_LIST,
  FOREIGN_NO_DIGEST_LIST,
  FOREIGN_CONTENT_TYPE,
  FOREIGN_NO_CONTENT_TYPE,
  FOREIGN_SIGNER_VERSION,
  FOREIGN_NO_SIGNER_VERSION,
  FOREIGN_SIGNER_SERIAL,
  FOREIGN_SIGNER_KEY_ID,
  FOREIGN_MD5_SIGNER,
  FOREIGN_NO_SIGNER_DIGEST,
  FOREIGN_MESSAGE_DIGEST,
  FOREIGN_NO_MESSAGE_DIGEST,
  FOREIGN_SIGNATURE_ALGORITHM,
  FOREIGN_SIGNATURE,
  FOREIGN_NO_SIGNATURE,
  FOREIGN_LIST_VERSION,
  FOREIGN_NO_LIST_VERSION,
  FOREIGN_MD5_HASHES,
  FOREIGN_NO_HASH_DIGEST,
  FOREIGN_HASH,
  FOREIGN_HASH_MISSING,
  FOREIGN_HASH_EXTRA,
  FOREIGN_HASH_NUMBER,
  FOREIGN_NO_HASH_NUMBER,
  FOREIGN_HASH_TWICE,
  FOREIGN_V3_BY_ISSUER,
  FOREIGN_V1_BY_KEY,
  FOREIGN_TWO_SIGNERS,
  FOREIGN_NO_SIGNER,
  FOREIGN_OTHER_DIGEST_LIST,
  FOREIGN_VERSION_1_WITHOUT_INFO,
  FOREIGN_VERSION_0_WITH_INFO,
} ForeignFault;

/**
 * ForeignObject:
 * @certificate: the document signer's
 * @encoded: (nullable): what stands in its place in the object
 * @key: its private key
 * @sign: how it signs
 * @oid: the declared signature algorithm
 * @digest: the signer's digest, as in `SHA256`
 * @hash_digest: (nullable): the list's digest, if it is another one
 * @salt: of PSS: bytes of the salt
 * @by_key: name the signer by its key
 * @outside: leave its certificate out
 * @version_1: LDSSecurityObject of version 1
 * @fault: what is wrong
 */
typedef struct {
  X509 *certificate;
  GBytes *encoded;
  EVP_PKEY *key;
  ForeignSign sign;
  const char *oid;
  const char *digest;
  const char *hash_digest;
  int salt;
  gboolean by_key;
  gboolean outside;
  gboolean version_1;
  ForeignFault fault;
} ForeignObject;

GBytes *foreign_object_make (const ForeignObject *object, FastLds *lds);

G_END_DECLS
