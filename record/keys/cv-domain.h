/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/tlv.h"

G_BEGIN_DECLS

/*
 * The domain parameters inside a public key data object (TR-03110-3, D.3.3). Those that come from
 * outside are compared with the curves that are known here and never computed with: a chosen base
 * point or a composite modulus gets no further than the comparison.
 */

/**
 * FastCvDomain:
 * @numbers: prime, first and second coefficient, base point, order, in this order; the value
 *   of an absent one is %NULL
 * @cofactor: the same; may be absent though the others are there
 *
 * Domain parameters as they were read; borrowed.
 */
typedef struct {
  FastTlv numbers[5];
  FastTlv cofactor;
} FastCvDomain;

enum {
  FAST_CV_TAG_PRIME = 0x81,
  FAST_CV_TAG_BASE_POINT = 0x84,
  FAST_CV_TAG_ORDER = 0x85,
  FAST_CV_TAG_POINT = 0x86,
  FAST_CV_TAG_COFACTOR = 0x87,
};

const char *fast_cv_domain_find (const FastCvDomain *domain, GError **error);
gboolean fast_cv_domain_append (const char *curve, GByteArray *out, GError **error);
gboolean fast_cv_domain_append_cofactor (const char *curve, GByteArray *out, GError **error);

G_END_DECLS
