/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/issuer-keys.h"

#include <glib/gstdio.h>
#include <string.h>

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

#define KEY_16 "404142434445464748494A4B4C4D4E4F"
#define KEY_24 KEY_16 "5051525354555657"
#define KEY_32 KEY_24 "58595A5B5C5D5E5F"

static FastSecret *
secret_of (const char *hex)
{
  g_autoptr (GBytes) bytes = fast_hex_decode (hex, NULL);

  return fast_secret_new_from (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static FastIssuerKeys *
keys_of (const char *hex, const char *method)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) secret = secret_of (hex);
  FastIssuerKeys *keys = fast_issuer_keys_new (0x30, secret, secret, secret, &error);

  g_assert_no_error (error);
  g_assert_true (fast_issuer_keys_set_diversification (keys, method, &error));
  return keys;
}

static char *
write_file (const char *folder, const char *text, int mode)
{
  char *path = g_build_filename (folder, "issuer.keys", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
  return path;
}

/* Whether a key of the set computes what @hex computes. */
static void
assert_key (FastIssuerKeys *keys, FastIssuerKey which, const char *hex)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) key = secret_of (hex);
  const FastDerivation derivation = {"before", 6, "after", 5};
  guint8 made[32];
  guint8 wanted[FAST_AES_BLOCK_SIZE];

  g_assert_true (fast_issuer_keys_derive (keys, which, &derivation, made, 32, &error));
  for (guint8 i = 1; i <= 2; i++) {
    guint8 input[] = {'b', 'e', 'f', 'o', 'r', 'e', i, 'a', 'f', 't', 'e', 'r'};
    fast_aes_cmac (fast_secret_data (key), fast_secret_size (key), input, sizeof input, wanted,
                   &error);
    g_assert_no_error (error);
    g_assert_cmpmem (made + (i - 1) * 16, 16, wanted, 16);
  }
}

/* --- AES-CMAC: NIST SP 800-38B, appendix D --- */

static void
test_cmac (void)
{
  static const struct {
    const char *key;
    const char *data;
    const char *mac;
  } rows[] = {
      {"2B7E151628AED2A6ABF7158809CF4F3C", "", "BB1D6929E95937287FA37D129B756746"},
      {"2B7E151628AED2A6ABF7158809CF4F3C", "6BC1BEE22E409F96E93D7E117393172A",
       "070A16B46B4D4144F79BDD9DD04A287C"},
      {"8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B", "6BC1BEE22E409F96E93D7E117393172A",
       "9E99A7BF31E710900662F65E617C5184"},
      {"603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4",
       "6BC1BEE22E409F96E93D7E117393172A", "28A7023F452E8F82BD4BF28D8C37C35C"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (FastSecret) key = secret_of (rows[i].key);
    g_autoptr (GBytes) data = fast_hex_decode (rows[i].data, NULL);
    g_autofree char *text = NULL;
    guint8 mac[FAST_AES_BLOCK_SIZE];

    g_assert_true (fast_aes_cmac (fast_secret_data (key), fast_secret_size (key),
                                  g_bytes_get_data (data, NULL), g_bytes_get_size (data), mac,
                                  NULL));
    text = fast_hex_encode (mac, sizeof mac);
    g_assert_cmpint (g_ascii_strcasecmp (text, rows[i].mac), ==, 0);
  }
}

static void
test_cbc_refuses_parts (void)
{
  g_autoptr (GError) error = NULL;
  guint8 block[32] = {0};

  g_assert_false (fast_aes_cbc (block, 16, TRUE, block, block, block, 17, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO);
}

/* --- derivations --- */

/* martinpaljak/GlobalPlatformPro, library/src/test: TestSCP03.java and TestPlaintextKeys.java. */
static void
test_kdf3_published (void)
{
  static const guint8 data[] = {0xD9, 0xB1, 0xDE, 0x5D, 0x03, 0x62, 0xDE, 0xDC, 0xE4, 0xFB};
  g_autoptr (FastIssuerKeys) master =
      keys_of ("8C72C72CF908411653018807950D82FBAD947562F0828A0B10B8B9606ABF3BCD", "kdf3");
  g_autoptr (FastIssuerKeys) card = fast_issuer_keys_diversify (master, data, NULL);

  assert_key (card, FAST_ISSUER_KEY_ENC,
              "9AAC5D0B3601F89438A0D9D0B6B256CFB47E6462DFA5228D3420C4AC7C224781");
  g_assert_cmpuint (fast_issuer_keys_get_version (card), ==, 0x30);
  g_assert_cmpuint (fast_issuer_keys_get_size (card), ==, 32);
}

static gboolean
cmac_of_secret (gpointer key, gconstpointer data, gsize size, guint8 mac[16], GError **error)
{
  return fast_aes_cmac (fast_secret_data (key), fast_secret_size (key), data, size, mac, error);
}

/* Key check values: the first three bytes of sixteen 01 encrypted (card specification, B.6). */
static char *
check_value (const guint8 *key, gsize size)
{
  static const guint8 zero[16] = {0};
  guint8 block[16];

  memset (block, 1, sizeof block);
  g_assert_true (fast_aes_cbc (key, size, TRUE, zero, block, block, sizeof block, NULL));
  return fast_hex_encode (block, 3);
}

static void
check_published_value (const char *hex, FastIssuerKey which, const char *wanted)
{
  const guint8 after[] = {0, 0, 0, (guint8)(which + 1), 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const FastDerivation derivation = {.after = after, .after_size = sizeof after};
  g_autoptr (FastSecret) master = secret_of (hex);
  g_autoptr (FastIssuerKeys) keys = keys_of (hex, "kdf3");
  g_autoptr (FastIssuerKeys) card = fast_issuer_keys_diversify (keys, after + 5, NULL);
  gsize size = fast_secret_size (master);
  g_autofree char *value = NULL;
  g_autofree char *key = NULL;
  guint8 derived[32];

  g_assert_true (fast_cmac_derive (cmac_of_secret, master, &derivation, derived, size, NULL));
  value = check_value (derived, size);
  g_assert_cmpint (g_ascii_strcasecmp (value, wanted), ==, 0);
  key = fast_hex_encode (derived, size);
  assert_key (card, which, key);
}

static void
test_kdf3_check_values (void)
{
  static const struct {
    const char *master;
    const char *values[FAST_ISSUER_KEY_COUNT];
  } rows[] = {
      {KEY_16, {"E79C05", "D1BD77", "3FDE8C"}},
      {KEY_24, {"1DE8EA", "47C00C", "C04D76"}},
      {KEY_32, {"2972D2", "036F94", "5D57B8"}},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    for (FastIssuerKey which = 0; which < FAST_ISSUER_KEY_COUNT; which++)
      check_published_value (rows[i].master, which, rows[i].values[which]);
  }
}

static void
test_none (void)
{
  static const guint8 data[10] = {1};
  g_autoptr (FastIssuerKeys) master = keys_of (KEY_24, "none");
  g_autoptr (FastIssuerKeys) card = fast_issuer_keys_diversify (master, data, NULL);

  assert_key (card, FAST_ISSUER_KEY_MAC, KEY_24);
}

static void
test_encrypt (void)
{
  g_autoptr (FastIssuerKeys) keys = keys_of (KEY_16, "none");
  g_autofree char *text = NULL;
  guint8 block[16];

  memset (block, 1, sizeof block);
  g_assert_true (fast_issuer_keys_encrypt (keys, block, block, sizeof block, NULL));
  text = fast_hex_encode (block, 3);
  g_assert_cmpint (g_ascii_strcasecmp (text, "504A77"), ==, 0);
}

static void
test_sizes (void)
{
  g_autoptr (FastSecret) good = secret_of (KEY_16);
  g_autoptr (FastSecret) other = secret_of (KEY_24);
  g_autoptr (FastSecret) bad = secret_of ("0011");
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;

  g_assert_null (fast_issuer_keys_new (0, good, good, other, &error));
  fast_test_assert_id (error, "issuer-keys-size");
  g_assert_null (fast_issuer_keys_new (0, bad, bad, bad, &again));
  fast_test_assert_id (again, "issuer-keys-size");
}

/* --- the file --- */

static void
test_file (void)
{
  char *folder = fast_test_folder ();
  g_autofree char *path =
      write_file (folder,
                  "# the keys of the training cards\n\n version = 0x31 \n"
                  "diversification=none\nenc=" KEY_32 "\nmac=" KEY_32 "\n dek = " KEY_32,
                  0600);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastIssuerKeys) keys = fast_issuer_keys_load (path, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (fast_issuer_keys_get_version (keys), ==, 0x31);
  assert_key (keys, FAST_ISSUER_KEY_DEK, KEY_32);
  fast_test_remove_folder (folder);
}

#define HEAD "version=0x30\ndiversification=kdf3\n"

static void
test_file_refused (void)
{
  static const struct {
    const char *text;
    const char *id;
  } rows[] = {
      {"", "issuer-keys-value"},
      {"diversification=none\nmaster=" KEY_16, "issuer-keys-value"},
      {"version=0x30\nmaster=" KEY_16, "issuer-keys-value"},
      {"version=30\ndiversification=none\nmaster=" KEY_16, "issuer-keys-value"},
      {"version=0x100\ndiversification=none\nmaster=" KEY_16, "issuer-keys-value"},
      {"version=0x\ndiversification=none\nmaster=" KEY_16, "issuer-keys-value"},
      {"version=0x30\ndiversification=visa2\nmaster=" KEY_16, "issuer-keys-method"},
      {HEAD, "issuer-keys-value"},
      {HEAD "master=", "issuer-keys-value"},
      {HEAD "master=" KEY_16 "0", "issuer-keys-value"},
      {HEAD "master=" KEY_16 "00", "issuer-keys-value"},
      {HEAD "master=4x4142434445464748494A4B4C4D4E4F", "issuer-keys-value"},
      {HEAD "master=" KEY_16 "\nenc=" KEY_16, "issuer-keys-value"},
      {HEAD "enc=" KEY_16 "\nmac=" KEY_16, "issuer-keys-value"},
      {HEAD "enc=" KEY_16 "\nmac=" KEY_16 "\ndek=" KEY_24, "issuer-keys-size"},
      {HEAD "master=" KEY_16 "\nmaster=" KEY_16, "issuer-keys-line"},
      {HEAD "master=" KEY_16 "\nkek=" KEY_16, "issuer-keys-line"},
      {HEAD "master " KEY_16, "issuer-keys-line"},
      {HEAD "master=pkcs11:no-such-attribute=1", "token-uri"},
      {HEAD "master=pkcs11:token=x?module-path=/nonexistent.so", "token-module"},
  };
  char *folder = fast_test_folder ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = write_file (folder, rows[i].text, 0600);
    g_autoptr (GError) error = NULL;
    g_autofree char *said = NULL;

    g_assert_null (fast_issuer_keys_load (path, &error));
    fast_test_assert_id (error, rows[i].id);
    said = fast_error_format (error, "en");
    g_assert_null (strstr (said, "4142"));
  }
  fast_test_remove_folder (folder);
}

static void
check_file_refused (const char *path, const char *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fast_issuer_keys_load (path, &error));
  fast_test_assert_id (error, id);
}

static void
test_file_private (void)
{
  static const char with_zero[] = HEAD "master=" KEY_16 "\0x";
  static const int modes[] = {0640, 0604, 0620, 0602, 0700 | 0010};
  char *folder = fast_test_folder ();
  g_autofree char *large = g_strnfill (9000, '#');
  g_autofree char *path = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++) {
    g_autofree char *open = write_file (folder, HEAD "master=" KEY_16, modes[i]);
    check_file_refused (open, "key-open-to-others");
  }
  path = write_file (folder, large, 0600);
  check_file_refused (path, "secret-too-long");
  g_assert_true (g_file_set_contents (path, with_zero, sizeof with_zero - 1, NULL));
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  check_file_refused (path, "issuer-keys-line");
  check_file_refused ("/nonexistent/keys", "key-unreadable");
  fast_test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keys/issuer-keys/cmac", test_cmac);
  g_test_add_func ("/keys/issuer-keys/cbc-refuses-parts", test_cbc_refuses_parts);
  g_test_add_func ("/keys/issuer-keys/kdf3-published", test_kdf3_published);
  g_test_add_func ("/keys/issuer-keys/kdf3-check-values", test_kdf3_check_values);
  g_test_add_func ("/keys/issuer-keys/none", test_none);
  g_test_add_func ("/keys/issuer-keys/encrypt", test_encrypt);
  g_test_add_func ("/keys/issuer-keys/sizes", test_sizes);
  g_test_add_func ("/keys/issuer-keys/file", test_file);
  g_test_add_func ("/keys/issuer-keys/file-refused", test_file_refused);
  g_test_add_func ("/keys/issuer-keys/file-private", test_file_private);
  return g_test_run ();
}
