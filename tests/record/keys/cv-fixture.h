/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/cv-chain.h"

G_BEGIN_DECLS

/* Card-verifiable certificates made in memory, for the tests of terminal authentication. */

/* One certificate to be issued; @from and @to are dates as in 20260131. */
typedef struct {
  const char *authority;
  const char *holder;
  FastCvRole role;
  guint rights;
  guint from;
  guint to;
} CvTerms;

EVP_PKEY *cv_fixture_key (const char *curve);
GDate cv_fixture_date (guint yyyymmdd);
FastCvCertificate *cv_fixture_issue (const CvTerms *terms, EVP_PKEY *key, EVP_PKEY *issuer);
FastCvCertificate *cv_fixture_issue_with (const CvTerms *terms, FastCvAlgorithm algorithm,
                                          gboolean parameters, EVP_PKEY *key, EVP_PKEY *issuer);
FastCvCertificate *cv_fixture_parse (const char *hex, GError **error);
gboolean cv_fixture_show (FastCvChain *chain, FastCvCertificate *certificate, GError **error);

G_END_DECLS
