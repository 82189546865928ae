/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/signer.h"

#include <openssl/x509v3.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/certificate.h"

#define DAY (24 * 60 * 60)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKEY_USAGE_PERIOD, PKEY_USAGE_PERIOD_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free)

/* What PrivateKeyUsagePeriod says; a side that it leaves out keeps its value. */
static gboolean
read_period (X509 *certificate, gint64 *from, gint64 *to)
{
  int critical;
  g_autoptr (PKEY_USAGE_PERIOD) period =
      X509_get_ext_d2i (certificate, NID_private_key_usage_period, &critical, NULL);

  if (period == NULL)
    return critical == -1;
  return (period->notBefore == NULL || fast_certificate_time (period->notBefore, from)) &&
         (period->notAfter == NULL || fast_certificate_time (period->notAfter, to));
}

/**
 * fast_signer_stated_end:
 * @certificate: a signer's certificate
 * @to: (out): the last second its PrivateKeyUsagePeriod allows, since 1970
 *
 * Returns: whether it states one
 */
gboolean
fast_signer_stated_end (X509 *certificate, gint64 *to)
{
  gint64 from;

  *to = G_MAXINT64;
  return read_period (certificate, &from, to) && *to != G_MAXINT64;
}

/**
 * fast_signer_period:
 * @certificate: a signer's certificate
 * @profile: what it is
 * @from: (out): the first second its key may sign, since 1970
 * @to: (out): the last
 *
 * The PrivateKeyUsagePeriod (RFC 3280, 4.2.1.4; ICAO 9303-12, table 6) within the validity, and
 * never longer than the profile allows; where the certificate states none, as a seal signer's may
 * not, the profile's days from its first.
 *
 * Returns: whether the certificate's dates can be read
 */
gboolean
fast_signer_period (X509 *certificate, const FastCertificateProfile *profile, gint64 *from,
                    gint64 *to)
{
  gint64 not_before, not_after;

  fast_certificate_validity (certificate, &not_before, &not_after);
  *from = not_before;
  *to = not_after;
  if (!read_period (certificate, from, to))
    return FALSE;
  *from = MAX (*from, not_before);
  *to = MIN (*to, not_after);
  if (profile->key_days > 0)
    *to = MIN (*to, *from + (gint64)profile->key_days * DAY);
  return TRUE;
}

static gboolean
fail (GError **error, const char *id, X509 *certificate, gint64 limit)
{
  g_autofree char *subject = fast_certificate_name (certificate);
  g_autofree char *date = fast_clock_format (limit);

  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_VALIDITY, id, "subject=%s, date=%s",
                    subject, date);
}

/* Only what signs seals is marked so, and it signs nothing else (9303-12, 7.1.3). */
static gboolean
signs_seals (X509 *certificate)
{
  g_autoptr (EXTENDED_KEY_USAGE) usages =
      X509_get_ext_d2i (certificate, NID_ext_key_usage, NULL, NULL);
  g_autoptr (ASN1_OBJECT) seal = OBJ_txt2obj (FAST_OID_SEAL_SIGNER, 1);

  for (int i = 0; i < sk_ASN1_OBJECT_num (usages); i++)
    if (OBJ_cmp (sk_ASN1_OBJECT_value (usages, i), seal) == 0)
      return TRUE;
  return FALSE;
}

/**
 * fast_signer_check:
 * @certificate: the certificate of a key that is about to sign
 * @profile: as what it signs: `document-signer`, `seal-signer`, `master-list-signer`
 * @at: when, in seconds since 1970
 * @error: return location for an error
 *
 * To be asked before every signature on a chip or a seal.
 *
 * Returns: whether it may sign then; FAST_KEY_ERROR_VALIDITY (`signer-not-yet`, `signer-over`) or
 *   FAST_KEY_ERROR_UNTRUSTED (`signer-purpose`)
 */
gboolean
fast_signer_check (X509 *certificate, const FastCertificateProfile *profile, gint64 at,
                   GError **error)
{
  g_autofree char *subject = fast_certificate_name (certificate);
  gint64 from, to;

  if (signs_seals (certificate) != profile->bare || X509_check_ca (certificate) != 0)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "signer-purpose",
                      "subject=%s, purpose=%s", subject, profile->name);
  if (!fast_signer_period (certificate, profile, &from, &to))
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "signer-purpose",
                      "subject=%s, purpose=%s", subject, profile->name);
  if (at < from)
    return fail (error, "signer-not-yet", certificate, from);
  if (at > to)
    return fail (error, "signer-over", certificate, to);
  return TRUE;
}
