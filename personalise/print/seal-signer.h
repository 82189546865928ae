/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/autoptr.h"

G_BEGIN_DECLS

/* How a seal names the certificate of its signer (BSI TR-03137-1, 5.3.1 and 8.5.1). */

char *fast_seal_signer_name (X509 *certificate);
char *fast_seal_signer_reference (X509 *certificate);
gboolean fast_seal_signer_has_form (X509 *certificate);
gboolean fast_seal_signer_valid_on (X509 *certificate, const GDate *date);
X509 *fast_seal_signer_find (GPtrArray *signers, const char *name, const char *reference);

G_END_DECLS
