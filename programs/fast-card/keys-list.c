/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-card/verbs.h"
#include "record/base/clock.h"
#include "record/base/json.h"
#include "record/keys/inventory.h"

static const char *const state_texts[] = {
    [FAST_INVENTORY_GOOD] = "keys-state-good",
    [FAST_INVENTORY_SOON] = "keys-state-soon",
    [FAST_INVENTORY_URGENT] = "keys-state-urgent",
    [FAST_INVENTORY_OVER] = "keys-state-over",
};

static void
set_time (JsonObject *object, const char *member, gint64 seconds)
{
  g_autofree char *text = fast_clock_format (seconds);

  json_object_set_string_member (object, member, text);
}

static JsonObject *
describe (const FastInventoryEntry *entry, const char *language)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "place", entry->place);
  json_object_set_string_member (object, "path", entry->path);
  json_object_set_string_member (object, "purpose", entry->purpose);
  json_object_set_string_member (object, "state", fast_inventory_state_names[entry->state]);
  if (entry->subject != NULL) {
    json_object_set_string_member (object, "subject", entry->subject);
    set_time (object, "expires", entry->expires);
    set_time (object, "signs_until", entry->signs_until);
    json_object_set_int_member (object, "days_left", entry->days_left);
  }
  if (entry->problem != NULL) {
    g_autofree char *text = fast_error_format (entry->problem, language);
    json_object_set_string_member (object, "problem", text);
  }
  return object;
}

static void
say (FastInvocation *invocation, const FastInventoryEntry *entry)
{
  g_autofree char *expires = fast_clock_format (entry->expires);
  g_autofree char *until = fast_clock_format (entry->signs_until);
  g_autofree char *state = NULL;

  if (entry->problem != NULL) {
    g_autofree char *text = fast_error_format (entry->problem, invocation->language);
    fast_invocation_say (invocation, "keys-list-broken", "place=%s, problem=%s", entry->place,
                         text);
    return;
  }
  state = fast_text (invocation->language, state_texts[entry->state], NULL);
  fast_invocation_say (
      invocation, "keys-list-line",
      "place=%s, subject=%s, purpose=%s, until=%s, expires=%s, days=%" G_GINT64_FORMAT ", state=%s",
      entry->place, entry->subject, entry->purpose, until, expires, entry->days_left, state);
}

/* fast-card keys list: every certificate of the configuration, and how long it is still good. */
gboolean
fast_card_keys_list (FastInvocation *invocation, GError **error)
{
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonArray *list = json_array_new ();
  FastConfig *config;
  guint warnings = 0;

  node = fast_json_node_take (json_object_new ());
  json_object_set_array_member (json_node_get_object (node), "keys", list);
  if (!fast_invocation_parse (invocation, NULL, 0, 0, error))
    return FALSE;
  config = fast_invocation_config (invocation, error);
  entries = config == NULL ? NULL : fast_inventory_load (config, fast_clock_now (), error);
  if (entries == NULL)
    return FALSE;
  for (guint i = 0; i < entries->len; i++) {
    const FastInventoryEntry *entry = entries->pdata[i];

    json_array_add_object_element (list, describe (entry, invocation->language));
    warnings += entry->state != FAST_INVENTORY_GOOD;
    say (invocation, entry);
  }
  json_object_set_int_member (json_node_get_object (node), "warnings", warnings);
  fast_invocation_print_json (invocation, node);
  return TRUE;
}
