/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/cms.h"

G_BEGIN_DECLS

/**
 * FastRefusal:
 * @packet: the packet that did not open
 * @reason: a code of fast_refusal_reasons()
 *
 * The back office says, signed by its *opened* key, that a packet did not open. It frees nothing:
 * the revision is sealed again.
 */
typedef struct {
  char *packet;
  char *reason;
} FastRefusal;

void fast_refusal_free (FastRefusal *refusal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastRefusal, fast_refusal_free)

const char *const *fast_refusal_reasons (void);
const char *fast_refusal_reason_for (const GError *error);
char *fast_refusal_file_name (const char *packet_id);
GBytes *fast_refusal_issue (const char *packet_id, const char *reason, X509 *opened, EVP_PKEY *key,
                            GError **error);
FastRefusal *fast_refusal_verify (GBytes *cms, const char *packet_id, X509 *opened,
                                  FastTrustFlags flags, GError **error);

G_END_DECLS
