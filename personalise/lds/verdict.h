/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/error.h"

G_BEGIN_DECLS

/**
 * FastVerdictOutcome:
 * @FAST_VERDICT_DONE: checked, and it holds
 * @FAST_VERDICT_FAILED: checked, and it does not hold
 * @FAST_VERDICT_NOT_OFFERED: the chip does not offer it, or something needed for it is not at hand
 * @FAST_VERDICT_WEAK: it holds, but with a defect that is named, as SHA-1; that alone fails nothing
 * @FAST_VERDICT_NOT_COVERED: a file that no signature covers: what is in it proves nothing
 *
 * What became of one check. Nothing is ever passed over silently.
 */
typedef enum {
  FAST_VERDICT_DONE,
  FAST_VERDICT_FAILED,
  FAST_VERDICT_NOT_OFFERED,
  FAST_VERDICT_WEAK,
  FAST_VERDICT_NOT_COVERED,
} FastVerdictOutcome;

/**
 * FastVerdict:
 * @check: message id of the check's name, as in `check-sod-signature`; also its stable id
 * @subject: (nullable): what of several was checked, as in `EF.DG1`
 * @outcome: what became of it
 * @why: (nullable): the error that says why it failed, was not done or is weak
 *
 * One line of an inspection.
 */
typedef struct {
  const char *check;
  char *subject;
  FastVerdictOutcome outcome;
  GError *why;
} FastVerdict;

FastVerdict *fast_verdict_new (const char *check, const char *subject, FastVerdictOutcome outcome,
                               GError *why);
void fast_verdict_free (FastVerdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastVerdict, fast_verdict_free)

const char *fast_verdict_outcome_name (FastVerdictOutcome outcome);
char *fast_verdict_format (const FastVerdict *verdict, const char *language);

GPtrArray *fast_verdicts_new (void);
void fast_verdicts_add (GPtrArray *verdicts, const char *check, const char *subject, GError *why);
void fast_verdicts_add_not_offered (GPtrArray *verdicts, const char *check, GError *why);
void fast_verdicts_add_weak (GPtrArray *verdicts, const char *check, const char *subject,
                             GError *why);
void fast_verdicts_add_not_covered (GPtrArray *verdicts, const char *check, const char *subject);
gboolean fast_verdicts_hold (GPtrArray *verdicts);
const FastVerdict *fast_verdicts_find (GPtrArray *verdicts, const char *check, const char *subject);

G_END_DECLS
