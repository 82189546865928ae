/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/capture.h"
#include "programs/fast-enrol/verbs.h"
#include "programs/sign-in.h"
#include "record/base/json.h"

/* In training nobody types passphrases, so whoever a folder names as having approved something
 * signs in from the list; in production a name in a folder stays a claim, and so does everywhere
 * the name of somebody who is no officer here. */
static gboolean
sign_in_approvers (FastUnit *unit, const FastApplication *application, GError **error)
{
  for (guint i = 0; application->overrides != NULL && i < application->overrides->len; i++) {
    const FastOverride *override = application->overrides->pdata[i];
    FastAgency agency;

    if (fast_unit_agency_of (unit, override->approved_by, &agency, NULL) &&
        !fast_unit_sign_in_listed (unit, override->approved_by, error))
      return FALSE;
  }
  return TRUE;
}

/* Whose officer captured a folder that nobody is named for: the agency of who asked for an
 * override, else the unit's own. */
static int
capturing_agency (FastUnit *unit, const FastApplication *application)
{
  FastAgency agency;

  if (application->overrides != NULL && application->overrides->len > 0) {
    const FastOverride *first = application->overrides->pdata[0];
    if (fast_unit_agency_of (unit, first->asked_by, &agency, NULL))
      return (int)agency;
  }
  return FAST_SIGN_IN_ANY;
}

static FastUnit *
sign_in (FastInvocation *invocation, const FastSignIn *sign_in, const FastFolder *folder,
         GError **error)
{
  g_autoptr (FastUnit) probe = fast_open_unit (invocation, error);
  gboolean listed;
  int agency;

  if (probe == NULL)
    return NULL;
  agency = capturing_agency (probe, folder->application);
  listed = sign_in->officers == NULL && fast_unit_has_listed_passphrases (probe);
  g_clear_pointer (&probe, fast_unit_close);
  probe = fast_sign_in_unit (invocation, sign_in, agency, error);
  if (probe == NULL || (listed && !sign_in_approvers (probe, folder->application, error)))
    return NULL;
  return g_steal_pointer (&probe);
}

static void
print_id (FastInvocation *invocation, const FastEnrolment *enrolment)
{
  g_autoptr (JsonNode) node = NULL;

  if (!invocation->json) {
    printf ("%s\n", enrolment->item);
    return;
  }
  node = fast_json_node_take (json_object_new ());
  json_object_set_string_member (json_node_get_object (node), "enrolment", enrolment->item);
  fast_invocation_print_json (invocation, node);
}

/* fast-enrol folder DIR: captures from a folder and prints the enrolment's id. */
gboolean
fast_enrol_folder (FastInvocation *invocation, GError **error)
{
  g_auto (FastSignIn) options = {0};
  const GOptionEntry entries[] = {FAST_SIGN_IN_OPTIONS (options), {0}};
  g_autoptr (FastFolder) folder = NULL;
  g_autoptr (FastUnit) unit = NULL;
  g_autoptr (FastEnrolment) enrolment = NULL;

  if (!fast_invocation_parse (invocation, entries, 1, 1, error))
    return FALSE;
  folder = fast_folder_read (fast_invocation_operand (invocation, 0), error);
  if (folder == NULL)
    return FALSE;
  unit = sign_in (invocation, &options, folder, error);
  if (unit == NULL)
    return FALSE;
  enrolment = fast_capture_folder (unit, folder, fast_unit_nth_actor (unit, 0), error);
  if (enrolment == NULL)
    return FALSE;
  print_id (invocation, enrolment);
  return TRUE;
}
