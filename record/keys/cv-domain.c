/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/cv-domain.h"

#include <openssl/ec.h>
#include <openssl/objects.h>

#include "record/base/autoptr.h"
#include "record/base/error.h"
#include "record/keys/crypto.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EC_GROUP, EC_GROUP_free)

/* TR-03110-3, A.7.4.2 and table 4, and the curve of the SmartCard-HSM's own certificates. */
static const int curves[] = {
    NID_X9_62_prime256v1, NID_brainpoolP256r1,  NID_secp384r1,       NID_brainpoolP384r1,
    NID_secp521r1,        NID_brainpoolP512r1,  NID_secp224r1,       NID_brainpoolP224r1,
    NID_brainpoolP320r1,  NID_X9_62_prime192v1, NID_brainpoolP192r1, NID_secp256k1,
};

/* One number of a curve, in its order in the data object; the base point in uncompressed form. */
static GBytes *
number_of (const EC_GROUP *group, guint index, GError **error)
{
  g_autoptr (BIGNUM) p = BN_new ();
  g_autoptr (BIGNUM) a = BN_new ();
  g_autoptr (BIGNUM) b = BN_new ();
  const BIGNUM *numbers[] = {p, a, b, NULL, EC_GROUP_get0_order (group)};
  guint8 bytes[2 * 66 + 1];
  int size;

  if (EC_GROUP_get_curve (group, p, a, b, NULL) != 1)
    return fast_crypto_fail_null (error, "EC_GROUP_get_curve");
  if (numbers[index] == NULL)
    size = (int)EC_POINT_point2oct (group, EC_GROUP_get0_generator (group),
                                    POINT_CONVERSION_UNCOMPRESSED, bytes, sizeof bytes, NULL);
  else
    size = BN_bn2bin (numbers[index], bytes);
  if (size == 0 && numbers[index] == NULL)
    return fast_crypto_fail_null (error, "EC_POINT_point2oct");
  return g_bytes_new (bytes, (gsize)size);
}

/* Leading zeros aside: many issuers pad coefficients to the field's size. */
static gboolean
same_number (const FastTlv *found, GBytes *wanted)
{
  const guint8 *value = found->value;
  gsize size = found->size;
  gsize wanted_size;
  const guint8 *bytes = g_bytes_get_data (wanted, &wanted_size);
  gsize different = 0;

  for (; size > 0 && value[0] == 0; value++)
    size--;
  if (size != wanted_size)
    return FALSE;
  for (gsize i = 0; i < size; i++)
    different += value[i] != bytes[i];
  return different == 0;
}

static gboolean
same_domain (const FastCvDomain *domain, const EC_GROUP *group)
{
  for (guint i = 0; i < G_N_ELEMENTS (domain->numbers); i++) {
    g_autoptr (GBytes) wanted = number_of (group, i, NULL);
    if (wanted == NULL || !same_number (&domain->numbers[i], wanted))
      return FALSE;
  }
  return domain->cofactor.value == NULL ||
         (domain->cofactor.size == 1 &&
          BN_is_word (EC_GROUP_get0_cofactor (group), domain->cofactor.value[0]));
}

/**
 * fast_cv_domain_find:
 * @domain: domain parameters, all but the cofactor present
 * @error: return location for an error
 *
 * Returns: (transfer none): the name of the curve that they describe, as in `brainpoolP256r1`;
 *   FAST_INPUT_ERROR_UNSUPPORTED when it is none that is known
 */
const char *
fast_cv_domain_find (const FastCvDomain *domain, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (curves); i++) {
    g_autoptr (EC_GROUP) group = EC_GROUP_new_by_curve_name (curves[i]);
    if (group != NULL && same_domain (domain, group))
      return OBJ_nid2sn (curves[i]);
  }
  return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "cv-key-curve",
                         NULL);
}

static EC_GROUP *
group_of (const char *curve, GError **error)
{
  EC_GROUP *group = EC_GROUP_new_by_curve_name (OBJ_sn2nid (curve));

  return group != NULL ? group : fast_crypto_fail_null (error, "EC_GROUP_new_by_curve_name");
}

/**
 * fast_cv_domain_append:
 * @curve: as in `prime256v1`
 * @out: where to append
 * @error: return location for an error
 *
 * Returns: whether prime, coefficients, base point and order were appended
 */
gboolean
fast_cv_domain_append (const char *curve, GByteArray *out, GError **error)
{
  g_autoptr (EC_GROUP) group = group_of (curve, error);

  for (guint i = 0; group != NULL && i < 5; i++) {
    g_autoptr (GBytes) number = number_of (group, i, error);
    if (number == NULL)
      return FALSE;
    fast_tlv_append_bytes (out, FAST_CV_TAG_PRIME + i, number);
  }
  return group != NULL;
}

/**
 * fast_cv_domain_append_cofactor:
 * @curve: as in `prime256v1`
 * @out: where to append
 * @error: return location for an error
 *
 * Returns: whether the cofactor was appended
 */
gboolean
fast_cv_domain_append_cofactor (const char *curve, GByteArray *out, GError **error)
{
  g_autoptr (EC_GROUP) group = group_of (curve, error);
  guint8 cofactor[8];
  int size;

  if (group == NULL)
    return FALSE;
  size = BN_bn2bin (EC_GROUP_get0_cofactor (group), cofactor);
  fast_tlv_append (out, FAST_CV_TAG_COFACTOR, cofactor, (gsize)size);
  return TRUE;
}
