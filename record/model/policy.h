/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"
#include "record/model/item.h"
#include "record/model/nation.h"

G_BEGIN_DECLS

/**
 * FastPolicyRule:
 * @kind: a kind of item
 * @parts: names of parts that the nation receives; `*` stands for any characters
 */
typedef struct {
  int kind;
  const char *const *parts;
} FastPolicyRule;

/**
 * FastPolicy:
 * @format: `fast-policy/1`
 * @nation: whose policy it is
 * @kinds: (element-type FastPolicyRule): one rule for every kind: policies cut parts, never items
 *
 * What a nation's law lets it receive: `assets/policy/NATION.json`.
 */
typedef struct {
  const char *format;
  int nation;
  GPtrArray *kinds;
} FastPolicy;

FAST_DECLARE_VALUE (FastPolicy, fast_policy)

FastPolicy *fast_policy_load (FastNation nation, GError **error);
gboolean fast_policy_allows (const FastPolicy *policy, FastItemKind kind, const char *part);

G_END_DECLS
