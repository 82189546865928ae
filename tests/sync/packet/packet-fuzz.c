/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/packet.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Nobody is trusted: what an intake reads before any signature has been believed. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GPtrArray) nobody = g_ptr_array_new ();
  g_autoptr (FastTrust) trust = fast_trust_new (nobody, NULL, FAST_TRUST_TRAINING);
  g_autoptr (GBytes) input = g_bytes_new (data, size);

  g_assert_null (fast_packet_verify (input, trust, "CA", NULL));
  return 0;
}
