/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/enrolment.h"
#include "enrol/workflow/unit.h"
#include "record/model/application.h"
#include "record/model/profile.h"
#include "record/store/revision.h"

G_BEGIN_DECLS

/**
 * FastSubject:
 * @enrolment: where it stands
 * @revision: the newest frozen revision
 * @application: what that revision says
 * @profile: of the programme
 *
 * An enrolment, opened: for whoever makes a card of it or shows it. Personal.
 */
typedef struct {
  FastEnrolment *enrolment;
  FastRevision *revision;
  FastApplication *application;
  FastProfile *profile;
} FastSubject;

FastSubject *fast_subject_load (FastUnit *unit, const char *item, GError **error);
void fast_subject_free (FastSubject *subject);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastSubject, fast_subject_free)

GBytes *fast_subject_sample (FastUnit *unit, const FastSubject *subject, const char *name,
                             char **part, GError **error);
char **fast_subject_dup_endorsements (const FastSubject *subject);

G_END_DECLS
