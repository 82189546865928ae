/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-card/verbs.h"

#include "record/base/json.h"
#include "record/keys/training.h"

static JsonNode *
describe (const char *folder)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "folder", folder);
  return fast_json_node_take (object);
}

/**
 * fast_card_keys_training:
 * @invocation: `keys training DIR`
 * @error: return location for an error
 *
 * Returns: whether the training keys and configurations were written
 */
gboolean
fast_card_keys_training (FastInvocation *invocation, GError **error)
{
  const char *folder;
  g_autoptr (JsonNode) answer = NULL;

  if (!fast_invocation_parse (invocation, NULL, 1, 1, error))
    return FALSE;
  folder = fast_invocation_operand (invocation, 0);
  if (!fast_training_write (folder, error))
    return FALSE;
  answer = describe (folder);
  fast_invocation_say (invocation, "keys-training-done", "folder=%s", folder);
  fast_invocation_print_json (invocation, answer);
  return TRUE;
}
