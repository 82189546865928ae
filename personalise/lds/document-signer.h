/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/lds/verdict.h"
#include "record/base/autoptr.h"

G_BEGIN_DECLS

/*
 * The document signer's certificate, judged by the profile of ICAO 9303-12, 7.1. Many that are in
 * use lack something of it, so there are two degrees. What a reader must refuse by TR-03105-5.1
 * (LDS_H_48 to H_68) fails, if a CSCA that is believed vouches for the signer; without one nothing
 * hangs on it, and it is named as weak. What only newer editions demand is always named as weak.
 */

void fast_document_signer_judge (X509 *signer, gboolean believed, const char *check,
                                 GPtrArray *verdicts);
gboolean fast_document_signer_check_state (X509 *signer, const char *state, GError **error);
gboolean fast_document_signer_names_types (X509 *signer);
gboolean fast_document_signer_check_type (X509 *signer, const char *code, GError **error);
gboolean fast_document_signer_has_period (X509 *signer);
gboolean fast_document_signer_check_period (X509 *signer, const GDate *issued, GError **error);

G_END_DECLS
