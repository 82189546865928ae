/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/timestamp.h"

#include <openssl/err.h>
#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/base/secure.h"
#include "record/base/tlv.h"
#include "record/keys/crypto.h"
#include "record/keys/signed-data.h"

#define EXTENSION_OID FAST_OID ("17")
#define UTF8_STRING 0x0C
#define SERIAL_SIZE 16

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TS_MSG_IMPRINT, TS_MSG_IMPRINT_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_EXTENSION, X509_EXTENSION_free)

/**
 * fast_timestamp_free:
 * @timestamp: (transfer full): a verified token
 */
void
fast_timestamp_free (FastTimestamp *timestamp)
{
  g_free (timestamp->policy);
  g_free (timestamp->serial);
  g_clear_pointer (&timestamp->extension, g_bytes_unref);
  g_free (timestamp);
}

/* Random, so that several intakes of a nation need no common counter. */
static ASN1_INTEGER *
random_serial (TS_RESP_CTX *context G_GNUC_UNUSED, void *data G_GNUC_UNUSED)
{
  guint8 bytes[SERIAL_SIZE];
  g_autoptr (BIGNUM) number = NULL;

  if (!fast_random (bytes, sizeof bytes, NULL))
    return NULL;
  bytes[0] = (guint8)((bytes[0] & 0x3F) | 0x40);
  number = BN_bin2bn (bytes, sizeof bytes, NULL);
  return BN_to_ASN1_INTEGER (number, NULL);
}

static int
tell_time (TS_RESP_CTX *context G_GNUC_UNUSED, void *data G_GNUC_UNUSED, long *seconds,
           long *microseconds)
{
  *seconds = (long)fast_clock_now ();
  *microseconds = 0;
  return 1;
}

/* OpenSSL offers a token's extensions only as answers to those of a request, so the request that
 * is made here for it carries ours. */
static int
copy_extension (TS_RESP_CTX *context, X509_EXTENSION *extension, void *data G_GNUC_UNUSED)
{
  return TS_TST_INFO_add_ext (TS_RESP_CTX_get_tst_info (context), extension, -1);
}

static gboolean
add_extension (TS_REQ *request, GBytes *json)
{
  g_autoptr (GByteArray) value = g_byte_array_new ();
  g_autoptr (ASN1_OBJECT) object = OBJ_txt2obj (EXTENSION_OID, 1);
  g_autoptr (ASN1_OCTET_STRING) octets = ASN1_OCTET_STRING_new ();
  g_autoptr (X509_EXTENSION) extension = NULL;

  fast_tlv_append_bytes (value, UTF8_STRING, json);
  if (ASN1_OCTET_STRING_set (octets, value->data, (int)value->len) != 1)
    return FALSE;
  extension = X509_EXTENSION_create_by_OBJ (NULL, object, 0, octets);
  return extension != NULL && TS_REQ_add_ext (request, extension, -1) == 1;
}

static gboolean
set_imprint (TS_REQ *request, GBytes *digest)
{
  g_autoptr (TS_MSG_IMPRINT) imprint = TS_MSG_IMPRINT_new ();
  g_autoptr (X509_ALGOR) algorithm = X509_ALGOR_new ();
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (digest, NULL), FAST_SHA256_SIZE);

  return X509_ALGOR_set0 (algorithm, OBJ_nid2obj (NID_sha256), V_ASN1_NULL, NULL) == 1 &&
         TS_MSG_IMPRINT_set_algo (imprint, algorithm) == 1 &&
         TS_MSG_IMPRINT_set_msg (imprint, copy, FAST_SHA256_SIZE) == 1 &&
         TS_REQ_set_msg_imprint (request, imprint) == 1;
}

static BIO *
make_request (GBytes *digest, GBytes *extension_json, GError **error)
{
  g_autoptr (TS_REQ) request = TS_REQ_new ();
  g_autoptr (BIO) out = BIO_new (BIO_s_mem ());

  if (TS_REQ_set_version (request, 1) == 1 && set_imprint (request, digest) &&
      TS_REQ_set_cert_req (request, 1) == 1 &&
      (extension_json == NULL || add_extension (request, extension_json)) &&
      i2d_TS_REQ_bio (out, request) == 1)
    return g_steal_pointer (&out);
  return fast_crypto_fail_null (error, "TS_REQ");
}

static TS_RESP_CTX *
make_context (const char *policy, X509 *certificate, EVP_PKEY *key, GError **error)
{
  g_autoptr (TS_RESP_CTX) context = TS_RESP_CTX_new ();
  g_autoptr (ASN1_OBJECT) object = OBJ_txt2obj (policy, 1);

  if (context == NULL || object == NULL ||
      TS_RESP_CTX_set_signer_cert (context, certificate) != 1 ||
      TS_RESP_CTX_set_signer_key (context, key) != 1 ||
      TS_RESP_CTX_set_signer_digest (context, EVP_sha256 ()) != 1 ||
      TS_RESP_CTX_set_ess_cert_id_digest (context, EVP_sha256 ()) != 1 ||
      TS_RESP_CTX_set_def_policy (context, object) != 1 ||
      TS_RESP_CTX_add_md (context, EVP_sha256 ()) != 1 ||
      TS_RESP_CTX_set_accuracy (context, 1, 0, 0) != 1)
    return fast_crypto_fail_null (error, "TS_RESP_CTX");
  TS_RESP_CTX_set_serial_cb (context, random_serial, NULL);
  TS_RESP_CTX_set_time_cb (context, tell_time, NULL);
  TS_RESP_CTX_set_extension_cb (context, copy_extension, NULL);
  return g_steal_pointer (&context);
}

static gboolean
is_granted (TS_RESP *response)
{
  const TS_STATUS_INFO *status = TS_RESP_get_status_info (response);

  return ASN1_INTEGER_get (TS_STATUS_INFO_get0_status (status)) == TS_STATUS_GRANTED;
}

/**
 * fast_timestamp_issue:
 * @digest: SHA-256 of what is receipted, 32 bytes
 * @policy: what the receipt says, as in %FAST_TIMESTAMP_STORED
 * @certificate: the signer's, with the critical extended key usage timeStamping alone
 * @key: its private key
 * @extension_json: (nullable): canonical JSON for the token's extension …17 (not critical; its
 *   value is one UTF8String)
 * @error: return location for an error
 *
 * RFC 3161, 2.4.2, with SigningCertificateV2 (RFC 5816) over SHA-256.
 *
 * Returns: (transfer full): a complete TimeStampResp, DER
 */
GBytes *
fast_timestamp_issue (GBytes *digest, const char *policy, X509 *certificate, EVP_PKEY *key,
                      GBytes *extension_json, GError **error)
{
  g_autoptr (TS_RESP_CTX) context = NULL;
  g_autoptr (BIO) request = NULL;
  g_autoptr (TS_RESP) response = NULL;
  guint8 *der = NULL;
  int size;

  g_return_val_if_fail (g_bytes_get_size (digest) == FAST_SHA256_SIZE, NULL);
  if (!fast_certificate_check_key (certificate, key, error))
    return NULL;
  context = make_context (policy, certificate, key, error);
  request = context == NULL ? NULL : make_request (digest, extension_json, error);
  if (request == NULL)
    return NULL;
  response = TS_RESP_create_response (context, request);
  if (response == NULL || !is_granted (response))
    return fast_crypto_fail_null (error, "TS_RESP_create_response");
  size = i2d_TS_RESP (response, &der);
  return fast_crypto_take_der (der, size, error);
}

static gboolean
refuse (GError **error, const char *id)
{
  ERR_clear_error ();
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_SIGNATURE, id, NULL);
}

static TS_RESP *
parse (GBytes *bytes, GError **error)
{
  gsize size;
  const guint8 *at = g_bytes_get_data (bytes, &size);
  const guint8 *start = at;
  g_autoptr (TS_RESP) response = size == 0 ? NULL : d2i_TS_RESP (NULL, &at, (long)size);
  g_autoptr (GBytes) again = NULL;
  guint8 *der = NULL;

  if (response != NULL && at == start + size) {
    int again_size = i2d_TS_RESP (response, &der);
    again = fast_crypto_take_der (der, again_size, NULL);
  }
  ERR_clear_error ();
  if (again == NULL || !g_bytes_equal (again, bytes))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED,
                           "timestamp-malformed", NULL);
  return g_steal_pointer (&response);
}

/* One signer and nothing that could be changed without breaking the signature. */
static gboolean
check_shape (TS_RESP *response, GError **error)
{
  PKCS7 *token = TS_RESP_get_token (response);
  STACK_OF (PKCS7_SIGNER_INFO) * signers;

  if (!is_granted (response) || token == NULL || TS_RESP_get_tst_info (response) == NULL)
    return refuse (error, "timestamp-not-granted");
  signers = PKCS7_get_signer_info (token);
  if (sk_PKCS7_SIGNER_INFO_num (signers) != 1 ||
      sk_PKCS7_SIGNER_INFO_value (signers, 0)->unauth_attr != NULL)
    return refuse (error, "timestamp-signers");
  return TRUE;
}

static char *
dotted (const ASN1_OBJECT *object)
{
  char text[128];

  OBJ_obj2txt (text, sizeof text, object, 1);
  return g_strdup (text);
}

static gboolean
check_policy (TS_TST_INFO *info, const char *policy, GError **error)
{
  g_autofree char *found = dotted (TS_TST_INFO_get_policy_id (info));

  return strcmp (found, policy) == 0 ||
         fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_SIGNATURE, "timestamp-policy",
                    "found=%s, wanted=%s", found, policy);
}

static gboolean
check_imprint (TS_TST_INFO *info, GBytes *digest, GError **error)
{
  TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint (info);
  const ASN1_OBJECT *algorithm;
  const ASN1_OCTET_STRING *message = TS_MSG_IMPRINT_get_msg (imprint);
  g_autoptr (GBytes) found =
      g_bytes_new (ASN1_STRING_get0_data (message), (gsize)ASN1_STRING_length (message));

  X509_ALGOR_get0 (&algorithm, NULL, NULL, TS_MSG_IMPRINT_get_algo (imprint));
  if (OBJ_obj2nid (algorithm) != NID_sha256 || !g_bytes_equal (found, digest))
    return refuse (error, "timestamp-digest");
  return TRUE;
}

static gboolean
check_form (TS_RESP *response, X509 *signer, GError **error)
{
  guint8 *der = NULL;
  int size = i2d_PKCS7 (TS_RESP_get_token (response), &der);
  g_autoptr (GBytes) token = fast_crypto_take_der (der, size, error);

  return token != NULL && fast_signed_data_check (token, signer, error);
}

static X509_STORE *
store_of (X509 *signer)
{
  X509_STORE *store = X509_STORE_new ();

  X509_STORE_add_cert (store, signer);
  X509_STORE_set_flags (store, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
  return store;
}

static gboolean
check_signature (TS_RESP *response, X509 *expected, GError **error)
{
  g_autoptr (X509_STORE) store = store_of (expected);
  g_autoptr (X509) signer = NULL;
  STACK_OF (X509) *signers = PKCS7_get0_signers (TS_RESP_get_token (response), NULL, 0);
  const gboolean same =
      sk_X509_num (signers) == 1 && fast_certificate_equal (sk_X509_value (signers, 0), expected);

  sk_X509_free (signers);
  if (!same)
    return refuse (error, "timestamp-signer");
  if (!check_form (response, expected, error))
    return FALSE;
  if (TS_RESP_verify_signature (TS_RESP_get_token (response), NULL, store, &signer) != 1)
    return refuse (error, "timestamp-signature");
  return TRUE;
}

static gboolean
read_extension (TS_TST_INFO *info, GBytes **json, GError **error)
{
  const int n = TS_TST_INFO_get_ext_count (info);
  X509_EXTENSION *extension;
  const ASN1_OCTET_STRING *octets;
  g_autofree char *oid = NULL;
  FastReader reader;
  FastTlv tlv;

  if (n <= 0)
    return TRUE;
  extension = TS_TST_INFO_get_ext (info, 0);
  oid = dotted (X509_EXTENSION_get_object (extension));
  if (n != 1 || X509_EXTENSION_get_critical (extension) || strcmp (oid, EXTENSION_OID) != 0)
    return refuse (error, "timestamp-extension");
  octets = X509_EXTENSION_get_data (extension);
  reader = fast_reader_new (ASN1_STRING_get0_data (octets), (gsize)ASN1_STRING_length (octets),
                            "TSTInfo extension");
  if (!fast_tlv_expect (&reader, UTF8_STRING, &tlv, error) || !fast_reader_end (&reader, error))
    return FALSE;
  *json = fast_tlv_dup_value (&tlv);
  return TRUE;
}

static gboolean
read_time (TS_TST_INFO *info, X509 *signer, gint64 *seconds, GError **error)
{
  gint64 not_before;
  gint64 not_after;

  if (!fast_certificate_time (TS_TST_INFO_get_time (info), seconds))
    return refuse (error, "timestamp-malformed");
  fast_certificate_validity (signer, &not_before, &not_after);
  if (*seconds < not_before || *seconds > not_after)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_VALIDITY, "timestamp-validity", NULL);
  return TRUE;
}

static char *
serial_of (TS_TST_INFO *info)
{
  g_autoptr (BIGNUM) number = ASN1_INTEGER_to_BN (TS_TST_INFO_get_serial (info), NULL);
  char *hex = BN_bn2hex (number);
  char *copy = g_strdup (hex);

  OPENSSL_free (hex);
  return copy;
}

/**
 * fast_timestamp_verify:
 * @tsr: a complete TimeStampResp, DER
 * @digest: SHA-256 of what it must receipt, 32 bytes
 * @policy: what it must say, as in %FAST_TIMESTAMP_OPENED
 * @expected_signer: the only certificate that may sign this policy; the caller has judged it with
 *   %FAST_PURPOSE_TIMESTAMP
 * @error: return location for an error
 *
 * Strict: DER, status *granted* and no other, no nonce (none was asked for), one signer, no
 * unsigned attribute, at most the one extension, a time within the signer's validity.
 *
 * Returns: (transfer full): what the token says; else FAST_KEY_ERROR_SIGNATURE with
 *   `timestamp-not-granted`, `-signers`, `-policy`, `-digest`, `-signer`, `-signature`,
 *   `-extension`, FAST_KEY_ERROR_VALIDITY with `-validity`, or FAST_INPUT_ERROR_MALFORMED
 */
FastTimestamp *
fast_timestamp_verify (GBytes *tsr, GBytes *digest, const char *policy, X509 *expected_signer,
                       GError **error)
{
  g_autoptr (TS_RESP) response = parse (tsr, error);
  g_autoptr (FastTimestamp) timestamp = g_new0 (FastTimestamp, 1);
  TS_TST_INFO *info;

  if (response == NULL || !check_shape (response, error))
    return NULL;
  info = TS_RESP_get_tst_info (response);
  if (TS_TST_INFO_get_version (info) != 1 || TS_TST_INFO_get_nonce (info) != NULL) {
    refuse (error, "timestamp-malformed");
    return NULL;
  }
  if (!check_policy (info, policy, error) || !check_imprint (info, digest, error) ||
      !check_signature (response, expected_signer, error) ||
      !read_extension (info, &timestamp->extension, error) ||
      !read_time (info, expected_signer, &timestamp->time, error))
    return NULL;
  timestamp->policy = g_strdup (policy);
  timestamp->serial = serial_of (info);
  return g_steal_pointer (&timestamp);
}
