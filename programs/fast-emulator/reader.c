/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib-unix.h>
#include <stdio.h>
#include <unistd.h>

#include "personalise/emulator/virtual-reader.h"
#include "programs/fast-emulator/verbs.h"

typedef struct {
  FastInvocation *invocation;
  FastVirtualReader *reader;
  GMainLoop *loop;
  GIOChannel *orders;
} Service;

static gboolean
on_signal (gpointer data)
{
  Service *service = data;

  g_main_loop_quit (service->loop);
  return G_SOURCE_CONTINUE;
}

static void
obey (Service *service, const char *line)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (fast_virtual_reader_order (service->reader, line, &error)) {
    printf ("ok\n");
  } else {
    text = fast_error_format (error, service->invocation->language);
    printf ("error: %s\n", text);
  }
  fflush (stdout);
}

/* The end of the orders is not the end of the service. */
static gboolean
on_order (GIOChannel *channel, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
  g_autofree char *line = NULL;

  if (g_io_channel_read_line (channel, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL)
    return G_SOURCE_REMOVE;
  obey (data, line);
  return G_SOURCE_CONTINUE;
}

static void
announce (Service *service, const char *link)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *serial = fast_virtual_reader_dup_serial (service->reader);

  json_object_set_string_member (object, "pty", link);
  json_object_set_string_member (object, "device", fast_virtual_reader_path (service->reader));
  json_object_set_string_member (object, "chip", serial);
  fast_invocation_say (service->invocation, "reader-ready", "link=%s, device=%s, chip=%s", link,
                       fast_virtual_reader_path (service->reader), serial);
  fast_invocation_print_json (service->invocation, node);
  fflush (stdout);
}

static void
serve (Service *service)
{
  const guint on_term = g_unix_signal_add (SIGTERM, on_signal, service);
  const guint on_int = g_unix_signal_add (SIGINT, on_signal, service);
  const guint watch = g_io_add_watch (service->orders, G_IO_IN | G_IO_HUP, on_order, service);
  GSource *source = g_main_context_find_source_by_id (NULL, watch);

  g_main_loop_run (service->loop);
  g_source_remove (on_term);
  g_source_remove (on_int);
  if (source != NULL && g_main_context_find_source_by_id (NULL, watch) != NULL)
    g_source_remove (watch);
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
  const GOptionEntry options[] = {
      {"pty", 0, 0, G_OPTION_ARG_FILENAME, &link, NULL, NULL},
      {"card", 0, 0, G_OPTION_ARG_FILENAME, &card, NULL, NULL},
      {NULL, 0, 0, 0, NULL, NULL, NULL},
  };
  g_autoptr (FastVirtualReader) reader = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GIOChannel) orders = g_io_channel_unix_new (STDIN_FILENO);
  Service service = {.invocation = invocation, .loop = loop, .orders = orders};

  if (!fast_invocation_parse (invocation, options, 0, 0, error))
    return FALSE;
  if (link == NULL || card == NULL)
    return fast_fail (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT, "usage-option-missing",
                      "option=%s", link == NULL ? "--pty" : "--card");
  reader = fast_virtual_reader_open (link, card, error);
  if (reader == NULL)
    return FALSE;
  service.reader = reader;
  announce (&service, link);
  serve (&service);
  return TRUE;
}
