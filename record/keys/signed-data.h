/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/autoptr.h"
#include "record/base/bytes.h"

G_BEGIN_DECLS

gboolean fast_signed_data_check (GBytes *content_info, X509 *signer, GError **error);

G_END_DECLS
