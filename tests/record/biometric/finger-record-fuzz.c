/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/finger-record.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What parses must be made again with the same picture. Pictures are decoded only when raw. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (FastFingerRecord) record = fast_finger_record_parse (bytes, NULL);
  g_autoptr (GBytes) again = NULL;
  g_autoptr (FastImage) image = NULL;

  if (record == NULL)
    return 0;
  again = fast_finger_record_make (record, NULL);
  g_assert_nonnull (again);
  g_assert_cmpuint (g_bytes_get_size (again), ==, size);
  if (record->coding <= FAST_FINGER_PACKED) {
    image = fast_finger_record_decode (record, NULL);
    g_assert_nonnull (image);
  }
  return 0;
}
