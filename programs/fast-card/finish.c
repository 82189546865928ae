/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/finish.h"

#include <string.h>

#include "programs/fast-card/verbs.h"
#include "programs/sign-in.h"
#include "record/base/json.h"

#define SEAL_LIMIT 4096
#define MRZ_LIMIT 1024

/* `--mrz` is the text itself, `@FILE` (all of its lines) or `-`. */
static char *
read_mrz (const char *argument, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FastSecret) secret = NULL;

  if (argument[0] == '@') {
    bytes = fast_bytes_read_file (argument + 1, MRZ_LIMIT, error);
    return bytes == NULL ? NULL
                         : g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  }
  secret = fast_secret_read_argument (argument, error);
  return secret == NULL
             ? NULL
             : g_strndup ((const char *)fast_secret_data (secret), fast_secret_size (secret));
}

static gboolean
finish (FastInvocation *invocation, FastUnit *unit, const char *item, const char *reader,
        const FastReadBack *read, GError **error)
{
  g_autoptr (FastTransport) transport = fast_transport_open (reader, error);
  g_autoptr (JsonNode) node = fast_json_node_take (json_object_new ());
  gboolean rfid_read;

  if (transport == NULL || !fast_finish_card (unit, item, transport, read, &rfid_read, error))
    return FALSE;
  json_object_set_string_member (json_node_get_object (node), "enrolment", item);
  json_object_set_string_member (json_node_get_object (node), "state",
                                 rfid_read ? "made" : "made-rfid-unread");
  fast_invocation_print_json (invocation, node);
  fast_invocation_say (invocation, rfid_read ? "said-made" : "said-made-rfid-unread", "item=%s",
                       item);
  return TRUE;
}

/* fast-card finish --enrolment ID --reader R --mrz TEXT --seal FILE [--rfid NUMBER] */
gboolean
fast_card_finish (FastInvocation *invocation, GError **error)
{
  g_auto (FastSignIn) options = {0};
  g_autofree char *item = NULL;
  g_autofree char *reader = NULL;
  g_autofree char *mrz = NULL;
  g_autofree char *seal = NULL;
  g_autofree char *rfid = NULL;
  const GOptionEntry entries[] = {
      FAST_SIGN_IN_OPTIONS (options),
      {"enrolment", 0, 0, G_OPTION_ARG_STRING, &item, NULL, NULL},
      {"reader", 0, 0, G_OPTION_ARG_STRING, &reader, NULL, NULL},
      {"mrz", 0, 0, G_OPTION_ARG_STRING, &mrz, NULL, NULL},
      {"seal", 0, 0, G_OPTION_ARG_FILENAME, &seal, NULL, NULL},
      {"rfid", 0, 0, G_OPTION_ARG_STRING, &rfid, NULL, NULL},
      {0},
  };
  g_autoptr (FastUnit) unit = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;

  fast_transport_quieten ();
  if (!fast_invocation_parse (invocation, entries, 0, 0, error) ||
      !fast_invocation_require (item, "--enrolment", error) ||
      !fast_invocation_require (reader, "--reader", error) ||
      !fast_invocation_require (mrz, "--mrz", error) ||
      !fast_invocation_require (seal, "--seal", error))
    return FALSE;
  text = read_mrz (mrz, error);
  bytes = text == NULL ? NULL : fast_bytes_read_file (seal, SEAL_LIMIT, error);
  unit = bytes == NULL ? NULL : fast_sign_in_unit (invocation, &options, FAST_SIGN_IN_ANY, error);
  return unit != NULL && finish (invocation, unit, item, reader,
                                 &(FastReadBack){.mrz = text, .seal = bytes, .rfid = rfid}, error);
}
