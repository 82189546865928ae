/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/enrolment.h"
#include "enrol/workflow/unit.h"
#include "record/model/decision.h"

G_BEGIN_DECLS

gboolean fast_decide_is_open (const FastEnrolment *enrolment, GError **error);
char *fast_decide (FastUnit *unit, const char *item, FastAgency agency, FastOutcome outcome,
                   const char *reason, GError **error);

G_END_DECLS
