/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-intake/verbs.h"
#include "record/base/json.h"

static JsonArray *
split_receipts (const char *receipts)
{
  g_auto (GStrv) kinds = g_strsplit (receipts == NULL ? "" : receipts, ",", -1);
  JsonArray *array = json_array_new ();

  for (guint i = 0; kinds[i] != NULL; i++)
    json_array_add_string_element (array, kinds[i]);
  return array;
}

static JsonObject *
packet_object (const FastStoredPacket *packet)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "packet", packet->packet);
  json_object_set_string_member (object, "unit", packet->unit);
  json_object_set_string_member (object, "item", packet->item);
  json_object_set_string_member (object, "kind", packet->kind);
  json_object_set_int_member (object, "revision", packet->revision);
  json_object_set_string_member (object, "batch", packet->batch);
  json_object_set_int_member (object, "lane", packet->lane);
  json_object_set_int_member (object, "size", packet->size);
  json_object_set_array_member (object, "receipts", split_receipts (packet->receipts));
  return object;
}

static void
list_packets (FastInvocation *invocation, FastIntake *intake, GPtrArray *packets)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = fast_json_node_take (object);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < packets->len; i++) {
    const FastStoredPacket *packet = packets->pdata[i];
    json_array_add_object_element (array, packet_object (packet));
    fast_invocation_say (invocation, "intake-listed",
                         "item=%s, revision=%" G_GINT64_FORMAT ", kind=%s, lane=%" G_GINT64_FORMAT
                         ", receipts=%s",
                         packet->item, packet->revision, packet->kind, packet->lane,
                         packet->receipts == NULL ? "-" : packet->receipts);
  }
  json_object_set_string_member (object, "nation", fast_intake_get_nation (intake));
  json_object_set_array_member (object, "packets", array);
  fast_invocation_print_json (invocation, node);
}

/* list */
gboolean
fast_intake_verb_list (FastInvocation *invocation, GError **error)
{
  g_autofree char *database = NULL;
  const GOptionEntry options[] = {{"database", 0, 0, G_OPTION_ARG_STRING, &database, NULL, NULL},
                                  {0}};
  g_autoptr (FastIntake) intake = NULL;
  g_autoptr (GPtrArray) packets = NULL;

  if (!fast_invocation_parse (invocation, options, 0, 0, error))
    return FALSE;
  intake = fast_intake_of (invocation, database, error);
  if (intake == NULL)
    return FALSE;
  packets = fast_intake_database_list_packets (fast_intake_get_database (intake), error);
  if (packets == NULL)
    return FALSE;
  list_packets (invocation, intake, packets);
  return TRUE;
}
