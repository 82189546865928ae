/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/apdu.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What parses must build to bytes that parse to the same again. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  FastCommand command;
  FastResponse response;

  if (fast_command_parse (&command, data, size, NULL)) {
    g_autoptr (GBytes) again = fast_command_build (&command, NULL);
    g_assert_true (g_bytes_equal (bytes, again));
  }
  fast_response_parse (&response, bytes, NULL);
  return 0;
}
