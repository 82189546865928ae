/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/cv-trust.h"

#include "record/base/error.h"

#define TAG_TODAY 0x5F25

/* Trust points by their effective date, the latest first. */
struct _FastCvTrust {
  GDate today;
  GPtrArray *points;
};

static void
point_free (gpointer data)
{
  fast_cv_body_free (data);
}

/**
 * fast_cv_trust_new:
 * @today: the date of personalisation (TR-03110-3, 2.6)
 *
 * Returns: (transfer full): a trust without trust points
 */
FastCvTrust *
fast_cv_trust_new (const GDate *today)
{
  FastCvTrust *trust = g_new0 (FastCvTrust, 1);

  trust->today = *today;
  trust->points = g_ptr_array_new_with_free_func (point_free);
  return trust;
}

/**
 * fast_cv_trust_free:
 * @trust: (transfer full): a trust
 */
void
fast_cv_trust_free (FastCvTrust *trust)
{
  g_ptr_array_unref (trust->points);
  g_free (trust);
}

/**
 * fast_cv_trust_get_today:
 * @trust: a trust
 *
 * Returns: (transfer none): the chip's approximation of today
 */
const GDate *
fast_cv_trust_get_today (const FastCvTrust *trust)
{
  return &trust->today;
}

/**
 * fast_cv_trust_get_size:
 * @trust: a trust
 *
 * Returns: how many trust points there are, 0 to 2
 */
guint
fast_cv_trust_get_size (const FastCvTrust *trust)
{
  return trust->points->len;
}

/**
 * fast_cv_trust_get:
 * @trust: a trust
 * @index: 0 for the latest
 *
 * Returns: (transfer none): a trust point; its holder is what EF.CVCA lists
 */
const FastCvBody *
fast_cv_trust_get (const FastCvTrust *trust, guint index)
{
  g_return_val_if_fail (index < trust->points->len, NULL);
  return trust->points->pdata[index];
}

/**
 * fast_cv_trust_find:
 * @trust: a trust
 * @reference: of a key
 *
 * Returns: (transfer none) (nullable): the trust point of that name
 */
const FastCvBody *
fast_cv_trust_find (const FastCvTrust *trust, const char *reference)
{
  for (guint i = 0; i < trust->points->len; i++)
    if (g_str_equal (fast_cv_trust_get (trust, i)->holder, reference))
      return fast_cv_trust_get (trust, i);
  return NULL;
}

/**
 * fast_cv_trust_is_expired:
 * @trust: a trust
 * @body: of a certificate
 *
 * The day of expiry still counts.
 *
 * Returns: whether it expired before the chip's date
 */
gboolean
fast_cv_trust_is_expired (const FastCvTrust *trust, const FastCvBody *body)
{
  return g_date_compare (&body->expiry, &trust->today) < 0;
}

static void
insert (FastCvTrust *trust, FastCvBody *point)
{
  guint at = 0;

  for (guint i = 0; i < trust->points->len; i++)
    if (g_str_equal (fast_cv_trust_get (trust, i)->holder, point->holder))
      g_ptr_array_remove_index (trust->points, i--);
  while (at < trust->points->len &&
         g_date_compare (&fast_cv_trust_get (trust, at)->effective, &point->effective) > 0)
    at++;
  g_ptr_array_insert (trust->points, (int)at, point);
}

/* An expired point goes once a later one is there that may certify; of three the earliest goes. */
static void
clean_up (FastCvTrust *trust)
{
  gboolean later = FALSE;

  for (guint i = 0; i < trust->points->len; i++)
    if (!fast_cv_trust_is_expired (trust, fast_cv_trust_get (trust, i)))
      later = TRUE;
    else if (later)
      g_ptr_array_remove_index (trust->points, i--);
  if (trust->points->len > FAST_CV_TRUST_POINTS)
    g_ptr_array_set_size (trust->points, FAST_CV_TRUST_POINTS);
}

/**
 * fast_cv_trust_advance:
 * @trust: a trust
 * @date: (nullable): the effective date of a certificate that was believed; an earlier one than the
 *   chip's date changes nothing
 * @successor: (nullable): what a believed link certificate said, with domain parameters
 *
 * Date and trust points change together (TR-03110-3, 2.5.1, steps 2 and 3).
 */
void
fast_cv_trust_advance (FastCvTrust *trust, const GDate *date, const FastCvBody *successor)
{
  if (date != NULL && g_date_compare (&trust->today, date) < 0)
    trust->today = *date;
  if (successor != NULL)
    insert (trust, fast_cv_body_copy (successor));
  clean_up (trust);
}

static gboolean
check_root (const FastCvBody *body, GError **error)
{
  if (!body->inspection || body->role != FAST_CV_ROLE_CVCA)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "cv-trust-role",
                      "holder=%s", body->holder);
  if (fast_cv_key_get_public (body->key) == NULL)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "cv-key-domain", NULL);
  return TRUE;
}

/**
 * fast_cv_trust_add:
 * @trust: a trust
 * @certificate: a self-signed certificate of a CVCA
 * @error: return location for an error
 *
 * For personalisation (TR-03110-3, 2.6): the latest key of the CVCA and perhaps the one before it.
 *
 * Returns: whether it is a trust point now
 */
gboolean
fast_cv_trust_add (FastCvTrust *trust, const FastCvCertificate *certificate, GError **error)
{
  const FastCvBody *body = fast_cv_certificate_get_body (certificate);

  if (!check_root (body, error))
    return FALSE;
  if (!g_str_equal (body->authority, body->holder))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "cv-trust-not-root",
                      "holder=%s, authority=%s", body->holder, body->authority);
  if (!fast_cv_certificate_verify (certificate, body->key, error))
    return FALSE;
  fast_cv_trust_advance (trust, NULL, body);
  return TRUE;
}

/**
 * fast_cv_trust_save:
 * @trust: a trust
 *
 * Returns: (transfer full): the date, `5F25`, and the trust points as certificate bodies, `7F4E`:
 * what a chip keeps in its memory
 */
GBytes *
fast_cv_trust_save (const FastCvTrust *trust)
{
  GByteArray *out = g_byte_array_new ();

  fast_cv_date_append (out, TAG_TODAY, &trust->today);
  for (guint i = 0; i < trust->points->len; i++) {
    g_autoptr (GBytes) body =
        fast_cv_body_build (fast_cv_trust_get (trust, i), FAST_CV_BODY_CERTIFICATE, TRUE, NULL);
    g_assert (body != NULL);
    fast_append_bytes (out, body);
  }
  return g_byte_array_free_to_bytes (out);
}

static gboolean
load_points (FastCvTrust *trust, FastReader *reader, GError **error)
{
  while (fast_reader_left (reader) > 0) {
    g_autoptr (FastCvBody) body = NULL;
    FastTlv object;

    if (!fast_tlv_expect_der (reader, FAST_CV_TAG_BODY, &object, error))
      return FALSE;
    body = fast_cv_body_parse (&object, FAST_CV_BODY_CERTIFICATE, error);
    if (body == NULL || !check_root (body, error))
      return FALSE;
    if (trust->points->len == FAST_CV_TRUST_POINTS)
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "cv-trust-full", NULL);
    insert (trust, g_steal_pointer (&body));
  }
  return TRUE;
}

/**
 * fast_cv_trust_load:
 * @bytes: as fast_cv_trust_save() made them
 * @error: return location for an error
 *
 * Returns: (transfer full): the trust; FAST_INPUT_ERROR
 */
FastCvTrust *
fast_cv_trust_load (GBytes *bytes, GError **error)
{
  FastReader reader = fast_reader_from_bytes (bytes, "trust points");
  g_autoptr (FastCvTrust) trust = NULL;
  FastTlv object;
  GDate today;

  if (!fast_tlv_expect_der (&reader, TAG_TODAY, &object, error) ||
      !fast_cv_date_parse (&object, &today, error))
    return NULL;
  trust = fast_cv_trust_new (&today);
  return load_points (trust, &reader, error) ? g_steal_pointer (&trust) : NULL;
}
