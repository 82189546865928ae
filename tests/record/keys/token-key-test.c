/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/token-key.h"

#include <glib/gstdio.h>
#include <string.h>

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/keys/issuer-keys.h"
#include "tests/support.h"

/* AES keys inside softhsm2: the module reads its configuration once, so one token serves all. */

#define MODULE "/usr/lib/softhsm/libsofthsm2.so"
#define PIN "8524"

static const guint8 key_bytes[32] = "an issuer's key of 32 good bytes";

static char *
place (const char *folder, const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
write_file (const char *path, const void *bytes, gssize size, int mode)
{
  g_assert_true (g_file_set_contents (path, bytes, size, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

static void
softhsm (const char *const *argv)
{
  g_assert_cmpint (fast_test_run (NULL, NULL, argv), ==, 0);
}

static void
import (const char *folder, const char *label, const char *id, gsize size)
{
  g_autofree char *path = place (folder, "key");

  write_file (path, key_bytes, (gssize)size, 0600);
  softhsm ((const char *[]){"softhsm2-util", "--import", path, "--aes", "--token", "FAST",
                            "--label", label, "--id", id, "--pin", PIN, NULL});
  g_assert_cmpint (g_remove (path), ==, 0);
}

/* A token with keys of three sizes, and two of one label. */
static char *
make_token (void)
{
  char *folder = fast_test_folder ();
  g_autofree char *config = place (folder, "softhsm2.conf");
  g_autofree char *tokens = place (folder, "tokens");
  g_autofree char *pin = place (folder, "pin");
  g_autofree char *text = g_strdup_printf ("directories.tokendir = %s\n", tokens);

  g_assert_cmpint (g_mkdir (tokens, 0700), ==, 0);
  write_file (config, text, -1, 0600);
  write_file (pin, PIN "\n", -1, 0600);
  g_setenv ("SOFTHSM2_CONF", config, TRUE);
  softhsm ((const char *[]){"softhsm2-util", "--init-token", "--free", "--label", "FAST", "--pin",
                            PIN, "--so-pin", "96325874", NULL});
  import (folder, "aes128", "01", 16);
  import (folder, "aes192", "02", 24);
  import (folder, "aes256", "03", 32);
  import (folder, "twice", "04", 16);
  import (folder, "twice", "05", 16);
  return folder;
}

static char *
uri_of (const char *folder, const char *object)
{
  return g_strdup_printf ("pkcs11:token=FAST;%s?module-path=" MODULE "&pin-source=file:%s/pin",
                          object, folder);
}

static void
check_key (const char *folder, const char *object, gsize size)
{
  static const guint8 zero[16] = {0};
  g_autofree char *uri = uri_of (folder, object);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTokenKey) key = fast_token_key_open (uri, &error);
  guint8 made[32], wanted[32];

  g_assert_no_error (error);
  g_assert_cmpuint (fast_token_key_get_size (key), ==, size);
  for (gsize length = 0; length <= 40; length += 5) {
    g_assert_true (fast_token_key_cmac (key, MODULE MODULE, length, made, &error));
    g_assert_true (fast_aes_cmac (key_bytes, size, MODULE MODULE, length, wanted, &error));
    g_assert_cmpmem (made, 16, wanted, 16);
  }
  g_assert_true (fast_token_key_encrypt (key, zero, key_bytes, made, 32, &error));
  g_assert_true (fast_aes_cbc (key_bytes, size, TRUE, zero, key_bytes, wanted, 32, &error));
  g_assert_cmpmem (made, 32, wanted, 32);
}

static void
test_keys (gconstpointer folder)
{
  check_key (folder, "object=aes128", 16);
  check_key (folder, "object=aes192", 24);
  check_key (folder, "id=%03", 32);
}

static void
check_refused (const char *uri, const char *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fast_token_key_open (uri, &error));
  fast_test_assert_id (error, id);
}

static void
test_refused (gconstpointer folder)
{
  g_autofree char *absent = uri_of (folder, "object=none");
  g_autofree char *twice = uri_of (folder, "object=twice");
  g_autofree char *open = place (folder, "open");
  g_autofree char *loose =
      g_strdup_printf ("pkcs11:token=FAST;id=%%01?module-path=" MODULE "&pin-source=file:%s", open);

  write_file (open, PIN "\n", -1, 0644);
  check_refused (absent, "token-key-absent");
  check_refused (twice, "token-key-absent");
  check_refused (loose, "key-open-to-others");
  check_refused ("pkcs11:token=FAST;id=%01?module-path=" MODULE "&pin-value=" PIN,
                 "token-pin-source");
  check_refused ("pkcs11:token=FAST;id=%01?module-path=" MODULE, "token-pin-source");
  check_refused ("pkcs11:token=FAST;id=%01?module-path=" MODULE "&pin-source=file:/nonexistent",
                 "key-unreadable");
  check_refused ("pkcs11:token=other?module-path=" MODULE, "token-absent");
  check_refused ("pkcs11:token=FAST?module-path=/nonexistent.so", "token-module");
  check_refused ("pkcs11:token=FAST", "token-module");
  check_refused ("pkcs11:surprise=1;token=FAST?module-path=" MODULE, "token-uri");
  check_refused ("file:/key", "token-uri");
}

static void
test_pin_once (gconstpointer folder)
{
  g_autofree char *path = place (folder, "wrong");
  g_autofree char *uri =
      g_strdup_printf ("pkcs11:token=FAST;id=%%01?module-path=" MODULE "&pin-source=file:%s", path);

  write_file (path, "0000\n", -1, 0600);
  check_refused (uri, "token-pin");
}

static void
assert_same (FastIssuerKeys *left, FastIssuerKeys *right)
{
  const FastDerivation derivation = {"x", 1, "y", 1};

  for (FastIssuerKey which = 0; which < FAST_ISSUER_KEY_COUNT; which++) {
    guint8 one[32], other[32];
    g_assert_true (fast_issuer_keys_derive (left, which, &derivation, one, 32, NULL));
    g_assert_true (fast_issuer_keys_derive (right, which, &derivation, other, 32, NULL));
    g_assert_cmpmem (one, 32, other, 32);
  }
}

/* A key set in a token is the key set that a file would be, with and without derivation. */
static void
check_set (const char *folder, const char *method)
{
  static const guint8 data[10] = {9, 8, 7, 6, 5, 4, 3, 2, 1};
  g_autofree char *path = place (folder, "issuer.keys");
  g_autofree char *uri = uri_of (folder, "object=aes256");
  g_autofree char *text =
      g_strdup_printf ("version=0x20\ndiversification=%s\nmaster=%s\n", method, uri);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) secret = fast_secret_new_from (key_bytes, 32);
  g_autoptr (FastIssuerKeys) plain = fast_issuer_keys_new (0x20, secret, secret, secret, &error);
  g_autoptr (FastIssuerKeys) keys = NULL;
  g_autoptr (FastIssuerKeys) card = NULL;
  g_autoptr (FastIssuerKeys) plain_card = NULL;

  write_file (path, text, -1, 0600);
  keys = fast_issuer_keys_load (path, &error);
  g_assert_no_error (error);
  fast_issuer_keys_set_diversification (plain, method, &error);
  card = fast_issuer_keys_diversify (keys, data, &error);
  plain_card = fast_issuer_keys_diversify (plain, data, &error);
  g_assert_no_error (error);
  assert_same (keys, plain);
  assert_same (card, plain_card);
}

static void
test_set (gconstpointer folder)
{
  check_set (folder, "none");
  check_set (folder, "kdf3");
}

static void
skip (void)
{
  g_test_skip ("softhsm2 is not installed");
}

int
main (int argc, char **argv)
{
  g_autofree char *program = g_find_program_in_path ("softhsm2-util");
  char *folder = NULL;
  int failed;

  g_test_init (&argc, &argv, NULL);
  if (program == NULL || !g_file_test (MODULE, G_FILE_TEST_EXISTS)) {
    g_test_add_func ("/keys/token-key/skipped", skip);
    return g_test_run ();
  }
  folder = make_token ();
  g_test_add_data_func ("/keys/token-key/keys", folder, test_keys);
  g_test_add_data_func ("/keys/token-key/refused", folder, test_refused);
  g_test_add_data_func ("/keys/token-key/set", folder, test_set);
  g_test_add_data_func ("/keys/token-key/pin-once", folder, test_pin_once);
  failed = g_test_run ();
  fast_test_remove_folder (folder);
  return failed;
}
