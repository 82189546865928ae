/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/cv-key.h"

#include <string.h>

#include "record/base/error.h"
#include "record/keys/cv-domain.h"
#include "record/keys/ec-point.h"
#include "record/keys/key.h"
#include "record/keys/signature.h"

#define TAG_PUBLIC_KEY 0x7F49
#define TAG_OID 0x06

/* id-TA-ECDSA (TR-03110-3, A.7.4): 0.4.0.127.0.7.2.2.2.2; one more number names the hash. */
static const guint8 ecdsa_oid[] = {0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x02, 0x02};

static const struct {
  FastCvAlgorithm algorithm;
  const char *digest;
} algorithms[] = {
    {FAST_CV_ECDSA_SHA_224, "SHA224"},
    {FAST_CV_ECDSA_SHA_256, "SHA256"},
    {FAST_CV_ECDSA_SHA_384, "SHA384"},
    {FAST_CV_ECDSA_SHA_512, "SHA512"},
};

struct _FastCvKey {
  FastCvAlgorithm algorithm;
  char *curve;
  GBytes *point;
  EVP_PKEY *public;
};

static const char *
digest_of (FastCvAlgorithm algorithm)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (algorithms[i].algorithm == algorithm)
      return algorithms[i].digest;
  return NULL;
}

static void
key_clear (gpointer data)
{
  FastCvKey *key = data;

  g_free (key->curve);
  g_clear_pointer (&key->point, g_bytes_unref);
  EVP_PKEY_free (key->public);
}

/**
 * fast_cv_key_ref:
 * @key: a key
 *
 * Returns: (transfer full): the same
 */
FastCvKey *
fast_cv_key_ref (FastCvKey *key)
{
  return g_atomic_rc_box_acquire (key);
}

/**
 * fast_cv_key_unref:
 * @key: (transfer full): a key
 */
void
fast_cv_key_unref (FastCvKey *key)
{
  g_atomic_rc_box_release_full (key, key_clear);
}

static gboolean
complete (FastCvKey *key, const char *curve, GError **error)
{
  gsize size;
  const guint8 *point = g_bytes_get_data (key->point, &size);

  key->curve = g_strdup (curve);
  key->public = fast_ec_public_on (curve, point, size, error);
  return key->public != NULL;
}

/**
 * fast_cv_key_new:
 * @key: a public or private EC key on a curve that has a name; the private one may be in a token
 * @algorithm: what it signs with
 * @error: return location for an error
 *
 * Returns: (transfer full): its public half, with domain parameters
 */
FastCvKey *
fast_cv_key_new (EVP_PKEY *key, FastCvAlgorithm algorithm, GError **error)
{
  g_autoptr (FastCvKey) self = g_atomic_rc_box_new0 (FastCvKey);
  g_autoptr (EVP_PKEY) half = fast_key_dup_public (key, FAST_KEY_PARAMETERS_NAMED, error);
  g_autofree char *curve = half == NULL ? NULL : fast_ec_curve (half, error);

  self->algorithm = algorithm;
  if (curve == NULL)
    return NULL;
  self->point = fast_ec_point (half, error);
  if (self->point == NULL || !complete (self, curve, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
parse_algorithm (FastCvKey *key, FastReader *reader, GError **error)
{
  FastTlv oid;

  if (!fast_tlv_expect_der (reader, TAG_OID, &oid, error))
    return FALSE;
  if (oid.size != sizeof ecdsa_oid + 1 || memcmp (oid.value, ecdsa_oid, sizeof ecdsa_oid) != 0 ||
      digest_of (oid.value[sizeof ecdsa_oid]) == NULL)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "cv-key-algorithm",
                      NULL);
  key->algorithm = oid.value[sizeof ecdsa_oid];
  return TRUE;
}

static gboolean
next_is (const FastReader *reader, guint8 tag)
{
  return fast_reader_left (reader) > 0 && reader->data[reader->offset] == tag;
}

/* TR-03110-3, D.3.3: the order is fixed; all parameters but the cofactor, or none of them. */
static gboolean
parse_objects (FastCvKey *key, FastReader *reader, FastCvDomain *domain, gboolean *has_domain,
               GError **error)
{
  FastTlv point;

  *has_domain = next_is (reader, FAST_CV_TAG_PRIME);
  for (guint i = 0; *has_domain && i < G_N_ELEMENTS (domain->numbers); i++)
    if (!fast_tlv_expect_der (reader, FAST_CV_TAG_PRIME + i, &domain->numbers[i], error))
      return FALSE;
  if (!fast_tlv_expect_der (reader, FAST_CV_TAG_POINT, &point, error))
    return FALSE;
  key->point = fast_tlv_dup_value (&point);
  if (*has_domain && next_is (reader, FAST_CV_TAG_COFACTOR) &&
      !fast_tlv_expect_der (reader, FAST_CV_TAG_COFACTOR, &domain->cofactor, error))
    return FALSE;
  return fast_reader_end (reader, error);
}

/**
 * fast_cv_key_parse:
 * @object: a public key data object, `7F49`
 * @error: return location for an error
 *
 * Returns: (transfer full): the key; FAST_INPUT_ERROR_UNSUPPORTED for an algorithm or a curve that
 *   is not known, else FAST_INPUT_ERROR
 */
FastCvKey *
fast_cv_key_parse (const FastTlv *object, GError **error)
{
  g_autoptr (FastCvKey) key = g_atomic_rc_box_new0 (FastCvKey);
  FastReader reader = fast_tlv_open (object, "public key");
  FastCvDomain domain = {0};
  gboolean has_domain;
  const char *curve;

  if (!parse_algorithm (key, &reader, error) ||
      !parse_objects (key, &reader, &domain, &has_domain, error))
    return NULL;
  if (!has_domain)
    return g_steal_pointer (&key);
  curve = fast_cv_domain_find (&domain, error);
  if (curve == NULL || !complete (key, curve, error))
    return NULL;
  return g_steal_pointer (&key);
}

/**
 * fast_cv_key_inherit:
 * @key: a key, with domain parameters or without
 * @issuer: the key of its certificate's issuer, with domain parameters
 * @error: return location for an error
 *
 * Returns: (transfer full): @key with its own parameters, or with the issuer's where it has none
 */
FastCvKey *
fast_cv_key_inherit (FastCvKey *key, FastCvKey *issuer, GError **error)
{
  g_autoptr (FastCvKey) child = NULL;

  if (key->public != NULL)
    return fast_cv_key_ref (key);
  if (issuer->public == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "cv-key-domain",
                           NULL);
  child = g_atomic_rc_box_new0 (FastCvKey);
  child->algorithm = key->algorithm;
  child->point = g_bytes_ref (key->point);
  return complete (child, issuer->curve, error) ? g_steal_pointer (&child) : NULL;
}

/**
 * fast_cv_key_equal:
 * @left: a key
 * @right: a key
 *
 * Returns: whether algorithm, point and domain parameters are the same
 */
gboolean
fast_cv_key_equal (const FastCvKey *left, const FastCvKey *right)
{
  return left->algorithm == right->algorithm && g_strcmp0 (left->curve, right->curve) == 0 &&
         g_bytes_equal (left->point, right->point);
}

/**
 * fast_cv_key_get_algorithm:
 * @key: a key
 *
 * Returns: what it signs with
 */
FastCvAlgorithm
fast_cv_key_get_algorithm (const FastCvKey *key)
{
  return key->algorithm;
}

/**
 * fast_cv_key_get_curve:
 * @key: a key
 *
 * Returns: (nullable): the name of its curve, as in `prime256v1`; %NULL without domain parameters
 */
const char *
fast_cv_key_get_curve (const FastCvKey *key)
{
  return key->curve;
}

/**
 * fast_cv_key_get_public:
 * @key: a key
 *
 * Returns: (transfer none) (nullable): it for OpenSSL; %NULL without domain parameters
 */
EVP_PKEY *
fast_cv_key_get_public (const FastCvKey *key)
{
  return key->public;
}

/**
 * fast_cv_key_append:
 * @key: a key
 * @out: where to append
 * @parameters: whether with its domain parameters
 * @error: return location for an error
 *
 * Returns: whether the public key data object `7F49` was appended
 */
gboolean
fast_cv_key_append (const FastCvKey *key, GByteArray *out, gboolean parameters, GError **error)
{
  g_autoptr (GByteArray) value = g_byte_array_new ();
  guint8 oid[sizeof ecdsa_oid + 1];

  fast_copy (oid, sizeof oid, ecdsa_oid, sizeof ecdsa_oid);
  oid[sizeof ecdsa_oid] = (guint8)key->algorithm;
  fast_tlv_append (value, TAG_OID, oid, sizeof oid);
  if (parameters && key->curve == NULL)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "cv-key-domain", NULL);
  if (parameters && !fast_cv_domain_append (key->curve, value, error))
    return FALSE;
  fast_tlv_append_bytes (value, FAST_CV_TAG_POINT, key->point);
  if (parameters && !fast_cv_domain_append_cofactor (key->curve, value, error))
    return FALSE;
  fast_tlv_append_array (out, TAG_PUBLIC_KEY, value);
  return TRUE;
}

/**
 * fast_cv_key_verify:
 * @key: a key with domain parameters
 * @message: what was signed
 * @signature: r and s, each of the size of the curve's order (TR-03111, 5.2.1)
 * @error: return location for an error
 *
 * Returns: whether @key signed @message; FAST_KEY_ERROR_SIGNATURE otherwise
 */
gboolean
fast_cv_key_verify (const FastCvKey *key, GBytes *message, GBytes *signature, GError **error)
{
  if (key->public == NULL)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "cv-key-domain", NULL);
  return fast_signature_raw_verify_over (key->public, digest_of (key->algorithm), message,
                                         signature, error);
}

/**
 * fast_cv_sign:
 * @key: an EC private key
 * @algorithm: what it signs with
 * @message: what is signed
 * @error: return location for an error
 *
 * Returns: (transfer full): r and s
 */
GBytes *
fast_cv_sign (EVP_PKEY *key, FastCvAlgorithm algorithm, GBytes *message, GError **error)
{
  return fast_signature_raw_sign_over (key, digest_of (algorithm), message, error);
}
