/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/document/mrz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* A zone that is read is read again from its own lines to the same text. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastMrz) mrz = fast_mrz_parse (text, &error);
  g_autoptr (FastMrz) again = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *joined = NULL;
  g_autofree char *information = NULL;

  g_assert_true ((mrz == NULL) == (error != NULL));
  if (mrz == NULL)
    return 0;
  lines = fast_mrz_dup_lines (mrz);
  joined = g_strjoinv ("\n", lines);
  again = fast_mrz_parse (joined, NULL);
  g_assert_nonnull (again);
  g_assert_cmpstr (again->text, ==, mrz->text);
  information = fast_mrz_access_information (mrz);
  g_assert_cmpuint (strlen (information), >=, 24);
  return 0;
}
