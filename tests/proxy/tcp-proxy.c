/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

/*
 * tcp-proxy PORT TARGET_PORT: carries loopback connections and breaks them on command. Verbs on
 * standard input, each answered by a line `ok`:
 *
 *   cut          closes every connection and refuses new ones
 *   restore      carries again
 *   after N      cuts once N more bytes went from client to server; prints `cut` when it happens
 *
 * Ends when standard input does.
 */

typedef struct {
  GMutex lock;
  gboolean down;
  gint64 left; /* bytes until the cut; negative: none is ordered */
  GPtrArray *open;
} Line;

typedef struct {
  GIOStream *from;
  GIOStream *to;
  gboolean counted;
} Flow;

static Line line = {.left = -1};
static guint16 target_port;

static void
close_stream (gpointer stream, gpointer data G_GNUC_UNUSED)
{
  g_socket_shutdown (g_socket_connection_get_socket (stream), TRUE, TRUE, NULL);
}

/* With the lock held. */
static void
cut (void)
{
  line.down = TRUE;
  line.left = -1;
  g_ptr_array_foreach (line.open, close_stream, NULL);
}

/* How many of @n bytes may pass; 0 once the line is cut. */
static gssize
admit (gssize n, gboolean counted)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&line.lock);

  if (line.down)
    return 0;
  if (!counted || line.left < 0)
    return n;
  if (n < line.left) {
    line.left -= n;
    return n;
  }
  n = (gssize)line.left;
  line.left = 0;
  return n;
}

static void
cut_when_used_up (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&line.lock);

  if (line.left != 0)
    return;
  cut ();
  printf ("cut\n");
  fflush (stdout);
}

static gpointer
carry (gpointer data)
{
  Flow *flow = data;
  GInputStream *in = g_io_stream_get_input_stream (flow->from);
  GOutputStream *out = g_io_stream_get_output_stream (flow->to);
  char piece[16384];
  gssize n;

  while ((n = g_input_stream_read (in, piece, sizeof piece, NULL, NULL)) > 0) {
    gssize passing = admit (n, flow->counted);

    if (passing > 0 && !g_output_stream_write_all (out, piece, (gsize)passing, NULL, NULL, NULL))
      break;
    if (flow->counted)
      cut_when_used_up ();
    if (passing < n)
      break;
  }
  close_stream (flow->to, NULL);
  return NULL;
}

static void
register_pair (GIOStream *client, GIOStream *server)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&line.lock);

  g_ptr_array_add (line.open, client);
  g_ptr_array_add (line.open, server);
}

static void
forget_pair (GIOStream *client, GIOStream *server)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&line.lock);

  g_ptr_array_remove (line.open, client);
  g_ptr_array_remove (line.open, server);
}

static gboolean
on_run (GThreadedSocketService *service G_GNUC_UNUSED, GSocketConnection *client,
        GObject *source G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED)
{
  g_autoptr (GSocketClient) connector = g_socket_client_new ();
  g_autoptr (GSocketConnection) server =
      line.down ? NULL
                : g_socket_client_connect_to_host (connector, "127.0.0.1", target_port, NULL, NULL);
  Flow up = {G_IO_STREAM (client), G_IO_STREAM (server), TRUE};
  Flow down = {G_IO_STREAM (server), G_IO_STREAM (client), FALSE};
  GThread *thread;

  if (server == NULL)
    return TRUE;
  register_pair (up.from, up.to);
  thread = g_thread_new ("up", carry, &up);
  carry (&down);
  g_thread_join (thread);
  forget_pair (up.from, up.to);
  return TRUE;
}

static void
obey (const char *verb)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&line.lock);

  if (strcmp (verb, "cut") == 0)
    cut ();
  else if (strcmp (verb, "restore") == 0)
    line.down = FALSE;
  else if (g_str_has_prefix (verb, "after "))
    line.left = g_ascii_strtoll (verb + strlen ("after "), NULL, 10);
  printf ("ok\n");
  fflush (stdout);
}

static gpointer
read_verbs (gpointer loop)
{
  char verb[64];

  while (fgets (verb, sizeof verb, stdin) != NULL)
    obey (g_strchomp (verb));
  g_main_loop_quit (loop);
  return NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (64);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  if (argc != 3) {
    fprintf (stderr, "usage: tcp-proxy PORT TARGET_PORT\n");
    return 2;
  }
  line.open = g_ptr_array_new ();
  target_port = (guint16)g_ascii_strtoull (argv[2], NULL, 10);
  address = g_inet_socket_address_new (loopback, (guint16)g_ascii_strtoull (argv[1], NULL, 10));
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, NULL, &error)) {
    fprintf (stderr, "tcp-proxy: %s\n", error->message);
    return 1;
  }
  g_signal_connect (service, "run", G_CALLBACK (on_run), NULL);
  printf ("ready\n");
  fflush (stdout);
  g_thread_unref (g_thread_new ("verbs", read_verbs, loop));
  g_main_loop_run (loop);
  return 0;
}
