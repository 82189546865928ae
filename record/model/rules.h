/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/application.h"
#include "record/model/profile.h"

G_BEGIN_DECLS

/*
 * What an application must fulfil before anything is captured. The rules are pure: values and a day
 * in, a refusal out, so that the desk, the kiosk and a back office judge alike. A refusal names the
 * member by its path and what to do; it never repeats the member's value. On its limit a value
 * passes: the eighteenth birthday itself, a document on its last day.
 */

gboolean fast_rules_check (const FastApplication *application, const FastProfile *profile,
                           const GDate *today, GError **error);
GPtrArray *fast_rules_judge (const FastApplication *application, const FastProfile *profile,
                             const GDate *today);

G_END_DECLS
