/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/enrolment.h"
#include "enrol/workflow/unit.h"

G_BEGIN_DECLS

gboolean fast_hand_over (FastUnit *unit, const char *item, GError **error);

G_END_DECLS
