/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "personalise/emulator/virtual-reader.h"
#include "programs/fast-emulator/blank.h"
#include "programs/fast-emulator/service.h"
#include "programs/fast-emulator/verbs.h"

static void
announce (FastInvocation *invocation, FastVirtualReader *reader, const char *link)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *serial = fast_virtual_orders_dup_serial (fast_virtual_reader_orders (reader));

  json_object_set_string_member (object, "pty", link);
  json_object_set_string_member (object, "device", fast_virtual_reader_path (reader));
  json_object_set_string_member (object, "chip", serial);
  fast_invocation_say (invocation, "reader-ready", "link=%s, device=%s, chip=%s", link,
                       fast_virtual_reader_path (reader), serial);
  fast_invocation_print_json (invocation, node);
  fflush (stdout);
}

static gboolean
serve (FastInvocation *invocation, FastVirtualReader *reader, const char *link, const char *seed,
       GError **error)
{
  FastVirtualOrders *orders = fast_virtual_reader_orders (reader);
  g_autoptr (FastService) service = fast_service_new (invocation, orders);

  if (!fast_service_seed (service, seed, error))
    return FALSE;
  fast_virtual_orders_listen (orders, fast_service_hear_trouble, service);
  announce (invocation, reader, link);
  return fast_service_run (service, error);
}

/**
 * fast_verb_reader:
 *
 * `fast-emulator reader`: serves until SIGTERM; orders come on standard input.
 */
gboolean
fast_verb_reader (FastInvocation *invocation, GError **error)
{
  g_autofree char *link = NULL;
  g_autofree char *card = NULL;
  g_autofree char *seed = NULL;
  g_auto (FastBlankOptions) blank = {0};
  const GOptionEntry options[] = {
      {"pty", 0, 0, G_OPTION_ARG_FILENAME, &link, NULL, NULL},
      {"card", 0, 0, G_OPTION_ARG_FILENAME, &card, NULL, NULL},
      {"seed", 0, 0, G_OPTION_ARG_STRING, &seed, NULL, NULL},
      FAST_BLANK_OPTIONS (blank),
      {NULL, 0, 0, 0, NULL, NULL, NULL},
  };
  g_autoptr (FastVirtualReader) reader = NULL;

  if (!fast_invocation_parse (invocation, options, 0, 0, error) ||
      !fast_invocation_require (link, "--pty", error) ||
      !fast_invocation_require (card, "--card", error) || !fast_blank_make (&blank, card, error))
    return FALSE;
  reader = fast_virtual_reader_open (link, card, error);
  return reader != NULL && serve (invocation, reader, link, seed, error);
}
