/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/print/seal.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Whatever a bar code holds: it is refused, or all of its texts can be asked for. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (FastSeal) seal = fast_seal_parse (bytes, NULL);
  g_autofree char *mrz = NULL;
  g_autofree char *serial = NULL;
  g_autofree char *rfid = NULL;

  if (seal == NULL)
    return 0;
  mrz = fast_seal_dup_mrz (seal, NULL);
  serial = fast_seal_dup_serial (seal, NULL);
  rfid = fast_seal_dup_rfid (seal, NULL);
  g_assert_cmpuint (g_bytes_get_size (seal->covered), <, size);
  return 0;
}
