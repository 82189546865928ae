/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/specimen/alter.h"

#include <string.h>

#include "record/base/clock.h"
#include "tests/specimen/template.h"

/* Where a step of a path leads: `name` or `name[index]`. */
static JsonNode *
follow (JsonNode *node, const char *step)
{
  const char *bracket = strchr (step, '[');
  g_autofree char *name =
      bracket == NULL ? g_strdup (step) : g_strndup (step, (gsize)(bracket - step));
  JsonNode *member = json_object_get_member (json_node_get_object (node), name);

  g_assert_nonnull (member);
  return bracket == NULL ? member
                         : json_array_get_element (json_node_get_array (member),
                                                   (guint)g_ascii_strtoull (bracket + 1, NULL, 10));
}

static JsonNode *
parse (const char *value)
{
  g_autoptr (GDate) today = fast_clock_today ();
  g_autofree char *filled = specimen_template_fill (value, today);
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (filled, &error);

  g_assert_no_error (error);
  return node;
}

/**
 * specimen_alter:
 * @application: an application as JSON
 * @change: what is different; its path must lead to an object that is there
 */
void
specimen_alter (JsonNode *application, const SpecimenChange *change)
{
  g_auto (GStrv) steps = g_strsplit (change->path, ".", -1);
  guint last = g_strv_length (steps) - 1;
  JsonNode *node = application;

  for (guint i = 0; i < last; i++)
    node = follow (node, steps[i]);
  if (change->value == NULL)
    json_object_remove_member (json_node_get_object (node), steps[last]);
  else
    json_object_set_member (json_node_get_object (node), steps[last], parse (change->value));
}
