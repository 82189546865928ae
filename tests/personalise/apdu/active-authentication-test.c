/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/active-authentication.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>
#include <string.h>

#include "personalise/apdu/iso9796.h"
#include "personalise/apdu/status-word.h"
#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/keys/key.h"
#include "record/keys/signature.h"
#include "tests/support.h"

/* A passport of the field, recorded in gmrtd's tests (activeauth/active_auth_test.go): RSA of 1800
 * bits, SHA-1. */
#define DG15_KEY                                                                                   \
  "3081FF300D06092A864886F70D01010105000381ED003081E90281E100BB8F93F4DC95E205CDA17C6927AB1E365B13" \
  "065D03CD12E0FCE95D96840529453202F56CC4C13F77CD062930C8BC89A2873B257045C286E601CF3C09323A531033" \
  "14902804AA10A314628CE222206A8866946A36B442041BB54AC81E6855DD1D6E16101833D65A191C20AC8B33B8A1A3" \
  "2920F46043F8031CF2BC17417030865FC5BE5A39DEE423BCBA3CA8177168EB23CFE01BA43EC87711B1CFFF85DB46F3" \
  "00DD8AE317B50D543B573E119E23AF7070D0B2FED6A3B2313A5EC02A531AAED1741F4390D1013E2A0F081EAC5DC8B0" \
  "A1B2C6BDB1206F08D30E3643E1E5BDF536110203010001"
#define CHALLENGE "96302b0f3d7e7864"
#define SIGNATURE                                                                                  \
  "474256306840c0ab1b63c10e1c26bdfef4a0dd843920283cc4e6e70a60f2bd25dc7725f9677bc1cde66379dc28b38e" \
  "8490f33afb2d10f9980c44c0bfc175d2b6684218f535c92fdd3e18db770a9ccbf91db3c7f0138e6d9e94b9bc837176" \
  "1e3abed5e5e9b260279cfb238b58ae0d6a01da51c74c2a3ecd62c448bd9f20127f7384587287fa971204234e55b1a8" \
  "56c3e5aaaa620bb799a68fbae08ee132bb61683eba9b0b40dc1e54641cad975b16991cab50af82e3f3985afd19e742" \
  "7a125f5b4b9878b12a5d2e01c7eedca3bb41c6fc05dccd818bce379d04b1f2f5d43487d3"

#define ECDSA_SHA256 "0.4.0.127.0.7.1.1.4.1.3"

static const guint8 challenge[FAST_ACTIVE_CHALLENGE_SIZE] = {1, 2, 3, 4, 5, 6, 7, 8};

static GBytes *
hex (const char *text)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = fast_hex_decode (text, &error);

  g_assert_no_error (error);
  return bytes;
}

static EVP_PKEY *
rsa_key (guint bits)
{
  EVP_PKEY *key = EVP_PKEY_Q_keygen (NULL, NULL, "RSA", (gsize)bits);

  g_assert_nonnull (key);
  return key;
}

static EVP_PKEY *
recorded_key (void)
{
  g_autoptr (GBytes) bytes = hex (DG15_KEY);
  const guint8 *at = g_bytes_get_data (bytes, NULL);
  EVP_PKEY *key = d2i_PUBKEY (NULL, &at, (long)g_bytes_get_size (bytes));

  g_assert_nonnull (key);
  return key;
}

static void
test_recording (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = recorded_key ();
  g_autoptr (GBytes) asked = hex (CHALLENGE);
  g_autoptr (GBytes) signature = hex (SIGNATURE);
  const gsize size = g_bytes_get_size (signature);

  fast_active_authentication_verify (key, NULL, g_bytes_get_data (asked, NULL),
                                     g_bytes_get_data (signature, NULL), size, &error);
  g_assert_no_error (error);
  g_assert_false (fast_active_authentication_verify (
      key, NULL, challenge, g_bytes_get_data (signature, NULL), size, &error));
  g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH);
  fast_test_assert_id (error, "aa-hash-wrong");
  for (gsize at = 0; at < size; at++) {
    g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (signature, NULL), size);

    copy[at] ^= 1;
    g_assert_false (fast_active_authentication_verify (key, NULL, g_bytes_get_data (asked, NULL),
                                                       copy, size, NULL));
  }
}

static GBytes *
chip_signs (EVP_PKEY *key, const char *digest)
{
  g_autoptr (GError) error = NULL;
  const FastCommand command = fast_active_authentication_ask (challenge);
  GByteArray *out = g_byte_array_new ();

  g_assert_true (fast_active_authentication_is_for (&command));
  fast_active_authentication_answer (key, digest, NULL, &command, out, &error);
  g_assert_no_error (error);
  return g_byte_array_free_to_bytes (out);
}

static void
test_rsa (void)
{
  static const struct {
    guint bits;
    const char *digest;
  } rows[] = {{1024, FAST_ACTIVE_RSA_DIGEST},
              {1024, "SHA512"},
              {1280, "SHA224"},
              {2048, "SHA256"},
              {1536, "SHA384"}};

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (EVP_PKEY) key = rsa_key (rows[i].bits);
    g_autoptr (GBytes) signature = chip_signs (key, rows[i].digest);
    g_autoptr (GBytes) again = chip_signs (key, rows[i].digest);

    g_assert_cmpuint (g_bytes_get_size (signature), ==, rows[i].bits / 8);
    g_assert_false (g_bytes_equal (signature, again));
    fast_active_authentication_verify (key, NULL, challenge, g_bytes_get_data (signature, NULL),
                                       g_bytes_get_size (signature), &error);
    g_assert_no_error (error);
  }
}

/* ISO/IEC 9796-2: the signer may give n − s for s. */
static void
test_other_root (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = rsa_key (1024);
  g_autoptr (GBytes) signature = chip_signs (key, "SHA256");
  g_autoptr (BIGNUM) value = BN_bin2bn (g_bytes_get_data (signature, NULL), 128, NULL);
  g_autoptr (BIGNUM) modulus = NULL;
  g_autoptr (BIGNUM) other = BN_new ();
  guint8 bytes[128];

  g_assert_cmpint (EVP_PKEY_get_bn_param (key, OSSL_PKEY_PARAM_RSA_N, &modulus), ==, 1);
  BN_sub (other, modulus, value);
  BN_bn2binpad (other, bytes, sizeof bytes);
  fast_active_authentication_verify (key, NULL, challenge, bytes, sizeof bytes, &error);
  g_assert_no_error (error);
}

/* Signs any representative, as a chip with faults would. */
static void
raw_sign (EVP_PKEY *key, const guint8 *block, guint8 *signature, gsize size)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_pkey (NULL, key, NULL);

  g_assert_cmpint (EVP_PKEY_decrypt_init (context), ==, 1);
  g_assert_cmpint (EVP_PKEY_CTX_set_rsa_padding (context, RSA_NO_PADDING), ==, 1);
  g_assert_cmpint (EVP_PKEY_decrypt (context, signature, &size, block, size), ==, 1);
}

static void
test_representatives (void)
{
  static const struct {
    guint8 first;
    guint8 last_but_one;
    guint8 last;
    const char *id;
  } rows[] = {
      {0x6A, 0x34, 0xCC, "aa-hash-wrong"}, {0x6A, 0x00, 0xBC, "aa-hash-wrong"},
      {0x6B, 0x34, 0xCC, "aa-recovery"},   {0x4A, 0x34, 0xCC, "aa-recovery"},
      {0x00, 0x34, 0xCC, "aa-recovery"},   {0x6A, 0x31, 0xCC, "aa-recovery"},
      {0x6A, 0x37, 0xCC, "aa-recovery"},   {0x6A, 0x34, 0xDC, "aa-recovery"},
  };
  g_autoptr (EVP_PKEY) key = rsa_key (1024);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    guint8 block[128] = {rows[i].first};
    guint8 signature[128];

    block[126] = rows[i].last_but_one;
    block[127] = rows[i].last;
    raw_sign (key, block, signature, sizeof block);
    g_assert_false (fast_active_authentication_verify (key, NULL, challenge, signature,
                                                       sizeof signature, &error));
    fast_test_assert_id (error, rows[i].id);
  }
}

static void
assert_refused (EVP_PKEY *key, const char *algorithm, const guint8 *signature, gsize size,
                const char *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (
      fast_active_authentication_verify (key, algorithm, challenge, signature, size, &error));
  fast_test_assert_id (error, id);
}

static void
test_refused (void)
{
  g_autoptr (EVP_PKEY) rsa = rsa_key (1024);
  g_autoptr (EVP_PKEY) small = rsa_key (512);
  g_autoptr (EVP_PKEY) ec = fast_key_generate ("P-256", FAST_KEY_PARAMETERS_NAMED, NULL);
  g_autoptr (EVP_PKEY) edwards = EVP_PKEY_Q_keygen (NULL, NULL, "ED25519");
  guint8 signature[128];

  memset (signature, 0xFF, sizeof signature);
  assert_refused (rsa, NULL, signature, 127, "aa-size");
  assert_refused (rsa, NULL, signature, 0, "aa-size");
  assert_refused (rsa, NULL, signature, 128, "aa-recovery");
  assert_refused (small, NULL, signature, 64, "aa-rsa-key");
  assert_refused (edwards, NULL, signature, 64, "aa-rsa-key");
  assert_refused (ec, NULL, signature, 64, "aa-no-algorithm");
  assert_refused (ec, "0.4.0.127.0.7.1.1.4.1.1", signature, 64, "aa-algorithm");
  assert_refused (ec, "0.4.0.127.0.7.1.1.4.1.6", signature, 64, "aa-algorithm");
  assert_refused (ec, ECDSA_SHA256, signature, 64, "aa-wrong");
  assert_refused (ec, ECDSA_SHA256, signature, 63, "aa-wrong");
  assert_refused (ec, ECDSA_SHA256, signature, 0, "aa-wrong");
}

static void
test_ecdsa (void)
{
  static const struct {
    const char *curve;
    FastKeyParameters parameters;
    const char *algorithm;
  } rows[] = {
      {"P-256", FAST_KEY_PARAMETERS_NAMED, "0.4.0.127.0.7.1.1.4.1.3"},
      {"brainpoolP256r1", FAST_KEY_PARAMETERS_EXPLICIT, "0.4.0.127.0.7.1.1.4.1.2"},
      {"brainpoolP384r1", FAST_KEY_PARAMETERS_NAMED, "0.4.0.127.0.7.1.1.4.1.4"},
      {"P-521", FAST_KEY_PARAMETERS_EXPLICIT, "0.4.0.127.0.7.1.1.4.1.5"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (EVP_PKEY) key = fast_key_generate (rows[i].curve, rows[i].parameters, &error);
    const char *digest = fast_active_authentication_digest (rows[i].algorithm, &error);
    g_autoptr (GBytes) signature = chip_signs (key, digest);
    const guint8 other[FAST_ACTIVE_CHALLENGE_SIZE] = {0};

    fast_active_authentication_verify (key, rows[i].algorithm, challenge,
                                       g_bytes_get_data (signature, NULL),
                                       g_bytes_get_size (signature), &error);
    g_assert_no_error (error);
    g_assert_false (fast_active_authentication_verify (key, rows[i].algorithm, other,
                                                       g_bytes_get_data (signature, NULL),
                                                       g_bytes_get_size (signature), &error));
    fast_test_assert_id (error, "aa-wrong");
  }
}

static void
test_chip_refuses (void)
{
  static const struct {
    guint8 p1;
    guint8 p2;
    gsize size;
    guint16 status;
  } rows[] = {{1, 0, 8, FAST_SW_P1P2},
              {0, 1, 8, FAST_SW_P1P2},
              {0, 0, 7, FAST_SW_LENGTH},
              {0, 0, 0, FAST_SW_LENGTH}};
  g_autoptr (EVP_PKEY) key = fast_key_generate ("P-256", FAST_KEY_PARAMETERS_NAMED, NULL);
  g_autoptr (GByteArray) out = g_byte_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    FastCommand command = fast_active_authentication_ask (challenge);

    command.p1 = rows[i].p1;
    command.p2 = rows[i].p2;
    command.size = rows[i].size;
    g_assert_cmphex (fast_active_authentication_answer (key, "SHA256", NULL, &command, out, &error),
                     ==, rows[i].status);
    fast_test_assert_id (error, "aa-command");
  }
  g_assert_cmpuint (out->len, ==, 0);
}

/* The specimen's EF.DG15 is a key that active authentication can use. */
static void
test_specimen (void)
{
  g_autofree char *path = fast_test_data ("emrtd/bsi2008/Datagroup15.bin");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = path == NULL ? NULL : fast_bytes_read_file (path, 65536, NULL);
  g_autoptr (EVP_PKEY) key = NULL;
  FastReader reader;
  FastTlv group;
  const guint8 *at;
  guint8 signature[512] = {0};

  if (file == NULL) {
    g_test_skip ("no data folder");
    return;
  }
  reader = fast_reader_from_bytes (file, "EF.DG15");
  g_assert_true (fast_tlv_expect (&reader, 0x6F, &group, &error));
  at = group.value;
  key = d2i_PUBKEY (NULL, &at, (long)group.size);
  g_assert_nonnull (key);
  g_assert_cmpint (EVP_PKEY_get_size (key), <=, sizeof signature);
  signature[0] = 1;
  g_assert_false (fast_active_authentication_verify (key, ECDSA_SHA256, challenge, signature,
                                                     (gsize)EVP_PKEY_get_size (key), &error));
  g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/aa/recording", test_recording);
  g_test_add_func ("/apdu/aa/rsa", test_rsa);
  g_test_add_func ("/apdu/aa/other-root", test_other_root);
  g_test_add_func ("/apdu/aa/representatives", test_representatives);
  g_test_add_func ("/apdu/aa/refused", test_refused);
  g_test_add_func ("/apdu/aa/ecdsa", test_ecdsa);
  g_test_add_func ("/apdu/aa/chip-refuses", test_chip_refuses);
  g_test_add_func ("/apdu/aa/specimen", test_specimen);
  return g_test_run ();
}
