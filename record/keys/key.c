/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <string.h>

#include "record/base/durable.h"
#include "record/base/error.h"
#include "record/keys/crypto.h"
#include "record/keys/private-file.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)

/**
 * fast_key_generate:
 * @curve: as in `P-256` or `brainpoolP256r1`
 * @parameters: how its public key names the curve
 * @error: return location for an error
 *
 * Returns: (transfer full): a new key for ECDSA or ECDH
 */
EVP_PKEY *
fast_key_generate (const char *curve, FastKeyParameters parameters, GError **error)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  const char *encoding = parameters == FAST_KEY_PARAMETERS_EXPLICIT ? OSSL_PKEY_EC_ENCODING_EXPLICIT
                                                                    : OSSL_PKEY_EC_ENCODING_GROUP;
  const OSSL_PARAM settings[] = {
      OSSL_PARAM_construct_utf8_string (OSSL_PKEY_PARAM_GROUP_NAME, (char *)curve, 0),
      OSSL_PARAM_construct_utf8_string (OSSL_PKEY_PARAM_EC_ENCODING, (char *)encoding, 0),
      OSSL_PARAM_construct_end (),
  };
  EVP_PKEY *key = NULL;

  if (context == NULL || EVP_PKEY_keygen_init (context) <= 0 ||
      EVP_PKEY_CTX_set_params (context, settings) <= 0 || EVP_PKEY_generate (context, &key) <= 0)
    return fast_crypto_fail_null (error, "EVP_PKEY_generate");
  return key;
}

static const char *
path_of_uri (const char *uri, GError **error)
{
  const char *scheme = g_uri_peek_scheme (uri);

  if (scheme == NULL)
    return uri;
  if (strcmp (scheme, "file") != 0)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "key-scheme",
                           "scheme=%s", scheme);
  return uri + strlen (g_str_has_prefix (uri, "file://") ? "file://" : "file:");
}

/* No passphrase: without this OpenSSL would ask at the terminal. */
static int
no_passphrase (char *buffer G_GNUC_UNUSED, int size G_GNUC_UNUSED, int writing G_GNUC_UNUSED,
               void *data G_GNUC_UNUSED)
{
  return -1;
}

/* Straight from the descriptor: no buffer of ours ever holds the key in text. */
static EVP_PKEY *
read_key (int fd, const char *path, GError **error)
{
  g_autoptr (BIO) in = BIO_new_fd (fd, BIO_NOCLOSE);
  EVP_PKEY *key = PEM_read_bio_PrivateKey (in, NULL, no_passphrase, NULL);

  if (key == NULL)
    fast_crypto_fail (error, "PEM_read_bio_PrivateKey");
  if (key == NULL)
    fast_error_prefix (error, "key-malformed", "path=%s", path);
  return key;
}

/**
 * fast_key_load:
 * @uri: a path, or a `file:` URI, of a private key in PEM (PKCS#8), or a `pkcs11:` URI; see
 *   record/keys/pkcs11.h
 * @error: return location for an error
 *
 * A file that others than its owner may read is refused: a key that could be copied is no key.
 *
 * Returns: (transfer full): the key; FAST_KEY_ERROR_ABSENT, FAST_KEY_ERROR_CRYPTO, and for a token
 *   those of fast_pkcs11_load()
 */
EVP_PKEY *
fast_key_load (const char *uri, GError **error)
{
  return fast_key_load_asking (uri, NULL, NULL, error);
}

/**
 * fast_key_load_asking:
 * @uri: as for fast_key_load()
 * @ask: (nullable): asks for the PIN of a token whose URI names no file of it
 * @data: for @ask
 * @error: return location for an error
 *
 * Returns: (transfer full): the key; see fast_key_load()
 */
EVP_PKEY *
fast_key_load_asking (const char *uri, FastPinFunc ask, gpointer data, GError **error)
{
  const char *path;
  g_autofd int fd = -1;

  if (fast_key_is_token (uri))
    return fast_pkcs11_load (uri, ask, data, error);
  path = path_of_uri (uri, error);
  fd = path == NULL ? -1 : fast_private_file_open (path, error);
  return fd < 0 ? NULL : read_key (fd, path, error);
}

/**
 * fast_key_is_token:
 * @uri: as for fast_key_load()
 *
 * Returns: whether the key is in a token and not in a file
 */
gboolean
fast_key_is_token (const char *uri)
{
  return g_str_has_prefix (uri, "pkcs11:");
}

/**
 * fast_key_dup_public:
 * @key: a key, which may be in a token
 * @parameters: how the copy names its curve
 * @error: return location for an error
 *
 * What certificates and requests take: a token has its own opinion of both.
 *
 * Returns: (transfer full): its public key, the point uncompressed
 */
EVP_PKEY *
fast_key_dup_public (EVP_PKEY *key, FastKeyParameters parameters, GError **error)
{
  const char *encoding = parameters == FAST_KEY_PARAMETERS_EXPLICIT ? OSSL_PKEY_EC_ENCODING_EXPLICIT
                                                                    : OSSL_PKEY_EC_ENCODING_GROUP;
  guint8 *der = NULL;
  int size = i2d_PUBKEY (key, &der);
  const guint8 *at = der;
  g_autoptr (EVP_PKEY) copy = size <= 0 ? NULL : d2i_PUBKEY (NULL, &at, size);

  OPENSSL_free (der);
  if (copy == NULL)
    return fast_crypto_fail_null (error, "d2i_PUBKEY");
  if (EVP_PKEY_is_a (copy, "EC") &&
      (EVP_PKEY_set_utf8_string_param (copy, OSSL_PKEY_PARAM_EC_ENCODING, encoding) != 1 ||
       EVP_PKEY_set_utf8_string_param (copy, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                       OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_UNCOMPRESSED) != 1))
    return fast_crypto_fail_null (error, "EVP_PKEY_set_utf8_string_param");
  return g_steal_pointer (&copy);
}

/* A token's key has no provider, and what stands for its private part is a dummy. */
static gboolean
check_exportable (EVP_PKEY *key, GError **error)
{
  return EVP_PKEY_get0_provider (key) != NULL ||
         fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO, "key-in-token", NULL);
}

/**
 * fast_key_save:
 * @key: a private key
 * @path: where to; replaced durably, mode 0600
 * @error: return location for an error
 *
 * Returns: whether the key is on stable storage, in PEM (PKCS#8)
 */
gboolean
fast_key_save (EVP_PKEY *key, const char *path, GError **error)
{
  g_autoptr (BIO) out = BIO_new (BIO_s_mem ());
  g_autoptr (GBytes) bytes = NULL;
  char *data;
  long size;
  gboolean saved;

  if (!check_exportable (key, error))
    return FALSE;
  if (PEM_write_bio_PKCS8PrivateKey (out, key, NULL, NULL, 0, NULL, NULL) != 1)
    return fast_crypto_fail (error, "PEM_write_bio_PKCS8PrivateKey");
  size = BIO_get_mem_data (out, &data);
  bytes = g_bytes_new_static (data, (gsize)size);
  saved = fast_durable_replace (path, bytes, 0600, FAST_POINT ("key-save"), error);
  fast_wipe (data, (gsize)size);
  return saved;
}

/**
 * fast_key_export:
 * @key: a private key
 * @error: return location for an error
 *
 * Returns: (transfer full): it as PKCS#8 in DER, for a vault
 */
FastSecret *
fast_key_export (EVP_PKEY *key, GError **error)
{
  g_autoptr (PKCS8_PRIV_KEY_INFO) info = NULL;
  guint8 *der = NULL;
  FastSecret *secret;
  int size;

  if (!check_exportable (key, error))
    return NULL;
  info = EVP_PKEY2PKCS8 (key);
  size = info == NULL ? -1 : i2d_PKCS8_PRIV_KEY_INFO (info, &der);
  if (size <= 0)
    return fast_crypto_fail_null (error, "i2d_PKCS8_PRIV_KEY_INFO");
  secret = fast_secret_new_from (der, (gsize)size);
  OPENSSL_clear_free (der, (gsize)size);
  return secret;
}

/**
 * fast_key_import:
 * @pkcs8: a private key as PKCS#8 in DER
 * @error: return location for an error
 *
 * Returns: (transfer full): the key
 */
EVP_PKEY *
fast_key_import (FastSecret *pkcs8, GError **error)
{
  const guint8 *at = fast_secret_data (pkcs8);
  g_autoptr (PKCS8_PRIV_KEY_INFO) info =
      d2i_PKCS8_PRIV_KEY_INFO (NULL, &at, (long)fast_secret_size (pkcs8));
  EVP_PKEY *key = info == NULL ? NULL : EVP_PKCS82PKEY (info);

  return key != NULL ? key : fast_crypto_fail_null (error, "d2i_PKCS8_PRIV_KEY_INFO");
}
