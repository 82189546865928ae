/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* fast_upload_run() against services that do not keep to tus 1.0.0. */

#include <libsoup/soup.h>
#include <string.h>

#include "record/base/bytes.h"
#include "record/base/durable.h"
#include "record/base/error.h"
#include "sync/link/upload.h"
#include "tests/support.h"

#define SIZE 1000
#define LARGE (256 * 1024)
#define PLACE "/v1/packets/here"

/* What the service answers; %NULL leaves a header out. */
typedef struct {
  const char *name;
  guint created;
  const char *location;
  const char *first;
  guint patched;
  const char *later;
  FastSyncError code;
  const char *id;
  const char *what;
} Service;

typedef struct {
  const Service *service;
  GMainLoop *loop;
  char *root;
  char *packet;
  char *url;
  gsize size;
  GError *error;
  gboolean done;
} Bench;

static void
say (SoupServerMessage *message, guint status, const char *offset)
{
  if (offset != NULL)
    soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                  "Upload-Offset", offset);
  soup_server_message_set_status (message, status, NULL);
}

static void
on_request (SoupServer *server G_GNUC_UNUSED, SoupServerMessage *message,
            const char *path G_GNUC_UNUSED, GHashTable *query G_GNUC_UNUSED, gpointer data)
{
  const Service *service = ((Bench *)data)->service;
  const char *method = soup_server_message_get_method (message);

  if (strcmp (method, "OPTIONS") == 0) {
    say (message, 204, NULL);
  } else if (strcmp (method, "POST") == 0) {
    if (service->location != NULL)
      soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location",
                                    service->location);
    say (message, service->created, service->first);
  } else if (strcmp (method, "HEAD") == 0) {
    say (message, 200, service->first);
  } else {
    say (message, service->patched, service->later);
  }
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static gpointer
upload (gpointer data)
{
  Bench *bench = data;
  const FastPeerSettings settings = {.nation = "CA", .url = bench->url, .training = TRUE};
  g_autoptr (FastPeer) peer = fast_peer_new (&settings, &bench->error);
  g_autofree char *path = g_build_filename (bench->root, "packet", NULL);
  const FastUploadJob job = {.path = path, .packet = bench->packet};

  bench->done = peer != NULL && fast_upload_run (peer, &job, NULL, &bench->error);
  g_idle_add (quit, bench->loop);
  return NULL;
}

static void
write_packet (Bench *bench)
{
  g_autofree char *path = g_build_filename (bench->root, "packet", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (bench->size), bench->size);

  fast_durable_replace (path, bytes, 0600, NULL, &bench->error);
  g_assert_no_error (bench->error);
  bench->packet = fast_sha256_hex (bytes);
}

static void
serve (Bench *bench)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  GThread *thread;
  GSList *uris;

  soup_server_add_handler (server, NULL, on_request, bench, NULL);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &bench->error);
  g_assert_no_error (bench->error);
  uris = soup_server_get_uris (server);
  bench->url = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  thread = g_thread_new ("upload", upload, bench);
  g_main_loop_run (bench->loop);
  g_thread_join (thread);
}

static void
test_service (gconstpointer data)
{
  const Service *service = data;
  Bench bench = {.service = service, .root = fast_test_folder (), .size = SIZE};

  bench.loop = g_main_loop_new (NULL, FALSE);
  write_packet (&bench);
  serve (&bench);
  if (service->id == NULL) {
    g_assert_no_error (bench.error);
    g_assert_true (bench.done);
  } else {
    g_assert_error (bench.error, FAST_SYNC_ERROR, (int)service->code);
    fast_test_assert_id (bench.error, service->id);
    g_assert_cmpstr (fast_message_get_parameter (fast_error_get_message (bench.error), "what"), ==,
                     service->what);
  }
  g_clear_error (&bench.error);
  g_main_loop_unref (bench.loop);
  fast_test_remove_folder (bench.root);
  g_free (bench.packet);
  g_free (bench.url);
}

#define NO_OFFSET "Upload-Offset absent or beyond the end"
#define GARBAGE(text) FAST_SYNC_ERROR_GARBAGE, "link-garbage", text

static const Service services[] = {
    {"whole", 201, PLACE, "1000", 0, NULL, 0, NULL, NULL},
    {"in-two", 201, PLACE, "400", 204, "1000", 0, NULL, NULL},
    {"no-location", 201, NULL, "1000", 0, NULL, GARBAGE ("Location absent")},
    {"foreign-location", 201, "http://elsewhere.example/x", "0", 0, NULL, FAST_SYNC_ERROR_GARBAGE,
     "link-location", NULL},
    {"beyond-the-end", 201, PLACE, "1001", 0, NULL, GARBAGE (NO_OFFSET)},
    {"no-number", 201, PLACE, "1000 bytes", 0, NULL, GARBAGE (NO_OFFSET)},
    {"negative", 201, PLACE, "-1", 0, NULL, GARBAGE (NO_OFFSET)},
    {"no-later-offset", 201, PLACE, "400", 204, NULL, GARBAGE (NO_OFFSET)},
    {"stands-still", 201, PLACE, "400", 204, "400", GARBAGE ("the upload gets no further")},
    {"conflicts", 201, PLACE, "400", 409, NULL, GARBAGE ("the upload gets no further")},
    {"forgets", 201, PLACE, "400", 404, NULL, GARBAGE ("the upload gets no further")},
    {"odd-status", 302, PLACE, NULL, 0, NULL, GARBAGE ("status 302")},
};

/* Reads one request's head; whether there was one. */
static gboolean
read_head (GInputStream *in)
{
  g_autoptr (GString) head = g_string_new (NULL);
  char byte;

  while (!g_str_has_suffix (head->str, "\r\n\r\n")) {
    if (g_input_stream_read (in, &byte, 1, NULL, NULL) != 1)
      return FALSE;
    g_string_append_c (head, byte);
  }
  return TRUE;
}

static void
read_body (GInputStream *in, gsize size)
{
  g_autofree guint8 *body = g_malloc (size);

  g_input_stream_read_all (in, body, size, NULL, NULL, NULL);
}

/* A service that answers OPTIONS, keeps the connection, and closes it upon the head of the POST;
 * the next connection is listened to and answered. */
static gboolean
on_connection (GThreadedSocketService *service G_GNUC_UNUSED, GSocketConnection *connection,
               GObject *source G_GNUC_UNUSED, gpointer data)
{
  static const char options[] = "HTTP/1.1 204 No Content\r\n\r\n";
  static const char created[] = "HTTP/1.1 201 Created\r\nLocation: /v1/packets/1\r\n"
                                "Upload-Offset: 262144\r\nContent-Length: 0\r\n\r\n";
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  const gboolean first = g_atomic_int_add ((gint *)data, 1) == 0;
  const char *answer = first ? options : created;

  if (!read_head (in))
    return TRUE;
  if (!first)
    read_body (in, LARGE);
  g_output_stream_write_all (out, answer, strlen (answer), NULL, NULL, NULL);
  read_head (in);
  return TRUE;
}

static void
test_kept_connection (void)
{
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (4);
  Bench bench = {.root = fast_test_folder (), .size = LARGE};
  gint connections = 0;
  GThread *thread;
  guint16 port;

  bench.loop = g_main_loop_new (NULL, FALSE);
  write_packet (&bench);
  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, &bench.error);
  g_assert_no_error (bench.error);
  g_signal_connect (service, "run", G_CALLBACK (on_connection), &connections);
  bench.url = g_strdup_printf ("http://127.0.0.1:%u", (guint)port);
  thread = g_thread_new ("upload", upload, &bench);
  g_main_loop_run (bench.loop);
  g_thread_join (thread);
  g_assert_no_error (bench.error);
  g_assert_true (bench.done);
  g_assert_cmpint (g_atomic_int_get (&connections), ==, 2);
  g_socket_service_stop (service);
  g_main_loop_unref (bench.loop);
  fast_test_remove_folder (bench.root);
  g_free (bench.packet);
  g_free (bench.url);
}

/* Where training certificates are not taken, TLS is not left out. */
static void
test_plain (void)
{
  static const char *const refused[] = {"http://localhost:8441", "ftp://localhost", "localhost"};
  FastPeerSettings settings = {.nation = "CA", .url = "https://localhost:8441"};
  g_autoptr (FastPeer) peer = fast_peer_new (&settings, NULL);

  g_assert_nonnull (peer);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GError) error = NULL;

    settings.url = refused[i];
    g_assert_null (fast_peer_new (&settings, &error));
    fast_test_assert_id (error, "link-url");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++) {
    g_autofree char *path = g_strconcat ("/sync/link/upload/", services[i].name, NULL);

    g_test_add_data_func (path, &services[i], test_service);
  }
  g_test_add_func ("/sync/link/upload/kept-connection", test_kept_connection);
  g_test_add_func ("/sync/link/upload/plain", test_plain);
  return g_test_run ();
}
