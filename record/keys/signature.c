/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/signature.h"

#include <openssl/err.h>

#include "record/base/error.h"
#include "record/keys/crypto.h"

static GBytes *
sign_der (EVP_PKEY *key, const char *digest, GBytes *message, GError **error)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  g_autoptr (GByteArray) signature = g_byte_array_new ();
  gsize n;
  gsize size = (gsize)EVP_PKEY_get_size (key);
  const guint8 *data = g_bytes_get_data (message, &n);

  g_byte_array_set_size (signature, (guint)size);
  if (EVP_DigestSignInit_ex (context, NULL, digest, NULL, NULL, key, NULL) != 1 ||
      EVP_DigestSign (context, signature->data, &size, data, n) != 1)
    return fast_crypto_fail_null (error, "EVP_DigestSign");
  g_byte_array_set_size (signature, (guint)size);
  return g_byte_array_free_to_bytes (g_steal_pointer (&signature));
}

/* The size in bytes of r and of s: that of the curve's order. */
static int
number_size (EVP_PKEY *key)
{
  return EVP_PKEY_is_a (key, "EC") ? (EVP_PKEY_get_bits (key) + 7) / 8 : 0;
}

static gboolean
check_key (EVP_PKEY *key, GError **error)
{
  return number_size (key) > 0 ||
         fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO, "signature-not-ecdsa", NULL);
}

/**
 * fast_signature_raw_sign:
 * @key: an EC private key
 * @message: what is signed, over SHA-256
 * @error: return location for an error
 *
 * Returns: (transfer full): r and s, each padded to the size of the curve's order (TR-03111, 5.2.1:
 *   the plain format, as a visible digital seal carries it)
 */
GBytes *
fast_signature_raw_sign (EVP_PKEY *key, GBytes *message, GError **error)
{
  return fast_signature_raw_sign_over (key, "SHA256", message, error);
}

/**
 * fast_signature_raw_sign_over:
 * @key: an EC private key
 * @digest: OpenSSL's name of the hash, as in `SHA384`
 * @message: what is signed
 * @error: return location for an error
 *
 * Returns: (transfer full): r and s; see fast_signature_raw_sign()
 */
GBytes *
fast_signature_raw_sign_over (EVP_PKEY *key, const char *digest, GBytes *message, GError **error)
{
  const int half = number_size (key);
  g_autoptr (GBytes) der = NULL;
  g_autoptr (ECDSA_SIG) numbers = NULL;
  g_autofree guint8 *raw = g_malloc0 (2 * (gsize)half + 1);
  const guint8 *at;
  gsize size;

  if (!check_key (key, error))
    return NULL;
  der = sign_der (key, digest, message, error);
  if (der == NULL)
    return NULL;
  at = g_bytes_get_data (der, &size);
  numbers = d2i_ECDSA_SIG (NULL, &at, (long)size);
  if (numbers == NULL || BN_bn2binpad (ECDSA_SIG_get0_r (numbers), raw, half) != half ||
      BN_bn2binpad (ECDSA_SIG_get0_s (numbers), raw + half, half) != half)
    return fast_crypto_fail_null (error, "d2i_ECDSA_SIG");
  return g_bytes_new (raw, 2 * (gsize)half);
}

static GBytes *
der_of_raw (const guint8 *raw, int half, GError **error)
{
  g_autoptr (ECDSA_SIG) numbers = ECDSA_SIG_new ();
  guint8 *der = NULL;
  int size;

  ECDSA_SIG_set0 (numbers, BN_bin2bn (raw, half, NULL), BN_bin2bn (raw + half, half, NULL));
  size = i2d_ECDSA_SIG (numbers, &der);
  return fast_crypto_take_der (der, size, error);
}

static gboolean
verify_der (EVP_PKEY *key, const char *digest, GBytes *message, GBytes *der)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  gsize size;
  gsize n;
  const guint8 *signature = g_bytes_get_data (der, &size);
  const guint8 *data = g_bytes_get_data (message, &n);

  return EVP_DigestVerifyInit_ex (context, NULL, digest, NULL, NULL, key, NULL) == 1 &&
         EVP_DigestVerify (context, signature, size, data, n) == 1;
}

/**
 * fast_signature_raw_verify:
 * @key: an EC public key, as in `X509_get0_pubkey (certificate)`
 * @message: what was signed
 * @signature: r and s; see fast_signature_raw_sign()
 * @error: return location for an error
 *
 * Returns: whether the signature is of this message by this key; FAST_KEY_ERROR_SIGNATURE otherwise
 */
gboolean
fast_signature_raw_verify (EVP_PKEY *key, GBytes *message, GBytes *signature, GError **error)
{
  return fast_signature_raw_verify_over (key, "SHA256", message, signature, error);
}

/**
 * fast_signature_raw_verify_over:
 * @key: an EC public key
 * @digest: OpenSSL's name of the hash
 * @message: what was signed
 * @signature: r and s
 * @error: return location for an error
 *
 * Returns: whether the signature is of this message by this key; FAST_KEY_ERROR_SIGNATURE otherwise
 */
gboolean
fast_signature_raw_verify_over (EVP_PKEY *key, const char *digest, GBytes *message,
                                GBytes *signature, GError **error)
{
  const int half = number_size (key);
  g_autoptr (GBytes) der = NULL;

  if (!check_key (key, error))
    return FALSE;
  if (g_bytes_get_size (signature) != 2 * (gsize)half)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_SIGNATURE, "signature-size",
                      "found=%" G_GSIZE_FORMAT ", wanted=%d", g_bytes_get_size (signature),
                      2 * half);
  der = der_of_raw (g_bytes_get_data (signature, NULL), half, error);
  if (der == NULL)
    return FALSE;
  ERR_set_mark ();
  if (!verify_der (key, digest, message, der)) {
    ERR_pop_to_mark ();
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_SIGNATURE, "signature-wrong", NULL);
  }
  ERR_pop_to_mark ();
  return TRUE;
}
