/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "record/base/clock.h"
#include "record/base/json.h"
#include "sync/packet/manifest.h"
#include "sync/packet/receipt.h"
#include "sync/packet/refusal.h"
#include "tests/support.h"
#include "tests/sync/intake/service.h"

#define LINK "unit/link"
#define ELSEWHERE "2222222222222222222222222222222222222222222222222222222222222222"

static void
start (Service *service, gconstpointer data)
{
  service_set_up (service, data);
  g_assert_true (service_start (service, NULL));
}

static Answer
ask_receipt (Service *service, const char *packet, const char *kind)
{
  g_autofree char *path = g_strdup_printf ("/v1/packets/%s/receipts/%s", packet, kind);

  return service_get (service, LINK, path);
}

static void
send (Service *service, const FastPacket *packet)
{
  guint status = 0;

  g_assert_true (service_send (service, packet->id, packet->bytes, &status));
}

static void
assert_opens (Service *service, gint64 opened, gint64 refused, gint64 closed)
{
  const char *words[] = {"open", "--json", NULL};
  g_autofree char *out = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  g_assert_cmpint (service_verb (service, &out, words), ==, 0);
  bytes = g_bytes_new (out, strlen (out));
  node = fast_json_parse (bytes, "report", NULL);
  object = json_node_get_object (node);
  g_assert_cmpint (json_object_get_int_member (object, "opened"), ==, opened);
  g_assert_cmpint (json_object_get_int_member (object, "refused"), ==, refused);
  g_assert_cmpint (json_object_get_int_member (object, "closed"), ==, closed);
}

/* The item that closes batch U1-b1: its manifest names @n packets. */
static FastPacket *
seal_batch (Service *service, const FastPacket *const *packets, guint n)
{
  g_autoptr (FastManifest) manifest =
      fast_manifest_new ("U1-b1", "U1", 1, "2026-11-24", "2026-11-24");
  g_autoptr (FastHeader) header = fixture_header ("CA", "batch");
  g_autoptr (GBytes) bytes = NULL, audit = fixture_audit ();
  g_autofree char *text = NULL;
  const char *names[] = {"manifest.json", NULL};
  const char *texts[] = {NULL, NULL};
  g_autoptr (FastParts) parts = NULL;
  g_autoptr (GError) error = NULL;
  FastPacket *packet;

  for (guint i = 0; i < n; i++)
    fast_manifest_add (manifest, packets[i]->header->item, 1, "enrolment", packets[i]->id,
                       ELSEWHERE);
  bytes = fast_manifest_to_bytes (manifest);
  texts[0] = text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  parts = fixture_parts (names, texts);
  g_free (header->item);
  header->item = g_strdup ("U1-100");
  g_clear_pointer (&header->about, g_free);
  g_free (header->batch);
  header->batch = g_strdup ("U1-b2");
  header->epoch = 100;
  packet = fixture_packet (&service->fixture, header, parts, audit, "CA/recipient", &error);
  g_assert_no_error (error);
  return packet;
}

/* The receipt carries the roots that anybody can compute from the clear headers. */
static void
assert_same_roots (Service *service, const FastPacket *batch, const Answer *receipt)
{
  g_autoptr (X509) signer = fixture_certificate (&service->fixture, "CA/receipt");
  g_autoptr (X509) opened = fixture_certificate (&service->fixture, "CA/opened");
  g_autoptr (FastTrust) trust = fixture_trust (&service->fixture, "CA/ca");
  const FastReceiptSigners signers = {signer, opened, trust};
  g_autoptr (GBytes) tsr = g_bytes_new (receipt->body, receipt->size);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTimestamp) token =
      fast_receipt_verify (tsr, FAST_RECEIPT_BATCH, batch->id, &signers, &error);
  g_auto (Answer) view = service_get (service, LINK, "/v1/batches/U1-b1");
  g_autoptr (JsonNode) node = NULL;
  const char *root;

  g_assert_no_error (error);
  node = fast_json_parse_canonical (token->extension, "summary", &error);
  g_assert_no_error (error);
  root = json_object_get_string_member (
      json_object_get_object_member (json_node_get_object (node), "packets"), "root");
  g_assert_nonnull (strstr (view.body, root));
  g_assert_nonnull (strstr (view.body, batch->id));
}

static void
test_batch (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastPacket) one = service_seal (service, 1, "CA", 100);
  g_autoptr (FastPacket) two = service_seal (service, 5, "CA", 100);
  const FastPacket *const both[] = {one, two};
  g_autoptr (FastPacket) batch = seal_batch (service, both, 2);
  g_auto (Answer) early = {0}, receipt = {0};

  send (service, one);
  send (service, batch);
  assert_opens (service, 2, 0, 0);
  early = ask_receipt (service, batch->id, "batch");
  g_assert_cmpuint (early.status, ==, 404);
  send (service, two);
  assert_opens (service, 1, 0, 1);
  assert_opens (service, 0, 0, 0);
  receipt = ask_receipt (service, batch->id, "batch");
  g_assert_cmpuint (receipt.status, ==, 200);
  service_assert_openssl_accepts (service, batch->bytes, &receipt, "CA/opened.pem");
  assert_same_roots (service, batch, &receipt);
}

static void
assert_refusal (Service *service, const FastPacket *packet, const char *reason)
{
  g_auto (Answer) answer = ask_receipt (service, packet->id, "refusal");
  g_auto (Answer) opened = ask_receipt (service, packet->id, "opened");
  g_autoptr (GBytes) cms = g_bytes_new (answer.body, answer.size);
  g_autoptr (X509) signer = fixture_certificate (&service->fixture, "CA/opened");
  g_autoptr (GError) error = NULL;
  g_autoptr (FastRefusal) refusal = NULL;

  g_assert_cmpuint (answer.status, ==, 200);
  g_assert_cmpuint (opened.status, ==, 404);
  refusal = fast_refusal_verify (cms, packet->id, signer, FAST_TRUST_TRAINING, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (refusal->reason, ==, reason);
}

/* Sealed to keys that this back office does not have. */
static void
test_other_recipient (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const names[] = {"applicant.json", NULL}, *const texts[] = {"{}", NULL};
  g_autoptr (FastHeader) header = fixture_header ("CA", "enrolment");
  g_autoptr (FastParts) parts = fixture_parts (names, texts);
  g_autoptr (GBytes) audit = fixture_audit ();
  g_autoptr (FastPacket) packet =
      fixture_packet (&service->fixture, header, parts, audit, "US/recipient", NULL);

  send (service, packet);
  assert_opens (service, 0, 1, 0);
  assert_refusal (service, packet, "not-decryptable");
  assert_opens (service, 0, 0, 0);
}

/* Signed again by the same unit, with a header that the inside does not bear out. */
static void
test_inner_header (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastPacket) packet = service_seal (service, 1, "CA", 100);
  g_autoptr (X509) certificate = fixture_certificate (&service->fixture, "unit/sign");
  g_autoptr (EVP_PKEY) key = fixture_key (&service->fixture, "unit/sign");
  g_autoptr (FastHeader) other = fast_header_copy (packet->header);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = NULL, *id = NULL;
  FastCmsOptions options = {.content_type = "1.2.840.113549.1.9.16.1.23",
                            .attribute_oid = FAST_PACKET_ATTRIBUTE};
  FastPacket altered = {0};

  g_free (other->item);
  other->item = g_strdup ("U1-77");
  options.attribute_text = text = fast_header_to_text (other);
  bytes = fast_cms_sign (packet->envelope, certificate, key, &options, NULL);
  altered.bytes = bytes;
  altered.id = id = fast_sha256_hex (bytes);
  send (service, &altered);
  assert_opens (service, 0, 1, 0);
  assert_refusal (service, &altered, "inner-header-differs");
}

/* The unit's certificate runs out while its packet waits to be opened: it was good when it came. */
static void
test_backlog (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastPacket) packet = service_seal (service, 1, "CA", 100);
  g_autofree char *later = fast_clock_format (fast_clock_now () + (gint64)4 * 366 * 24 * 3600);

  send (service, packet);
  g_setenv ("FAST_CLOCK", later, TRUE);
  assert_opens (service, 1, 0, 0);
  g_unsetenv ("FAST_CLOCK");
}

/* A file that is gone is told, and does not keep other packets waiting. */
static void
test_lost (Service *service, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastPacket) lost = service_seal (service, 1, "CA", 100);
  g_autoptr (FastPacket) other = service_seal (service, 2, "CA", 100);
  g_autofree char *name = g_strdup_printf ("CA/intake.db.files/packets/%s.p7m", lost->id);
  g_autofree char *path = fixture_path (&service->fixture, name);
  g_autofree char *out = NULL;
  const char *words[] = {"open", NULL};
  g_auto (Answer) opened = {0};

  send (service, lost);
  send (service, other);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (service_verb (service, &out, words), ==, 1);
  g_assert_nonnull (strstr (out, lost->id));
  opened = ask_receipt (service, other->id, "opened");
  g_assert_cmpuint (opened.status, ==, 200);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (lost->bytes, NULL),
                                      (gssize)g_bytes_get_size (lost->bytes), NULL));
  assert_opens (service, 1, 0, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/intake/opening/batch", Service, NULL, start, test_batch, service_tear_down);
  g_test_add ("/intake/opening/other-recipient", Service, NULL, start, test_other_recipient,
              service_tear_down);
  g_test_add ("/intake/opening/inner-header", Service, NULL, start, test_inner_header,
              service_tear_down);
  g_test_add ("/intake/opening/backlog", Service, NULL, start, test_backlog, service_tear_down);
  g_test_add ("/intake/opening/lost", Service, NULL, start, test_lost, service_tear_down);
  return g_test_run ();
}
