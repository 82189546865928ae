/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/cv-certificate.h"

#include "record/base/durable.h"
#include "record/base/error.h"

/* TR-03110-3, D: no length has more than three bytes. */
#define SIZE_MAX_OF_FILE 65539

struct _FastCvCertificate {
  GBytes *bytes;
  GBytes *signed_part;
  GBytes *signature;
  FastCvBody *body;
};

static void
certificate_clear (gpointer data)
{
  FastCvCertificate *certificate = data;

  g_clear_pointer (&certificate->bytes, g_bytes_unref);
  g_clear_pointer (&certificate->signed_part, g_bytes_unref);
  g_clear_pointer (&certificate->signature, g_bytes_unref);
  g_clear_pointer (&certificate->body, fast_cv_body_free);
}

/**
 * fast_cv_certificate_ref:
 * @certificate: a certificate
 *
 * Returns: (transfer full): the same
 */
FastCvCertificate *
fast_cv_certificate_ref (FastCvCertificate *certificate)
{
  return g_atomic_rc_box_acquire (certificate);
}

/**
 * fast_cv_certificate_unref:
 * @certificate: (transfer full): a certificate
 */
void
fast_cv_certificate_unref (FastCvCertificate *certificate)
{
  g_atomic_rc_box_release_full (certificate, certificate_clear);
}

static GBytes *
wrap (gconstpointer parts, gsize size)
{
  GByteArray *out = g_byte_array_new ();

  fast_tlv_append (out, FAST_CV_TAG_CERTIFICATE, parts, size);
  return g_byte_array_free_to_bytes (out);
}

/**
 * fast_cv_certificate_parse_parts:
 * @data: body and signature without the template around them, `7F4E` and `5F37`: the data of
 *   PSO:VERIFY CERTIFICATE (TR-03110-3, B.14.5)
 * @size: their size in bytes
 * @error: return location for an error
 *
 * Returns: (transfer full): the certificate; FAST_INPUT_ERROR
 */
FastCvCertificate *
fast_cv_certificate_parse_parts (gconstpointer data, gsize size, GError **error)
{
  g_autoptr (FastCvCertificate) certificate = g_atomic_rc_box_new0 (FastCvCertificate);
  FastReader reader = fast_reader_new (data, size, "CV certificate");
  FastTlv body;
  FastTlv signature;

  if (!fast_tlv_expect_der (&reader, FAST_CV_TAG_BODY, &body, error) ||
      !fast_tlv_expect_der (&reader, FAST_CV_TAG_SIGNATURE, &signature, error) ||
      !fast_reader_end (&reader, error))
    return NULL;
  certificate->body = fast_cv_body_parse (&body, FAST_CV_BODY_CERTIFICATE, error);
  if (certificate->body == NULL)
    return NULL;
  certificate->bytes = wrap (data, size);
  certificate->signed_part = g_bytes_new (body.start, body.total);
  certificate->signature = fast_tlv_dup_value (&signature);
  return g_steal_pointer (&certificate);
}

/**
 * fast_cv_certificate_parse:
 * @data: a certificate, `7F21`
 * @size: its size in bytes
 * @error: return location for an error
 *
 * Returns: (transfer full): the certificate; FAST_INPUT_ERROR when it is not exactly as TR-03110-3,
 *   C.1 has it, FAST_INPUT_ERROR_UNSUPPORTED for an algorithm or a curve that is not known
 */
FastCvCertificate *
fast_cv_certificate_parse (gconstpointer data, gsize size, GError **error)
{
  FastReader reader = fast_reader_new (data, size, "CV certificate");
  FastTlv object;

  if (!fast_tlv_expect_der (&reader, FAST_CV_TAG_CERTIFICATE, &object, error) ||
      !fast_reader_end (&reader, error))
    return NULL;
  return fast_cv_certificate_parse_parts (object.value, object.size, error);
}

/**
 * fast_cv_certificate_issue:
 * @body: what it says
 * @parameters: whether the key comes with its domain parameters: always in a self-signed
 *   certificate of a CVCA, possibly in its link certificates, never for DV and terminal
 * (TR-03110-3, D.3.3)
 * @issuer: the issuer's private key
 * @algorithm: what @issuer signs with
 * @error: return location for an error
 *
 * Returns: (transfer full): the certificate
 */
FastCvCertificate *
fast_cv_certificate_issue (const FastCvBody *body, gboolean parameters, EVP_PKEY *issuer,
                           FastCvAlgorithm algorithm, GError **error)
{
  g_autoptr (GBytes) signed_part =
      fast_cv_body_build (body, FAST_CV_BODY_CERTIFICATE, parameters, error);
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GByteArray) parts = g_byte_array_new ();

  if (signed_part == NULL)
    return NULL;
  signature = fast_cv_sign (issuer, algorithm, signed_part, error);
  if (signature == NULL)
    return NULL;
  fast_append_bytes (parts, signed_part);
  fast_tlv_append_bytes (parts, FAST_CV_TAG_SIGNATURE, signature);
  return fast_cv_certificate_parse_parts (parts->data, parts->len, error);
}

/**
 * fast_cv_certificate_load:
 * @path: a file that holds one certificate in DER
 * @error: return location for an error
 *
 * Returns: (transfer full): the certificate
 */
FastCvCertificate *
fast_cv_certificate_load (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = fast_bytes_read_file (path, SIZE_MAX_OF_FILE, error);
  FastCvCertificate *certificate;
  gsize size;
  gconstpointer data;

  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &size);
  certificate = fast_cv_certificate_parse (data, size, error);
  if (certificate == NULL)
    fast_error_prefix (error, "cv-file", "path=%s", path);
  return certificate;
}

/**
 * fast_cv_certificate_save:
 * @certificate: a certificate
 * @path: where to; replaced durably
 * @error: return location for an error
 *
 * Returns: whether it is on stable storage, in DER
 */
gboolean
fast_cv_certificate_save (FastCvCertificate *certificate, const char *path, GError **error)
{
  return fast_durable_replace (path, certificate->bytes, 0644, FAST_POINT ("cv-certificate-save"),
                               error);
}

/**
 * fast_cv_certificate_get_body:
 * @certificate: a certificate
 *
 * Returns: (transfer none): what it says
 */
const FastCvBody *
fast_cv_certificate_get_body (const FastCvCertificate *certificate)
{
  return certificate->body;
}

/**
 * fast_cv_certificate_get_bytes:
 * @certificate: a certificate
 *
 * Returns: (transfer none): it in DER, `7F21`
 */
GBytes *
fast_cv_certificate_get_bytes (const FastCvCertificate *certificate)
{
  return certificate->bytes;
}

/**
 * fast_cv_certificate_dup_parts:
 * @certificate: a certificate
 *
 * Returns: (transfer full): body and signature, the data of PSO:VERIFY CERTIFICATE
 */
GBytes *
fast_cv_certificate_dup_parts (const FastCvCertificate *certificate)
{
  GByteArray *out = g_byte_array_new ();

  fast_append_bytes (out, certificate->signed_part);
  fast_tlv_append_bytes (out, FAST_CV_TAG_SIGNATURE, certificate->signature);
  return g_byte_array_free_to_bytes (out);
}

/**
 * fast_cv_certificate_verify:
 * @certificate: a certificate
 * @issuer: the issuer's key, with domain parameters
 * @error: return location for an error
 *
 * The signature only; whether it may be believed is what #FastCvChain says.
 *
 * Returns: whether @issuer signed it; FAST_KEY_ERROR_SIGNATURE otherwise
 */
gboolean
fast_cv_certificate_verify (const FastCvCertificate *certificate, const FastCvKey *issuer,
                            GError **error)
{
  g_autoptr (GError) why = NULL;

  if (fast_cv_key_verify (issuer, certificate->signed_part, certificate->signature, &why))
    return TRUE;
  return fast_fail_from (error, g_error_copy (why), why->domain, why->code, "cv-signature",
                         "holder=%s, authority=%s", certificate->body->holder,
                         certificate->body->authority);
}
