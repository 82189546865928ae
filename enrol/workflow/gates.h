/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/folder.h"
#include "enrol/workflow/unit.h"

G_BEGIN_DECLS

/*
 * The gates between a capture and the record. Each is a row of a table: it lets pass, or refuses
 * with a message that names the field and what to do. A gate whose name the profile lists can be
 * set aside by an override, which counts only when the officer who approves it has signed in, is
 * not the one who asked, and did not capture this enrolment.
 */

gboolean fast_gates_pass (const FastFolder *folder, FastUnit *unit, const FastActor *captured_by,
                          const GDate *today, GError **error);

G_END_DECLS
