/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/enrolment.h"
#include "programs/fast-enrol/verbs.h"
#include "programs/sign-in.h"
#include "record/base/json.h"

/* fast-enrol list: ids and states; nothing personal, so nobody signs in. */
gboolean
fast_enrol_list (FastInvocation *invocation, GError **error)
{
  g_autoptr (FastUnit) unit = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonArray *array = json_array_new ();

  node = fast_json_node_take (json_object_new ());
  json_object_set_array_member (json_node_get_object (node), "enrolments", array);
  if (!fast_invocation_parse (invocation, NULL, 0, 0, error))
    return FALSE;
  unit = fast_open_unit (invocation, error);
  list = unit == NULL ? NULL : fast_enrolment_list (fast_unit_store (unit), error);
  if (list == NULL)
    return FALSE;
  for (guint i = 0; i < list->len; i++) {
    const FastEnrolment *enrolment = list->pdata[i];
    const char *state = fast_enrolment_state_name (enrolment->state);
    JsonObject *entry = json_object_new ();

    json_object_set_string_member (entry, "item", enrolment->item);
    json_object_set_string_member (entry, "programme", enrolment->programme);
    json_object_set_string_member (entry, "state", state);
    if (enrolment->serial != NULL)
      json_object_set_string_member (entry, "serial", enrolment->serial);
    json_array_add_object_element (array, entry);
    if (!invocation->json)
      printf ("%-12s %-8s %-14s %s\n", enrolment->item, enrolment->programme, state,
              enrolment->serial != NULL ? enrolment->serial : "");
  }
  fast_invocation_print_json (invocation, node);
  return TRUE;
}
