/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/secure.h"

G_BEGIN_DECLS

FastSecret *fast_mrz_information (const char *mrz, gsize size, GError **error);
FastSecret *fast_mrz_information_join (const char *number, gsize size, const char *birth,
                                       const char *expiry, GError **error);

G_END_DECLS
