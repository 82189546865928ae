/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <unistd.h>

#include "record/base/error.h"
#include "sync/intake/exchange.h"
#include "sync/packet/header.h"

/* tus 1.0.0: POST and PATCH with their bodies, HEAD, OPTIONS. */

#define FOLDER "/v1/packets"
#define MEDIA_TYPE "application/offset+octet-stream"
/* How much of a cut-off PATCH may have to be sent again. */
#define CHECKPOINT (1024 * 1024)
/* A client may go on sending what is ignored; beyond this the connection ends. */
#define MAX_IGNORED (2 * FAST_TUS_MAX_SIZE)

static char *
key_of (const char *unit, const char *packet)
{
  return g_strdup_printf ("%s %s", unit, packet);
}

/* What came with a checksum counts only when all of it is there and right. */
static gboolean
checkpoint (FastExchange *exchange, GError **error)
{
  if (exchange->upload == NULL || exchange->fd < 0 ||
      exchange->position == exchange->upload->received)
    return TRUE;
  return fast_intake_advance (exchange->server->intake, exchange->upload, exchange->fd,
                              exchange->position, error);
}

static void
stop (FastExchange *exchange)
{
  if (exchange->fd >= 0)
    close (exchange->fd);
  exchange->fd = -1;
}

/* Ends an exchange's hold on its upload, with what has come made safe. */
void
fast_reception_release (FastExchange *exchange)
{
  g_autofree char *key = NULL;
  g_autoptr (GError) error = NULL;

  if (exchange->upload == NULL)
    return;
  key = key_of (exchange->upload->unit, exchange->upload->packet);
  if (g_hash_table_lookup (exchange->server->receiving, key) != exchange)
    return;
  if (exchange->running == NULL && exchange->failure == NULL && !checkpoint (exchange, &error))
    g_message ("intake: what came last of an upload could not be made safe");
  stop (exchange);
  g_hash_table_remove (exchange->server->receiving, key);
}

/* A client that comes again gave up its earlier connection, which may still seem to live here. */
static void
supersede (FastExchange *exchange, const char *packet)
{
  g_autofree char *key = key_of (exchange->unit, packet);
  FastExchange *other = g_hash_table_lookup (exchange->server->receiving, key);

  if (other == NULL || other == exchange)
    return;
  fast_reception_release (other);
  if (other->failure == NULL)
    fast_fail (&other->failure, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT, "intake-superseded",
               NULL);
}

static gboolean
check_version (FastExchange *exchange, GError **error)
{
  if (g_strcmp0 (fast_exchange_header (exchange, "Tus-Resumable"), FAST_TUS_VERSION) == 0)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "intake-tus-version",
                    NULL);
}

static gint64
content_length (FastExchange *exchange)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (exchange->message);

  return soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
             ? (gint64)soup_message_headers_get_content_length (headers)
             : 0;
}

static gboolean
has_body (FastExchange *exchange)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (exchange->message);

  return content_length (exchange) > 0 ||
         soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED;
}

static gboolean
check_media_type (FastExchange *exchange, GError **error)
{
  if (g_strcmp0 (fast_exchange_header (exchange, "Content-Type"), MEDIA_TYPE) == 0)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "intake-media-type",
                    NULL);
}

static gboolean
begin_checksum (FastExchange *exchange, GError **error)
{
  const char *text = fast_exchange_header (exchange, "Upload-Checksum");

  if (text == NULL)
    return TRUE;
  if (!fast_tus_parse_checksum (text, &exchange->checksum, error))
    return FALSE;
  exchange->running = g_checksum_new (exchange->checksum.type);
  return TRUE;
}

static gboolean
too_long (GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "intake-too-long", NULL);
}

/* A row whose file is gone or cut says what is not so: the client is to begin again. */
static gboolean
lost (FastExchange *exchange, GError **error)
{
  FastIntakeDatabase *database = fast_intake_get_database (exchange->server->intake);

  if (g_error_matches (*error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT))
    fast_intake_database_forget_upload (database, exchange->upload->unit, exchange->upload->packet,
                                        NULL);
  g_clear_pointer (&exchange->upload, fast_upload_free);
  return FALSE;
}

/* Opens the upload's file for the body that follows. */
static gboolean
open_body (FastExchange *exchange, FastUpload *upload, GError **error)
{
  FastSpool *spool = fast_intake_get_spool (exchange->server->intake);

  exchange->upload = upload;
  if (!check_media_type (exchange, error) || !begin_checksum (exchange, error))
    return FALSE;
  if (upload->received + content_length (exchange) > upload->length)
    return too_long (error);
  exchange->position = upload->received;
  exchange->fd = fast_spool_append (spool, upload->unit, upload->packet, upload->received, error);
  if (exchange->fd < 0)
    return lost (exchange, error);
  g_hash_table_insert (exchange->server->receiving, key_of (upload->unit, upload->packet),
                       exchange);
  return TRUE;
}

static void
say_where (FastExchange *exchange, const char *packet, gint64 offset, gint64 length)
{
  g_autofree char *location = g_strdup_printf (FOLDER "/%s", packet);
  g_autofree char *at = g_strdup_printf ("%" G_GINT64_FORMAT, offset);
  g_autofree char *of = g_strdup_printf ("%" G_GINT64_FORMAT, length);

  fast_exchange_set_header (exchange, "Location", location);
  fast_exchange_set_header (exchange, "Upload-Offset", at);
  fast_exchange_set_header (exchange, "Upload-Length", of);
}

static void
say_expiry (FastExchange *exchange, const FastUpload *upload)
{
  g_autofree char *date = fast_tus_format_date (upload->expires);

  fast_exchange_set_header (exchange, "Upload-Expires", date);
}

static void
answer_arrival (FastExchange *exchange, const char *packet, const FastArrival *arrival,
                guint status)
{
  if (arrival->state == FAST_ARRIVAL_REFUSED) {
    fast_exchange_answer_reason (exchange, SOUP_STATUS_UNPROCESSABLE_ENTITY, arrival->reason);
    return;
  }
  say_where (exchange, packet,
             arrival->upload == NULL ? arrival->length : arrival->upload->received,
             arrival->length);
  if (arrival->upload != NULL)
    say_expiry (exchange, arrival->upload);
  fast_exchange_answer (exchange, status);
}

/* tus 1.0.0, Creation and Creation With Upload. */
static gboolean
begin_post (FastExchange *exchange, GError **error)
{
  g_auto (FastArrival) before = {0}, arrival = {0};
  g_autofree char *packet = NULL;
  FastIntake *intake = exchange->server->intake;
  gint64 length = 0;

  if (!check_version (exchange, error) ||
      !fast_tus_parse_number (fast_exchange_header (exchange, "Upload-Length"), &length, error))
    return FALSE;
  packet = fast_tus_parse_packet (fast_exchange_header (exchange, "Upload-Metadata"), error);
  if (packet == NULL)
    return FALSE;
  supersede (exchange, packet);
  if (!fast_intake_find (intake, exchange->unit, packet, &before, error) ||
      !fast_intake_create (intake, exchange->unit, packet, length, &arrival, error))
    return FALSE;
  exchange->created = before.state == FAST_ARRIVAL_UNKNOWN;
  if (arrival.upload == NULL || arrival.upload->received > 0 || !has_body (exchange)) {
    answer_arrival (exchange, packet, &arrival,
                    exchange->created ? SOUP_STATUS_CREATED : SOUP_STATUS_OK);
    return TRUE;
  }
  return open_body (exchange, g_steal_pointer (&arrival.upload), error);
}

static gboolean
not_found (GError **error)
{
  return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "intake-not-found", NULL);
}

/* tus 1.0.0, PATCH: the offset must be the current one. */
static gboolean
begin_patch (FastExchange *exchange, const char *packet, GError **error)
{
  g_auto (FastArrival) arrival = {0};
  gint64 offset = 0;

  if (!check_version (exchange, error) || !check_media_type (exchange, error) ||
      !fast_tus_parse_number (fast_exchange_header (exchange, "Upload-Offset"), &offset, error))
    return FALSE;
  supersede (exchange, packet);
  if (!fast_intake_find (exchange->server->intake, exchange->unit, packet, &arrival, error))
    return FALSE;
  if (arrival.state == FAST_ARRIVAL_UNKNOWN)
    return not_found (error);
  if (arrival.state == FAST_ARRIVAL_REFUSED) {
    answer_arrival (exchange, packet, &arrival, SOUP_STATUS_OK);
    return TRUE;
  }
  if (offset != (arrival.upload == NULL ? arrival.length : arrival.upload->received))
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT, "intake-offset", NULL);
  if (arrival.upload == NULL) {
    answer_arrival (exchange, packet, &arrival, SOUP_STATUS_NO_CONTENT);
    return TRUE;
  }
  return open_body (exchange, g_steal_pointer (&arrival.upload), error);
}

/* Returns the packet's id when @path is one below the folder. */
static const char *
packet_of (const char *path)
{
  const char *packet = g_str_has_prefix (path, FOLDER "/") ? path + strlen (FOLDER "/") : NULL;

  return packet != NULL && fast_packet_id_is_valid (packet) ? packet : NULL;
}

/* Called with the headers of a POST or PATCH, before its body. */
void
fast_reception_begin (FastExchange *exchange, const char *path)
{
  const char *method = soup_server_message_get_method (exchange->message);
  const char *packet = packet_of (path);
  g_autoptr (GError) error = NULL;
  gboolean begun;

  if (!fast_exchange_identify (exchange))
    return;
  if (strcmp (method, "POST") == 0)
    begun = strcmp (path, FOLDER) == 0 ? begin_post (exchange, &error) : not_found (&error);
  else
    begun = packet != NULL ? begin_patch (exchange, packet, &error) : not_found (&error);
  if (!begun)
    fast_exchange_answer_error (exchange, error);
}

static gboolean
write_chunk (FastExchange *exchange, gconstpointer data, gsize size, GError **error)
{
  FastSpool *spool = fast_intake_get_spool (exchange->server->intake);

  if (exchange->position + (gint64)size > exchange->upload->length)
    return too_long (error);
  if (!fast_spool_write (spool, exchange->fd, data, size, error))
    return FALSE;
  exchange->position += (gint64)size;
  if (exchange->running != NULL) {
    g_checksum_update (exchange->running, data, (gssize)size);
    return TRUE;
  }
  return exchange->position - exchange->upload->received < CHECKPOINT ||
         checkpoint (exchange, error);
}

/* Called with each piece of a body. */
void
fast_reception_take (FastExchange *exchange, GBytes *chunk)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (chunk, &size);

  exchange->seen += (gint64)size;
  exchange->server->n_bytes += size;
  if (exchange->seen > MAX_IGNORED)
    fast_exchange_drop (exchange);
  if (exchange->fd < 0 || exchange->failure != NULL)
    return;
  write_chunk (exchange, data, size, &exchange->failure);
}

static gboolean
check_checksum (FastExchange *exchange, GError **error)
{
  gsize size = 0;
  const guint8 *wanted;
  guint8 found[FAST_SHA256_SIZE];
  gsize n = sizeof found;

  if (exchange->running == NULL)
    return TRUE;
  wanted = g_bytes_get_data (exchange->checksum.digest, &size);
  g_checksum_get_digest (exchange->running, found, &n);
  if (n == size && memcmp (wanted, found, n) == 0)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "intake-checksum", NULL);
}

static gboolean
settle (FastExchange *exchange, char **reason, GError **error)
{
  FastUpload *upload = exchange->upload;

  if (exchange->failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&exchange->failure));
    return FALSE;
  }
  if (!check_checksum (exchange, error) || !checkpoint (exchange, error))
    return FALSE;
  return upload->received < upload->length ||
         fast_intake_complete (exchange->server->intake, upload, reason, error);
}

static void
forget_hold (FastExchange *exchange)
{
  g_autofree char *key = key_of (exchange->upload->unit, exchange->upload->packet);

  stop (exchange);
  if (g_hash_table_lookup (exchange->server->receiving, key) == exchange)
    g_hash_table_remove (exchange->server->receiving, key);
}

/* Called when the body has come. */
void
fast_reception_finish (FastExchange *exchange)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *reason = NULL;
  gboolean post = strcmp (soup_server_message_get_method (exchange->message), "POST") == 0;
  gboolean settled = settle (exchange, &reason, &error);

  forget_hold (exchange);
  if (!settled) {
    fast_exchange_answer_error (exchange, error);
  } else if (reason != NULL) {
    fast_exchange_answer_reason (exchange, SOUP_STATUS_UNPROCESSABLE_ENTITY, reason);
  } else {
    say_where (exchange, exchange->upload->packet, exchange->upload->received,
               exchange->upload->length);
    if (exchange->upload->received < exchange->upload->length)
      say_expiry (exchange, exchange->upload);
    fast_exchange_answer (exchange, !post               ? SOUP_STATUS_NO_CONTENT
                                    : exchange->created ? SOUP_STATUS_CREATED
                                                        : SOUP_STATUS_OK);
  }
}

/* tus 1.0.0, HEAD. A refused packet has no offset to go on from: 422, and the reason by POST or
 * under receipts. */
void
fast_reception_head (FastExchange *exchange, const char *path)
{
  g_auto (FastArrival) arrival = {0};
  g_autoptr (GError) error = NULL;
  const char *packet = packet_of (path);

  if (packet == NULL || !check_version (exchange, &error)) {
    if (error == NULL)
      not_found (&error);
    fast_exchange_answer_error (exchange, error);
    return;
  }
  supersede (exchange, packet);
  if (!fast_intake_find (exchange->server->intake, exchange->unit, packet, &arrival, &error) ||
      (arrival.state == FAST_ARRIVAL_UNKNOWN && !not_found (&error)))
    fast_exchange_answer_error (exchange, error);
  else
    answer_arrival (exchange, packet, &arrival, SOUP_STATUS_OK);
}

/* tus 1.0.0, OPTIONS: what this server can do. */
void
fast_reception_options (FastExchange *exchange)
{
  g_autofree char *limit = g_strdup_printf ("%d", FAST_TUS_MAX_SIZE);

  fast_exchange_set_header (exchange, "Tus-Version", FAST_TUS_VERSION);
  fast_exchange_set_header (exchange, "Tus-Extension", FAST_TUS_EXTENSIONS);
  fast_exchange_set_header (exchange, "Tus-Checksum-Algorithm", FAST_TUS_ALGORITHMS);
  fast_exchange_set_header (exchange, "Tus-Max-Size", limit);
  fast_exchange_answer (exchange, SOUP_STATUS_NO_CONTENT);
}
