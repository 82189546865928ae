/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/intake/exchange.h"

#include <string.h>
#include <unistd.h>

#include "record/base/error.h"
#include "record/base/json.h"

#define PEER "fast-peer"

/* What the handshake said of the client. libsoup 3.2 tells it to the connection's first request
 * only, so it is kept with the socket. */
typedef struct {
  GBytes *certificate;
  GTlsCertificateFlags errors;
} Peer;

static void
free_peer (gpointer data)
{
  Peer *peer = data;

  g_bytes_unref (peer->certificate);
  g_free (peer);
}

FastExchange *
fast_exchange_new (FastIntakeServer *server, SoupServerMessage *message)
{
  FastExchange *exchange = g_new0 (FastExchange, 1);

  exchange->server = server;
  exchange->message = message;
  exchange->fd = -1;
  exchange->started = exchange->active = g_get_monotonic_time ();
  return exchange;
}

void
fast_exchange_free (FastExchange *exchange)
{
  if (exchange->fd >= 0)
    close (exchange->fd);
  g_free (exchange->unit);
  g_clear_pointer (&exchange->upload, fast_upload_free);
  fast_tus_checksum_clear (&exchange->checksum);
  g_clear_pointer (&exchange->running, g_checksum_free);
  g_clear_error (&exchange->failure);
  g_free (exchange);
}

void
fast_exchange_note_certificate (SoupServerMessage *message, GTlsCertificate *certificate,
                                GTlsCertificateFlags errors)
{
  GSocket *socket = soup_server_message_get_socket (message);
  g_autoptr (GByteArray) der = NULL;
  Peer *peer;

  g_object_get (certificate, "certificate", &der, NULL);
  if (socket == NULL || der == NULL)
    return;
  peer = g_new0 (Peer, 1);
  peer->certificate = g_bytes_new (der->data, der->len);
  peer->errors = errors;
  g_object_set_data_full (G_OBJECT (socket), PEER, peer, free_peer);
}

static const char *
name_fault (GTlsCertificateFlags errors)
{
  if (errors & G_TLS_CERTIFICATE_EXPIRED)
    return "intake-certificate-expired";
  if (errors & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return "intake-certificate-early";
  if (errors & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return "intake-certificate-issuer";
  return "intake-certificate-broken";
}

/* Sets the exchange's unit, or answers why there is none. */
gboolean
fast_exchange_identify (FastExchange *exchange)
{
  GSocket *socket = soup_server_message_get_socket (exchange->message);
  Peer *peer = socket == NULL ? NULL : g_object_get_data (G_OBJECT (socket), PEER);
  g_autoptr (GError) error = NULL;

  if (exchange->unit != NULL)
    return TRUE;
  if (peer == NULL)
    fast_exchange_answer_id (exchange, SOUP_STATUS_UNAUTHORIZED, "intake-certificate-none");
  else if (peer->errors != 0)
    fast_exchange_answer_id (exchange, SOUP_STATUS_FORBIDDEN, name_fault (peer->errors));
  else
    exchange->unit = fast_intake_identify (exchange->server->intake, peer->certificate, &error);
  if (g_error_matches (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT))
    fast_exchange_answer_id (exchange, SOUP_STATUS_FORBIDDEN, "intake-unit-unregistered");
  else if (error != NULL)
    fast_exchange_answer_error (exchange, error);
  return exchange->unit != NULL;
}

const char *
fast_exchange_header (FastExchange *exchange, const char *name)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (exchange->message);

  return soup_message_headers_get_one (headers, name);
}

void
fast_exchange_set_header (FastExchange *exchange, const char *name, const char *value)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (exchange->message);

  soup_message_headers_replace (headers, name, value);
}

/* Every answer passes here: the network is the last thing that can fail. */
void
fast_exchange_answer (FastExchange *exchange, guint status)
{
  g_autoptr (GError) error = NULL;

  if (!fast_point_pass (FAST_POINT ("intake-answer"), &error))
    status = SOUP_STATUS_INTERNAL_SERVER_ERROR;
  if (status >= 400)
    exchange->server->n_refused++;
  fast_exchange_set_header (exchange, "Tus-Resumable", FAST_TUS_VERSION);
  fast_exchange_set_header (exchange, "Cache-Control", "no-store");
  soup_server_message_set_status (exchange->message, status, NULL);
  exchange->answered = TRUE;
}

static void
set_body (FastExchange *exchange, const char *type, GBytes *bytes)
{
  SoupMessageBody *body = soup_server_message_get_response_body (exchange->message);

  fast_exchange_set_header (exchange, "Content-Type", type);
  soup_message_body_truncate (body);
  soup_message_body_append_bytes (body, bytes);
}

void
fast_exchange_answer_bytes (FastExchange *exchange, const char *type, GBytes *bytes)
{
  set_body (exchange, type, bytes);
  fast_exchange_answer (exchange, SOUP_STATUS_OK);
}

void
fast_exchange_answer_json (FastExchange *exchange, guint status, JsonNode *node)
{
  g_autoptr (GBytes) text = fast_json_canonical_bytes (node);

  set_body (exchange, "application/json", text);
  fast_exchange_answer (exchange, status);
}

void
fast_exchange_answer_reason (FastExchange *exchange, guint status, const char *reason)
{
  g_autoptr (GBytes) text = g_bytes_new (reason, strlen (reason));

  set_body (exchange, "application/json", text);
  fast_exchange_answer (exchange, status);
}

static guint
status_of (const GError *error)
{
  static const struct {
    const char *id;
    guint status;
  } statuses[] = {
      {"intake-full", FAST_STATUS_FULL},
      {"intake-length", SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE},
      {"intake-too-long", SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE},
      {"intake-checksum", FAST_STATUS_CHECKSUM},
      {"intake-digest", FAST_STATUS_CHECKSUM},
      {"intake-uploads", SOUP_STATUS_SERVICE_UNAVAILABLE},
      {"intake-database-busy", SOUP_STATUS_SERVICE_UNAVAILABLE},
      {"intake-length-changed", SOUP_STATUS_CONFLICT},
      {"intake-offset", SOUP_STATUS_CONFLICT},
      {"intake-superseded", SOUP_STATUS_CONFLICT},
      {"intake-upload-moved", SOUP_STATUS_CONFLICT},
      {"intake-not-found", SOUP_STATUS_NOT_FOUND},
      {"intake-file-short", SOUP_STATUS_NOT_FOUND},
      {"intake-media-type", SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE},
      {"intake-tus-version", SOUP_STATUS_PRECONDITION_FAILED},
  };
  const FastMessage *message = fast_error_get_message (error);
  const char *id = message == NULL ? "" : fast_message_get_id (message);

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (strcmp (id, statuses[i].id) == 0)
      return statuses[i].status;
  return error->domain == FAST_INPUT_ERROR ? SOUP_STATUS_BAD_REQUEST
                                           : SOUP_STATUS_INTERNAL_SERVER_ERROR;
}

/* An error of this side names paths and causes that are none of the client's business: it goes to
 * the log, and the client is told to come again. */
void
fast_exchange_answer_error (FastExchange *exchange, const GError *error)
{
  guint status = status_of (error);
  g_autofree char *reason = NULL;

  if (status == SOUP_STATUS_PRECONDITION_FAILED)
    fast_exchange_set_header (exchange, "Tus-Version", FAST_TUS_VERSION);
  if (status == SOUP_STATUS_SERVICE_UNAVAILABLE)
    fast_exchange_set_header (exchange, "Retry-After", "30");
  if (status == SOUP_STATUS_INTERNAL_SERVER_ERROR) {
    g_autofree char *text = fast_error_format (error, "en");
    g_message ("intake: %s", text);
    fast_exchange_answer_id (exchange, status, "intake-failed");
    return;
  }
  reason = fast_intake_reason (error);
  fast_exchange_answer_reason (exchange, status, reason);
}

void
fast_exchange_answer_id (FastExchange *exchange, guint status, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *reason = NULL;

  fast_fail (&error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_REFUSED, id, NULL);
  reason = fast_intake_reason (error);
  fast_exchange_answer_reason (exchange, status, reason);
}

/* Ends the connection without an answer. */
void
fast_exchange_drop (FastExchange *exchange)
{
  GSocket *socket = soup_server_message_get_socket (exchange->message);

  if (socket != NULL)
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
}
