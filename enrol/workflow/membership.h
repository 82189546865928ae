/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/grants.h"
#include "enrol/workflow/subject.h"

G_BEGIN_DECLS

/**
 * FastMember:
 * @number: the membership number, nine digits
 * @expiry: its last day, YYYY-MM-DD
 *
 * A membership as both agencies granted it. Personal.
 */
typedef struct {
  char *number;
  char *expiry;
} FastMember;

void fast_member_free (FastMember *term);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastMember, fast_member_free)

FastMember *fast_membership_load (FastUnit *unit, const FastEnrolment *enrolment, GError **error);
FastMember *fast_membership_ensure (FastUnit *unit, const FastSubject *subject,
                                    const FastGrants *grants, const char *actor, GError **error);

G_END_DECLS
