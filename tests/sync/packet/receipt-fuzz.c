/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/receipt.h"

#define PACKET "1111111111111111111111111111111111111111111111111111111111111111"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (X509) nobody = X509_new ();
  const FastReceiptSigners signers = {nobody, nobody, NULL};
  g_autoptr (GBytes) input = g_bytes_new (data, size);
  g_autoptr (FastTimestamp) token =
      fast_receipt_verify (input, FAST_RECEIPT_STORED, PACKET, &signers, NULL);

  g_assert_null (token);
  return 0;
}
