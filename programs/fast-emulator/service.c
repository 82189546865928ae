/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-emulator/service.h"

#include <glib-unix.h>
#include <stdio.h>
#include <unistd.h>

struct _FastService {
  FastInvocation *invocation;
  FastVirtualOrders *orders;
  GMainLoop *loop;
  GIOChannel *input;
  GError *failure;
};

static gboolean
on_signal (gpointer data)
{
  FastService *service = data;

  g_main_loop_quit (service->loop);
  return G_SOURCE_CONTINUE;
}

static void
obey (FastService *service, const char *line)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;
  g_autofree char *text = NULL;

  if (fast_virtual_orders_obey (service->orders, line, &answer, &error)) {
    printf (answer == NULL ? "ok\n" : "ok %s\n", answer);
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

/**
 * fast_service_new:
 * @invocation: the call of the verb; must outlive the service
 * @orders: the device's orders; must outlive the service
 *
 * Returns: (transfer full): a service that does not run yet
 */
FastService *
fast_service_new (FastInvocation *invocation, FastVirtualOrders *orders)
{
  FastService *service = g_new0 (FastService, 1);

  service->invocation = invocation;
  service->orders = orders;
  service->loop = g_main_loop_new (NULL, FALSE);
  service->input = g_io_channel_unix_new (STDIN_FILENO);
  return service;
}

/**
 * fast_service_free:
 * @service: (transfer full): a service that has ended
 */
void
fast_service_free (FastService *service)
{
  g_main_loop_unref (service->loop);
  g_io_channel_unref (service->input);
  g_clear_error (&service->failure);
  g_free (service);
}

/**
 * fast_service_seed:
 * @service: a service
 * @seed: (nullable): a number from the command line; %NULL leaves chance alone
 * @error: return location for an error
 *
 * Returns: whether it is a number; what the chip draws at random then follows from it
 */
gboolean
fast_service_seed (FastService *service, const char *seed, GError **error)
{
  g_autofree char *order = seed == NULL ? NULL : g_strconcat ("seed ", seed, NULL);

  return order == NULL || fast_virtual_orders_obey (service->orders, order, NULL, error);
}

/**
 * fast_service_hear_trouble:
 * @error: what went wrong while the device ran
 * @service: (type FastService): its service: a device that is gone ends it, the rest is told on
 *   standard error
 */
void
fast_service_hear_trouble (const GError *error, gpointer service)
{
  FastService *self = service;
  g_autofree char *text = NULL;

  if (g_error_matches (error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_GONE)) {
    if (self->failure == NULL)
      self->failure = g_error_copy (error);
    g_main_loop_quit (self->loop);
    return;
  }
  text = fast_error_format (error, self->invocation->language);
  fprintf (stderr, "%s: %s\n", self->invocation->program, text);
  fflush (stderr);
}

/**
 * fast_service_run:
 * @service: a service
 * @error: return location for an error
 *
 * Returns: whether it ended because it was told to
 */
gboolean
fast_service_run (FastService *service, GError **error)
{
  const guint on_term = g_unix_signal_add (SIGTERM, on_signal, service);
  const guint on_int = g_unix_signal_add (SIGINT, on_signal, service);
  const guint watch = g_io_add_watch (service->input, G_IO_IN | G_IO_HUP, on_order, service);

  if (service->failure == NULL)
    g_main_loop_run (service->loop);
  g_source_remove (on_term);
  g_source_remove (on_int);
  if (g_main_context_find_source_by_id (NULL, watch) != NULL)
    g_source_remove (watch);
  if (service->failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&service->failure));
  return FALSE;
}
