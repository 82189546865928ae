/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* fast_upload_run() against services that do not keep to tus 1.0.0. */

#include <libsoup/soup.h>
#include <string.h>

#include "record/base/bytes.h"
#include "record/base/durable.h"
#include "record/base/error.h"
#include "sync/link/upload.h"
#include "tests/support.h"

#define TRIES 5
#define SIZE 1000
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

/* A busy libsoup now and then closes a connection before its answer is out. The lane would come
 * again; so does this. */
static gboolean
run_again (Bench *bench, FastPeer *peer, const FastUploadJob *job)
{
  for (guint tries = 0; tries < TRIES; tries++) {
    g_clear_error (&bench->error);
    if (fast_upload_run (peer, job, NULL, &bench->error))
      return TRUE;
    if (!g_error_matches (bench->error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_UNREACHABLE))
      return FALSE;
  }
  return FALSE;
}

static gpointer
upload (gpointer data)
{
  Bench *bench = data;
  const FastPeerSettings settings = {.nation = "CA", .url = bench->url, .training = TRUE};
  g_autoptr (FastPeer) peer = fast_peer_new (&settings, &bench->error);
  g_autofree char *path = g_build_filename (bench->root, "packet", NULL);
  const FastUploadJob job = {.path = path, .packet = bench->packet};

  bench->done = peer != NULL && run_again (bench, peer, &job);
  g_idle_add (quit, bench->loop);
  return NULL;
}

static void
write_packet (Bench *bench)
{
  g_autofree char *path = g_build_filename (bench->root, "packet", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (SIZE), SIZE);

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
  Bench bench = {.service = service, .root = fast_test_folder ()};

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
  g_test_add_func ("/sync/link/upload/plain", test_plain);
  return g_test_run ();
}
