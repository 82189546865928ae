/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/security-object.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (FastSecurityObject) object = fast_security_object_parse (bytes, NULL);

  if (object == NULL)
    return 0;
  g_assert_cmphex (fast_security_object_get_groups (object) & ~0x1FFFEu, ==, 0);
  fast_security_object_verify_signature (object, NULL);
  fast_security_object_verify_group (object, 1, bytes, NULL);
  return 0;
}
