/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"
#include "record/model/nation.h"

G_BEGIN_DECLS

/**
 * FastOutcome:
 * @FAST_OUTCOME_GRANT: the agency takes the applicant as a member
 * @FAST_OUTCOME_REFUSE: it does not
 * @FAST_OUTCOME_DEFER: not decided today
 *
 * What an agency's officer decided.
 */
typedef enum {
  FAST_OUTCOME_GRANT,
  FAST_OUTCOME_REFUSE,
  FAST_OUTCOME_DEFER,
} FastOutcome;

extern const char *const fast_outcome_names[];

/**
 * FastDecision:
 * @agency: who decides
 * @item: the enrolment's item id
 * @revision: the revision of it that was looked at, from 1
 * @outcome: what was decided
 * @reason: (nullable): a code, as in `documents-incomplete`
 * @sequence: the unit's sequence at that moment
 * @parts: lowercase hex SHA-256 of that revision's `parts.json`
 *
 * The document that an officer signs, as canonical JSON named `decision-AGENCY.json`. It is the
 * same for both nations and never changes later.
 */
typedef struct {
  int agency;
  const char *item;
  gint64 revision;
  int outcome;
  const char *reason;
  gint64 sequence;
  const char *parts;
} FastDecision;

FAST_DECLARE_VALUE (FastDecision, fast_decision)

const char *fast_outcome_name (FastOutcome outcome);
gboolean fast_outcome_parse (const char *name, FastOutcome *outcome, GError **error);
char *fast_decision_part_name (FastAgency agency);
char *fast_decision_signature_name (FastAgency agency);

G_END_DECLS
