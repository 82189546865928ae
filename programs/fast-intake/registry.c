/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-intake/verbs.h"
#include "record/base/json.h"
#include "record/keys/certificate.h"

/* The intake of the configuration, or of --database. */
FastIntake *
fast_intake_of (FastInvocation *invocation, const char *database, GError **error)
{
  FastConfig *config = fast_invocation_config (invocation, error);

  return config == NULL ? NULL : fast_intake_open (config, database, error);
}

/* init */
gboolean
fast_intake_verb_init (FastInvocation *invocation, GError **error)
{
  g_autofree char *database = NULL;
  const GOptionEntry options[] = {{"database", 0, 0, G_OPTION_ARG_STRING, &database, NULL, NULL},
                                  {0}};
  g_autoptr (FastIntake) intake = NULL;
  JsonObject *object;
  g_autoptr (JsonNode) node = NULL;
  guint count = 0;

  if (!fast_invocation_parse (invocation, options, 0, 0, error))
    return FALSE;
  intake = fast_intake_of (invocation, database, error);
  if (intake == NULL || !fast_intake_initialise (intake, invocation->config, &count, error))
    return FALSE;
  object = json_object_new ();
  node = fast_json_node_take (object);
  json_object_set_int_member (object, "certificates", count);
  fast_invocation_say (invocation, "intake-initialised", "count=%u", count);
  fast_invocation_print_json (invocation, node);
  return TRUE;
}

static gboolean
add_unit (FastInvocation *invocation, FastIntake *intake, const char *path, JsonArray *added,
          GError **error)
{
  g_autoptr (X509) certificate = fast_certificate_load (path, error);
  g_autofree char *unit = NULL, *use = NULL;
  JsonObject *object;

  if (certificate == NULL || !fast_intake_register (intake, certificate, &unit, &use, error))
    return FALSE;
  object = json_object_new ();
  json_object_set_string_member (object, "unit", unit);
  json_object_set_string_member (object, "use", use);
  json_array_add_object_element (added, object);
  fast_invocation_say (invocation, "intake-unit-added", "unit=%s, use=%s", unit, use);
  return TRUE;
}

/* unit add */
gboolean
fast_intake_verb_unit_add (FastInvocation *invocation, GError **error)
{
  g_autofree char *database = NULL;
  const GOptionEntry options[] = {{"database", 0, 0, G_OPTION_ARG_STRING, &database, NULL, NULL},
                                  {0}};
  g_autoptr (FastIntake) intake = NULL;
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = fast_json_node_take (object);
  JsonArray *added = json_array_new ();

  json_object_set_array_member (object, "added", added);
  if (!fast_invocation_parse (invocation, options, 1, 100, error))
    return FALSE;
  intake = fast_intake_of (invocation, database, error);
  if (intake == NULL)
    return FALSE;
  for (guint i = 0; fast_invocation_operand (invocation, i) != NULL; i++)
    if (!add_unit (invocation, intake, fast_invocation_operand (invocation, i), added, error))
      return FALSE;
  fast_invocation_print_json (invocation, node);
  return TRUE;
}
