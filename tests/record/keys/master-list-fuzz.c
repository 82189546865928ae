/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/master-list.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Nobody is trusted, so no list may ever be believed. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) input = g_bytes_new (data, size);
  g_autoptr (FastMasterList) list = fast_master_list_parse (input, NULL);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (FastTrust) trust = fast_trust_new (none, NULL, FAST_TRUST_ICAO | FAST_TRUST_TRAINING);

  if (list != NULL)
    g_assert_false (fast_master_list_verify (list, trust, 0, NULL));
  return 0;
}
