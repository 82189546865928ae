/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/enrolment.h"
#include "enrol/workflow/unit.h"

G_BEGIN_DECLS

/**
 * FastGrants:
 *
 * What both agencies say of an enrolment now: the newest decision of each, its signature verified,
 * and whether it still stands. A grant stands while every entry of the `parts.json` that was
 * granted is in the newest revision unchanged; else it lapses.
 */
typedef struct _FastGrants FastGrants;

FastGrants *fast_grants_load (FastUnit *unit, const FastEnrolment *enrolment, GError **error);
void fast_grants_free (FastGrants *grants);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastGrants, fast_grants_free)

gboolean fast_grants_is_refused (const FastGrants *grants);
gboolean fast_grants_is_complete (const FastGrants *grants);
gboolean fast_grants_allow_card (const FastGrants *grants, GError **error);
GPtrArray *fast_grants_list_lacks (const FastGrants *grants);
const char *fast_grants_outcome (const FastGrants *grants, FastAgency agency);
const char *fast_grants_officer (const FastGrants *grants, FastAgency agency);
gint64 fast_grants_completed_at (const FastGrants *grants);

G_END_DECLS
