/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/cms.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Nobody is trusted, so nothing may ever pass; what matters is that it ends in an error. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) input = g_bytes_new (data, size);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (FastTrust) usual = fast_trust_new (none, NULL, FAST_TRUST_TRAINING);
  g_autoptr (FastTrust) icao = fast_trust_new (none, NULL, FAST_TRUST_ICAO | FAST_TRUST_TRAINING);

  g_assert_null (fast_cms_verify (input, NULL, usual, "2.25.1", NULL));
  g_assert_null (fast_cms_verify (input, NULL, icao, NULL, NULL));
  return 0;
}
