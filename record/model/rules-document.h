/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/application.h"
#include "record/model/profile.h"

G_BEGIN_DECLS

/* The rules about documents; fast_rules_check() calls them. */

gboolean fast_rules_check_documents (const FastApplication *application, const FastProfile *profile,
                                     const GDate *today, GError **error);

G_END_DECLS
