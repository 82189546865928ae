/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/policy.h"

#include "record/base/asset.h"

static const char *const formats[] = {"fast-policy/1", NULL};

static const FastField rule_fields[] = {
    FAST_FIELD (FastPolicyRule, kind, .type = FAST_FIELD_ENUM, .flags = FAST_FIELD_REQUIRED,
                .names = fast_item_kind_names),
    FAST_FIELD (FastPolicyRule, parts, .type = FAST_FIELD_STRINGS, .flags = FAST_FIELD_REQUIRED,
                .pattern = "^[A-Za-z0-9*-]+\\.[a-z0-9*]+$", .least = 1),
};
FAST_BINDING (rule, FastPolicyRule);

static const FastField fields[] = {
    FAST_FIELD (FastPolicy, format, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .names = formats),
    FAST_FIELD (FastPolicy, nation, .type = FAST_FIELD_ENUM, .flags = FAST_FIELD_REQUIRED,
                .names = fast_nation_names),
    FAST_FIELD (FastPolicy, kinds, .type = FAST_FIELD_OBJECTS, .flags = FAST_FIELD_REQUIRED,
                .binding = &rule_binding, .least = FAST_ITEM_COUNT, .most = FAST_ITEM_COUNT),
};

FAST_DEFINE_VALUE (FastPolicy, fast_policy, "policy", fields)

static const FastPolicyRule *
find_rule (const FastPolicy *policy, FastItemKind kind)
{
  for (guint i = 0; i < policy->kinds->len; i++) {
    const FastPolicyRule *rule = policy->kinds->pdata[i];
    if (rule->kind == (int)kind)
      return rule;
  }
  return NULL;
}

static gboolean
check_complete (const FastPolicy *policy, FastNation nation, GError **error)
{
  if (policy->nation != (int)nation)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "model-policy-nation",
                      "nation=%s", fast_nation_name (nation));
  for (guint kind = 0; kind < FAST_ITEM_COUNT; kind++)
    if (find_rule (policy, (FastItemKind)kind) == NULL)
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "model-policy-kind",
                        "kind=%s", fast_item_kind_name ((FastItemKind)kind));
  return TRUE;
}

/**
 * fast_policy_load:
 * @nation: a nation
 * @error: return location for an error
 *
 * Reads `assets/policy/NATION.json` and checks that it has a rule for every kind.
 *
 * Returns: (transfer full): its policy, or %NULL with FAST_INPUT_ERROR
 */
FastPolicy *
fast_policy_load (FastNation nation, GError **error)
{
  g_autofree char *name = g_strdup_printf ("policy/%s.json", fast_nation_name (nation));
  g_autoptr (GBytes) bytes = fast_asset_load (name, error);
  g_autoptr (JsonNode) node = bytes == NULL ? NULL : fast_json_parse (bytes, name, error);
  g_autoptr (FastPolicy) policy = node == NULL ? NULL : fast_policy_from_json (node, error);

  if (policy == NULL || !check_complete (policy, nation, error)) {
    fast_error_prefix (error, "model-policy", "name=%s", name);
    return NULL;
  }
  return g_steal_pointer (&policy);
}

/**
 * fast_policy_allows:
 * @policy: a nation's policy
 * @kind: a kind of item
 * @part: a part's name
 *
 * Returns: whether the nation receives that part of that kind
 */
gboolean
fast_policy_allows (const FastPolicy *policy, FastItemKind kind, const char *part)
{
  const FastPolicyRule *rule = find_rule (policy, kind);

  for (guint i = 0; rule != NULL && rule->parts[i] != NULL; i++)
    if (g_pattern_match_simple (rule->parts[i], part))
      return TRUE;
  return FALSE;
}
