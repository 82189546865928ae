/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/store.h"

#include <string.h>
#include <sys/stat.h>

#include "record/base/failpoint.h"
#include "record/store/sequence.h"
#include "record/store/statement.h"
#include "tests/record/store/store-support.h"

static const char *const first_steps[] = {"CREATE TABLE thing (id INTEGER PRIMARY KEY) STRICT",
                                          NULL};
static const char *const second_steps[] = {"CREATE TABLE thing (id INTEGER PRIMARY KEY) STRICT",
                                           "ALTER TABLE thing ADD COLUMN name TEXT", NULL};
static const char *const broken_steps[] = {"CREATE TABLE thing (id INTEGER PRIMARY KEY) STRICT",
                                           "ALTER TABLE thing ADD COLUMN name TEXT;"
                                           "INSERT INTO nowhere VALUES (1)",
                                           NULL};
static const FastSchema first = {"test", first_steps};
static const FastSchema second = {"test", second_steps};
static const FastSchema broken = {"test", broken_steps};

static void
plain_set_up (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  fixture_open (f);
}

static FastStore *
reopen (Fixture *f, const char *unit, const FastSchema *schema, GError **error)
{
  const FastSchema *schemas[] = {schema, NULL};

  g_clear_pointer (&f->store, fast_store_free);
  f->store = fast_store_open (f->path, unit, schemas, error);
  return f->store;
}

static char *
one_text (FastStore *store, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (store, &error, sql, "");
  gboolean row;

  g_assert_no_error (error);
  g_assert_true (fast_statement_step (statement, &row, &error));
  return row ? g_strdup (fast_statement_text (statement, 0)) : NULL;
}

static void
assert_text (FastStore *store, const char *sql, const char *wanted)
{
  g_autofree char *text = one_text (store, sql);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_settings (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  struct stat state;

  g_assert_cmpint (stat (f->path, &state), ==, 0);
  g_assert_cmpint (state.st_mode & 0777, ==, 0600);
  assert_text (f->store, "PRAGMA journal_mode", "wal");
  assert_text (f->store, "PRAGMA synchronous", "2");
  assert_text (f->store, "PRAGMA foreign_keys", "1");
  assert_text (f->store, "PRAGMA secure_delete", "1");
  assert_text (f->store, "PRAGMA busy_timeout", "10000");
  assert_text (
      f->store,
      "SELECT group_concat(name) FROM pragma_table_list "
      "WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'",
      NULL);
}

static void
test_unit (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (fast_store_unit (f->store), ==, "U1");
  g_assert_cmpint (fast_store_epoch (f->store), ==, 1);
  g_assert_nonnull (reopen (f, NULL, &first, &error));
  g_assert_cmpstr (fast_store_unit (f->store), ==, "U1");
  g_assert_null (reopen (f, "U2", &first, &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT);
  fast_test_assert_id (error, "store-unit");
}

static void
test_migrations (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (reopen (f, "U1", &first, &error));
  g_assert_no_error (error);
  g_assert_true (fast_statement_run (f->store, &error, "INSERT INTO thing VALUES (7)", ""));
  g_assert_nonnull (reopen (f, "U1", &second, &error));
  g_assert_no_error (error);
  assert_text (f->store, "SELECT id || coalesce(name, '-') FROM thing", "7-");
  assert_text (f->store, "SELECT version FROM schema WHERE room = 'test'", "2");
}

static void
test_newer (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  g_assert_nonnull (reopen (f, "U1", &second, &error));
  g_assert_null (reopen (f, "U1", &first, &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_NEWER);
  fast_test_assert_id (error, "store-newer");
  sentence = fast_error_format (error, "en");
  g_assert_nonnull (strstr (sentence, "newer version"));
}

static void
test_failed_migration (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (reopen (f, "U1", &first, &error));
  g_assert_null (reopen (f, "U1", &broken, &error));
  fast_test_assert_id (error, "store-failed");
  g_clear_error (&error);
  g_assert_nonnull (reopen (f, "U1", &first, &error));
  g_assert_no_error (error);
  assert_text (f->store, "SELECT version FROM schema WHERE room = 'test'", "1");
  assert_text (f->store, "SELECT group_concat(name) FROM pragma_table_info('thing')", "id");
}

static void
test_foreign_file (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (f->folder, "other.db", NULL);
  g_autofree char *text = g_build_filename (f->folder, "text.db", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize before_size;
  gsize after_size;
  sqlite3 *other;

  g_assert_cmpint (sqlite3_open (path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "CREATE TABLE x (y)", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (other);
  g_assert_true (g_file_get_contents (path, &before, &before_size, NULL));
  g_assert_null (fast_store_open (path, "U1", NULL, &error));
  fast_test_assert_id (error, "store-foreign");
  g_assert_true (g_file_get_contents (path, &after, &after_size, NULL));
  g_assert_cmpmem (before, before_size, after, after_size); /* not a byte was touched */
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (text, "this is no database, it is a line of text", -1, NULL));
  g_assert_null (fast_store_open (text, "U1", NULL, &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT);
}

static void
test_rollback (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  gint64 value;

  {
    g_autoptr (FastTransaction) transaction = begin (f);
    g_assert_true (fast_sequence_next (transaction, "item", &value, &error));
    g_assert_cmpint (value, ==, 1);
  }
  g_assert_true (fast_sequence_last (f->store, "item", &value, &error));
  g_assert_cmpint (value, ==, 0);
  {
    g_autoptr (FastTransaction) transaction = begin (f);
    g_autofree char *id = fast_sequence_item_id (transaction, &error);
    g_assert_cmpstr (id, ==, "U1-1");
    commit (transaction);
  }
  g_assert_true (fast_sequence_last (f->store, "item", &value, &error));
  g_assert_cmpint (value, ==, 1);
}

static void
test_errors (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastStore) other = fast_store_open (f->path, "U1", NULL, &error);
  g_autoptr (FastTransaction) transaction = begin (f);

  sqlite3_busy_timeout (fast_store_handle (other), 10);
  g_assert_null (fast_transaction_begin (other, &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_true (fast_statement_run (f->store, &error, "INSERT INTO counter VALUES (?, ?)", "si",
                                     "x", (gint64)1));
  g_assert_false (fast_statement_run (f->store, &error, "INSERT INTO counter VALUES (?, ?)", "si",
                                      "x", (gint64)1));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT);
}

#define THREADS 4
#define NUMBERS 20

static void
allot_one (FastStore *store, GPtrArray *ids)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (store, &error);

  g_assert_no_error (error);
  g_ptr_array_add (ids, fast_sequence_item_id (transaction, &error));
  fast_transaction_commit (transaction, NULL, &error);
  g_assert_no_error (error);
}

static gpointer
open_and_allot (gpointer path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastStore) store = fast_store_open (path, "U1", NULL, &error);
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  g_assert_no_error (error);
  for (guint i = 0; i < NUMBERS; i++)
    allot_one (store, ids);
  return ids;
}

/* Several desks meet a file that is not there yet, and share its counter. */
static void
test_together (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *path = g_build_filename (f->folder, "new.db", NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GThread *threads[THREADS];

  for (guint i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("desk", open_and_allot, path);
  for (guint i = 0; i < THREADS; i++) {
    g_autoptr (GPtrArray) ids = g_thread_join (threads[i]);

    for (guint j = 0; j < ids->len; j++)
      g_assert_true (g_hash_table_add (seen, g_strdup (ids->pdata[j])));
  }
  g_assert_cmpuint (g_hash_table_size (seen), ==, THREADS * NUMBERS);
  g_assert_true (g_hash_table_contains (seen, "U1-80"));
}

#define ADD(name, set_up, test) g_test_add (name, Fixture, NULL, set_up, test, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/store/settings", plain_set_up, test_settings);
  ADD ("/store/store/unit", plain_set_up, test_unit);
  ADD ("/store/store/migrations", plain_set_up, test_migrations);
  ADD ("/store/store/newer", plain_set_up, test_newer);
  ADD ("/store/store/failed-migration", plain_set_up, test_failed_migration);
  ADD ("/store/store/foreign-file", plain_set_up, test_foreign_file);
  ADD ("/store/transaction/rollback", plain_set_up, test_rollback);
  ADD ("/store/statement/errors", plain_set_up, test_errors);
  ADD ("/store/store/together", plain_set_up, test_together);
  return g_test_run ();
}
