/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/card-access.h"
#include "personalise/lds/public-key-group.h"
#include "personalise/lds/security-group.h"

/* What was read, whatever its defects, is written again as it was but for its order. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GPtrArray) infos = fast_card_access_parse (bytes, NULL);
  g_autoptr (GPtrArray) group = fast_security_group_parse (bytes, NULL);
  g_autoptr (EVP_PKEY) key = fast_public_key_group_parse (bytes, NULL);
  GPtrArray *either = infos != NULL ? infos : group;

  if (either != NULL) {
    g_autoptr (GPtrArray) defects = fast_security_infos_check (either, FAST_SECURITY_FILE_DG14);
    g_autoptr (GBytes) made = fast_security_infos_encode (either);
    g_autoptr (GPtrArray) again = fast_card_access_parse (made, NULL);

    g_assert_nonnull (again);
    g_assert_cmpuint (again->len, ==, either->len);
    g_assert_true (fast_security_infos_agree (again, either, NULL));
  }
  return 0;
}
