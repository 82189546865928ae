/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/base/json.h"
#include "tests/support.h"
#include "tests/sync/intake/service.h"

#define LINK "unit/link"

static void
assert_refused (Answer answer, guint status, const char *id)
{
  g_autofree char *found = answer_id (&answer);

  g_assert_cmpuint (answer.status, ==, status);
  g_assert_cmpstr (found, ==, id);
  answer_clear (&answer);
}

static void
assert_status (Answer answer, guint status)
{
  g_assert_cmpuint (answer.status, ==, status);
  answer_clear (&answer);
}

static void
start (Service *service, gconstpointer data)
{
  service_set_up (service, data);
  g_assert_true (service_start (service, NULL));
}

static Answer
ask_receipt (Service *service, const char *who, const char *packet, const char *kind)
{
  g_autofree char *path = g_strdup_printf ("/v1/packets/%s/receipts/%s", packet, kind);

  return service_get (service, who, path);
}

static void
test_options (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  g_auto (Answer) answer = service_ask (service, LINK, "/v1/packets", "-X", "OPTIONS", NULL);
  g_autofree char *extensions = answer_header (&answer, "Tus-Extension");
  g_autofree char *limit = answer_header (&answer, "Tus-Max-Size");

  g_assert_cmpuint (answer.status, ==, 204);
  g_assert_cmpstr (extensions, ==, "creation,creation-with-upload,expiration,checksum");
  g_assert_cmpstr (limit, ==, "33554432");
  g_assert_true (service_stop (service));
}

static void
test_certificates (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  service_make_unit (service, "U2");
  assert_refused (service_get (service, NULL, "/v1/receipts"), 401, "intake-certificate-none");
  assert_refused (service_get (service, "CA/receipt", "/v1/receipts"), 403,
                  "intake-certificate-issuer");
  assert_refused (service_get (service, "unit/U2-link", "/v1/receipts"), 403,
                  "intake-unit-unregistered");
  assert_status (service_get (service, LINK, "/v1/receipts"), 200);
  assert_status (service_get (service, NULL, "/healthz"), 200);
}

/* Sent in pieces with a cut in between, in one connection each; then everything is asked again. */
static void
test_pieces (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastPacket) packet = service_seal (service, 1, "CA", 3000000);
  gsize size = g_bytes_get_size (packet->bytes);
  g_auto (Answer) created = service_create (service, LINK, packet->id, size);
  g_auto (Answer) first =
      service_patch (service, LINK, packet->id, packet->bytes, 0, 1500000, NULL);
  g_auto (Answer) head = service_head (service, LINK, packet->id);
  g_auto (Answer) again = service_create (service, LINK, packet->id, size);
  g_auto (Answer) last =
      service_patch (service, LINK, packet->id, packet->bytes, 1500000, size, NULL);
  g_auto (Answer) done = service_create (service, LINK, packet->id, size);
  g_auto (Answer) receipt = ask_receipt (service, LINK, packet->id, "stored");
  g_autofree char *location = answer_header (&created, "Location");
  g_autofree char *expires = answer_header (&created, "Upload-Expires");

  g_assert_cmpuint (created.status, ==, 201);
  g_assert_true (g_str_has_suffix (location, packet->id));
  g_assert_nonnull (expires);
  g_assert_cmpuint (first.status, ==, 204);
  g_assert_cmpint (answer_offset (&head), ==, 1500000);
  g_assert_cmpuint (again.status, ==, 200);
  g_assert_cmpint (answer_offset (&again), ==, 1500000);
  g_assert_cmpuint (last.status, ==, 204);
  g_assert_cmpuint (done.status, ==, 200);
  g_assert_cmpint (answer_offset (&done), ==, (gint64)size);
  g_assert_cmpuint (receipt.status, ==, 200);
  service_assert_openssl_accepts (service, packet->bytes, &receipt, "CA/receipt.pem");
  assert_status (ask_receipt (service, LINK, packet->id, "opened"), 404);
}

/* A client that vanishes in the middle of a PATCH: what came is kept. */
static void
test_vanishing (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastPacket) packet = service_seal (service, 1, "CA", 2000000);
  gsize size = g_bytes_get_size (packet->bytes);
  g_autofree char *path = g_strconcat ("/v1/packets/", packet->id, NULL);
  g_autofree char *file = fixture_path (&service->fixture, "cut.p7m");
  g_autofree char *source = g_strconcat ("@", file, NULL);
  g_auto (Answer) cut = {0}, head = {0}, rest = {0};

  assert_status (service_create (service, LINK, packet->id, size), 201);
  g_assert_true (
      g_file_set_contents (file, g_bytes_get_data (packet->bytes, NULL), (gssize)size, NULL));
  cut = service_ask (service, LINK, path, "-X", "PATCH", "-H", "Tus-Resumable: 1.0.0", "-H",
                     "Content-Type: application/offset+octet-stream", "-H", "Upload-Offset: 0",
                     "--data-binary", source, "--limit-rate", "400k", "-m", "2", NULL);
  g_assert_cmpuint (cut.status, <=, 100);
  head = service_head (service, LINK, packet->id);
  g_assert_cmpint (answer_offset (&head), >, 100000);
  g_assert_cmpint (answer_offset (&head), <, (gint64)size);
  rest = service_patch (service, LINK, packet->id, packet->bytes, (gsize)answer_offset (&head),
                        size, NULL);
  g_assert_cmpuint (rest.status, ==, 204);
  assert_status (ask_receipt (service, LINK, packet->id, "stored"), 200);
}

static void
test_others (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastPacket) packet = service_seal (service, 1, "CA", 1000);
  gsize size = g_bytes_get_size (packet->bytes);
  g_autofree char *link = NULL, *sign = NULL;
  const char *words[] = {"unit", "add", NULL, NULL, NULL};

  service_make_unit (service, "U2");
  words[2] = link = fixture_path (&service->fixture, "unit/U2-link.pem");
  words[3] = sign = fixture_path (&service->fixture, "unit/U2-sign.pem");
  g_assert_cmpint (service_verb (service, NULL, words), ==, 0);
  assert_status (service_create (service, LINK, packet->id, size), 201);
  assert_status (service_head (service, "unit/U2-link", packet->id), 404);
  assert_refused (service_patch (service, "unit/U2-link", packet->id, packet->bytes, 0, size, NULL),
                  404, "intake-not-found");
  assert_status (service_patch (service, LINK, packet->id, packet->bytes, 0, size, NULL), 204);
  assert_status (ask_receipt (service, "unit/U2-link", packet->id, "stored"), 404);
  /* The same packet, sent by a unit that did not seal it. */
  assert_status (service_create (service, "unit/U2-link", packet->id, size), 201);
  assert_refused (service_patch (service, "unit/U2-link", packet->id, packet->bytes, 0, size, NULL),
                  422, "intake-sender");
  assert_refused (service_create (service, "unit/U2-link", packet->id, size), 422, "intake-sender");
  assert_status (ask_receipt (service, LINK, packet->id, "stored"), 200);
}

/* The outer signature stripped and made again by another unit, with the header as it was. */
static GBytes *
steal (Service *service, const FastPacket *packet)
{
  g_autoptr (X509) certificate = fixture_certificate (&service->fixture, "unit/U2-sign");
  g_autoptr (EVP_PKEY) key = fixture_key (&service->fixture, "unit/U2-sign");
  g_autofree char *text = fast_header_to_text (packet->header);
  const FastCmsOptions options = {.content_type = "1.2.840.113549.1.9.16.1.23",
                                  .attribute_oid = FAST_PACKET_ATTRIBUTE,
                                  .attribute_text = text};

  return fast_cms_sign (packet->envelope, certificate, key, &options, NULL);
}

static void
refuse_bytes (Service *service, const char *who, GBytes *bytes, const char *id)
{
  g_autofree char *packet = fast_sha256_hex (bytes);
  gsize size = g_bytes_get_size (bytes);
  g_autofree char *name = NULL, *path = NULL;

  assert_status (service_create (service, who, packet, size), 201);
  assert_refused (service_patch (service, who, packet, bytes, 0, size, NULL), 422, id);
  assert_refused (ask_receipt (service, who, packet, "stored"), 422, id);
  name = g_strdup_printf ("CA/intake.db.files/refused/%s-%s.p7m",
                          strcmp (who, LINK) == 0 ? "U1" : "U2", packet);
  path = fixture_path (&service->fixture, name);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_refusals (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastPacket) ours = service_seal (service, 1, "CA", 100);
  g_autoptr (FastPacket) theirs = service_seal (service, 1, "US", 100);
  g_autoptr (GBytes) garbage = fixture_text ("this is not a packet");
  g_autoptr (GBytes) stolen = NULL;
  g_autofree char *link = NULL, *sign = NULL;
  const char *words[] = {"unit", "add", NULL, NULL, NULL};

  service_make_unit (service, "U2");
  words[2] = link = fixture_path (&service->fixture, "unit/U2-link.pem");
  words[3] = sign = fixture_path (&service->fixture, "unit/U2-sign.pem");
  g_assert_cmpint (service_verb (service, NULL, words), ==, 0);
  stolen = steal (service, ours);
  refuse_bytes (service, LINK, theirs->bytes, "packet-other-nation");
  refuse_bytes (service, "unit/U2-link", stolen, "packet-unit-differs");
  refuse_bytes (service, LINK, garbage, "cms-malformed");
}

/* Another packet with a sequence that one has already. The first stays, and nothing is left of the
 * second but its file, to be looked at. */
static void
test_lane_taken (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastPacket) one = service_seal (service, 1, "CA", 100);
  g_autoptr (FastPacket) two = service_seal (service, 1, "CA", 100);
  guint status = 0;

  g_assert_true (service_send (service, one->id, one->bytes, &status));
  refuse_bytes (service, LINK, two->bytes, "intake-lane-taken");
  assert_status (ask_receipt (service, LINK, one->id, "stored"), 200);
  g_assert_true (service_send (service, one->id, one->bytes, &status));
  g_assert_cmpuint (status, ==, 200);
}

static void
test_checksums (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastPacket) packet = service_seal (service, 1, "CA", 1000);
  gsize size = g_bytes_get_size (packet->bytes);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  g_autofree char *text = NULL, *header = NULL;

  g_checksum_update (sum, g_bytes_get_data (packet->bytes, NULL), 500);
  g_checksum_get_digest (sum, digest, &length);
  text = g_base64_encode (digest, length);
  header = g_strconcat ("Upload-Checksum: sha256 ", text, NULL);
  assert_status (service_create (service, LINK, packet->id, size), 201);
  assert_refused (service_patch (service, LINK, packet->id, packet->bytes, 0, 600, header), 460,
                  "intake-checksum");
  assert_refused (service_patch (service, LINK, packet->id, packet->bytes, 0, 500,
                                 "Upload-Checksum: crc32 AAAA"),
                  400, "intake-tus-checksum");
  assert_status (service_patch (service, LINK, packet->id, packet->bytes, 0, 500, header), 204);
  assert_status (service_patch (service, LINK, packet->id, packet->bytes, 500, size, NULL), 204);
}

static void
test_damaged (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastPacket) packet = service_seal (service, 1, "CA", 1000);
  gsize size = g_bytes_get_size (packet->bytes);
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (packet->bytes, NULL), size);
  g_autoptr (GBytes) damaged = NULL;
  guint status = 0;

  copy[size / 2] ^= 1;
  damaged = g_bytes_new (copy, size);
  assert_status (service_create (service, LINK, packet->id, size), 201);
  assert_refused (service_patch (service, LINK, packet->id, damaged, 0, size, NULL), 460,
                  "intake-digest");
  assert_status (service_head (service, LINK, packet->id), 404);
  g_assert_true (service_send (service, packet->id, packet->bytes, &status));
  assert_status (ask_receipt (service, LINK, packet->id, "stored"), 200);
}

static void
test_bad_requests (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const paths[] = {"/v1/packets/..%2f..%2fx/receipts/stored",
                                      "/v1/batches/x'%20OR%201=1", "/v1/batches/", "/v1/x", "/etc"};
  g_autoptr (FastPacket) packet = service_seal (service, 1, "CA", 1000);
  gsize size = g_bytes_get_size (packet->bytes);
  g_autofree char *path = g_strconcat ("/v1/packets/", packet->id, NULL);
  g_autofree char *filler = g_strnfill (120000, 'h');
  g_autofree char *big = g_strconcat ("X-Long: ", filler, NULL);
  g_auto (Answer) other = {0};

  assert_refused (service_create (service, LINK, packet->id, 33554433), 413, "intake-length");
  assert_refused (service_create (service, LINK, packet->id, 0), 413, "intake-length");
  assert_refused (service_create (service, LINK, "../../etc/passwd", 10), 400,
                  "intake-tus-metadata");
  assert_status (service_create (service, LINK, packet->id, size), 201);
  assert_refused (service_create (service, LINK, packet->id, size + 1), 409,
                  "intake-length-changed");
  assert_refused (service_patch (service, LINK, packet->id, packet->bytes, 10, 20, NULL), 409,
                  "intake-offset");
  other = service_ask (service, LINK, path, "-X", "PATCH", "-H", "Tus-Resumable: 0.2.2", "-H",
                       "Upload-Offset: 0", NULL);
  g_assert_cmpuint (other.status, ==, 412);
  assert_status (service_ask (service, LINK, path, "-X", "PATCH", "-H", "Tus-Resumable: 1.0.0",
                              "-H", "Upload-Offset: 0", "-d", "x", NULL),
                 415);
  assert_status (service_ask (service, LINK, path, "-X", "DELETE", NULL), 405);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_auto (Answer) answer = service_get (service, LINK, paths[i]);
    g_assert_cmpuint (answer.status, >=, 400);
    g_assert_cmpuint (answer.status, <, 500);
  }
  assert_status (service_get (service, LINK, "/v1/receipts?after=-1"), 400);
  answer_clear (&other);
  other = service_ask (service, LINK, "/v1/receipts", "-H", big, NULL);
  g_assert_cmpuint (other.status, !=, 200);
  assert_status (service_head (service, LINK, packet->id), 200);
}

/* More bytes than announced, in one go and beyond the rest. */
static void
test_too_long (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastPacket) packet = service_seal (service, 1, "CA", 1000);
  gsize size = g_bytes_get_size (packet->bytes);
  g_autofree char *filler = g_strnfill (size + 10, 'f');
  g_autoptr (GBytes) longer = fixture_text (filler);

  assert_status (service_create (service, LINK, packet->id, size), 201);
  assert_refused (service_patch (service, LINK, packet->id, longer, 0, size + 10, NULL), 413,
                  "intake-too-long");
  assert_refused (
      service_patch (service, LINK, packet->id, longer, 0, size + 10, "Transfer-Encoding: chunked"),
      413, "intake-too-long");
  assert_status (service_patch (service, LINK, packet->id, packet->bytes, 0, size, NULL), 204);
}

/* Bytes that are neither TLS nor HTTP, and a client that says nothing. */
static void
test_garbage_and_silence (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  guint16 port = (guint16)g_ascii_strtoull (strrchr (service->url, ':') + 1, NULL, 10);
  g_autoptr (GSocketConnection) silent =
      g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
  char byte;

  for (guint i = 0; i < 10; i++) {
    g_autoptr (GSocketConnection) loud =
        g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
    GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (loud));
    g_output_stream_write_all (out, "GET / HTTP/9.9\r\n\r\n\0\xFF", 20, NULL, NULL, NULL);
  }
  g_socket_set_timeout (g_socket_connection_get_socket (silent), 20);
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (silent)), &byte,
                                        1, NULL, NULL),
                   <=, 0);
  assert_status (service_get (service, LINK, "/healthz"), 200);
}

static void
start_impatient (Service *service, gconstpointer data)
{
  service_set_up (service, data);
  service_set (service, "intake", "idle-seconds", "2");
  g_assert_true (service_start (service, NULL));
}

static JsonObject *
parse_body (const Answer *answer, JsonNode **node)
{
  g_autoptr (GBytes) bytes = g_bytes_new (answer->body, answer->size);
  g_autoptr (GError) error = NULL;

  *node = fast_json_parse (bytes, "answer", &error);
  g_assert_no_error (error);
  return json_node_get_object (*node);
}

/* The back office opens what it can and refuses what it cannot; the unit hears of both. */
static void
test_opening (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastPacket) packet = service_seal (service, 1, "CA", 1000);
  const char *words[] = {"open", "--json", NULL};
  g_auto (Answer) opened = {0}, news = {0}, batch = {0};
  g_autoptr (JsonNode) node = NULL, list = NULL;
  g_autofree char *out = NULL;
  guint status = 0;

  g_assert_true (service_send (service, packet->id, packet->bytes, &status));
  g_assert_cmpint (service_verb (service, &out, words), ==, 0);
  g_assert_nonnull (strstr (out, "\"opened\" : 1"));
  opened = ask_receipt (service, LINK, packet->id, "opened");
  g_assert_cmpuint (opened.status, ==, 200);
  service_assert_openssl_accepts (service, packet->bytes, &opened, "CA/opened.pem");
  news = service_get (service, LINK, "/v1/receipts?after=0");
  g_assert_cmpuint (
      json_array_get_length (json_object_get_array_member (parse_body (&news, &list), "receipts")),
      ==, 2);
  batch = service_get (service, LINK, "/v1/batches/U1-b1");
  g_assert_cmpint (
      json_object_get_int_member (
          json_object_get_object_member (parse_body (&batch, &node), "items"), "count"),
      ==, 1);
}

/* Creation With Upload: all of it with the POST; said twice, it is there once. */
static void
test_with_upload (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastPacket) packet = service_seal (service, 1, "CA", 700000);
  gsize size = g_bytes_get_size (packet->bytes);
  g_autofree char *file = fixture_path (&service->fixture, "whole.p7m");
  g_autofree char *source = g_strconcat ("@", file, NULL);
  g_autofree char *id = g_base64_encode ((const guchar *)packet->id, strlen (packet->id));
  g_autofree char *metadata = g_strdup_printf ("Upload-Metadata: packet %s", id);
  g_autofree char *length = g_strdup_printf ("Upload-Length: %" G_GSIZE_FORMAT, size);

  g_assert_true (
      g_file_set_contents (file, g_bytes_get_data (packet->bytes, NULL), (gssize)size, NULL));
  for (guint i = 0; i < 2; i++) {
    g_auto (Answer) answer =
        service_ask (service, LINK, "/v1/packets", "-X", "POST", "-H", "Tus-Resumable: 1.0.0", "-H",
                     "Content-Type: application/offset+octet-stream", "-H", metadata, "-H", length,
                     "-H", "Expect:", "--data-binary", source, NULL);
    g_assert_cmpuint (answer.status, ==, i == 0 ? 201 : 200);
    g_assert_cmpint (answer_offset (&answer), ==, (gint64)size);
  }
  assert_status (ask_receipt (service, LINK, packet->id, "stored"), 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, up, function)                                                                    \
  g_test_add ("/intake/server/" name, Service, NULL, up, function, service_tear_down)
  ADD ("options", start, test_options);
  ADD ("certificates", start, test_certificates);
  ADD ("pieces", start, test_pieces);
  ADD ("with-upload", start, test_with_upload);
  ADD ("vanishing", start, test_vanishing);
  ADD ("others", start, test_others);
  ADD ("refusals", start, test_refusals);
  ADD ("lane-taken", start, test_lane_taken);
  ADD ("checksums", start, test_checksums);
  ADD ("damaged", start, test_damaged);
  ADD ("bad-requests", start, test_bad_requests);
  ADD ("too-long", start, test_too_long);
  ADD ("garbage-and-silence", start_impatient, test_garbage_and_silence);
  ADD ("opening", start, test_opening);
  return g_test_run ();
}
