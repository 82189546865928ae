/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/trust-points.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (FastTrustPoints) points = fast_trust_points_parse (bytes, NULL);

  if (points != NULL) {
    g_autoptr (GBytes) made = fast_trust_points_make (points, NULL);

    g_assert_nonnull (made);
    g_assert_cmpuint (g_bytes_get_size (made), ==, FAST_TRUST_POINTS_SIZE);
  }
  return 0;
}
