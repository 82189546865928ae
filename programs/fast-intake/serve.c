/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib-unix.h>
#include <stdio.h>

#include "programs/fast-intake/verbs.h"
#include "sync/intake/server.h"

static gboolean
on_stop (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

static void
say_ready (FastInvocation *invocation, FastIntake *intake, const char *url)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);

  json_object_unref (object);
  json_object_set_string_member (object, "nation", fast_intake_get_nation (intake));
  json_object_set_string_member (object, "url", url);
  fast_invocation_say (invocation, "intake-serving", "nation=%s, url=%s",
                       fast_intake_get_nation (intake), url);
  fast_invocation_print_json (invocation, node);
  fflush (stdout);
}

static void
run_until_stopped (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  guint term = g_unix_signal_add (SIGTERM, on_stop, loop);
  guint interrupt = g_unix_signal_add (SIGINT, on_stop, loop);

  g_main_loop_run (loop);
  g_source_remove (term);
  g_source_remove (interrupt);
}

/* The configuration's units are registered at every start: a first one may have been cut short. */
static gboolean
prepare (FastIntake *intake, FastConfig *config, GError **error)
{
  guint count = 0;

  return fast_intake_initialise (intake, config, &count, error) &&
         fast_intake_recover (intake, error);
}

/* serve */
gboolean
fast_intake_verb_serve (FastInvocation *invocation, GError **error)
{
  g_autofree char *listen = NULL, *database = NULL, *url = NULL;
  const GOptionEntry options[] = {
      {"listen", 0, 0, G_OPTION_ARG_STRING, &listen, NULL, NULL},
      {"database", 0, 0, G_OPTION_ARG_STRING, &database, NULL, NULL},
      {0},
  };
  g_autoptr (FastIntake) intake = NULL;
  g_autoptr (FastIntakeServer) server = NULL;

  if (!fast_invocation_parse (invocation, options, 0, 0, error))
    return FALSE;
  intake = fast_intake_of (invocation, database, error);
  if (intake == NULL || !prepare (intake, invocation->config, error))
    return FALSE;
  if (listen == NULL)
    listen = fast_config_string (invocation->config, "intake", "listen", error);
  server = listen == NULL ? NULL : fast_intake_server_new (intake, invocation->config, error);
  if (server == NULL || !fast_intake_server_listen (server, listen, &url, error))
    return FALSE;
  say_ready (invocation, intake, url);
  run_until_stopped ();
  return TRUE;
}
