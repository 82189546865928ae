/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/pace-domain.h"

#include <openssl/ec.h>

#include "record/base/autoptr.h"
#include "record/base/error.h"

#define UNCOMPRESSED 0x04
#define DRAWS_MAX 256

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EC_POINT, EC_POINT_clear_free)

struct _FastPaceDomain {
  EC_GROUP *group;
  EC_POINT *generator;
  BN_CTX *context;
  gsize field_size;
  gsize order_size;
};

/* ICAO 9303-11, 9.5.1: the standardised domain parameters with elliptic curves. */
static const struct {
  guint parameters;
  int curve;
} curves[] = {
    {8, NID_X9_62_prime192v1}, {9, NID_brainpoolP192r1},   {10, NID_secp224r1},
    {11, NID_brainpoolP224r1}, {12, NID_X9_62_prime256v1}, {13, NID_brainpoolP256r1},
    {14, NID_brainpoolP320r1}, {15, NID_secp384r1},        {16, NID_brainpoolP384r1},
    {17, NID_brainpoolP512r1}, {18, NID_secp521r1},
};

static gboolean
fail_curve (GError **error)
{
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO, "pace-curve", NULL);
}

static gpointer
fail_curve_null (GError **error)
{
  fail_curve (error);
  return NULL;
}

static FastPaceDomain *
new_on (int curve, GError **error)
{
  g_autoptr (FastPaceDomain) domain = g_new0 (FastPaceDomain, 1);

  domain->group = EC_GROUP_new_by_curve_name (curve);
  domain->context = BN_CTX_new ();
  if (domain->group == NULL || domain->context == NULL)
    return fail_curve_null (error);
  domain->generator = EC_POINT_dup (EC_GROUP_get0_generator (domain->group), domain->group);
  if (domain->generator == NULL)
    return fail_curve_null (error);
  domain->field_size = ((gsize)EC_GROUP_get_degree (domain->group) + 7) / 8;
  domain->order_size = ((gsize)EC_GROUP_order_bits (domain->group) + 7) / 8;
  return g_steal_pointer (&domain);
}

/**
 * fast_pace_domain_new:
 * @parameters: number of standardised domain parameters, as 12 for P-256, 13 for brainpoolP256r1
 * @error: return location for an error
 *
 * Returns: (transfer full): the curve with its own generator, or %NULL with
 *   FAST_INPUT_ERROR_UNSUPPORTED for a number that is no curve's
 */
FastPaceDomain *
fast_pace_domain_new (guint parameters, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (curves); i++)
    if (curves[i].parameters == parameters)
      return new_on (curves[i].curve, error);
  return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "pace-parameters",
                         "number=%u", parameters);
}

/**
 * fast_pace_domain_free:
 * @domain: (transfer full): wiped
 */
void
fast_pace_domain_free (FastPaceDomain *domain)
{
  EC_POINT_clear_free (domain->generator);
  EC_GROUP_free (domain->group);
  BN_CTX_free (domain->context);
  g_free (domain);
}

static BIGNUM *
number_of (FastSecret *secret)
{
  return BN_bin2bn (fast_secret_data (secret), (int)fast_secret_size (secret), NULL);
}

/* Evenly distributed because a number that is too large is drawn anew; a source of fixed values
 * gives them unchanged. */
static gboolean
draw_once (FastPaceDomain *domain, const FastRandomSource *source, FastSecret *own,
           gboolean *in_range, GError **error)
{
  const guint spare = (guint)(8 * domain->order_size) - (guint)EC_GROUP_order_bits (domain->group);
  g_autoptr (BIGNUM) number = NULL;

  if (!fast_random_source_draw (source, fast_secret_data (own), domain->order_size, error))
    return FALSE;
  fast_secret_data (own)[0] &= (guint8)(0xFF >> spare);
  number = number_of (own);
  if (number == NULL)
    return fail_curve (error);
  *in_range = !BN_is_zero (number) && BN_cmp (number, EC_GROUP_get0_order (domain->group)) < 0;
  return TRUE;
}

/**
 * fast_pace_domain_draw:
 * @domain: a curve
 * @source: (nullable): where it comes from
 * @error: return location for an error
 *
 * Returns: (transfer full): an ephemeral private key, 1 to the order less 1
 */
FastSecret *
fast_pace_domain_draw (FastPaceDomain *domain, const FastRandomSource *source, GError **error)
{
  g_autoptr (FastSecret) own = fast_secret_new (domain->order_size);
  gboolean in_range = FALSE;

  for (guint i = 0; i < DRAWS_MAX && !in_range; i++)
    if (!draw_once (domain, source, own, &in_range, error))
      return NULL;
  if (!in_range)
    return fail_curve_null (error);
  return g_steal_pointer (&own);
}

/* @own times @point; infinity is refused. */
static EC_POINT *
multiply (FastPaceDomain *domain, FastSecret *own, const EC_POINT *point, GError **error)
{
  g_autoptr (BIGNUM) number = number_of (own);
  g_autoptr (EC_POINT) out = EC_POINT_new (domain->group);

  if (number == NULL || out == NULL ||
      EC_POINT_mul (domain->group, out, NULL, point, number, domain->context) != 1 ||
      EC_POINT_is_at_infinity (domain->group, out))
    return fail_curve_null (error);
  return g_steal_pointer (&out);
}

/* TR-03111, 3.2.1; EC_POINT_oct2point() refuses a point that is not on the curve. */
static EC_POINT *
read_point (FastPaceDomain *domain, GBytes *bytes, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autoptr (EC_POINT) point = EC_POINT_new (domain->group);

  if (size != 1 + 2 * domain->field_size || data[0] != UNCOMPRESSED || point == NULL ||
      EC_POINT_oct2point (domain->group, point, data, size, domain->context) != 1 ||
      EC_POINT_is_at_infinity (domain->group, point))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "pace-point", NULL);
  return g_steal_pointer (&point);
}

/**
 * fast_pace_domain_public:
 * @domain: a curve
 * @own: a private key
 * @error: return location for an error
 *
 * Returns: (transfer full): the public key over the present generator
 */
GBytes *
fast_pace_domain_public (FastPaceDomain *domain, FastSecret *own, GError **error)
{
  g_autoptr (EC_POINT) point = multiply (domain, own, domain->generator, error);
  const gsize size = 1 + 2 * domain->field_size;
  g_autofree guint8 *out = g_malloc (size);

  if (point == NULL)
    return NULL;
  if (EC_POINT_point2oct (domain->group, point, POINT_CONVERSION_UNCOMPRESSED, out, size,
                          domain->context) != size)
    return fail_curve_null (error);
  return g_bytes_new_take (g_steal_pointer (&out), size);
}

/**
 * fast_pace_domain_map:
 * @domain: a curve; its generator changes
 * @nonce: the nonce s
 * @own: this side's private key
 * @other: the other side's public key
 * @error: return location for an error
 *
 * Generic mapping (ICAO 9303-11, 4.4.3.3.1): the new generator is s·G + H, where H is the point
 * that both sides agree on.
 *
 * Returns: whether it worked; FAST_INPUT_ERROR_INVALID when @other is no point of the curve
 */
gboolean
fast_pace_domain_map (FastPaceDomain *domain, FastSecret *nonce, FastSecret *own, GBytes *other,
                      GError **error)
{
  g_autoptr (EC_POINT) theirs = read_point (domain, other, error);
  g_autoptr (EC_POINT) shared = NULL;
  g_autoptr (EC_POINT) mapped = NULL;

  if (theirs == NULL)
    return FALSE;
  shared = multiply (domain, own, theirs, error);
  mapped = shared != NULL ? multiply (domain, nonce, domain->generator, error) : NULL;
  if (mapped == NULL)
    return FALSE;
  if (EC_POINT_add (domain->group, mapped, mapped, shared, domain->context) != 1 ||
      EC_POINT_is_at_infinity (domain->group, mapped) ||
      EC_POINT_copy (domain->generator, mapped) != 1)
    return fail_curve (error);
  return TRUE;
}

/**
 * fast_pace_domain_agree:
 * @domain: a curve
 * @own: this side's private key
 * @other: the other side's public key
 * @error: return location for an error
 *
 * Returns: (transfer full): the x-coordinate of the point that both sides agree on (ICAO 9303-11,
 *   9.4.2), as long as the curve's field; or %NULL with FAST_INPUT_ERROR_INVALID when @other is no
 *   point of the curve
 */
FastSecret *
fast_pace_domain_agree (FastPaceDomain *domain, FastSecret *own, GBytes *other, GError **error)
{
  g_autoptr (EC_POINT) theirs = read_point (domain, other, error);
  g_autoptr (EC_POINT) shared = theirs != NULL ? multiply (domain, own, theirs, error) : NULL;
  g_autoptr (FastSecret) secret = fast_secret_new (domain->field_size);
  g_autoptr (BIGNUM) x = BN_new ();

  if (shared == NULL)
    return NULL;
  if (x == NULL ||
      EC_POINT_get_affine_coordinates (domain->group, shared, x, NULL, domain->context) != 1 ||
      BN_bn2binpad (x, fast_secret_data (secret), (int)domain->field_size) < 0)
    return fail_curve_null (error);
  return g_steal_pointer (&secret);
}
