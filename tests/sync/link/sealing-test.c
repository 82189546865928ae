/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/link/sealing.h"

#include <glib/gstdio.h>

#include "record/base/error.h"
#include "record/store/outbox.h"
#include "sync/link/batch.h"
#include "tests/support.h"
#include "tests/sync/link/unit-fixture.h"

static void
test_lanes (UnitFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *first = unit_fixture_freeze (fixture, "payment", NULL);
  g_autofree char *second = unit_fixture_freeze (fixture, "handover", first);
  g_autofree char *third = unit_fixture_freeze (fixture, "card", NULL);
  guint sealed;

  fast_sealing_run (fixture->sealer, third, 1, &error);
  g_assert_no_error (error);
  fast_sealing_run_all (fixture->sealer, first, &sealed, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sealed, ==, 2);
  fast_sealing_run (fixture->sealer, third, 1, &error);
  g_assert_no_error (error);
  unit_fixture_check (fixture, 3);
}

static void
test_unknown (UnitFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (fast_sealing_run (fixture->sealer, "U1-77", 1, &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT);
}

/* Files without rows go, but only while nobody seals; temporary ones too. */
static void
test_clean (UnitFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  FastPacketFolder *folder = fast_sealer_folder (fixture->sealer);
  g_autofree char *item = unit_fixture_freeze (fixture, "payment", NULL);
  g_autofree char *stray = g_build_filename (fixture->folder, "packets/CA/aa.p7m", NULL);
  g_autofree char *half = g_build_filename (fixture->folder, "packets/US/bb.p7m.Xy12Za", NULL);
  g_autoptr (FastFolderLock) lock = NULL;
  guint removed;

  fast_sealing_run (fixture->sealer, item, 1, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (stray, "x", 1, NULL));
  g_assert_true (g_file_set_contents (half, "x", 1, NULL));
  lock = fast_packet_folder_share (folder, &error);
  g_assert_true (fast_packet_folder_clean (folder, fixture->store, &removed, &error));
  g_assert_cmpuint (removed, ==, 0);
  g_clear_pointer (&lock, fast_folder_lock_free);
  g_assert_true (fast_packet_folder_clean (folder, fixture->store, &removed, &error));
  g_assert_cmpuint (removed, ==, 2);
  unit_fixture_check (fixture, 1);
}

static void
test_missing (UnitFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  FastPacketFolder *folder = fast_sealer_folder (fixture->sealer);
  g_autofree char *item = unit_fixture_freeze (fixture, "payment", NULL);
  g_autoptr (FastOutboxRow) row = NULL;
  g_autoptr (GPtrArray) missing = NULL;
  g_autofree char *path = NULL;

  fast_sealing_run (fixture->sealer, item, 1, &error);
  row = fast_outbox_newest (fixture->store, item, 1, "US", &error);
  g_assert_no_error (error);
  path = fast_packet_folder_file (folder, "US", row->packet);
  g_assert_cmpint (g_unlink (path), ==, 0);
  missing = fast_packet_folder_find_missing (folder, fixture->store, &error);
  g_assert_cmpuint (missing->len, ==, 1);
  g_assert_cmpstr (missing->pdata[0], ==, row->packet);
}

static void
test_batch (UnitFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *item = unit_fixture_freeze (fixture, "payment", NULL);
  g_autofree char *other = unit_fixture_freeze (fixture, "card", NULL);
  g_autofree char *batch = NULL;
  g_autofree char *again = NULL;
  g_autoptr (FastBatchRow) row = NULL;
  g_autoptr (FastManifest) manifest = NULL;

  fast_sealing_run_all (fixture->sealer, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (fast_batch_close (fixture->sealer, "cbsa-1", "cbsa-1", NULL, &error));
  fast_test_assert_id (error, "batch-same-officer");
  g_clear_error (&error);
  batch = fast_batch_close (fixture->sealer, "cbsa-1", "cbp-1", NULL, &error);
  g_assert_no_error (error);
  again = fast_batch_close (fixture->sealer, "cbsa-1", "cbp-1", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (batch, ==, "U1-b1");
  g_assert_cmpstr (again, ==, batch);
  row = fast_batch_table_load (fixture->store, batch, &error);
  manifest = fast_manifest_parse (row->manifest, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fast_manifest_count (manifest), ==, 2);
  g_assert_cmpstr (fast_manifest_get_line (manifest, 0)->item, ==, item);
  fast_batch_verify (fixture->store, fast_sealer_folder (fixture->sealer), NULL, &error);
  g_assert_no_error (error);
  unit_fixture_check (fixture, 3);
}

/* The next day's batch holds the batch item of the one before. */
static void
test_next_batch (UnitFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *one = unit_fixture_freeze (fixture, "payment", NULL);
  g_autofree char *two = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (JsonNode) shown = NULL;
  JsonObject *counts;

  fast_sealing_run_all (fixture->sealer, NULL, NULL, &error);
  first = fast_batch_close (fixture->sealer, "cbsa-1", "cbp-1", NULL, &error);
  g_assert_no_error (error);
  two = unit_fixture_freeze (fixture, "card", NULL);
  fast_sealing_run_all (fixture->sealer, NULL, NULL, &error);
  second = fast_batch_close (fixture->sealer, "cbsa-1", "cbp-1", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second, ==, "U1-b2");
  shown = fast_batch_show (fixture->store, second, &error);
  g_assert_no_error (error);
  counts = json_object_get_object_member (
      json_object_get_object_member (json_node_get_object (shown), "manifest"), "counts");
  g_assert_cmpint (json_object_get_int_member (counts, "batch"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (counts, "card"), ==, 1);
}

static void
test_altered_file (UnitFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  FastPacketFolder *folder = fast_sealer_folder (fixture->sealer);
  g_autofree char *item = unit_fixture_freeze (fixture, "payment", NULL);
  g_autofree char *batch = NULL;
  g_autofree char *path = NULL;
  g_autoptr (FastOutboxRow) row = NULL;

  fast_sealing_run_all (fixture->sealer, NULL, NULL, &error);
  batch = fast_batch_close (fixture->sealer, "cbsa-1", "cbp-1", NULL, &error);
  row = fast_outbox_newest (fixture->store, item, 1, "CA", &error);
  g_assert_no_error (error);
  path = fast_packet_folder_file (folder, "CA", row->packet);
  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  g_assert_false (fast_batch_verify (fixture->store, folder, batch, &error));
  fast_test_assert_id (error, "batch-file");
}

#define ADD(name, function)                                                                        \
  g_test_add ("/sync/link/sealing/" name, UnitFixture, NULL, unit_fixture_set_up, function,        \
              unit_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("lanes", test_lanes);
  ADD ("unknown", test_unknown);
  ADD ("clean", test_clean);
  ADD ("missing", test_missing);
  ADD ("batch", test_batch);
  ADD ("next-batch", test_next_batch);
  ADD ("altered-file", test_altered_file);
  return g_test_run ();
}
