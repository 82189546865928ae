/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "sync/intake/server.h"
#include "sync/intake/tus.h"

G_BEGIN_DECLS

#define FAST_STATUS_CHECKSUM 460
#define FAST_STATUS_FULL 507

/**
 * FastExchange:
 * @server: whose
 * @message: the request
 * @unit: (nullable): whom the client's certificate names, once that is known
 * @upload: (nullable): what the body is for
 * @fd: its file, or -1
 * @position: how many bytes the file has
 * @checksum: what the body must have; no digest where the client names none
 * @running: (nullable): over the body so far, with @checksum
 * @failure: (nullable): why the body is ignored from here on
 * @created: whether this request began the upload
 * @headers: whether the request's headers are complete
 * @started: monotonic time of the request
 * @active: monotonic time of the last byte
 *
 * One request from its first byte to its answer. Private to the server's files.
 */
typedef struct {
  FastIntakeServer *server;
  SoupServerMessage *message;
  char *unit;
  FastUpload *upload;
  int fd;
  gint64 position;
  gint64 seen;
  FastTusChecksum checksum;
  GChecksum *running;
  GError *failure;
  gboolean created;
  gboolean headers;
  gboolean answered;
  gint64 started;
  gint64 active;
} FastExchange;

/**
 * FastIntakeServer:
 *
 * @exchanges holds all requests, @receiving those with an upload by `UNIT PACKET`.
 */
struct _FastIntakeServer {
  FastIntake *intake;
  SoupServer *soup;
  FastServerLimits limits;
  GHashTable *exchanges;
  GHashTable *receiving;
  guint watch;
  guint64 n_requests;
  guint64 n_refused;
  guint64 n_bytes;
};

FastExchange *fast_exchange_new (FastIntakeServer *server, SoupServerMessage *message);
void fast_exchange_free (FastExchange *exchange);
gboolean fast_exchange_identify (FastExchange *exchange);
void fast_exchange_note_certificate (SoupServerMessage *message, GTlsCertificate *certificate,
                                     GTlsCertificateFlags errors);
const char *fast_exchange_header (FastExchange *exchange, const char *name);
void fast_exchange_set_header (FastExchange *exchange, const char *name, const char *value);
void fast_exchange_answer (FastExchange *exchange, guint status);
void fast_exchange_answer_bytes (FastExchange *exchange, const char *type, GBytes *bytes);
void fast_exchange_answer_json (FastExchange *exchange, guint status, JsonNode *node);
void fast_exchange_answer_reason (FastExchange *exchange, guint status, const char *reason);
void fast_exchange_answer_error (FastExchange *exchange, const GError *error);
void fast_exchange_answer_id (FastExchange *exchange, guint status, const char *id);
void fast_exchange_drop (FastExchange *exchange);

void fast_reception_begin (FastExchange *exchange, const char *path);
void fast_reception_take (FastExchange *exchange, GBytes *chunk);
void fast_reception_finish (FastExchange *exchange);
void fast_reception_release (FastExchange *exchange);
void fast_reception_head (FastExchange *exchange, const char *packet);
void fast_reception_options (FastExchange *exchange);

void fast_inquiry_answer (FastExchange *exchange, const char *path, GHashTable *query);

G_END_DECLS
