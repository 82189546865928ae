/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/face-group.h"
#include "personalise/lds/finger-group.h"
#include "personalise/lds/iris-group.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* EF.DG2, EF.DG3 and EF.DG4, told apart by their tags; pictures are not decoded. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (FastFaceRecord) face = fast_face_group_parse (bytes, NULL);
  g_autoptr (GPtrArray) fingers = fast_finger_group_parse (bytes, NULL);
  g_autoptr (GPtrArray) irises = fast_iris_group_parse (bytes, NULL);

  g_assert_cmpint ((face != NULL) + (fingers != NULL) + (irises != NULL), <=, 1);
  for (guint i = 0; fingers != NULL && i < fingers->len; i++)
    g_assert_nonnull (((FastFingerRecord *)fingers->pdata[i])->image);
  for (guint i = 0; irises != NULL && i < irises->len; i++)
    g_assert_nonnull (((FastIrisRecord *)irises->pdata[i])->image);
  return 0;
}
