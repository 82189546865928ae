/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "record/base/durable.h"
#include "record/base/error.h"
#include "record/keys/crypto.h"

#define FILE_LIMIT (1024 * 1024)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CERTIFICATEPOLICIES, CERTIFICATEPOLICIES_free)

static gboolean
add_file (GPtrArray *found, const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = fast_bytes_read_file (path, FILE_LIMIT, error);
  g_autoptr (BIO) in = NULL;
  const guint before = found->len;
  X509 *certificate;
  gsize size;
  gconstpointer data;

  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &size);
  in = BIO_new_mem_buf (data, (int)size);
  while ((certificate = PEM_read_bio_X509 (in, NULL, NULL, NULL)) != NULL)
    g_ptr_array_add (found, certificate);
  if (found->len == before && (certificate = fast_certificate_parse (bytes, NULL)) != NULL)
    g_ptr_array_add (found, certificate);
  ERR_clear_error ();
  return found->len > before || fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT,
                                           "certificate-malformed", "path=%s", path);
}

/**
 * fast_certificates_load:
 * @paths: files, each with one or more certificates in PEM, or one in DER
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type X509): all of them, in order, at least one a file
 */
GPtrArray *
fast_certificates_load (const char *const *paths, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free);

  for (guint i = 0; paths[i] != NULL; i++)
    if (!add_file (found, paths[i], error))
      return NULL;
  return g_steal_pointer (&found);
}

/**
 * fast_certificate_load:
 * @path: a file with a certificate in PEM or DER; of several the first counts
 * @error: return location for an error
 *
 * Returns: (transfer full): the certificate
 */
X509 *
fast_certificate_load (const char *path, GError **error)
{
  const char *paths[] = {path, NULL};
  g_autoptr (GPtrArray) found = fast_certificates_load (paths, error);
  X509 *first;

  if (found == NULL)
    return NULL;
  first = found->pdata[0];
  X509_up_ref (first);
  return first;
}

/**
 * fast_certificate_parse:
 * @der: a certificate in DER and nothing after it
 * @error: return location for an error
 *
 * Returns: (transfer full): the certificate
 */
X509 *
fast_certificate_parse (GBytes *der, GError **error)
{
  gsize size;
  const guint8 *start = g_bytes_get_data (der, &size);
  const guint8 *at = start;
  g_autoptr (X509) certificate = size == 0 ? NULL : d2i_X509 (NULL, &at, (long)size);

  if (certificate == NULL)
    return fast_crypto_fail_null (error, "d2i_X509");
  if (at != start + size)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "trailing-bytes",
                           "what=%s, left=%" G_GSIZE_FORMAT, "certificate",
                           (gsize)(start + size - at));
  return g_steal_pointer (&certificate);
}

/**
 * fast_certificate_save:
 * @certificate: a certificate
 * @path: where to; replaced durably, in PEM, mode 0644
 * @error: return location for an error
 *
 * Returns: whether it is on stable storage
 */
gboolean
fast_certificate_save (X509 *certificate, const char *path, GError **error)
{
  g_autoptr (BIO) out = BIO_new (BIO_s_mem ());
  g_autoptr (GBytes) bytes = NULL;
  char *data;
  long size;

  if (PEM_write_bio_X509 (out, certificate) != 1)
    return fast_crypto_fail (error, "PEM_write_bio_X509");
  size = BIO_get_mem_data (out, &data);
  bytes = g_bytes_new (data, (gsize)size);
  return fast_durable_replace (path, bytes, 0644, FAST_POINT ("certificate-save"), error);
}

/**
 * fast_certificate_der:
 * @certificate: a certificate
 * @error: return location for an error
 *
 * Returns: (transfer full): its bytes
 */
GBytes *
fast_certificate_der (X509 *certificate, GError **error)
{
  guint8 *der = NULL;
  int size = i2d_X509 (certificate, &der);

  return fast_crypto_take_der (der, size, error);
}

/**
 * fast_certificate_digest:
 * @certificate: a certificate
 *
 * Returns: (transfer full): lowercase hex SHA-256 of its bytes
 */
char *
fast_certificate_digest (X509 *certificate)
{
  g_autoptr (GBytes) der = fast_certificate_der (certificate, NULL);

  return der == NULL ? g_strdup ("") : fast_sha256_hex (der);
}

/**
 * fast_certificate_name:
 * @certificate: a certificate
 *
 * Returns: (transfer full): its subject on one line, for people
 */
char *
fast_certificate_name (X509 *certificate)
{
  g_autoptr (BIO) out = BIO_new (BIO_s_mem ());
  char *data;
  long size;

  X509_NAME_print_ex (out, X509_get_subject_name (certificate), 0,
                      XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
  size = BIO_get_mem_data (out, &data);
  return g_strndup (data, size > 0 ? (gsize)size : 0);
}

/**
 * fast_certificate_get_name:
 * @certificate: a certificate
 * @nid: an attribute of its subject, as in `NID_commonName`
 *
 * Returns: (transfer full) (nullable): its text; %NULL unless it is there exactly once
 */
char *
fast_certificate_get_name (X509 *certificate, int nid)
{
  const X509_NAME *name = X509_get_subject_name (certificate);
  int at = X509_NAME_get_index_by_NID (name, nid, -1);
  guint8 *text = NULL;
  char *found;
  int size;

  if (at < 0 || X509_NAME_get_index_by_NID (name, nid, at) >= 0)
    return NULL;
  size = ASN1_STRING_to_UTF8 (&text, X509_NAME_ENTRY_get_data (X509_NAME_get_entry (name, at)));
  if (size < 0)
    return NULL;
  found = strlen ((char *)text) == (gsize)size ? g_strdup ((char *)text) : NULL;
  OPENSSL_free (text);
  return found;
}

/**
 * fast_certificate_serial:
 * @certificate: a certificate
 *
 * Returns: (transfer full): its serial number, uppercase hex, an even number of digits. Of a seal
 *   signer this is the certificate reference of the seal's header (ICAO 9303-13; TR-03137-1, 5.3.1)
 */
char *
fast_certificate_serial (X509 *certificate)
{
  g_autoptr (BIGNUM) number = ASN1_INTEGER_to_BN (X509_get0_serialNumber (certificate), NULL);
  char *hex = BN_bn2hex (number);
  char *copy = g_strdup (hex);

  OPENSSL_free (hex);
  return copy;
}

/**
 * fast_certificate_equal:
 * @left: a certificate
 * @right: a certificate
 *
 * Returns: whether they are the same, byte for byte
 */
gboolean
fast_certificate_equal (X509 *left, X509 *right)
{
  g_autoptr (GBytes) a = fast_certificate_der (left, NULL);
  g_autoptr (GBytes) b = fast_certificate_der (right, NULL);

  return a != NULL && b != NULL && g_bytes_equal (a, b);
}

/**
 * fast_certificate_is_training:
 * @certificate: a certificate
 *
 * Returns: whether it carries the training policy
 */
gboolean
fast_certificate_is_training (X509 *certificate)
{
  g_autoptr (CERTIFICATEPOLICIES) policies =
      X509_get_ext_d2i (certificate, NID_certificate_policies, NULL, NULL);
  g_autoptr (ASN1_OBJECT) training = OBJ_txt2obj (FAST_OID_TRAINING, 1);

  for (int i = 0; i < sk_POLICYINFO_num (policies); i++)
    if (OBJ_cmp (sk_POLICYINFO_value (policies, i)->policyid, training) == 0)
      return TRUE;
  return FALSE;
}

/**
 * fast_certificate_check_key:
 * @certificate: a certificate
 * @key: a private key
 * @error: return location for an error
 *
 * Returns: whether they belong together; FAST_KEY_ERROR_ABSENT otherwise
 */
gboolean
fast_certificate_check_key (X509 *certificate, EVP_PKEY *key, GError **error)
{
  g_autofree char *name = NULL;

  if (EVP_PKEY_eq (X509_get0_pubkey (certificate), key) == 1)
    return TRUE;
  name = fast_certificate_name (certificate);
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "certificate-other-key",
                    "subject=%s", name);
}

/**
 * fast_certificate_time:
 * @time: a time as X.509 and RFC 3161 write it
 * @seconds: (out): since 1970
 *
 * Returns: whether it is one
 */
gboolean
fast_certificate_time (const ASN1_TIME *time, gint64 *seconds)
{
  struct tm parts;
  g_autoptr (GDateTime) found = NULL;

  if (ASN1_TIME_to_tm (time, &parts) == 1)
    found = g_date_time_new_utc (parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                                 parts.tm_hour, parts.tm_min, parts.tm_sec);
  *seconds = found == NULL ? 0 : g_date_time_to_unix (found);
  return found != NULL;
}

/**
 * fast_certificate_validity:
 * @certificate: a certificate
 * @not_before: (out): the first second it is valid, since 1970
 * @not_after: (out): the last
 */
void
fast_certificate_validity (X509 *certificate, gint64 *not_before, gint64 *not_after)
{
  fast_certificate_time (X509_get0_notBefore (certificate), not_before);
  fast_certificate_time (X509_get0_notAfter (certificate), not_after);
}
