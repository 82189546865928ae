/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/face-record.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What parses and has no feature points must be made again from what was understood. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (FastFaceRecord) record = fast_face_record_parse (bytes, NULL);
  g_autoptr (GBytes) again = NULL;

  if (record == NULL)
    return 0;
  again = fast_face_record_make (record, NULL);
  g_assert_nonnull (again);
  g_assert_cmpuint (g_bytes_get_size (again) + 8u * record->feature_points, ==, size);
  return 0;
}
