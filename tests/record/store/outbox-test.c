/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/outbox.h"

#include <string.h>

#include "record/store/draft.h"
#include "record/store/sequence.h"
#include "tests/record/store/store-support.h"

static char *
freeze (Fixture *f, const char *kind, const char *about)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTransaction) transaction = begin (f);
  g_autofree char *record = fast_record_create (transaction, f->vault, &error);
  g_autoptr (FastDraft) draft = fast_draft_new (kind, record);
  g_autoptr (FastRevision) revision = NULL;

  fast_draft_set_about (draft, about);
  fast_draft_add (draft, "part.json", FAST_CLASS_PERSONAL, "{}", 2);
  revision = fast_draft_freeze (draft, transaction, f->vault, &error);
  g_assert_no_error (error);
  commit (transaction);
  return g_strdup (revision->item);
}

static gboolean
add (Fixture *f, const char *packet, const char *nation, gint64 lane, const char *item,
     const char *kind, const char *supersedes, GError **error)
{
  FastOutboxRow row = {.packet = (char *)packet,
                       .nation = (char *)nation,
                       .lane = lane,
                       .item = (char *)item,
                       .revision = 1,
                       .kind = (char *)kind,
                       .size = 1000,
                       .supersedes = (char *)supersedes};
  g_autoptr (FastTransaction) transaction = begin (f);

  return fast_outbox_add (transaction, &row, error) &&
         fast_transaction_commit (transaction, NULL, error);
}

static gboolean
move (Fixture *f, const char *packet, FastOutboxState state, gint64 offset, GError **error)
{
  g_autoptr (FastTransaction) transaction = begin (f);

  return fast_outbox_move (transaction, packet, state, offset, "unreadable", error) &&
         fast_transaction_commit (transaction, NULL, error);
}

static void
assert_order (Fixture *f, const char *nation, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = fast_outbox_to_send (f->store, nation, 100, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    g_string_append (text, ((FastOutboxRow *)rows->pdata[i])->packet);
  g_assert_cmpstr (text->str, ==, wanted);
}

static void
test_order (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *enrolment = freeze (f, "enrolment", NULL);
  g_autofree char *decision = freeze (f, "decision", enrolment);

  g_assert_true (add (f, "a", "CA", 1, enrolment, "enrolment", NULL, &error));
  g_assert_true (add (f, "b", "CA", 2, decision, "decision", NULL, &error));
  g_assert_true (add (f, "c", "CA", 3, enrolment, "enrolment", NULL, &error));
  g_assert_true (add (f, "x", "US", 1, enrolment, "enrolment", NULL, &error));
  assert_order (f, "CA", "bac");
  assert_order (f, "US", "x");
  g_assert_true (move (f, "b", FAST_OUTBOX_STORED, 0, &error));
  assert_order (f, "CA", "ac");
  g_assert_true (add (f, "d", "CA", 4, enrolment, "enrolment", "a", &error));
  assert_order (f, "CA", "cd");
  g_assert_false (add (f, "e", "CA", 4, enrolment, "enrolment", NULL, &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_false (add (f, "e", "CA", 5, enrolment, "enrolment", "a", &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT);
}

static void
test_moves (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *item = freeze (f, "enrolment", NULL);
  g_autoptr (FastOutboxRow) row = NULL;

  g_assert_true (add (f, "a", "CA", 1, item, "enrolment", NULL, &error));
  g_assert_true (move (f, "a", FAST_OUTBOX_CREATED, 0, &error));
  g_assert_true (move (f, "a", FAST_OUTBOX_UPLOADING, 400, &error));
  g_assert_false (move (f, "a", FAST_OUTBOX_UPLOADING, 1001, &error));
  fast_test_assert_id (error, "outbox-offset");
  g_clear_error (&error);
  g_assert_false (move (f, "a", FAST_OUTBOX_OPENED, 0, &error));
  fast_test_assert_id (error, "outbox-move");
  g_clear_error (&error);
  g_assert_true (move (f, "a", FAST_OUTBOX_STORED, 0, &error));
  g_assert_true (move (f, "a", FAST_OUTBOX_OPENED, 0, &error));
  g_assert_false (move (f, "a", FAST_OUTBOX_REFUSED, 0, &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT);
  row = fast_outbox_load (f->store, "a", NULL);
  g_assert_cmpstr (fast_outbox_state_name (row->state), ==, "opened");
  g_assert_cmpint (row->offset, ==, 1000);
  g_assert_cmpint (row->created, >=, row->sealed);
  g_assert_cmpint (row->stored, >=, row->created);
  g_assert_cmpint (row->opened, >=, row->stored);
  g_assert_cmpint (row->refused, ==, 0);
  g_assert_null (row->reason);
}

static void
test_refused (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *item = freeze (f, "enrolment", NULL);
  g_autoptr (FastOutboxRow) row = NULL;
  g_autoptr (FastOutboxRow) newest = NULL;
  gint64 count;

  g_assert_true (add (f, "a", "CA", 1, item, "enrolment", NULL, &error));
  g_assert_true (move (f, "a", FAST_OUTBOX_REFUSED, 0, &error));
  row = fast_outbox_load (f->store, "a", &error);
  g_assert_cmpstr (row->reason, ==, "unreadable");
  g_assert_true (fast_outbox_count (f->store, "CA", FAST_OUTBOX_REFUSED, &count, &error));
  g_assert_cmpint (count, ==, 1);
  g_assert_true (add (f, "b", "CA", 2, item, "enrolment", "a", &error));
  newest = fast_outbox_newest (f->store, item, 1, "CA", &error);
  g_assert_cmpstr (newest->packet, ==, "b");
  g_assert_cmpstr (newest->supersedes, ==, "a");
  g_assert_true (fast_outbox_count (f->store, "CA", FAST_OUTBOX_REFUSED, &count, &error));
  g_assert_cmpint (count, ==, 0);
  g_assert_null (fast_outbox_newest (f->store, item, 1, "US", &error));
  fast_test_assert_id (error, "outbox-unknown");
}

static void
test_unsealed (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *item = freeze (f, "enrolment", NULL);
  g_autofree char *other = freeze (f, "enrolment", NULL);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;

  g_assert_true (add (f, "a", "CA", 1, item, "enrolment", NULL, &error));
  before = fast_revision_list_unsealed (f->store, item, &error);
  g_assert_cmpuint (before->len, ==, 1);
  g_assert_true (add (f, "b", "US", 1, item, "enrolment", NULL, &error));
  after = fast_revision_list_unsealed (f->store, NULL, &error);
  g_assert_cmpuint (after->len, ==, 1);
  g_assert_cmpstr (((FastRevision *)after->pdata[0])->item, ==, other);
}

#define ADD(name, test) g_test_add (name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/outbox/order", test_order);
  ADD ("/store/outbox/moves", test_moves);
  ADD ("/store/outbox/refused", test_refused);
  ADD ("/store/outbox/unsealed", test_unsealed);
  return g_test_run ();
}
