/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/application.h"
#include "record/model/profile.h"

G_BEGIN_DECLS

/*
 * How long a membership lasts. It ends on a birthday, the first that is at least the programme's
 * years after the second of the two grants. Who was born on 29 February has the 28th for a
 * birthday in common years. A renewal adds the same years to the end of the term before, whenever
 * in its last year it is granted.
 */

GDate *fast_birthday_in (const GDate *birth, GDateYear year);
guint fast_age_on (const GDate *birth, const GDate *day);

GDate *fast_term_end (const GDate *birth, const GDate *second_grant, guint years);
GDate *fast_term_renewed_end (const GDate *birth, const GDate *previous_end, guint years);
GDate *fast_term_renewal_opens (const GDate *end, guint years);
GDate *fast_term_for (const FastApplication *application, const FastProfile *profile,
                      const GDate *second_grant, GError **error);

G_END_DECLS
