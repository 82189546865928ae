/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/key.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>

#include "record/base/durable.h"
#include "record/base/error.h"
#include "record/keys/crypto.h"

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

static gboolean
check_private (int fd, const char *path, GError **error)
{
  struct stat status;

  if (fstat (fd, &status) != 0)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "key-unreadable",
                      "path=%s, why=%s", path, g_strerror (errno));
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "key-open-to-others",
                      "path=%s, mode=%04o", path, (guint)status.st_mode & 07777);
  return TRUE;
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
 * @uri: a path, or a `file:` URI, of a private key in PEM (PKCS#8)
 * @error: return location for an error
 *
 * A file that others than its owner may read is refused: a key that could be copied is no key.
 *
 * Returns: (transfer full): the key; FAST_KEY_ERROR_ABSENT, FAST_KEY_ERROR_CRYPTO
 */
EVP_PKEY *
fast_key_load (const char *uri, GError **error)
{
  const char *path = path_of_uri (uri, error);
  g_autofd int fd = -1;

  if (path == NULL)
    return NULL;
  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "key-unreadable",
                           "path=%s, why=%s", path, g_strerror (errno));
  if (!check_private (fd, path, error))
    return NULL;
  return read_key (fd, path, error);
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
  g_autoptr (PKCS8_PRIV_KEY_INFO) info = EVP_PKEY2PKCS8 (key);
  guint8 *der = NULL;
  int size = info == NULL ? -1 : i2d_PKCS8_PRIV_KEY_INFO (info, &der);
  FastSecret *secret;

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
