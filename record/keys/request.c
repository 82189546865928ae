/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/request.h"

#include <openssl/conf.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "record/base/durable.h"
#include "record/base/error.h"
#include "record/keys/crypto.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CONF, NCONF_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_REQ, X509_REQ_free)

/* What the key is for; identifiers, alternative names and the usage period are the issuer's. */
static gboolean
add_usage (X509_REQ *request, const char *usage, GError **error)
{
  g_autofree char *text = g_strconcat ("[extensions]\n", usage, NULL);
  g_autoptr (CONF) conf = NCONF_new (NULL);
  g_autoptr (BIO) in = BIO_new_mem_buf (text, -1);
  X509V3_CTX context;
  long line;

  X509V3_set_ctx (&context, NULL, NULL, request, NULL, 0);
  X509V3_set_nconf (&context, conf);
  return (NCONF_load_bio (conf, in, &line) > 0 &&
          X509V3_EXT_REQ_add_nconf (conf, &context, "extensions", request) == 1) ||
         fast_crypto_fail (error, "X509V3_EXT_REQ_add_nconf");
}

static GBytes *
encode (X509_REQ *request, GError **error)
{
  guint8 *der = NULL;
  int size = i2d_X509_REQ (request, &der);

  return fast_crypto_take_der (der, size, error);
}

/**
 * fast_request_make:
 * @profile: what certificate is asked for
 * @subject: for whom
 * @key: the private key, which may be in a token
 * @error: return location for an error
 *
 * PKCS#10 (RFC 2986), signed with SHA-256. The public key is written as the profile wants it: a
 * document signer's with its curve in numbers (ICAO 9303-12, 4.1.6.3).
 *
 * Returns: (transfer full): the request, DER; FAST_INPUT_ERROR_INVALID, FAST_KEY_ERROR_CRYPTO
 */
GBytes *
fast_request_make (const FastCertificateProfile *profile, const FastCertificateSubject *subject,
                   EVP_PKEY *key, GError **error)
{
  g_autoptr (X509_REQ) request = X509_REQ_new ();
  g_autoptr (X509_NAME) name = fast_certificate_subject_name (subject, profile, error);
  g_autoptr (EVP_PKEY) half = NULL;

  if (name == NULL)
    return NULL;
  half = fast_key_dup_public (key, profile->parameters, error);
  if (half == NULL)
    return NULL;
  if (X509_REQ_set_version (request, X509_REQ_VERSION_1) != 1 ||
      X509_REQ_set_subject_name (request, name) != 1 || X509_REQ_set_pubkey (request, half) != 1)
    return fast_crypto_fail_null (error, "X509_REQ");
  if (!add_usage (request, profile->usage, error))
    return NULL;
  if (X509_REQ_sign (request, key, EVP_sha256 ()) <= 0)
    return fast_crypto_fail_null (error, "X509_REQ_sign");
  return encode (request, error);
}

/**
 * fast_request_save:
 * @request: a request, DER
 * @path: where to; replaced durably, in PEM, mode 0644
 * @error: return location for an error
 *
 * Returns: whether it is on stable storage
 */
gboolean
fast_request_save (GBytes *request, const char *path, GError **error)
{
  g_autoptr (BIO) out = BIO_new (BIO_s_mem ());
  g_autoptr (GBytes) bytes = NULL;
  char *data;
  long size;

  if (PEM_write_bio (out, PEM_STRING_X509_REQ, "", g_bytes_get_data (request, NULL),
                     (long)g_bytes_get_size (request)) <= 0)
    return fast_crypto_fail (error, "PEM_write_bio");
  size = BIO_get_mem_data (out, &data);
  bytes = g_bytes_new (data, (gsize)size);
  return fast_durable_replace (path, bytes, 0644, FAST_POINT ("request-save"), error);
}
