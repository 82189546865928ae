/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/base/error.h"
#include "record/base/json.h"
#include "sync/intake/batch-view.h"
#include "sync/intake/exchange.h"
#include "sync/packet/header.h"

/* What a unit, or whoever watches the service, may ask. */

#define MAX_NEWS 1000

static void
answer_not_found (FastExchange *exchange)
{
  fast_exchange_answer_id (exchange, SOUP_STATUS_NOT_FOUND, "intake-not-found");
}

/* A packet refused on arrival has no receipts: its reason is the answer to any of them. */
static void
answer_without_receipt (FastExchange *exchange, const char *packet)
{
  FastIntakeDatabase *database = fast_intake_get_database (exchange->server->intake);
  g_autofree char *reason = NULL;
  g_autoptr (GError) error = NULL;

  if (!fast_intake_database_find_refusal (database, exchange->unit, packet, &reason, &error))
    fast_exchange_answer_error (exchange, error);
  else if (reason != NULL)
    fast_exchange_answer_reason (exchange, SOUP_STATUS_UNPROCESSABLE_ENTITY, reason);
  else
    answer_not_found (exchange);
}

static gboolean
is_kind (const char *kind)
{
  static const char *const kinds[] = {"stored", "opened", "batch", "refusal", NULL};

  return g_strv_contains (kinds, kind);
}

static void
answer_receipt (FastExchange *exchange, const char *packet, const char *kind)
{
  FastIntakeDatabase *database = fast_intake_get_database (exchange->server->intake);
  g_autoptr (GBytes) token = NULL;
  g_autoptr (GError) error = NULL;

  if (!fast_packet_id_is_valid (packet) || !is_kind (kind))
    answer_not_found (exchange);
  else if (!fast_intake_database_find_receipt (database, exchange->unit, packet, kind, &token,
                                               &error))
    fast_exchange_answer_error (exchange, error);
  else if (token == NULL)
    answer_without_receipt (exchange, packet);
  else
    fast_exchange_answer_bytes (exchange,
                                strcmp (kind, "refusal") == 0 ? "application/pkcs7-signature"
                                                              : "application/timestamp-reply",
                                token);
}

static JsonObject *
news_object (const FastReceiptRow *row)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "cursor", row->cursor);
  json_object_set_string_member (object, "kind", row->kind);
  json_object_set_string_member (object, "packet", row->packet);
  return object;
}

static JsonNode *
news (GPtrArray *rows, gint64 after)
{
  JsonObject *object = json_object_new ();
  JsonArray *list = json_array_new ();
  guint n = MIN (rows->len, MAX_NEWS);

  for (guint i = 0; i < n; i++)
    json_array_add_object_element (list, news_object (rows->pdata[i]));
  json_object_set_int_member (object, "cursor",
                              n == 0 ? after : ((FastReceiptRow *)rows->pdata[n - 1])->cursor);
  json_object_set_boolean_member (object, "more", rows->len > MAX_NEWS);
  json_object_set_array_member (object, "receipts", list);
  return fast_json_node_take (object);
}

static void
answer_news (FastExchange *exchange, GHashTable *query)
{
  FastIntakeDatabase *database = fast_intake_get_database (exchange->server->intake);
  const char *after = query == NULL ? NULL : g_hash_table_lookup (query, "after");
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  gint64 cursor = 0;

  if (after == NULL || fast_tus_parse_number (after, &cursor, &error))
    rows =
        fast_intake_database_list_receipts (database, exchange->unit, cursor, MAX_NEWS + 1, &error);
  if (rows == NULL) {
    fast_exchange_answer_error (exchange, error);
    return;
  }
  node = news (rows, cursor);
  fast_exchange_answer_json (exchange, SOUP_STATUS_OK, node);
}

static void
answer_batch (FastExchange *exchange, const char *batch)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) view = NULL;

  if (!fast_batch_id_is_valid (batch)) {
    answer_not_found (exchange);
    return;
  }
  view = fast_batch_view (exchange->server->intake, exchange->unit, batch, &error);
  if (view == NULL)
    fast_exchange_answer_error (exchange, error);
  else
    fast_exchange_answer_json (exchange, SOUP_STATUS_OK, view);
}

static void
answer_text (FastExchange *exchange, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  fast_exchange_answer_bytes (exchange, "text/plain; charset=utf-8", bytes);
}

static void
answer_health (FastExchange *exchange)
{
  FastIntakeDatabase *database = fast_intake_get_database (exchange->server->intake);
  g_autoptr (GError) error = NULL;
  guint count = 0;

  if (fast_intake_database_count_certificates (database, &count, &error))
    answer_text (exchange, "ok\n");
  else
    fast_exchange_answer_error (exchange, error);
}

/* Prometheus text format; numbers only. */
static char *
metrics (FastIntakeServer *server, GError **error)
{
  static const char *const tables[] = {"packet", "upload", "receipt", "refusal"};
  FastIntakeDatabase *database = fast_intake_get_database (server->intake);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    guint count = 0;
    if (!fast_intake_database_count (database, tables[i], &count, error))
      return NULL;
    g_string_append_printf (text, "fast_intake_%ss %u\n", tables[i], count);
  }
  g_string_append_printf (text, "fast_intake_connections %u\n",
                          g_hash_table_size (server->exchanges));
  g_string_append_printf (text, "fast_intake_requests_total %" G_GUINT64_FORMAT "\n",
                          server->n_requests);
  g_string_append_printf (text, "fast_intake_errors_total %" G_GUINT64_FORMAT "\n",
                          server->n_refused);
  g_string_append_printf (text, "fast_intake_body_bytes_total %" G_GUINT64_FORMAT "\n",
                          server->n_bytes);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
is_local (FastExchange *exchange)
{
  GSocketAddress *address = soup_server_message_get_remote_address (exchange->message);

  return G_IS_INET_SOCKET_ADDRESS (address) &&
         g_inet_address_get_is_loopback (
             g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

static void
answer_metrics (FastExchange *exchange)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!is_local (exchange) && !fast_exchange_identify (exchange))
    return;
  text = metrics (exchange->server, &error);
  if (text == NULL)
    fast_exchange_answer_error (exchange, error);
  else
    answer_text (exchange, text);
}

static void
answer_for_unit (FastExchange *exchange, const char *path, GHashTable *query)
{
  g_auto (GStrv) words = g_strsplit (path, "/", 8);
  guint n = g_strv_length (words);

  if (n == 6 && strcmp (words[2], "packets") == 0 && strcmp (words[4], "receipts") == 0)
    answer_receipt (exchange, words[3], words[5]);
  else if (n == 3 && strcmp (words[2], "receipts") == 0)
    answer_news (exchange, query);
  else if (n == 4 && strcmp (words[2], "batches") == 0)
    answer_batch (exchange, words[3]);
  else
    answer_not_found (exchange);
}

/* GET. */
void
fast_inquiry_answer (FastExchange *exchange, const char *path, GHashTable *query)
{
  if (strcmp (path, "/healthz") == 0)
    answer_health (exchange);
  else if (strcmp (path, "/metrics") == 0)
    answer_metrics (exchange);
  else if (!g_str_has_prefix (path, "/v1/"))
    answer_not_found (exchange);
  else if (fast_exchange_identify (exchange))
    answer_for_unit (exchange, path, query);
}
