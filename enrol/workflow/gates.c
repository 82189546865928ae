/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/gates.h"

#include <string.h>

#include "record/base/error.h"
#include "record/model/rules.h"

#define FINGER "finger-"
#define GATE_MISSING "fingers/missing"

typedef struct {
  const FastFolder *folder;
  FastUnit *unit;
  const FastActor *captured_by;
  const GDate *today;
} Case;

static gboolean
refuse (GError **error, const char *id, const char *name)
{
  return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, id, "name=%s", name);
}

static gboolean
values_hold (const Case *given, GError **error)
{
  return fast_rules_check (given->folder->application, given->folder->profile, given->today, error);
}

static gboolean
sample_is_there (const Case *given, const FastProfileBiometric *biometric, GError **error)
{
  gboolean captured = fast_folder_find_sample (given->folder, biometric->name) != NULL;
  gboolean declared = biometric->declarable && g_str_has_prefix (biometric->name, FINGER) &&
                      fast_application_find_missing (given->folder->application,
                                                     biometric->name + strlen (FINGER)) != NULL;

  if (captured && declared)
    return refuse (error, "gate-sample-contradicts", biometric->name);
  if (captured || declared)
    return TRUE;
  return refuse (error, biometric->declarable ? "gate-finger-undeclared" : "gate-sample-missing",
                 biometric->name);
}

static gboolean
samples_are_there (const Case *given, GError **error)
{
  GPtrArray *biometrics = given->folder->profile->biometrics;

  for (guint i = 0; i < biometrics->len; i++)
    if (!sample_is_there (given, biometrics->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* That nobody approves what they asked for is a rule of the application itself. */
static gboolean
override_counts (const Case *given, const FastOverride *claim, GError **error)
{
  if (!fast_profile_has_gate (given->folder->profile, claim->gate))
    return refuse (error, "gate-override-unknown", claim->gate);
  if (strcmp (claim->approved_by, given->captured_by->name) == 0)
    return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "gate-override-captured",
                      "gate=%s, officer=%s", claim->gate, claim->approved_by);
  if (fast_unit_find_actor (given->unit, claim->approved_by) == NULL)
    return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "gate-override-claim",
                      "gate=%s, officer=%s", claim->gate, claim->approved_by);
  return TRUE;
}

static gboolean
overrides_count (const Case *given, GError **error)
{
  GPtrArray *overrides = given->folder->application->overrides;

  for (guint i = 0; overrides != NULL && i < overrides->len; i++)
    if (!override_counts (given, overrides->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* A declared exception is an exception: somebody else has to have seen it. */
static gboolean
exceptions_are_approved (const Case *given, GError **error)
{
  const FastApplication *application = given->folder->application;

  if (application->missing == NULL || g_hash_table_size (application->missing) == 0 ||
      fast_application_find_override (application, GATE_MISSING) != NULL)
    return TRUE;
  return refuse (error, "gate-missing-unapproved", GATE_MISSING);
}

static gboolean (*const gates[]) (const Case *given, GError **error) = {
    values_hold,
    samples_are_there,
    overrides_count,
    exceptions_are_approved,
};

/**
 * fast_gates_pass:
 * @folder: a capture
 * @unit: the unit with the officers who are signed in
 * @captured_by: who captured it
 * @today: the day that ages and expiries are judged on
 * @error: return location for an error
 *
 * Returns: whether every gate lets it pass; FAST_GATE_ERROR names the first that does not, with the
 *   field and the remedy
 */
gboolean
fast_gates_pass (const FastFolder *folder, FastUnit *unit, const FastActor *captured_by,
                 const GDate *today, GError **error)
{
  const Case given = {folder, unit, captured_by, today};

  for (guint i = 0; i < G_N_ELEMENTS (gates); i++)
    if (!gates[i](&given, error))
      return FALSE;
  return TRUE;
}
