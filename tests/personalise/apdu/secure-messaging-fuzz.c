/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/secure-messaging.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
release (GBytes *bytes)
{
  g_clear_pointer (&bytes, g_bytes_unref);
}

/* Both unwrappings on the same bytes, under either kind of cipher. */
static void
unwrap (FastCipher cipher, const guint8 *data, gsize size)
{
  static const guint8 key[FAST_CIPHER_KEY_MAX] = {1, 2, 3, 4, 5, 6, 7, 8};
  g_autoptr (FastSecureMessaging) reader = fast_secure_messaging_new (cipher, key, key, NULL);
  g_autoptr (FastSecureMessaging) chip = fast_secure_messaging_new (cipher, key, key, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  FastCommand command;

  release (fast_secure_messaging_unwrap_response (reader, bytes, NULL));
  if (fast_command_parse (&command, data, size, NULL))
    release (fast_secure_messaging_unwrap_command (chip, &command, NULL));
}

/* What was secured must be plain again: the input as the data of a command and of an answer. */
static void
wrap (FastCipher cipher, const guint8 *data, gsize size)
{
  g_autoptr (FastSecureMessaging) reader =
      fast_secure_messaging_from_secret (cipher, (const guint8 *)"key", 3, NULL);
  g_autoptr (FastSecureMessaging) chip =
      fast_secure_messaging_from_secret (cipher, (const guint8 *)"key", 3, NULL);
  FastCommand command = {.ins = size > 0 ? data[0] : 0, .data = data, .size = size, .le = 300};
  g_autoptr (GBytes) secured = fast_secure_messaging_wrap_command (reader, &command, NULL);
  g_autoptr (GBytes) plain = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GBytes) back = NULL;

  if (secured == NULL)
    return;
  g_assert_true (fast_command_parse (&command, g_bytes_get_data (secured, NULL),
                                     g_bytes_get_size (secured), NULL));
  plain = fast_secure_messaging_unwrap_command (chip, &command, NULL);
  g_assert_true (fast_command_parse (&command, g_bytes_get_data (plain, NULL),
                                     g_bytes_get_size (plain), NULL));
  g_assert_cmpmem (command.data, command.size, data, size);
  answer = fast_secure_messaging_wrap_response (chip, data, size, 0x9000, NULL);
  back = fast_secure_messaging_unwrap_response (reader, answer, NULL);
  g_assert_cmpuint (g_bytes_get_size (back), ==, size + 2);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  unwrap (FAST_CIPHER_TDES, data, size);
  unwrap (FAST_CIPHER_AES_256, data, size);
  wrap (FAST_CIPHER_TDES, data, size);
  wrap (FAST_CIPHER_AES_128, data, size);
  return 0;
}
