/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/cipher.h"

#include "personalise/apdu/kdf.h"
#include "personalise/apdu/padding.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

static GBytes *
unhex (const char *hex)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = fast_hex_decode (hex, &error);

  g_assert_no_error (error);
  return bytes;
}

static void
check (gconstpointer data, gsize size, const char *hex)
{
  g_autofree char *text = fast_hex_encode (data, size);

  g_assert_cmpint (g_ascii_strcasecmp (text, hex), ==, 0);
}

/* ICAO 9303-11, appendices D.1 and G.1; the longer keys from gmrtd (cryptoutils/kdf_test.go). */
static const struct {
  FastCipher cipher;
  const char *secret;
  guint32 counter;
  const char *key;
} derivations[] = {
    {FAST_CIPHER_TDES, "239AB9CB282DAF66231DC5A4DF6BFBAE", FAST_KDF_ENC,
     "AB94FDECF2674FDFB9B391F85D7F76F2"},
    {FAST_CIPHER_TDES, "239AB9CB282DAF66231DC5A4DF6BFBAE", FAST_KDF_MAC,
     "7962D9ECE03D1ACD4C76089DCE131543"},
    {FAST_CIPHER_AES_128, "28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925",
     FAST_KDF_ENC, "F5F0E35C0D7161EE6724EE513A0D9A7F"},
    {FAST_CIPHER_AES_128, "28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925",
     FAST_KDF_MAC, "FE251C7858B356B24514B3BD5F4297D1"},
    {FAST_CIPHER_AES_128, "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD", FAST_KDF_PASSWORD,
     "89DED1B26624EC1E634C1989302849DD"},
    {FAST_CIPHER_AES_192, "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD12345678", FAST_KDF_PASSWORD,
     "4487BB60D75E55928AB2406733D060BB600C7FA4AEEAB92B"},
    {FAST_CIPHER_AES_256, "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD12345678ABCDEF1234567890",
     FAST_KDF_PASSWORD, "AC92515EDD0F4714CBB46C683CC1A66DEBB68B3CC34F29904DB757AC88988D31"},
};

static void
test_kdf (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (derivations); i++) {
    g_autoptr (GBytes) secret = unhex (derivations[i].secret);
    guint8 key[FAST_CIPHER_KEY_MAX];

    fast_kdf (derivations[i].cipher, g_bytes_get_data (secret, NULL), g_bytes_get_size (secret),
              derivations[i].counter, key);
    check (key, fast_cipher_key_size (derivations[i].cipher), derivations[i].key);
  }
}

#define NIST_MESSAGE                                                                               \
  "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411"

/* NIST SP 800-38B, appendix D: CMAC over the first 40 bytes, cut to eight; and the retail MAC of
 * ICAO 9303-11, appendix D.3. */
static const struct {
  FastCipher cipher;
  const char *key;
  const char *message;
  const char *mac;
} macs[] = {
    {FAST_CIPHER_AES_128, "2B7E151628AED2A6ABF7158809CF4F3C", NIST_MESSAGE, "DFA66747DE9AE630"},
    {FAST_CIPHER_AES_128, "2B7E151628AED2A6ABF7158809CF4F3C", "", "BB1D6929E9593728"},
    {FAST_CIPHER_AES_192, "8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B", NIST_MESSAGE,
     "8A1DE5BE2EB31AAD"},
    {FAST_CIPHER_AES_256, "603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4",
     NIST_MESSAGE, "AAF3D8F1DE5640C2"},
    {FAST_CIPHER_TDES, "7962D9ECE03D1ACD4C76089DCE131543",
     "72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2", "5F1448EEA8AD90A7"},
};

static void
test_mac (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (macs); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) key = unhex (macs[i].key);
    g_autoptr (GBytes) message = unhex (macs[i].message);
    guint8 mac[FAST_CIPHER_MAC_SIZE];

    g_assert_true (fast_cipher_mac (macs[i].cipher, g_bytes_get_data (key, NULL),
                                    g_bytes_get_data (message, NULL), g_bytes_get_size (message),
                                    mac, &error));
    check (mac, sizeof mac, macs[i].mac);
  }
}

/* NIST SP 800-38A, F.2: the first block of CBC; and whole blocks only. */
static void
test_cbc (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) key = unhex ("2B7E151628AED2A6ABF7158809CF4F3C");
  g_autoptr (GBytes) iv = unhex ("000102030405060708090A0B0C0D0E0F");
  g_autoptr (GBytes) text = unhex ("6BC1BEE22E409F96E93D7E117393172A");
  const guint8 *bits = g_bytes_get_data (key, NULL);
  guint8 block[16];

  g_assert_true (fast_cipher_encrypt (FAST_CIPHER_AES_128, bits, g_bytes_get_data (iv, NULL),
                                      g_bytes_get_data (text, NULL), block, 16, &error));
  check (block, 16, "7649ABAC8119B246CEE98E9B12E9197D");
  g_assert_true (fast_cipher_decrypt (FAST_CIPHER_AES_128, bits, g_bytes_get_data (iv, NULL), block,
                                      block, 16, &error));
  check (block, 16, "6BC1BEE22E409F96E93D7E117393172A");
  g_assert_false (fast_cipher_encrypt (FAST_CIPHER_AES_128, bits, NULL, block, block, 8, &error));
  fast_test_assert_id (error, "cipher-failed");
}

static void
test_padding (void)
{
  static const char *const broken[] = {"", "0000000000000000", "01",
                                       "8000000000000000000000000000000000"};

  for (gsize size = 0; size < 40; size++) {
    g_autoptr (GByteArray) data = g_byte_array_new ();
    gsize left;

    g_byte_array_set_size (data, (guint)size);
    fast_padding_append (data, 16);
    left = data->len;
    g_assert_cmpuint (left % 16, ==, 0);
    g_assert_true (fast_padding_remove (data->data, &left, 16, NULL));
    g_assert_cmpuint (left, ==, size);
  }
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = unhex (broken[i]);
    gsize size = g_bytes_get_size (bytes);

    g_assert_false (fast_padding_remove (g_bytes_get_data (bytes, NULL), &size, 16, &error));
    fast_test_assert_id (error, "sm-padding");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/cipher/kdf", test_kdf);
  g_test_add_func ("/apdu/cipher/mac", test_mac);
  g_test_add_func ("/apdu/cipher/cbc", test_cbc);
  g_test_add_func ("/apdu/cipher/padding", test_padding);
  return g_test_run ();
}
