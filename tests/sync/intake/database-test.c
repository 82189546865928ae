/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/intake/database.h"

#include <sqlite3.h>
#include <string.h>

#include "record/base/error.h"
#include "tests/support.h"

typedef struct {
  char *folder;
  char *path;
  char *where;
} Place;

static void
set_up (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  place->folder = fast_test_folder ();
  place->path = g_build_filename (place->folder, "intake.db", NULL);
  place->where = g_strconcat ("sqlite:", place->path, NULL);
}

static void
tear_down (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  fast_test_remove_folder (place->folder);
  g_free (place->path);
  g_free (place->where);
}

static FastIntakeDatabase *
open_database (Place *place)
{
  g_autoptr (GError) error = NULL;
  FastIntakeDatabase *database = fast_intake_database_open (place->where, &error);

  g_assert_no_error (error);
  return database;
}

static void
test_upload (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastIntakeDatabase) database = open_database (place);
  const FastUpload new_upload = {(char *)"U1", (char *)"aa", 100, 0, 5000};
  g_autoptr (FastUpload) first = NULL, second = NULL, other = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (fast_intake_database_begin_upload (database, &new_upload, &error));
  g_assert_true (fast_intake_database_begin_upload (database, &new_upload, &error));
  g_assert_true (fast_intake_database_find_upload (database, "U1", "aa", &first, &error));
  g_assert_true (fast_intake_database_find_upload (database, "U1", "aa", &second, &error));
  g_assert_true (fast_intake_database_find_upload (database, "U2", "aa", &other, &error));
  g_assert_null (other);
  g_assert_true (fast_intake_database_advance_upload (database, first, 60, 6000, &error));
  g_assert_cmpint (first->received, ==, 60);
  /* Who holds an older state must not move it. */
  g_assert_false (fast_intake_database_advance_upload (database, second, 80, 6000, &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_false (fast_intake_database_advance_upload (database, first, 101, 6000, &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_IO);
}

static FastStoredPacket
some_packet (const char *id, gint64 lane)
{
  return (FastStoredPacket){(char *)id,
                            (char *)"U1",
                            3,
                            1,
                            (char *)"BWB",
                            (char *)"U1-1",
                            (char *)"enrolment",
                            1,
                            (char *)"U1-b1",
                            lane,
                            (char *)id,
                            (char *)"{}",
                            1000,
                            NULL};
}

static void
test_receipts (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastIntakeDatabase) database = open_database (place);
  g_autoptr (GBytes) one = g_bytes_new_static ("one", 3), two = g_bytes_new_static ("two", 3);
  g_autoptr (GBytes) found = NULL, foreign = NULL;
  g_autoptr (GPtrArray) all = NULL, later = NULL, unopened = NULL, packets = NULL;
  const FastStoredPacket a = some_packet ("aa", 1), b = some_packet ("bb", 2);
  const FastReceiptRow *row;

  g_assert_true (fast_intake_database_accept (database, &a, one, NULL));
  g_assert_true (fast_intake_database_accept (database, &a, two, NULL));
  g_assert_true (fast_intake_database_accept (database, &b, two, NULL));
  g_assert_true (fast_intake_database_find_receipt (database, "U1", "aa", "stored", &found, NULL));
  g_assert_true (g_bytes_equal (found, one));
  g_assert_true (
      fast_intake_database_find_receipt (database, "U2", "aa", "stored", &foreign, NULL));
  g_assert_null (foreign);
  g_assert_true (fast_intake_database_add_receipt (database, "U1", "aa", "opened", two, NULL));
  all = fast_intake_database_list_receipts (database, "U1", 0, 10, NULL);
  g_assert_cmpuint (all->len, ==, 3);
  row = all->pdata[1];
  later = fast_intake_database_list_receipts (database, "U1", row->cursor, 10, NULL);
  g_assert_cmpuint (later->len, ==, 1);
  unopened = fast_intake_database_list_unopened (database, NULL);
  g_assert_cmpuint (unopened->len, ==, 1);
  packets = fast_intake_database_list_packets (database, NULL);
  g_assert_cmpstr (((FastStoredPacket *)packets->pdata[0])->receipts, ==, "stored,opened");
}

/* As when two processes have looked at the lane before either wrote. */
static void
test_lane (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastIntakeDatabase) database = open_database (place);
  g_autoptr (GBytes) token = g_bytes_new_static ("one", 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastStoredPacket) found = NULL;
  const FastStoredPacket a = some_packet ("aa", 7), b = some_packet ("bb", 7);

  g_assert_true (fast_intake_database_accept (database, &a, token, NULL));
  g_assert_true (fast_intake_database_accept (database, &a, token, NULL));
  g_assert_false (fast_intake_database_accept (database, &b, token, &error));
  g_assert_error (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_REFUSED);
  fast_test_assert_id (error, "intake-lane-taken");
  g_assert_true (fast_intake_database_find_packet (database, "U1", "bb", &found, NULL));
  g_assert_null (found);
}

static void
test_newer (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  sqlite3 *raw = NULL;

  fast_intake_database_close (open_database (place));
  g_assert_cmpint (sqlite3_open (place->path, &raw), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (raw, "PRAGMA user_version = 99", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (raw);
  g_assert_null (fast_intake_database_open (place->where, &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_NEWER);
}

static void
test_garbage (Place *place, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  const char *text = "this is no database, and it is long enough to look like a file of some kind";

  g_assert_true (g_file_set_contents (place->path, text, -1, NULL));
  g_assert_null (fast_intake_database_open (place->where, &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_IO);
  g_clear_error (&error);
  g_assert_null (fast_intake_database_open ("postgresql://x", &error));
  fast_test_assert_id (error, "intake-database-engine");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/intake/database/upload", Place, NULL, set_up, test_upload, tear_down);
  g_test_add ("/intake/database/receipts", Place, NULL, set_up, test_receipts, tear_down);
  g_test_add ("/intake/database/lane", Place, NULL, set_up, test_lane, tear_down);
  g_test_add ("/intake/database/newer", Place, NULL, set_up, test_newer, tear_down);
  g_test_add ("/intake/database/garbage", Place, NULL, set_up, test_garbage, tear_down);
  return g_test_run ();
}
