/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/record/keys/cv-fixture.h"

#include <string.h>

#include "record/keys/key.h"

EVP_PKEY *
cv_fixture_key (const char *curve)
{
  g_autoptr (GError) error = NULL;
  EVP_PKEY *key = fast_key_generate (curve, FAST_KEY_PARAMETERS_NAMED, &error);

  g_assert_no_error (error);
  return key;
}

GDate
cv_fixture_date (guint yyyymmdd)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay)(yyyymmdd % 100), (GDateMonth)(yyyymmdd / 100 % 100),
                  (GDateYear)(yyyymmdd / 10000));
  return date;
}

FastCvCertificate *
cv_fixture_issue_with (const CvTerms *terms, FastCvAlgorithm algorithm, gboolean parameters,
                       EVP_PKEY *key, EVP_PKEY *issuer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastCvKey) public = fast_cv_key_new (key, algorithm, &error);
  const FastCvBody body = {
      .authority = (char *)terms->authority,
      .key = public,
      .holder = (char *)terms->holder,
      .role = terms->role,
      .rights = terms->rights,
      .effective = cv_fixture_date (terms->from),
      .expiry = cv_fixture_date (terms->to),
  };
  FastCvCertificate *certificate =
      fast_cv_certificate_issue (&body, parameters, issuer, algorithm, &error);

  g_assert_no_error (error);
  return certificate;
}

FastCvCertificate *
cv_fixture_issue (const CvTerms *terms, EVP_PKEY *key, EVP_PKEY *issuer)
{
  return cv_fixture_issue_with (terms, FAST_CV_ECDSA_SHA_256, terms->role == FAST_CV_ROLE_CVCA, key,
                                issuer);
}

FastCvCertificate *
cv_fixture_parse (const char *hex, GError **error)
{
  g_autoptr (GBytes) bytes = fast_hex_decode (hex, error);
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  return fast_cv_certificate_parse (data, size, error);
}

/* Selects the authority that the certificate names, then shows it. */
gboolean
cv_fixture_show (FastCvChain *chain, FastCvCertificate *certificate, GError **error)
{
  const char *authority = fast_cv_certificate_get_body (certificate)->authority;

  return fast_cv_chain_select (chain, authority, strlen (authority), error) &&
         fast_cv_chain_verify (chain, certificate, error);
}
