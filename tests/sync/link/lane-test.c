/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/link/lane.h"

#include <string.h>

#include "record/base/error.h"
#include "record/store/draft.h"
#include "record/store/outbox.h"
#include "record/store/revision.h"
#include "sync/link/sealing.h"
#include "tests/support.h"
#include "tests/sync/link/service.h"
#include "tests/sync/link/unit-fixture.h"

#define LARGE (3u << 20)

typedef struct {
  UnitFixture unit;
  Service ca, us, proxy;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  unit_fixture_make (&fixture->unit);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  service_stop (&fixture->ca);
  service_stop (&fixture->us);
  service_stop (&fixture->proxy);
  unit_fixture_tear_down (&fixture->unit, data);
}

/* Replaces text in the unit's configuration and reads it again. */
static void
change (Fixture *fixture, const char *from, const char *to)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->unit.folder, "unit.conf", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, from, to, 0), >, 0);
  g_file_set_contents (path, changed->str, -1, &error);
  g_assert_no_error (error);
  fast_config_free (fixture->unit.config);
  fixture->unit.config = fast_config_load (path, &error);
  g_assert_no_error (error);
}

static void
change_port (Fixture *fixture, const char *old, guint port)
{
  g_autofree char *text = g_strdup_printf ("localhost:%u", port);

  change (fixture, old, text);
}

static void
start_ca (Fixture *fixture)
{
  change_port (fixture, "localhost:8441",
               service_start_intake (&fixture->ca, fixture->unit.folder, "CA"));
}

static void
start_us (Fixture *fixture)
{
  change_port (fixture, "localhost:8442",
               service_start_intake (&fixture->us, fixture->unit.folder, "US"));
}

static char *
seal_one (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  char *item = unit_fixture_freeze (&fixture->unit, "payment", NULL);

  fast_sealing_run_all (fixture->unit.sealer, NULL, NULL, &error);
  g_assert_no_error (error);
  return item;
}

static gboolean
drain (Fixture *fixture, const char *nation, GError **error)
{
  g_autoptr (FastLane) lane = fast_lane_open (fixture->unit.config, nation, error);

  return lane != NULL && fast_lane_drain (lane, NULL, error);
}

static FastOutboxRow *
load (Fixture *fixture, const char *item, const char *nation)
{
  g_autoptr (GError) error = NULL;
  FastOutboxRow *row = fast_outbox_newest (fixture->unit.store, item, 1, nation, &error);

  g_assert_no_error (error);
  return row;
}

static void
assert_state (Fixture *fixture, const char *item, const char *nation, FastOutboxState state)
{
  g_autoptr (FastOutboxRow) row = load (fixture, item, nation);

  g_assert_cmpstr (fast_outbox_state_name (row->state), ==, fast_outbox_state_name (state));
}

static void
assert_trouble (Fixture *fixture, const char *nation, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) status = fast_lane_status (fixture->unit.store, nation, &error);

  g_assert_no_error (error);
  if (id == NULL)
    g_assert_true (json_object_get_null_member (status, "trouble"));
  else
    g_assert_cmpstr (
        json_object_get_string_member (json_object_get_object_member (status, "trouble"), "id"), ==,
        id);
}

static void
assert_fails (Fixture *fixture, const char *nation, const char *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (drain (fixture, nation, &error));
  g_test_message ("%s", error->message);
  fast_test_assert_id (error, id);
  assert_trouble (fixture, nation, id);
}

static gboolean
has_receipt (Fixture *fixture, const char *nation, const char *packet, const char *suffix)
{
  g_autofree char *name = g_strconcat (packet, suffix, NULL);
  g_autofree char *path = g_build_filename (fixture->unit.folder, "receipts", nation, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
let_open (Fixture *fixture, const char *nation)
{
  g_autofree char *program = fast_test_program ("fast-intake");
  g_autofree char *name = g_strdup_printf ("intake-%s.conf", nation);
  g_autofree char *config = g_build_filename (fixture->unit.folder, name, NULL);
  const char *argv[] = {program, "open", "--config", config, NULL};

  g_assert_cmpint (fast_test_run (NULL, NULL, argv), ==, 0);
}

static void
test_both (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *item = seal_one (fixture);
  g_autoptr (FastOutboxRow) row = load (fixture, item, "CA");

  start_ca (fixture);
  start_us (fixture);
  drain (fixture, "CA", &error);
  g_assert_no_error (error);
  drain (fixture, "US", &error);
  g_assert_no_error (error);
  assert_state (fixture, item, "CA", FAST_OUTBOX_STORED);
  assert_state (fixture, item, "US", FAST_OUTBOX_STORED);
  g_assert_true (has_receipt (fixture, "CA", row->packet, ".tsr"));
  let_open (fixture, "CA");
  drain (fixture, "CA", &error);
  g_assert_no_error (error);
  drain (fixture, "US", &error);
  g_assert_no_error (error);
  assert_state (fixture, item, "CA", FAST_OUTBOX_OPENED);
  assert_state (fixture, item, "US", FAST_OUTBOX_STORED);
  g_assert_true (has_receipt (fixture, "CA", row->packet, ".opened.tsr"));
}

/* One nation's service is down: its lane says so, the other's does its work. */
static void
test_one_down (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *item = seal_one (fixture);

  change_port (fixture, "localhost:8442", service_free_port ());
  start_ca (fixture);
  assert_fails (fixture, "US", "link-connection-refused");
  drain (fixture, "CA", &error);
  g_assert_no_error (error);
  assert_state (fixture, item, "CA", FAST_OUTBOX_STORED);
  assert_state (fixture, item, "US", FAST_OUTBOX_SEALED);
  assert_trouble (fixture, "CA", NULL);
}

static char *
seal_large (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (fixture->unit.store, &error);
  g_autofree char *record = fast_record_create (transaction, fixture->unit.vault, &error);
  g_autoptr (FastDraft) draft = fast_draft_new ("enrolment", record);
  g_autoptr (FastRevision) revision = NULL;
  g_autofree guint8 *noise = g_malloc (LARGE);

  fast_random (noise, LARGE, &error);
  fast_draft_add (draft, "face.jpg", FAST_CLASS_BIOMETRIC, noise, LARGE);
  revision = fast_draft_freeze (draft, transaction, fixture->unit.vault, &error);
  g_assert_no_error (error);
  fast_transaction_commit (transaction, NULL, &error);
  fast_sealing_run (fixture->unit.sealer, revision->item, 1, &error);
  g_assert_no_error (error);
  return g_strdup (revision->item);
}

/* The line is cut in the middle of a packet; what arrived before is not sent again. */
static void
test_cut (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *item = seal_large (fixture);
  g_autofree char *program =
      g_build_filename (g_getenv ("FAST_BUILD_DIR"), "tests/proxy/tcp-proxy", NULL);
  guint port = service_free_port ();
  guint target = service_start_intake (&fixture->ca, fixture->unit.folder, "CA");
  g_autofree char *here = g_strdup_printf ("%u", port);
  g_autofree char *there = g_strdup_printf ("%u", target);
  const char *argv[] = {program, here, there, NULL};
  g_autofree char *ready = NULL;
  g_autoptr (FastOutboxRow) row = NULL;

  service_start (&fixture->proxy, argv);
  ready = service_read_line (&fixture->proxy);
  change_port (fixture, "localhost:8441", port);
  service_tell (&fixture->proxy, "after 1500000");
  g_assert_false (drain (fixture, "CA", &error));
  g_assert_error (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_UNREACHABLE);
  g_clear_error (&error);
  ready = (g_free (ready), service_read_line (&fixture->proxy));
  g_assert_cmpstr (ready, ==, "cut");
  service_tell (&fixture->proxy, "restore");
  /* Less than the packet is left to pass: without going on from the middle it would be cut again.
   */
  service_tell (&fixture->proxy, "after 2400000");
  drain (fixture, "CA", &error);
  g_assert_no_error (error);
  row = load (fixture, item, "CA");
  g_assert_cmpint (row->size, >, 2400000);
  g_assert_cmpint (row->state, ==, FAST_OUTBOX_STORED);
}

static gboolean
on_babble (GThreadedSocketService *service G_GNUC_UNUSED, GSocketConnection *connection,
           GObject *source G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED)
{
  static const char babble[] = "220 mail.example ESMTP\r\n";

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), babble,
                             strlen (babble), NULL, NULL, NULL);
  g_usleep (G_USEC_PER_SEC / 5);
  return TRUE;
}

static gpointer
run_loop (gpointer loop)
{
  g_main_context_push_thread_default (g_main_loop_get_context (loop));
  g_main_loop_run (loop);
  return NULL;
}

static void
test_babble (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *item = seal_one (fixture);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (4);
  guint port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  GThread *thread;

  g_signal_connect (service, "run", G_CALLBACK (on_babble), NULL);
  g_socket_service_start (service);
  thread = g_thread_new ("babble", run_loop, loop);
  change_port (fixture, "localhost:8441", port);
  assert_fails (fixture, "CA", "link-no-tls");
  g_socket_service_stop (service);
  g_main_loop_quit (loop);
  g_thread_join (thread);
  assert_state (fixture, item, "CA", FAST_OUTBOX_SEALED);
}

static void
test_unknown_issuer (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *item = seal_one (fixture);

  start_ca (fixture);
  change (fixture, "ca=CA/ca.pem", "ca=US/ca.pem");
  assert_fails (fixture, "CA", "link-tls-unknown-issuer");
}

static void
test_training_in_production (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *item = seal_one (fixture);

  start_ca (fixture);
  change (fixture, "training=true", "training=false");
  assert_fails (fixture, "CA", "link-tls-training");
}

static void
test_not_our_unit (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *item = seal_one (fixture);
  g_autoptr (GError) error = NULL;

  start_ca (fixture);
  change (fixture, "link=unit/link.key", "link=CA/decision.key");
  change (fixture, "link-certificate=unit/link.pem", "link-certificate=CA/decision.pem");
  g_assert_false (drain (fixture, "CA", &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_TLS);
  assert_state (fixture, item, "CA", FAST_OUTBOX_SEALED);
}

static void
test_name (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *item = seal_one (fixture);

  change (fixture, "localhost:8441", "no-such-host.invalid:8441");
  assert_fails (fixture, "CA", "link-name-unresolved");
}

/* Canada's packets offered to the United States: refused for good, with the reason, and the lane
 * does not stand still for it. */
static void
test_refused (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *item = seal_one (fixture);
  g_autoptr (FastOutboxRow) row = NULL;
  g_autoptr (GError) error = NULL;

  change_port (fixture, "localhost:8441",
               service_start_intake (&fixture->us, fixture->unit.folder, "US"));
  change (fixture, "ca=CA/ca.pem", "ca=US/ca.pem");
  assert_fails (fixture, "CA", "link-packet-refused");
  row = load (fixture, item, "CA");
  g_assert_cmpint (row->state, ==, FAST_OUTBOX_REFUSED);
  g_assert_cmpstr (row->reason, ==, "packet-other-nation");
  drain (fixture, "CA", &error);
  g_assert_no_error (error);
}

/* Our own disk lost a bit: the packet is not what its name says, and the nation never counts it. */
static void
test_damaged (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *item = seal_one (fixture);
  g_autoptr (FastOutboxRow) row = load (fixture, item, "CA");
  g_autofree char *path =
      fast_packet_folder_file (fast_sealer_folder (fixture->unit.sealer), "CA", row->packet);

  start_ca (fixture);
  g_assert_true (g_file_set_contents (path, "not the packet", -1, NULL));
  g_assert_false (drain (fixture, "CA", &error));
  g_test_message ("%s", error->message);
  assert_state (fixture, item, "CA", FAST_OUTBOX_SEALED);
}

/* A receipt that this unit could not verify is not forgotten: once the configuration is right it
 * counts. */
static void
test_receipt_again (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *item = seal_one (fixture);

  start_ca (fixture);
  drain (fixture, "CA", &error);
  g_assert_no_error (error);
  let_open (fixture, "CA");
  change (fixture, "opened=CA/opened.pem", "opened=US/opened.pem");
  assert_fails (fixture, "CA", "timestamp-signer");
  assert_fails (fixture, "CA", "timestamp-signer");
  assert_state (fixture, item, "CA", FAST_OUTBOX_STORED);
  change (fixture, "opened=US/opened.pem", "opened=CA/opened.pem");
  drain (fixture, "CA", &error);
  g_assert_no_error (error);
  assert_state (fixture, item, "CA", FAST_OUTBOX_OPENED);
}

static void
test_one_sender (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  FastPacketFolder *folder = fast_sealer_folder (fixture->unit.sealer);
  g_autoptr (FastFolderLock) lock = fast_packet_folder_try_alone (folder, "sender-CA.lock", &error);

  g_assert_no_error (error);
  g_assert_false (drain (fixture, "CA", &error));
  fast_test_assert_id (error, "link-locked");
}

#define ADD(name, function)                                                                        \
  g_test_add ("/sync/link/lane/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("both", test_both);
  ADD ("one-down", test_one_down);
  ADD ("cut", test_cut);
  ADD ("babble", test_babble);
  ADD ("unknown-issuer", test_unknown_issuer);
  ADD ("training-in-production", test_training_in_production);
  ADD ("not-our-unit", test_not_our_unit);
  ADD ("name", test_name);
  ADD ("refused", test_refused);
  ADD ("damaged", test_damaged);
  ADD ("receipt-again", test_receipt_again);
  ADD ("one-sender", test_one_sender);
  return g_test_run ();
}
