/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/autoptr.h"
#include "record/base/bytes.h"
#include "record/keys/certificate.h"

G_BEGIN_DECLS

/* What a receipt says, by the policy of its token. */
#define FAST_TIMESTAMP_STORED FAST_OID ("1")
#define FAST_TIMESTAMP_OPENED FAST_OID ("2")
#define FAST_TIMESTAMP_BATCH FAST_OID ("3")
#define FAST_TIMESTAMP_TIME FAST_OID ("4")

/**
 * FastTimestamp:
 * @time: when, in seconds since 1970
 * @policy: object identifier, dotted
 * @serial: uppercase hex
 * @extension: (nullable): the canonical JSON that the token carries
 *
 * A verified RFC 3161 token.
 */
typedef struct {
  gint64 time;
  char *policy;
  char *serial;
  GBytes *extension;
} FastTimestamp;

void fast_timestamp_free (FastTimestamp *timestamp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastTimestamp, fast_timestamp_free)

GBytes *fast_timestamp_issue (GBytes *digest, const char *policy, X509 *certificate, EVP_PKEY *key,
                              GBytes *extension_json, GError **error);
FastTimestamp *fast_timestamp_verify (GBytes *tsr, GBytes *digest, const char *policy,
                                      X509 *expected_signer, GError **error);

G_END_DECLS
