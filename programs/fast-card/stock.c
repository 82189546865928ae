/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/stock/ledger.h"
#include "programs/fast-card/verbs.h"
#include "programs/sign-in.h"
#include "record/base/json.h"

#define DELIVERY_LIMIT (8 * 1024 * 1024)

static void
answer (FastInvocation *invocation, const char *member, guint n, const char *id)
{
  g_autoptr (JsonNode) node = fast_json_node_take (json_object_new ());

  json_object_set_int_member (json_node_get_object (node), member, n);
  fast_invocation_print_json (invocation, node);
  fast_invocation_say (invocation, id, "n=%u", n);
}

static gboolean
receive (FastUnit *unit, GPtrArray *blanks, GError **error)
{
  const FastActor *actor = fast_unit_actor (unit, error);
  g_autoptr (FastTransaction) transaction =
      actor == NULL ? NULL : fast_transaction_begin (fast_unit_store (unit), error);

  return transaction != NULL && fast_stock_receive (transaction, actor->name, blanks, error) &&
         fast_transaction_commit (transaction, FAST_POINT ("stock-received"), error);
}

/* fast-card stock receive FILE.csv: takes a manufacturer's delivery into the ledger. */
gboolean
fast_card_stock_receive (FastInvocation *invocation, GError **error)
{
  g_auto (FastSignIn) options = {0};
  const GOptionEntry entries[] = {FAST_SIGN_IN_OPTIONS (options), {0}};
  g_autoptr (FastUnit) unit = NULL;
  g_autoptr (GBytes) csv = NULL;
  g_autoptr (GPtrArray) blanks = NULL;

  if (!fast_invocation_parse (invocation, entries, 1, 1, error))
    return FALSE;
  csv = fast_bytes_read_file (fast_invocation_operand (invocation, 0), DELIVERY_LIMIT, error);
  blanks = csv == NULL ? NULL : fast_delivery_parse (csv, error);
  unit = blanks == NULL ? NULL : fast_sign_in_unit (invocation, &options, FAST_SIGN_IN_ANY, error);
  if (unit == NULL || !receive (unit, blanks, error))
    return FALSE;
  answer (invocation, "received", blanks->len, "said-received");
  return TRUE;
}

static gboolean
allot (FastUnit *unit, const char *const *serials, guint *n, GError **error)
{
  const FastActor *actor = fast_unit_actor (unit, error);
  g_autoptr (FastTransaction) transaction =
      actor == NULL ? NULL : fast_transaction_begin (fast_unit_store (unit), error);

  return transaction != NULL && fast_stock_allot (transaction, actor->name, serials, n, error) &&
         fast_transaction_commit (transaction, FAST_POINT ("stock-allotted"), error);
}

/* fast-card stock allot [SERIAL…]: gives blanks to the desk; all that were received if none is
 * named. */
gboolean
fast_card_stock_allot (FastInvocation *invocation, GError **error)
{
  g_auto (FastSignIn) options = {0};
  const GOptionEntry entries[] = {FAST_SIGN_IN_OPTIONS (options), {0}};
  g_autoptr (FastUnit) unit = NULL;
  const char *const *serials = NULL;
  guint n;

  if (!fast_invocation_parse (invocation, entries, 0, G_MAXUINT - 1, error))
    return FALSE;
  if (fast_invocation_operand (invocation, 0) != NULL)
    serials = (const char *const *)invocation->arguments + 1;
  unit = fast_sign_in_unit (invocation, &options, FAST_SIGN_IN_ANY, error);
  if (unit == NULL || !allot (unit, serials, &n, error))
    return FALSE;
  answer (invocation, "allotted", n, "said-allotted");
  return TRUE;
}
