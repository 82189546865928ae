/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/signature-scheme.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <string.h>

#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/keys/certificate.h"
#include "record/keys/crypto.h"

/* RFC 4055, 3.1: what absent parameters of PSS mean. */
#define DEFAULT_DIGEST "SHA1"
#define DEFAULT_SALT 20
#define SALT_LIMIT 256

typedef struct {
  const char *oid;
  FastSignatureKind kind;
  const char *digest;
} Row;

/* A %NULL digest: the identifier names none. */
static const Row rows[] = {
    {"1.2.840.113549.1.1.1", FAST_SIGNATURE_RSA, NULL},
    {"1.2.840.113549.1.1.5", FAST_SIGNATURE_RSA, "SHA1"},
    {"1.2.840.113549.1.1.14", FAST_SIGNATURE_RSA, "SHA224"},
    {"1.2.840.113549.1.1.11", FAST_SIGNATURE_RSA, "SHA256"},
    {"1.2.840.113549.1.1.12", FAST_SIGNATURE_RSA, "SHA384"},
    {"1.2.840.113549.1.1.13", FAST_SIGNATURE_RSA, "SHA512"},
    {"1.2.840.113549.1.1.10", FAST_SIGNATURE_PSS, NULL},
    {"1.2.840.10045.4.1", FAST_SIGNATURE_ECDSA, "SHA1"},
    {"1.2.840.10045.4.3.1", FAST_SIGNATURE_ECDSA, "SHA224"},
    {"1.2.840.10045.4.3.2", FAST_SIGNATURE_ECDSA, "SHA256"},
    {"1.2.840.10045.4.3.3", FAST_SIGNATURE_ECDSA, "SHA384"},
    {"1.2.840.10045.4.3.4", FAST_SIGNATURE_ECDSA, "SHA512"},
    {"0.4.0.127.0.7.1.1.4.1.1", FAST_SIGNATURE_ECDSA_PLAIN, "SHA1"},
    {"0.4.0.127.0.7.1.1.4.1.2", FAST_SIGNATURE_ECDSA_PLAIN, "SHA224"},
    {"0.4.0.127.0.7.1.1.4.1.3", FAST_SIGNATURE_ECDSA_PLAIN, "SHA256"},
    {"0.4.0.127.0.7.1.1.4.1.4", FAST_SIGNATURE_ECDSA_PLAIN, "SHA384"},
    {"0.4.0.127.0.7.1.1.4.1.5", FAST_SIGNATURE_ECDSA_PLAIN, "SHA512"},
    {"1.2.840.10040.4.3", FAST_SIGNATURE_DSA, "SHA1"},
    {"2.16.840.1.101.3.4.3.1", FAST_SIGNATURE_DSA, "SHA224"},
    {"2.16.840.1.101.3.4.3.2", FAST_SIGNATURE_DSA, "SHA256"},
    {"2.16.840.1.101.3.4.3.3", FAST_SIGNATURE_DSA, "SHA384"},
    {"2.16.840.1.101.3.4.3.4", FAST_SIGNATURE_DSA, "SHA512"},
};

static const char *const digests[] = {"SHA1", "SHA224", "SHA256", "SHA384", "SHA512"};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RSA_PSS_PARAMS, RSA_PSS_PARAMS_free)

static char *
dotted (const X509_ALGOR *algorithm)
{
  const ASN1_OBJECT *oid;
  char text[128] = "";

  X509_ALGOR_get0 (&oid, NULL, NULL, algorithm);
  OBJ_obj2txt (text, sizeof text, oid, 1);
  return g_strdup (text);
}

/* No parameters, or NULL: both are written, and nothing signs which. */
static gboolean
has_no_parameters (const X509_ALGOR *algorithm)
{
  int type;

  X509_ALGOR_get0 (NULL, &type, NULL, algorithm);
  return type == V_ASN1_UNDEF || type == V_ASN1_NULL;
}

static gboolean
fail_algorithm (const X509_ALGOR *algorithm, GError **error)
{
  g_autofree char *oid = dotted (algorithm);

  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "signature-algorithm",
                    "oid=%s", oid);
}

/* Without its digest: with it, OpenSSL would sign in our name with BSI's identifier. */
static void
register_plain (const Row *row)
{
  const int nid = OBJ_create (row->oid, row->oid, row->oid);

  if (nid != NID_undef)
    OBJ_add_sigid (nid, NID_undef, EVP_PKEY_EC);
}

/**
 * fast_signature_scheme_register:
 *
 * Tells OpenSSL that BSI's identifiers are ECDSA: else it does not even look for the issuer of a
 * certificate that is signed so. Once a process; any thread.
 */
void
fast_signature_scheme_register (void)
{
  static gsize done;

  if (!g_once_init_enter (&done))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].kind == FAST_SIGNATURE_ECDSA_PLAIN)
      register_plain (&rows[i]);
  g_once_init_leave (&done, 1);
}

/**
 * fast_signature_digest:
 * @algorithm: a digest's AlgorithmIdentifier
 *
 * Returns: (transfer none) (nullable): `SHA1`, `SHA224`, `SHA256`, `SHA384` or `SHA512`; %NULL for
 *   any other, as MD5, which ICAO 9303-12, 4.4 does not allow
 */
const char *
fast_signature_digest (const X509_ALGOR *algorithm)
{
  const ASN1_OBJECT *oid;
  int nid;

  X509_ALGOR_get0 (&oid, NULL, NULL, algorithm);
  nid = OBJ_obj2nid (oid);
  for (gsize i = 0; nid != NID_undef && i < G_N_ELEMENTS (digests); i++)
    if (OBJ_sn2nid (digests[i]) == nid && has_no_parameters (algorithm))
      return digests[i];
  return NULL;
}

/* maskGenAlgorithm: MGF1, whose parameter is a digest. */
static gboolean
parse_mask (const X509_ALGOR *mask, FastSignatureScheme *scheme)
{
  const ASN1_OBJECT *oid;
  const void *value;
  int type;
  const guint8 *at;
  g_autoptr (X509_ALGOR) digest = NULL;

  X509_ALGOR_get0 (&oid, &type, &value, mask);
  if (OBJ_obj2nid (oid) != NID_mgf1 || type != V_ASN1_SEQUENCE)
    return FALSE;
  at = ASN1_STRING_get0_data (value);
  digest = d2i_X509_ALGOR (NULL, &at, ASN1_STRING_length (value));
  scheme->mask_digest = digest == NULL ? NULL : fast_signature_digest (digest);
  return scheme->mask_digest != NULL;
}

static gboolean
parse_pss (const X509_ALGOR *algorithm, FastSignatureScheme *scheme)
{
  const void *value;
  int type;
  const guint8 *at;
  g_autoptr (RSA_PSS_PARAMS) parameters = NULL;

  X509_ALGOR_get0 (NULL, &type, &value, algorithm);
  if (type != V_ASN1_SEQUENCE)
    return FALSE;
  at = ASN1_STRING_get0_data (value);
  parameters = d2i_RSA_PSS_PARAMS (NULL, &at, ASN1_STRING_length (value));
  if (parameters == NULL)
    return FALSE;
  scheme->digest = scheme->mask_digest = DEFAULT_DIGEST;
  scheme->salt_size = DEFAULT_SALT;
  if (parameters->hashAlgorithm != NULL)
    scheme->digest = fast_signature_digest (parameters->hashAlgorithm);
  if (parameters->maskGenAlgorithm != NULL && !parse_mask (parameters->maskGenAlgorithm, scheme))
    return FALSE;
  if (parameters->saltLength != NULL)
    scheme->salt_size = (int)ASN1_INTEGER_get (parameters->saltLength);
  if (parameters->trailerField != NULL && ASN1_INTEGER_get (parameters->trailerField) != 1)
    return FALSE;
  return scheme->digest != NULL && scheme->salt_size >= 0 && scheme->salt_size <= SALT_LIMIT;
}

static const Row *
find_row (const X509_ALGOR *algorithm)
{
  g_autofree char *oid = dotted (algorithm);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].oid, oid))
      return &rows[i];
  return NULL;
}

/**
 * fast_signature_scheme_parse:
 * @algorithm: a signature's AlgorithmIdentifier
 * @digest: (nullable): the digest that stands beside it, as a SignerInfo has one, and with which it
 *   must agree; %NULL in certificates, where the identifier must name it
 * @scheme: (out caller-allocates): what it means
 * @error: return location for an error
 *
 * Returns: whether a document may be signed so; else FAST_INPUT_ERROR_UNSUPPORTED
 *   (`signature-algorithm`), which MD5 is too, or FAST_INPUT_ERROR_INVALID (`signature-digest`)
 */
gboolean
fast_signature_scheme_parse (const X509_ALGOR *algorithm, const char *digest,
                             FastSignatureScheme *scheme, GError **error)
{
  const Row *row = find_row (algorithm);

  *scheme = (FastSignatureScheme){.kind = FAST_SIGNATURE_RSA};
  if (row == NULL)
    return fail_algorithm (algorithm, error);
  scheme->kind = row->kind;
  scheme->digest = row->digest != NULL ? row->digest : digest;
  if (row->kind == FAST_SIGNATURE_PSS ? !parse_pss (algorithm, scheme)
                                      : !has_no_parameters (algorithm)) {
    ERR_clear_error ();
    return fail_algorithm (algorithm, error);
  }
  if (scheme->digest == NULL)
    return fail_algorithm (algorithm, error);
  return digest == NULL || g_str_equal (scheme->digest, digest) ||
         fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "signature-digest",
                    "declared=%s, used=%s", digest, scheme->digest);
}

static gboolean
fits_key (const FastSignatureScheme *scheme, EVP_PKEY *key)
{
  switch (scheme->kind) {
  case FAST_SIGNATURE_RSA:
    return EVP_PKEY_is_a (key, "RSA");
  case FAST_SIGNATURE_PSS:
    return EVP_PKEY_is_a (key, "RSA") || EVP_PKEY_is_a (key, "RSA-PSS");
  case FAST_SIGNATURE_DSA:
    return EVP_PKEY_is_a (key, "DSA");
  case FAST_SIGNATURE_ECDSA:
  case FAST_SIGNATURE_ECDSA_PLAIN:
    return EVP_PKEY_is_a (key, "EC");
  }
  return FALSE;
}

/* Two numbers of the same size, each as long as the order of the curve. */
static GBytes *
der_of_plain (EVP_PKEY *key, GBytes *signature)
{
  g_autoptr (ECDSA_SIG) numbers = ECDSA_SIG_new ();
  g_autoptr (BIGNUM) order = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (signature, &size);
  guint8 *der = NULL;
  int half;
  int written;

  if (EVP_PKEY_get_bn_param (key, "order", &order) != 1)
    return NULL;
  half = BN_num_bytes (order);
  if (size != 2 * (gsize)half)
    return NULL;
  ECDSA_SIG_set0 (numbers, BN_bin2bn (data, half, NULL), BN_bin2bn (data + half, half, NULL));
  written = i2d_ECDSA_SIG (numbers, &der);
  return fast_crypto_take_der (der, written, NULL);
}

static gboolean
set_padding (const FastSignatureScheme *scheme, EVP_PKEY_CTX *context)
{
  if (scheme->kind == FAST_SIGNATURE_RSA)
    return EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_PADDING) == 1;
  if (scheme->kind != FAST_SIGNATURE_PSS)
    return TRUE;
  return EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen (context, scheme->salt_size) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md_name (context, scheme->mask_digest, NULL) == 1;
}

static gboolean
holds (const FastSignatureScheme *scheme, EVP_PKEY *key, GBytes *message, GBytes *signature)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  g_autoptr (GBytes) der = scheme->kind == FAST_SIGNATURE_ECDSA_PLAIN
                               ? der_of_plain (key, signature)
                               : g_bytes_ref (signature);
  EVP_PKEY_CTX *inner = NULL;

  if (der == NULL ||
      EVP_DigestVerifyInit_ex (context, &inner, scheme->digest, NULL, NULL, key, NULL) != 1 ||
      !set_padding (scheme, inner))
    return FALSE;
  return EVP_DigestVerify (context, g_bytes_get_data (der, NULL), g_bytes_get_size (der),
                           g_bytes_get_data (message, NULL), g_bytes_get_size (message)) == 1;
}

/**
 * fast_signature_scheme_verify:
 * @scheme: how it is signed
 * @key: the signer's public key
 * @message: what was signed
 * @signature: the signature, in the scheme's own form
 * @error: return location for an error
 *
 * Returns: whether it is of this message by this key; else FAST_KEY_ERROR_SIGNATURE
 *   (`signature-wrong`) or FAST_INPUT_ERROR_INVALID (`signature-key`) when the key is of another
 *   kind
 */
gboolean
fast_signature_scheme_verify (const FastSignatureScheme *scheme, EVP_PKEY *key, GBytes *message,
                              GBytes *signature, GError **error)
{
  gboolean good;

  if (key == NULL || !fits_key (scheme, key))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "signature-key", NULL);
  good = holds (scheme, key, message, signature);
  ERR_clear_error ();
  return good ||
         fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_SIGNATURE, "signature-wrong", NULL);
}

/* The bytes that the issuer signed, as they stand. */
static GBytes *
signed_part (X509 *certificate, GError **error)
{
  g_autoptr (GBytes) der = fast_certificate_der (certificate, error);
  FastReader reader;
  FastTlv tlv;

  if (der == NULL)
    return NULL;
  reader = fast_reader_from_bytes (der, "Certificate");
  if (!fast_tlv_expect (&reader, 0x30, &tlv, error))
    return NULL;
  reader = fast_tlv_open (&tlv, "Certificate");
  if (!fast_tlv_expect (&reader, 0x30, &tlv, error))
    return NULL;
  return g_bytes_new (tlv.start, tlv.total);
}

/**
 * fast_signature_scheme_verify_certificate:
 * @certificate: a certificate
 * @issuer: the key that is said to have signed it
 * @error: return location for an error
 *
 * As `X509_verify()`, but with the algorithms of documents only, BSI's among them. The algorithm
 * inside of what is signed must be the one beside the signature (RFC 5280, 4.1.1.2).
 *
 * Returns: whether it did
 */
gboolean
fast_signature_scheme_verify_certificate (X509 *certificate, EVP_PKEY *issuer, GError **error)
{
  const X509_ALGOR *algorithm;
  const ASN1_BIT_STRING *bits;
  FastSignatureScheme scheme;
  g_autoptr (GBytes) message = signed_part (certificate, error);
  g_autoptr (GBytes) signature = NULL;

  if (message == NULL)
    return FALSE;
  X509_get0_signature (&bits, &algorithm, certificate);
  if (X509_ALGOR_cmp (algorithm, X509_get0_tbs_sigalg (certificate)) != 0)
    return fail_algorithm (algorithm, error);
  signature = g_bytes_new (ASN1_STRING_get0_data (bits), (gsize)ASN1_STRING_length (bits));
  return fast_signature_scheme_parse (algorithm, NULL, &scheme, error) &&
         fast_signature_scheme_verify (&scheme, issuer, message, signature, error);
}
