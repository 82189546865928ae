/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/cv-request.h"

#include "record/base/error.h"
#include "record/keys/cv-reference.h"

/* The outer part is NULL in a request that nobody vouches for. */
struct _FastCvRequest {
  GBytes *bytes;
  GBytes *inner;
  FastCvBody *body;
  char *signer;
  GBytes *outer_part;
  GBytes *outer_signature;
};

static void
request_clear (gpointer data)
{
  FastCvRequest *request = data;

  g_clear_pointer (&request->bytes, g_bytes_unref);
  g_clear_pointer (&request->inner, g_bytes_unref);
  g_clear_pointer (&request->body, fast_cv_body_free);
  g_free (request->signer);
  g_clear_pointer (&request->outer_part, g_bytes_unref);
  g_clear_pointer (&request->outer_signature, g_bytes_unref);
}

/**
 * fast_cv_request_ref:
 * @request: a request
 *
 * Returns: (transfer full): the same
 */
FastCvRequest *
fast_cv_request_ref (FastCvRequest *request)
{
  return g_atomic_rc_box_acquire (request);
}

/**
 * fast_cv_request_unref:
 * @request: (transfer full): a request
 */
void
fast_cv_request_unref (FastCvRequest *request)
{
  g_atomic_rc_box_release_full (request, request_clear);
}

static gboolean
parse_inner (FastCvRequest *request, const FastTlv *object, GError **error)
{
  FastReader reader = fast_tlv_open (object, "certificate request");
  g_autoptr (GBytes) signed_part = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GError) why = NULL;
  FastTlv body;
  FastTlv sign;

  if (!fast_tlv_expect_der (&reader, FAST_CV_TAG_BODY, &body, error) ||
      !fast_tlv_expect_der (&reader, FAST_CV_TAG_SIGNATURE, &sign, error) ||
      !fast_reader_end (&reader, error))
    return FALSE;
  request->inner = g_bytes_new (object->start, object->total);
  request->body = fast_cv_body_parse (&body, FAST_CV_BODY_REQUEST, error);
  if (request->body == NULL)
    return FALSE;
  signed_part = g_bytes_new (body.start, body.total);
  signature = fast_tlv_dup_value (&sign);
  if (fast_cv_key_verify (request->body->key, signed_part, signature, &why))
    return TRUE;
  return fast_fail_from (error, g_error_copy (why), why->domain, why->code, "cv-request-inner",
                         "holder=%s", request->body->holder);
}

/* TR-03110-3, C.2.6: the outer signature is over certificate and reference, tags included. */
static gboolean
parse_outer (FastCvRequest *request, FastReader *reader, const FastTlv *inner, GError **error)
{
  FastTlv signer;
  FastTlv signature;

  if (!fast_tlv_expect_der (reader, FAST_CV_TAG_AUTHORITY, &signer, error) ||
      !fast_tlv_expect_der (reader, FAST_CV_TAG_SIGNATURE, &signature, error) ||
      !fast_reader_end (reader, error))
    return FALSE;
  request->signer = fast_cv_reference_parse (signer.value, signer.size, error);
  request->outer_part = g_bytes_new (inner->start, inner->total + signer.total);
  request->outer_signature = fast_tlv_dup_value (&signature);
  return request->signer != NULL;
}

static gboolean
parse_authenticated (FastCvRequest *request, FastReader *reader, GError **error)
{
  FastReader inside;
  FastTlv outer;
  FastTlv inner;

  if (!fast_tlv_expect_der (reader, FAST_CV_TAG_AUTHENTICATION, &outer, error) ||
      !fast_reader_end (reader, error))
    return FALSE;
  inside = fast_tlv_open (&outer, "certificate request");
  return fast_tlv_expect_der (&inside, FAST_CV_TAG_CERTIFICATE, &inner, error) &&
         parse_inner (request, &inner, error) && parse_outer (request, &inside, &inner, error);
}

static gboolean
parse_plain (FastCvRequest *request, FastReader *reader, GError **error)
{
  FastTlv inner;

  return fast_tlv_expect_der (reader, FAST_CV_TAG_CERTIFICATE, &inner, error) &&
         fast_reader_end (reader, error) && parse_inner (request, &inner, error);
}

/**
 * fast_cv_request_parse:
 * @data: a request, `7F21` or, with an outer signature, `67`
 * @size: its size in bytes
 * @error: return location for an error
 *
 * Returns: (transfer full): the request; FAST_INPUT_ERROR, or FAST_KEY_ERROR_SIGNATURE when the key
 *   that it asks for did not sign it
 */
FastCvRequest *
fast_cv_request_parse (gconstpointer data, gsize size, GError **error)
{
  g_autoptr (FastCvRequest) request = g_atomic_rc_box_new0 (FastCvRequest);
  FastReader reader = fast_reader_new (data, size, "certificate request");
  const guint8 *bytes = data;
  const gboolean outer = size > 0 && bytes[0] == FAST_CV_TAG_AUTHENTICATION;

  if (!(outer ? parse_authenticated (request, &reader, error)
              : parse_plain (request, &reader, error)))
    return NULL;
  request->bytes = g_bytes_new (data, size);
  return g_steal_pointer (&request);
}

static GBytes *
nest (guint32 tag, GByteArray *parts)
{
  g_autoptr (GByteArray) inside = parts;
  GByteArray *out = g_byte_array_new ();

  fast_tlv_append_array (out, tag, inside);
  return g_byte_array_free_to_bytes (out);
}

static FastCvRequest *
parse_bytes (GBytes *bytes, GError **error)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  return fast_cv_request_parse (data, size, error);
}

/**
 * fast_cv_request_new:
 * @authority: (nullable): the reference of the key that should sign the certificate
 * @holder: the reference of the key that it is asked for
 * @key: the private key that it is asked for
 * @algorithm: what @key signs with
 * @error: return location for an error
 *
 * Returns: (transfer full): the request, with the inner signature only
 */
FastCvRequest *
fast_cv_request_new (const char *authority, const char *holder, EVP_PKEY *key,
                     FastCvAlgorithm algorithm, GError **error)
{
  g_autoptr (FastCvKey) public = fast_cv_key_new (key, algorithm, error);
  const FastCvBody body = {.authority = (char *)authority, .key = public, .holder = (char *)holder};
  g_autoptr (GBytes) signed_part = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GBytes) bytes = NULL;
  GByteArray *parts;

  if (public == NULL)
    return NULL;
  signed_part = fast_cv_body_build (&body, FAST_CV_BODY_REQUEST, TRUE, error);
  if (signed_part != NULL)
    signature = fast_cv_sign (key, algorithm, signed_part, error);
  if (signature == NULL)
    return NULL;
  parts = g_byte_array_new ();
  fast_append_bytes (parts, signed_part);
  fast_tlv_append_bytes (parts, FAST_CV_TAG_SIGNATURE, signature);
  bytes = nest (FAST_CV_TAG_CERTIFICATE, parts);
  return parse_bytes (bytes, error);
}

/**
 * fast_cv_request_authenticate:
 * @request: a request
 * @signer: the reference of the key that vouches for it: the holder's previous one, or the national
 *   CVCA's for a DV that asks another State
 * @key: that private key
 * @algorithm: what it signs with
 * @error: return location for an error
 *
 * Returns: (transfer full): the request with an outer signature
 */
FastCvRequest *
fast_cv_request_authenticate (FastCvRequest *request, const char *signer, EVP_PKEY *key,
                              FastCvAlgorithm algorithm, GError **error)
{
  g_autoptr (GByteArray) parts = g_byte_array_new ();
  g_autoptr (GBytes) signed_part = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GBytes) bytes = NULL;

  fast_append_bytes (parts, request->inner);
  if (!fast_cv_reference_append (parts, FAST_CV_TAG_AUTHORITY, signer, error))
    return NULL;
  signed_part = g_bytes_new (parts->data, parts->len);
  signature = fast_cv_sign (key, algorithm, signed_part, error);
  if (signature == NULL)
    return NULL;
  fast_tlv_append_bytes (parts, FAST_CV_TAG_SIGNATURE, signature);
  bytes = nest (FAST_CV_TAG_AUTHENTICATION, g_steal_pointer (&parts));
  return parse_bytes (bytes, error);
}

/**
 * fast_cv_request_get_body:
 * @request: a request
 *
 * Returns: (transfer none): whom the certificate is for
 */
const FastCvBody *
fast_cv_request_get_body (const FastCvRequest *request)
{
  return request->body;
}

/**
 * fast_cv_request_get_bytes:
 * @request: a request
 *
 * Returns: (transfer none): it in DER
 */
GBytes *
fast_cv_request_get_bytes (const FastCvRequest *request)
{
  return request->bytes;
}

/**
 * fast_cv_request_get_signer:
 * @request: a request
 *
 * Returns: (nullable): the reference of the key of the outer signature; %NULL without one
 */
const char *
fast_cv_request_get_signer (const FastCvRequest *request)
{
  return request->signer;
}

/**
 * fast_cv_request_verify_outer:
 * @request: a request
 * @signer: the key that fast_cv_request_get_signer() names
 * @error: return location for an error
 *
 * Returns: whether @signer vouches for it; FAST_KEY_ERROR_SIGNATURE otherwise,
 * FAST_INPUT_ERROR_MISSING without an outer signature
 */
gboolean
fast_cv_request_verify_outer (const FastCvRequest *request, const FastCvKey *signer, GError **error)
{
  g_autoptr (GError) why = NULL;

  if (request->signer == NULL)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "cv-request-no-outer",
                      "holder=%s", request->body->holder);
  if (fast_cv_key_verify (signer, request->outer_part, request->outer_signature, &why))
    return TRUE;
  return fast_fail_from (error, g_error_copy (why), why->domain, why->code, "cv-request-outer",
                         "holder=%s, signer=%s", request->body->holder, request->signer);
}
