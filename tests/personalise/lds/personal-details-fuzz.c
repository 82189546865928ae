/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/personal-details.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (FastPersonalDetails) details = fast_personal_details_parse (bytes, NULL);

  if (details != NULL && details->surname != NULL)
    g_assert_true (g_utf8_validate (details->surname, -1, NULL));
  return 0;
}
