/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/intake/server.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/number.h"
#include "sync/intake/exchange.h"

#define WATCH_S 1
#define DEFAULT_IDLE_S 60
#define DEFAULT_REQUEST_S 3600
#define DEFAULT_CONNECTIONS 512

static FastExchange *
exchange_of (FastIntakeServer *server, SoupServerMessage *message)
{
  return g_hash_table_lookup (server->exchanges, message);
}

static gboolean
on_certificate (SoupServerMessage *message, GTlsCertificate *certificate,
                GTlsCertificateFlags errors, gpointer data G_GNUC_UNUSED)
{
  fast_exchange_note_certificate (message, certificate, errors);
  return TRUE;
}

static void
on_headers (SoupServerMessage *message, gpointer data)
{
  FastExchange *exchange = exchange_of (data, message);

  if (exchange == NULL)
    return;
  exchange->headers = TRUE;
  exchange->active = g_get_monotonic_time ();
  exchange->server->n_requests++;
}

static void
on_chunk (SoupServerMessage *message, GBytes *chunk, gpointer data)
{
  FastExchange *exchange = exchange_of (data, message);

  if (exchange == NULL)
    return;
  exchange->active = g_get_monotonic_time ();
  fast_reception_take (exchange, chunk);
}

static void
on_wrote (SoupServerMessage *message, guint size G_GNUC_UNUSED, gpointer data)
{
  FastExchange *exchange = exchange_of (data, message);

  if (exchange != NULL)
    exchange->active = g_get_monotonic_time ();
}

static void
end (FastIntakeServer *server, SoupServerMessage *message)
{
  FastExchange *exchange = exchange_of (server, message);

  if (exchange == NULL)
    return;
  fast_reception_release (exchange);
  g_signal_handlers_disconnect_by_data (message, server);
  g_hash_table_remove (server->exchanges, message);
}

static void
on_gone (SoupServerMessage *message, gpointer data)
{
  end (data, message);
}

static void
on_finished (SoupServer *soup G_GNUC_UNUSED, SoupServerMessage *message, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!fast_point_pass (FAST_POINT ("intake-answered"), &error))
    g_message ("intake: stopped after an answer");
  end (data, message);
}

static void
on_aborted (SoupServer *soup G_GNUC_UNUSED, SoupServerMessage *message, gpointer data)
{
  end (data, message);
}

static void
on_started (SoupServer *soup G_GNUC_UNUSED, SoupServerMessage *message, gpointer data)
{
  FastIntakeServer *server = data;
  FastExchange *exchange = fast_exchange_new (server, message);
  gboolean crowded = g_hash_table_size (server->exchanges) >= server->limits.connections;

  g_hash_table_insert (server->exchanges, g_object_ref (message), exchange);
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (on_certificate), server);
  g_signal_connect (message, "got-headers", G_CALLBACK (on_headers), server);
  g_signal_connect (message, "got-chunk", G_CALLBACK (on_chunk), server);
  g_signal_connect (message, "wrote-body-data", G_CALLBACK (on_wrote), server);
  g_signal_connect (message, "disconnected", G_CALLBACK (on_gone), server);
  if (crowded)
    fast_exchange_drop (exchange);
}

/* With the headers: what has a body must know where to put it, or be refused before it comes. */
static void
on_early (SoupServer *soup G_GNUC_UNUSED, SoupServerMessage *message, const char *path,
          GHashTable *query G_GNUC_UNUSED, gpointer data)
{
  FastExchange *exchange = exchange_of (data, message);
  const char *method = soup_server_message_get_method (message);

  if (exchange != NULL && (strcmp (method, "POST") == 0 || strcmp (method, "PATCH") == 0))
    fast_reception_begin (exchange, path);
}

static void
on_request (SoupServer *soup G_GNUC_UNUSED, SoupServerMessage *message, const char *path,
            GHashTable *query, gpointer data)
{
  FastExchange *exchange = exchange_of (data, message);
  const char *method = soup_server_message_get_method (message);

  if (exchange == NULL || exchange->answered)
    return;
  if (exchange->upload != NULL)
    fast_reception_finish (exchange);
  else if (strcmp (method, "GET") == 0)
    fast_inquiry_answer (exchange, path, query);
  else if (strcmp (method, "OPTIONS") == 0)
    fast_reception_options (exchange);
  else if (strcmp (method, "HEAD") != 0)
    fast_exchange_answer_id (exchange, SOUP_STATUS_METHOD_NOT_ALLOWED, "intake-method");
  else if (fast_exchange_identify (exchange))
    fast_reception_head (exchange, path);
}

/* Between requests a connection may rest as long as within one; headers must come in that time. */
static gboolean
is_overdue (const FastExchange *exchange, const FastServerLimits *limits, gint64 now)
{
  gint64 idle = now - (exchange->headers ? exchange->active : exchange->started);

  return idle > (gint64)limits->idle_s * G_USEC_PER_SEC ||
         now - exchange->started > (gint64)limits->request_s * G_USEC_PER_SEC;
}

static gboolean
on_watch (gpointer data)
{
  FastIntakeServer *server = data;
  g_autoptr (GPtrArray) overdue = g_ptr_array_new ();
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer exchange;

  g_hash_table_iter_init (&iter, server->exchanges);
  while (g_hash_table_iter_next (&iter, NULL, &exchange))
    if (is_overdue (exchange, &server->limits, now))
      g_ptr_array_add (overdue, exchange);
  for (guint i = 0; i < overdue->len; i++)
    fast_exchange_drop (overdue->pdata[i]);
  return G_SOURCE_CONTINUE;
}

static gboolean
read_limit (FastConfig *config, const char *key, guint fallback, guint *limit, GError **error)
{
  g_autofree char *text = fast_config_string_or (config, "intake", key, NULL);
  guint64 number = fallback;

  if (text != NULL && !fast_number_parse (text, 10, 1, 1000000, &number))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "intake-limit",
                      "key=%s, value=%s", key, text);
  *limit = (guint)number;
  return TRUE;
}

static gboolean
read_limits (FastServerLimits *limits, FastConfig *config, GError **error)
{
  return read_limit (config, "idle-seconds", DEFAULT_IDLE_S, &limits->idle_s, error) &&
         read_limit (config, "request-seconds", DEFAULT_REQUEST_S, &limits->request_s, error) &&
         read_limit (config, "connections", DEFAULT_CONNECTIONS, &limits->connections, error);
}

static gboolean
tls_failed (GError **error, GError *cause)
{
  return fast_fail_from (error, cause, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "intake-tls", NULL);
}

static gboolean
set_tls (FastIntakeServer *server, FastConfig *config, GError **error)
{
  g_autofree char *certificate = fast_config_path (config, "tls", "certificate", error);
  g_autofree char *key = NULL, *ca = NULL;
  g_autoptr (GTlsCertificate) own = NULL;
  g_autoptr (GTlsDatabase) units = NULL;
  GError *cause = NULL;

  if (certificate == NULL)
    return FALSE;
  key = fast_config_path (config, "tls", "key", error);
  ca = key == NULL ? NULL : fast_config_path (config, "tls", "client-ca", error);
  if (ca == NULL)
    return FALSE;
  own = g_tls_certificate_new_from_files (certificate, key, &cause);
  if (own == NULL)
    return tls_failed (error, cause);
  units = g_tls_file_database_new (ca, &cause);
  if (units == NULL)
    return tls_failed (error, cause);
  soup_server_set_tls_certificate (server->soup, own);
  soup_server_set_tls_database (server->soup, units);
  soup_server_set_tls_auth_mode (server->soup, G_TLS_AUTHENTICATION_REQUESTED);
  return TRUE;
}

static void
free_exchange (gpointer data)
{
  fast_exchange_free (data);
}

/**
 * fast_intake_server_new:
 * @intake: the intake; must outlive the server
 * @config: `[tls]`, and in `[intake]` `idle-seconds`, `request-seconds`, `connections`
 * @error: return location for an error
 *
 * Serves from the thread-default main context of the caller, in one thread: what blocks is a sync
 * of one piece or the signature of one packet, some milliseconds each.
 *
 * Returns: (transfer full): the server, not listening yet
 */
FastIntakeServer *
fast_intake_server_new (FastIntake *intake, FastConfig *config, GError **error)
{
  g_autoptr (FastIntakeServer) server = g_new0 (FastIntakeServer, 1);

  server->intake = intake;
  server->soup = soup_server_new ("server-header", "fast-intake", NULL);
  server->exchanges = g_hash_table_new_full (NULL, NULL, g_object_unref, free_exchange);
  server->receiving = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!read_limits (&server->limits, config, error) || !set_tls (server, config, error))
    return NULL;
  g_signal_connect (server->soup, "request-started", G_CALLBACK (on_started), server);
  g_signal_connect (server->soup, "request-finished", G_CALLBACK (on_finished), server);
  g_signal_connect (server->soup, "request-aborted", G_CALLBACK (on_aborted), server);
  soup_server_add_early_handler (server->soup, NULL, on_early, server, NULL);
  soup_server_add_handler (server->soup, NULL, on_request, server, NULL);
  server->watch = g_timeout_add_seconds (WATCH_S, on_watch, server);
  return g_steal_pointer (&server);
}

static GSocketAddress *
parse_address (const char *text, GError **error)
{
  g_autoptr (GSocketConnectable) where = g_network_address_parse (text, 0, NULL);
  const char *host =
      where == NULL ? NULL : g_network_address_get_hostname (G_NETWORK_ADDRESS (where));
  g_autoptr (GInetAddress) address = NULL;

  if (g_strcmp0 (host, "localhost") == 0)
    host = "127.0.0.1";
  address = host == NULL ? NULL : g_inet_address_new_from_string (host);
  if (address == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "intake-address",
                           "address=%s", text);
  return g_inet_socket_address_new (address,
                                    g_network_address_get_port (G_NETWORK_ADDRESS (where)));
}

static char *
url_of (SoupServer *soup)
{
  GSList *uris = soup_server_get_uris (soup);
  char *url = uris == NULL ? NULL
                           : g_strdup_printf ("https://%s:%d", g_uri_get_host (uris->data),
                                              g_uri_get_port (uris->data));

  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  return url;
}

/**
 * fast_intake_server_listen:
 * @server: the server
 * @address: `HOST:PORT`; port 0 takes a free one
 * @url: (out) (transfer full): where it can be reached
 * @error: return location for an error
 *
 * Returns: whether it listens
 */
gboolean
fast_intake_server_listen (FastIntakeServer *server, const char *address, char **url,
                           GError **error)
{
  g_autoptr (GSocketAddress) where = parse_address (address, error);
  GError *cause = NULL;

  if (where == NULL)
    return FALSE;
  if (!soup_server_listen (server->soup, where, SOUP_SERVER_LISTEN_HTTPS, &cause))
    return fast_fail_from (error, cause, FAST_SYNC_ERROR, FAST_SYNC_ERROR_UNREACHABLE,
                           "intake-listen", "address=%s", address);
  *url = url_of (server->soup);
  return TRUE;
}

/**
 * fast_intake_server_free:
 * @server: (transfer full): the server; what is being received is made safe first
 */
void
fast_intake_server_free (FastIntakeServer *server)
{
  GHashTableIter iter;
  gpointer exchange;

  if (server->watch != 0)
    g_source_remove (server->watch);
  g_hash_table_iter_init (&iter, server->exchanges);
  while (g_hash_table_iter_next (&iter, NULL, &exchange)) {
    fast_reception_release (exchange);
    g_signal_handlers_disconnect_by_data (((FastExchange *)exchange)->message, server);
  }
  g_signal_handlers_disconnect_by_data (server->soup, server);
  soup_server_disconnect (server->soup);
  g_object_unref (server->soup);
  g_hash_table_unref (server->exchanges);
  g_hash_table_unref (server->receiving);
  g_free (server);
}
