/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/verdict.h"

/**
 * fast_verdict_new:
 * @check: (transfer none): a literal: the check's message id
 * @subject: (nullable): what was checked
 * @outcome: what became of it
 * @why: (transfer full) (nullable): why
 *
 * Returns: (transfer full): a verdict
 */
FastVerdict *
fast_verdict_new (const char *check, const char *subject, FastVerdictOutcome outcome, GError *why)
{
  FastVerdict *verdict = g_new0 (FastVerdict, 1);

  verdict->check = check;
  verdict->subject = g_strdup (subject);
  verdict->outcome = outcome;
  verdict->why = why;
  return verdict;
}

/**
 * fast_verdict_free:
 * @verdict: (transfer full): a verdict
 */
void
fast_verdict_free (FastVerdict *verdict)
{
  g_free (verdict->subject);
  g_clear_error (&verdict->why);
  g_free (verdict);
}

/**
 * fast_verdict_outcome_name:
 * @outcome: an outcome
 *
 * Returns: (transfer none): its id, for JSON
 */
const char *
fast_verdict_outcome_name (FastVerdictOutcome outcome)
{
  static const char *const NAMES[] = {
      [FAST_VERDICT_DONE] = "done",
      [FAST_VERDICT_FAILED] = "failed",
      [FAST_VERDICT_NOT_OFFERED] = "not-offered",
      [FAST_VERDICT_WEAK] = "weak",
      [FAST_VERDICT_NOT_COVERED] = "not-covered",
  };

  return NAMES[outcome];
}

/**
 * fast_verdict_format:
 * @verdict: a verdict
 * @language: `en` or `fr`
 *
 * Returns: (transfer full): a line for people
 */
char *
fast_verdict_format (const FastVerdict *verdict, const char *language)
{
  static const char *const LINES[] = {
      [FAST_VERDICT_DONE] = "verdict-done",
      [FAST_VERDICT_FAILED] = "verdict-failed",
      [FAST_VERDICT_NOT_OFFERED] = "verdict-not-offered",
      [FAST_VERDICT_WEAK] = "verdict-weak",
      [FAST_VERDICT_NOT_COVERED] = "verdict-not-covered",
  };
  g_autofree char *check = fast_text (language, verdict->check, NULL);
  g_autofree char *why =
      verdict->why == NULL ? g_strdup ("") : fast_error_format (verdict->why, language);
  g_autofree char *of =
      verdict->subject == NULL ? g_strdup ("") : g_strdup_printf (" (%s)", verdict->subject);

  if (verdict->outcome == FAST_VERDICT_NOT_OFFERED && verdict->why != NULL)
    return fast_text (language, "verdict-not-offered-because", "check=%s, of=%s, why=%s", check, of,
                      why);
  return fast_text (language, LINES[verdict->outcome], "check=%s, of=%s, why=%s", check, of, why);
}

/**
 * fast_verdicts_new:
 *
 * Returns: (transfer full) (element-type FastVerdict): an empty list
 */
GPtrArray *
fast_verdicts_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)fast_verdict_free);
}

/**
 * fast_verdicts_add:
 * @verdicts: (element-type FastVerdict): the list
 * @check: a literal: the check's message id
 * @subject: (nullable): what was checked
 * @why: (transfer full) (nullable): why it failed; %NULL when it holds
 */
void
fast_verdicts_add (GPtrArray *verdicts, const char *check, const char *subject, GError *why)
{
  g_ptr_array_add (verdicts,
                   fast_verdict_new (check, subject,
                                     why == NULL ? FAST_VERDICT_DONE : FAST_VERDICT_FAILED, why));
}

/**
 * fast_verdicts_add_not_offered:
 * @verdicts: (element-type FastVerdict): the list
 * @check: a literal: the check's message id
 * @why: (transfer full) (nullable): what was lacking
 */
void
fast_verdicts_add_not_offered (GPtrArray *verdicts, const char *check, GError *why)
{
  g_ptr_array_add (verdicts, fast_verdict_new (check, NULL, FAST_VERDICT_NOT_OFFERED, why));
}

/**
 * fast_verdicts_add_weak:
 * @verdicts: (element-type FastVerdict): the list
 * @check: a literal: the check's message id
 * @subject: (nullable): what was checked
 * @why: (transfer full): the defect
 */
void
fast_verdicts_add_weak (GPtrArray *verdicts, const char *check, const char *subject, GError *why)
{
  g_ptr_array_add (verdicts, fast_verdict_new (check, subject, FAST_VERDICT_WEAK, why));
}

/**
 * fast_verdicts_add_not_covered:
 * @verdicts: (element-type FastVerdict): the list
 * @check: a literal: the check's message id
 * @subject: the file
 */
void
fast_verdicts_add_not_covered (GPtrArray *verdicts, const char *check, const char *subject)
{
  g_ptr_array_add (verdicts, fast_verdict_new (check, subject, FAST_VERDICT_NOT_COVERED, NULL));
}

/**
 * fast_verdicts_hold:
 * @verdicts: (element-type FastVerdict): a list
 *
 * Returns: whether no check failed
 */
gboolean
fast_verdicts_hold (GPtrArray *verdicts)
{
  for (guint i = 0; i < verdicts->len; i++)
    if (((FastVerdict *)verdicts->pdata[i])->outcome == FAST_VERDICT_FAILED)
      return FALSE;
  return TRUE;
}

/**
 * fast_verdicts_find:
 * @verdicts: (element-type FastVerdict): a list
 * @check: a check's message id
 * @subject: (nullable): what was checked; %NULL is any
 *
 * Returns: (transfer none) (nullable): the first such verdict
 */
const FastVerdict *
fast_verdicts_find (GPtrArray *verdicts, const char *check, const char *subject)
{
  for (guint i = 0; i < verdicts->len; i++) {
    const FastVerdict *verdict = verdicts->pdata[i];

    if (g_str_equal (verdict->check, check) &&
        (subject == NULL || g_strcmp0 (verdict->subject, subject) == 0))
      return verdict;
  }
  return NULL;
}
