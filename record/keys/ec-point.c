/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/ec-point.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>

#include "record/base/error.h"
#include "record/keys/crypto.h"

#define UNCOMPRESSED 0x04

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EC_GROUP, EC_GROUP_free)

static gboolean
fail_point (GError **error)
{
  ERR_clear_error ();
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "ec-point", NULL);
}

/* The size in bytes of a coordinate; 0 for a key that is not on a prime curve. */
static int
coordinate_size (EVP_PKEY *key)
{
  g_autoptr (BIGNUM) prime = NULL;

  if (!EVP_PKEY_is_a (key, "EC") || EVP_PKEY_get_bn_param (key, OSSL_PKEY_PARAM_EC_P, &prime) != 1)
    return 0;
  return BN_num_bytes (prime);
}

static gboolean
check_curve (EVP_PKEY *key, GError **error)
{
  return coordinate_size (key) > 0 ||
         fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "ec-not-a-curve", NULL);
}

/**
 * fast_ec_public_like:
 * @like: a key on the curve
 * @point: an uncompressed point
 * @size: its size in bytes
 * @error: return location for an error
 *
 * Hybrid and compressed forms, the point at infinity and points off the curve are refused.
 *
 * Returns: (transfer full): the public key; FAST_INPUT_ERROR_INVALID
 */
EVP_PKEY *
fast_ec_public_like (EVP_PKEY *like, gconstpointer point, gsize size, GError **error)
{
  const guint8 *bytes = point;
  g_autoptr (EVP_PKEY) key = EVP_PKEY_new ();
  g_autoptr (EVP_PKEY_CTX) context = NULL;

  if (!check_curve (like, error))
    return NULL;
  if (size != 1 + 2 * (gsize)coordinate_size (like) || bytes[0] != UNCOMPRESSED ||
      EVP_PKEY_copy_parameters (key, like) != 1 ||
      EVP_PKEY_set1_encoded_public_key (key, bytes, size) != 1) {
    fail_point (error);
    return NULL;
  }
  context = EVP_PKEY_CTX_new_from_pkey (NULL, key, NULL);
  if (context == NULL || EVP_PKEY_public_check (context) != 1) {
    fail_point (error);
    return NULL;
  }
  return g_steal_pointer (&key);
}

static EVP_PKEY *
parameters_of (const char *curve, GError **error)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  EVP_PKEY *parameters = NULL;
  const OSSL_PARAM settings[] = {
      OSSL_PARAM_construct_utf8_string (OSSL_PKEY_PARAM_GROUP_NAME, (char *)curve, 0),
      OSSL_PARAM_construct_end (),
  };

  if (context == NULL || EVP_PKEY_paramgen_init (context) <= 0 ||
      EVP_PKEY_CTX_set_params (context, settings) <= 0 ||
      EVP_PKEY_paramgen (context, &parameters) <= 0)
    return fast_crypto_fail_null (error, "EVP_PKEY_paramgen");
  return parameters;
}

/**
 * fast_ec_public_on:
 * @curve: as in `brainpoolP256r1`
 * @point: an uncompressed point
 * @size: its size in bytes
 * @error: return location for an error
 *
 * Returns: (transfer full): the public key; see fast_ec_public_like()
 */
EVP_PKEY *
fast_ec_public_on (const char *curve, gconstpointer point, gsize size, GError **error)
{
  g_autoptr (EVP_PKEY) parameters = parameters_of (curve, error);

  return parameters == NULL ? NULL : fast_ec_public_like (parameters, point, size, error);
}

/**
 * fast_ec_ephemeral_like:
 * @like: a key on the curve
 * @error: return location for an error
 *
 * Returns: (transfer full): a new key pair with the same domain parameters
 */
EVP_PKEY *
fast_ec_ephemeral_like (EVP_PKEY *like, GError **error)
{
  g_autoptr (EVP_PKEY_CTX) context = NULL;
  EVP_PKEY *key = NULL;

  if (!check_curve (like, error))
    return NULL;
  context = EVP_PKEY_CTX_new_from_pkey (NULL, like, NULL);
  if (context == NULL || EVP_PKEY_keygen_init (context) <= 0 ||
      EVP_PKEY_generate (context, &key) <= 0)
    return fast_crypto_fail_null (error, "EVP_PKEY_generate");
  return key;
}

static gboolean
write_coordinate (EVP_PKEY *key, const char *name, guint8 *to, int size, GError **error)
{
  g_autoptr (BIGNUM) value = NULL;

  if (EVP_PKEY_get_bn_param (key, name, &value) != 1 || BN_bn2binpad (value, to, size) != size)
    return fast_crypto_fail (error, "EVP_PKEY_get_bn_param");
  return TRUE;
}

/**
 * fast_ec_point:
 * @key: a key on a prime curve
 * @error: return location for an error
 *
 * Returns: (transfer full): its public point, uncompressed
 */
GBytes *
fast_ec_point (EVP_PKEY *key, GError **error)
{
  const int size = coordinate_size (key);
  g_autofree guint8 *point = g_malloc0 (1 + 2 * (gsize)size);

  if (!check_curve (key, error))
    return NULL;
  point[0] = UNCOMPRESSED;
  if (!write_coordinate (key, OSSL_PKEY_PARAM_EC_PUB_X, point + 1, size, error) ||
      !write_coordinate (key, OSSL_PKEY_PARAM_EC_PUB_Y, point + 1 + size, size, error))
    return NULL;
  return g_bytes_new (point, 1 + 2 * (gsize)size);
}

/**
 * fast_ec_point_x:
 * @key: a key on a prime curve
 * @error: return location for an error
 *
 * The compressed public key of TR-03110-3, A.2.2.3.
 *
 * Returns: (transfer full): the x coordinate of its public point, padded to the field's size
 */
GBytes *
fast_ec_point_x (EVP_PKEY *key, GError **error)
{
  g_autoptr (GBytes) point = fast_ec_point (key, error);

  if (point == NULL)
    return NULL;
  return g_bytes_new_from_bytes (point, 1, g_bytes_get_size (point) / 2);
}

/**
 * fast_ec_curve:
 * @key: a key
 * @error: return location for an error
 *
 * Returns: (transfer full): the name of its curve, as in `prime256v1`, also of one whose parameters
 *   are written out; FAST_INPUT_ERROR_UNSUPPORTED for a curve without a name
 */
char *
fast_ec_curve (EVP_PKEY *key, GError **error)
{
  char name[64];

  if (!check_curve (key, error))
    return NULL;
  if (EVP_PKEY_get_group_name (key, name, sizeof name, NULL) != 1) {
    ERR_clear_error ();
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "ec-curve-name",
                           NULL);
  }
  return g_strdup (name);
}

/**
 * fast_ec_agree:
 * @own: a private key
 * @other: the other side's public key, on the same curve
 * @error: return location for an error
 *
 * ECDH (TR-03111, 4.3.1).
 *
 * Returns: (transfer full): the shared secret: the x coordinate, padded to the field's size
 */
FastSecret *
fast_ec_agree (EVP_PKEY *own, EVP_PKEY *other, GError **error)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_pkey (NULL, own, NULL);
  g_autoptr (FastSecret) secret = NULL;
  gsize size = 0;

  if (context == NULL || EVP_PKEY_derive_init (context) <= 0 ||
      EVP_PKEY_derive_set_peer (context, other) <= 0 || EVP_PKEY_derive (context, NULL, &size) <= 0)
    return fast_crypto_fail_null (error, "EVP_PKEY_derive");
  secret = fast_secret_new (size);
  if (EVP_PKEY_derive (context, fast_secret_data (secret), &size) <= 0)
    return fast_crypto_fail_null (error, "EVP_PKEY_derive");
  fast_secret_truncate (secret, size);
  return g_steal_pointer (&secret);
}
