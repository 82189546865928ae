/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "personalise/emulator/virtual-card.h"
#include "programs/fast-emulator/blank.h"
#include "programs/fast-emulator/service.h"
#include "programs/fast-emulator/verbs.h"

static void
announce (FastInvocation *invocation, FastVirtualCard *card, const char *address)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *serial = fast_virtual_orders_dup_serial (fast_virtual_card_orders (card));

  json_object_set_string_member (object, "vpcd", address);
  json_object_set_string_member (object, "chip", serial);
  fast_invocation_say (invocation, "card-ready", "address=%s, chip=%s", address, serial);
  fast_invocation_print_json (invocation, node);
  fflush (stdout);
}

static gboolean
serve (FastInvocation *invocation, FastVirtualCard *card, const char *address, const char *seed,
       GError **error)
{
  g_autoptr (FastService) service = fast_service_new (invocation, fast_virtual_card_orders (card));

  if (!fast_service_seed (service, seed, error))
    return FALSE;
  fast_virtual_card_listen (card, fast_service_hear_trouble, service);
  announce (invocation, card, address);
  return fast_service_run (service, error);
}

/**
 * fast_verb_card:
 *
 * `fast-emulator card`: a chip behind pcscd's vpcd until SIGTERM, or until vpcd is gone; orders
 * come on standard input.
 */
gboolean
fast_verb_card (FastInvocation *invocation, GError **error)
{
  g_autofree char *address = NULL;
  g_autofree char *path = NULL;
  g_autofree char *seed = NULL;
  g_auto (FastBlankOptions) blank = {0};
  const GOptionEntry options[] = {
      {"vpcd", 0, 0, G_OPTION_ARG_STRING, &address, NULL, NULL},
      {"card", 0, 0, G_OPTION_ARG_FILENAME, &path, NULL, NULL},
      {"seed", 0, 0, G_OPTION_ARG_STRING, &seed, NULL, NULL},
      FAST_BLANK_OPTIONS (blank),
      {NULL, 0, 0, 0, NULL, NULL, NULL},
  };
  g_autoptr (FastVirtualCard) card = NULL;

  if (!fast_invocation_parse (invocation, options, 0, 0, error) ||
      !fast_invocation_require (address, "--vpcd", error) ||
      !fast_invocation_require (path, "--card", error) || !fast_blank_make (&blank, path, error))
    return FALSE;
  card = fast_virtual_card_open (address, path, error);
  return card != NULL && serve (invocation, card, address, seed, error);
}
