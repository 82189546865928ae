/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/secure-messaging.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
release (GBytes *bytes)
{
  g_clear_pointer (&bytes, g_bytes_unref);
}

/* Both unwrappings on the same bytes. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const guint8 key[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  static const guint8 counter[8] = {0};
  g_autoptr (FastSecureMessaging) reader = fast_secure_messaging_new (key, key, counter);
  g_autoptr (FastSecureMessaging) chip = fast_secure_messaging_new (key, key, counter);
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  FastCommand command;

  release (fast_secure_messaging_unwrap_response (reader, bytes, NULL));
  if (fast_command_parse (&command, data, size, NULL))
    release (fast_secure_messaging_unwrap_command (chip, &command, NULL));
  return 0;
}
