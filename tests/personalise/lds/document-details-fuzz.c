/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/document-details.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (FastDocumentDetails) details = fast_document_details_parse (bytes, NULL);

  if (details != NULL) {
    g_autoptr (GBytes) made = fast_document_details_make (details, NULL);

    g_assert_nonnull (made);
  }
  return 0;
}
