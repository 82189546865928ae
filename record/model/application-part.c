/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/application.h"

/**
 * Part:
 * @name: of the part
 * @members: of the application that stand in it
 * @whole: the one member is the part itself
 *
 * How an application is divided into the parts of an enrolment item, so that policies can withhold
 * some and a correction changes few. The parts together are the application again.
 */
typedef struct {
  const char *name;
  const char *members[7];
  gboolean whole;
} Part;

static const Part parts[] = {
    {"application.json",
     {"format", "programme", "kind", "application", "membership", "declarations"},
     FALSE},
    {"applicant.json", {"applicant"}, TRUE},
    {"documents.json", {"documents"}, FALSE},
    {"consent.json", {"consents"}, FALSE},
    {"payment.json", {"payment"}, TRUE},
    {"exceptions.json", {"missing", "overrides"}, FALSE},
};

const char *const fast_application_part_names[] = {
    "application.json", "applicant.json",      "documents.json",     "consent.json", "payment.json",
    "exceptions.json",  "interview-CBSA.json", "interview-CBP.json", NULL,
};

static const Part *
find_part (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (g_strcmp0 (parts[i].name, name) == 0)
      return &parts[i];
  return NULL;
}

static void
copy_member (JsonObject *to, JsonObject *from, const char *member)
{
  if (json_object_has_member (from, member))
    json_object_set_member (to, member, json_object_dup_member (from, member));
}

static GBytes *
cut_part (const Part *part, JsonObject *application)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  if (part->whole)
    return fast_json_canonical_bytes (json_object_get_member (application, part->members[0]));
  object = json_object_new ();
  for (guint i = 0; part->members[i] != NULL; i++)
    copy_member (object, application, part->members[i]);
  node = fast_json_node_take (object);
  return fast_json_canonical_bytes (node);
}

static gboolean
parse_interview_name (const char *name, FastAgency *agency)
{
  for (guint i = 0; i < FAST_NATION_COUNT; i++) {
    g_autofree char *wanted = fast_interview_part_name ((FastAgency)i);
    if (g_strcmp0 (wanted, name) == 0) {
      *agency = (FastAgency)i;
      return TRUE;
    }
  }
  return FALSE;
}

/**
 * fast_application_dup_part:
 * @application: an application
 * @name: one of fast_application_part_names
 *
 * `applicant.json` is a FastApplicant, `payment.json` a FastPayment, `interview-AGENCY.json` a
 * FastInterview; the others hold the members of the application that belong together.
 *
 * Returns: (transfer full) (nullable): canonical JSON; %NULL for an interview that was not held, or
 *   a name that is not a part
 */
GBytes *
fast_application_dup_part (const FastApplication *application, const char *name)
{
  const Part *part = find_part (name);
  g_autoptr (JsonNode) node = NULL;
  const FastInterview *interview;
  FastAgency agency = FAST_AGENCY_CBSA;

  if (part == NULL && !parse_interview_name (name, &agency))
    return NULL;
  if (part == NULL) {
    interview = fast_application_find_interview (application, agency);
    return interview == NULL ? NULL : fast_interview_to_bytes (interview);
  }
  node = fast_application_to_json (application);
  return cut_part (part, json_node_get_object (node));
}

static gboolean
add_part (JsonObject *application, const Part *part, GHashTable *all, GError **error)
{
  GBytes *bytes = g_hash_table_lookup (all, part->name);
  g_autoptr (JsonNode) node = NULL;
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;

  if (bytes == NULL)
    return TRUE;
  node = fast_json_parse_canonical (bytes, part->name, error);
  if (node == NULL)
    return FALSE;
  if (part->whole) {
    json_object_set_member (application, part->members[0], g_steal_pointer (&node));
    return TRUE;
  }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "model-type",
                      "path=%s, wanted=%s", part->name, "object");
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &member, &value))
    if (!g_strv_contains (part->members, member))
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "model-unknown",
                        "path=%s", member);
    else
      copy_member (application, json_node_get_object (node), member);
  return TRUE;
}

static gboolean
add_interviews (JsonObject *application, GHashTable *all, GError **error)
{
  JsonObject *interviews = json_object_new ();

  json_object_set_object_member (application, "interview", interviews);
  for (guint i = 0; i < FAST_NATION_COUNT; i++) {
    g_autofree char *name = fast_interview_part_name ((FastAgency)i);
    GBytes *bytes = g_hash_table_lookup (all, name);
    JsonNode *node = NULL;

    if (bytes == NULL)
      continue;
    node = fast_json_parse_canonical (bytes, name, error);
    if (node == NULL)
      return FALSE;
    json_object_set_member (interviews, fast_agency_name ((FastAgency)i), node);
  }
  return TRUE;
}

/**
 * fast_application_from_parts:
 * @all: (element-type utf8 GBytes): parts of an enrolment by name; others are passed over
 * @error: return location for an error
 *
 * Returns: (transfer full): the application that they were cut from, without interviews that are
 *   not among them; or %NULL with FAST_INPUT_ERROR
 */
FastApplication *
fast_application_from_parts (GHashTable *all, GError **error)
{
  g_autoptr (JsonNode) node = fast_json_node_take (json_object_new ());
  JsonObject *object = json_node_get_object (node);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (!add_part (object, &parts[i], all, error)) {
      fast_error_prefix (error, "model-application", "path=%s", parts[i].name);
      return NULL;
    }
  if (!add_interviews (object, all, error))
    return NULL;
  return fast_application_from_json (node, error);
}
