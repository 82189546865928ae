/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/enrolment.h"
#include "enrol/workflow/folder.h"
#include "enrol/workflow/unit.h"

G_BEGIN_DECLS

FastEnrolment *fast_capture_folder (FastUnit *unit, const FastFolder *folder,
                                    const FastActor *captured_by, GError **error);

G_END_DECLS
