/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/secure.h"

G_BEGIN_DECLS

FastSecret *fast_mrz_information (const char *mrz, gsize size, GError **error);

G_END_DECLS
