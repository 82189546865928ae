/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/decision.h"

#include "record/model/forms.h"
#include "record/model/item.h"

const char *const fast_outcome_names[] = {"grant", "refuse", "defer", NULL};

static const FastField fields[] = {
    FAST_FIELD (FastDecision, agency, .type = FAST_FIELD_ENUM, .flags = FAST_FIELD_REQUIRED,
                .names = fast_agency_names),
    FAST_FIELD (FastDecision, item, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_ITEM),
    FAST_FIELD (FastDecision, revision, .type = FAST_FIELD_INT, .flags = FAST_FIELD_REQUIRED,
                .least = 1, .most = FAST_INTEGER_LIMIT),
    FAST_FIELD (FastDecision, outcome, .type = FAST_FIELD_ENUM, .flags = FAST_FIELD_REQUIRED,
                .names = fast_outcome_names),
    FAST_FIELD (FastDecision, reason, .type = FAST_FIELD_STRING,
                .flags = FAST_FIELD_REQUIRED | FAST_FIELD_NULLABLE, .pattern = FAST_PATTERN_CODE),
    FAST_FIELD (FastDecision, sequence, .type = FAST_FIELD_INT, .flags = FAST_FIELD_REQUIRED,
                .least = 1, .most = FAST_INTEGER_LIMIT),
    FAST_FIELD (FastDecision, parts, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_SHA256),
};

FAST_DEFINE_VALUE (FastDecision, fast_decision, "decision", fields)

/**
 * fast_outcome_name:
 * @outcome: an outcome
 *
 * Returns: (transfer none): `grant`, `refuse` or `defer`
 */
const char *
fast_outcome_name (FastOutcome outcome)
{
  return fast_outcome_names[outcome];
}

/**
 * fast_outcome_parse:
 * @name: a name
 * @outcome: (out): the outcome of that name
 * @error: return location for an error
 *
 * Returns: whether there is one, else FAST_INPUT_ERROR_INVALID
 */
gboolean
fast_outcome_parse (const char *name, FastOutcome *outcome, GError **error)
{
  for (guint i = 0; fast_outcome_names[i] != NULL; i++)
    if (g_strcmp0 (fast_outcome_names[i], name) == 0) {
      *outcome = (FastOutcome)i;
      return TRUE;
    }
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "model-outcome", "name=%s",
                    name);
}

/**
 * fast_decision_part_name:
 * @agency: who decided
 *
 * Returns: (transfer full): as in `decision-CBSA.json`
 */
char *
fast_decision_part_name (FastAgency agency)
{
  return g_strdup_printf ("decision-%s.json", fast_agency_name (agency));
}

/**
 * fast_decision_signature_name:
 * @agency: who decided
 *
 * Returns: (transfer full): the name of its detached signature, as in `decision-CBSA.p7s`
 */
char *
fast_decision_signature_name (FastAgency agency)
{
  return g_strdup_printf ("decision-%s.p7s", fast_agency_name (agency));
}
