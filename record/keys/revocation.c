/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/revocation.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/certificate.h"

struct _FastRevocation {
  GPtrArray *lists;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_CRL, X509_CRL_free)

/**
 * fast_revocation_new:
 *
 * Returns: (transfer full): no lists
 */
FastRevocation *
fast_revocation_new (void)
{
  FastRevocation *revocation = g_new0 (FastRevocation, 1);

  revocation->lists = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_CRL_free);
  return revocation;
}

/**
 * fast_revocation_free:
 * @revocation: (transfer full): lists
 */
void
fast_revocation_free (FastRevocation *revocation)
{
  g_ptr_array_unref (revocation->lists);
  g_free (revocation);
}

static X509_CRL *
parse (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  const guint8 *at = data;
  g_autoptr (X509_CRL) list = size == 0 ? NULL : d2i_X509_CRL (NULL, &at, (long)size);
  g_autoptr (BIO) in = NULL;

  if (list != NULL && at == data + size)
    return g_steal_pointer (&list);
  in = BIO_new_mem_buf (size > 0 ? data : (const guint8 *)"", (int)size);
  return PEM_read_bio_X509_CRL (in, NULL, NULL, NULL);
}

typedef enum { FOREIGN, ALTERED, VERIFIED } Origin;

/* A State signs its list with its newest key, also for what older keys certified: so every key
 * under the issuer's name is tried. */
static Origin
find_origin (X509_CRL *list, GPtrArray *authorities)
{
  Origin origin = FOREIGN;

  for (guint i = 0; i < authorities->len && origin != VERIFIED; i++) {
    X509 *authority = authorities->pdata[i];

    if (X509_NAME_cmp (X509_CRL_get_issuer (list), X509_get_subject_name (authority)) != 0)
      continue;
    origin = X509_CRL_verify (list, X509_get0_pubkey (authority)) == 1 ? VERIFIED : ALTERED;
  }
  ERR_clear_error ();
  return origin;
}

/**
 * fast_revocation_add:
 * @revocation: lists
 * @bytes: one more, in DER or PEM
 * @authorities: (element-type X509): the CSCAs that are believed
 * @name: where it comes from, for the error
 * @error: return location for an error
 *
 * A list of an issuer that is not known here says nothing about anybody who is believed here, and
 * is left out.
 *
 * Returns: %FALSE when it is no list (`revocation-malformed`) or a known issuer did not sign it
 *   (`revocation-signature`)
 */
gboolean
fast_revocation_add (FastRevocation *revocation, GBytes *bytes, GPtrArray *authorities,
                     const char *name, GError **error)
{
  g_autoptr (X509_CRL) list = parse (bytes);

  ERR_clear_error ();
  if (list == NULL)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "revocation-malformed",
                      "path=%s", name);
  switch (find_origin (list, authorities)) {
  case FOREIGN:
    return TRUE;
  case ALTERED:
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_SIGNATURE, "revocation-signature",
                      "path=%s", name);
  case VERIFIED:
    g_ptr_array_add (revocation->lists, g_steal_pointer (&list));
    return TRUE;
  }
  return FALSE;
}

static gboolean
is_current (X509_CRL *list, gint64 at, gint64 *due)
{
  gint64 from = 0;

  *due = 0;
  fast_certificate_time (X509_CRL_get0_lastUpdate (list), &from);
  if (X509_CRL_get0_nextUpdate (list) != NULL)
    fast_certificate_time (X509_CRL_get0_nextUpdate (list), due);
  return from <= at && at < *due;
}

static gboolean
fail_stale (X509 *certificate, gint64 due, GError **error)
{
  g_autofree char *date = fast_clock_format (due);
  g_autofree char *subject = fast_certificate_name (certificate);

  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_VALIDITY, "revocation-stale",
                    "subject=%s, date=%s", subject, date);
}

static gboolean
fail_revoked (X509 *certificate, GError **error)
{
  g_autofree char *subject = fast_certificate_name (certificate);

  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "trust-revoked", "subject=%s",
                    subject);
}

static gboolean
is_listed (X509_CRL *list, X509 *certificate)
{
  X509_REVOKED *entry;

  return X509_CRL_get0_by_cert (list, &entry, certificate) == 1;
}

/**
 * fast_revocation_check:
 * @revocation: lists
 * @certificate: a certificate
 * @at: the time of judging, in seconds since 1970
 * @error: (nullable): return location for what is wrong
 *
 * Returns: what its issuer's lists say; @error is set to `trust-revoked` or `revocation-stale`
 *   (which names when the newest list ended) in these two cases only
 */
FastRevocationState
fast_revocation_check (const FastRevocation *revocation, X509 *certificate, gint64 at,
                       GError **error)
{
  FastRevocationState state = FAST_REVOCATION_UNKNOWN;
  gint64 newest = 0;

  for (guint i = 0; i < revocation->lists->len; i++) {
    X509_CRL *list = revocation->lists->pdata[i];
    gint64 due;

    if (X509_NAME_cmp (X509_CRL_get_issuer (list), X509_get_issuer_name (certificate)) != 0)
      continue;
    if (is_listed (list, certificate)) {
      fail_revoked (certificate, error);
      return FAST_REVOCATION_REVOKED;
    }
    if (is_current (list, at, &due))
      state = FAST_REVOCATION_GOOD;
    else if (state == FAST_REVOCATION_UNKNOWN)
      state = FAST_REVOCATION_STALE;
    newest = MAX (newest, due);
  }
  if (state == FAST_REVOCATION_STALE)
    fail_stale (certificate, newest, error);
  return state;
}
