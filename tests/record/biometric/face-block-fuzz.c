/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/face-block.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What parses and can be written must mean the same when it is read again. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (FastFaceRecord) record = fast_face_block_parse (bytes, NULL);
  g_autoptr (GBytes) made = record == NULL ? NULL : fast_face_block_make (record, NULL);
  g_autoptr (FastFaceRecord) again = made == NULL ? NULL : fast_face_block_parse (made, NULL);

  if (made == NULL)
    return 0;
  g_assert_nonnull (again);
  g_assert_cmpint (again->eyes, ==, record->eyes);
  g_assert_cmpuint (again->width, ==, record->width);
  g_assert_true (g_bytes_equal (again->image, record->image));
  return 0;
}
