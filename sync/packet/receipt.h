/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/timestamp.h"
#include "record/keys/trust.h"

G_BEGIN_DECLS

/**
 * FastReceiptKind:
 * @FAST_RECEIPT_STORED: policy `.1`: the intake has it on stable storage
 * @FAST_RECEIPT_OPENED: policy `.2`: the back office decrypted it and every inner check held
 * @FAST_RECEIPT_BATCH: policy `.3`: over a batch packet, with the nation's own roots and counts
 * @FAST_RECEIPT_TIME: policy `.4`: a time token
 *
 * What a nation says. `.1` and `.4` come from the intake's key, `.2` and `.3` from a key that is
 * not on the intake; a token under the other certificate proves nothing.
 */
typedef enum {
  FAST_RECEIPT_STORED,
  FAST_RECEIPT_OPENED,
  FAST_RECEIPT_BATCH,
  FAST_RECEIPT_TIME,
} FastReceiptKind;

/**
 * FastReceiptSigners:
 * @receipt: the nation's `receipt` certificate
 * @opened: its `opened` certificate
 * @trust: what they chain to, and whether training certificates pass
 *
 * Who may sign a nation's receipts. Borrowed.
 */
typedef struct {
  X509 *receipt;
  X509 *opened;
  FastTrust *trust;
} FastReceiptSigners;

const char *fast_receipt_kind_name (FastReceiptKind kind);
gboolean fast_receipt_kind_parse (const char *name, FastReceiptKind *kind);
const char *fast_receipt_kind_policy (FastReceiptKind kind);
char *fast_receipt_file_name (FastReceiptKind kind, const char *packet_id);

GBytes *fast_receipt_issue (FastReceiptKind kind, const char *packet_id, GBytes *extension,
                            X509 *certificate, EVP_PKEY *key, GError **error);
FastTimestamp *fast_receipt_verify (GBytes *tsr, FastReceiptKind kind, const char *packet_id,
                                    const FastReceiptSigners *signers, GError **error);

G_END_DECLS
