/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/revision.h"

#include <string.h>

#include "record/base/json.h"
#include "record/store/draft.h"
#include "record/store/index-card.h"
#include "record/store/sequence.h"
#include "record/store/statement.h"
#include "tests/record/store/store-support.h"

#define NAME "Zebulon Quincannon"

static char *
new_record (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTransaction) transaction = begin (f);
  char *record = fast_record_create (transaction, f->vault, &error);

  g_assert_no_error (error);
  commit (transaction);
  return record;
}

static FastRevision *
freeze (Fixture *f, FastDraft *draft, GError **error)
{
  g_autoptr (FastTransaction) transaction = begin (f);
  g_autoptr (FastRevision) revision = fast_draft_freeze (draft, transaction, f->vault, error);

  if (revision != NULL)
    commit (transaction);
  return g_steal_pointer (&revision);
}

static FastRevision *
freeze_first (Fixture *f, const char *record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastDraft) draft = fast_draft_new ("enrolment", record);
  FastRevision *revision;

  fast_draft_add (draft, "face.jpg", FAST_CLASS_BIOMETRIC, "\xff\xd8 face", 7);
  fast_draft_add (draft, "applicant.json", FAST_CLASS_PERSONAL, NAME, strlen (NAME));
  revision = freeze (f, draft, &error);
  g_assert_no_error (error);
  return revision;
}

static void
assert_part (Fixture *f, const FastRevision *revision, const char *name, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) bytes = fast_revision_open_part (f->vault, revision, name, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (fast_secret_data (bytes), fast_secret_size (bytes), wanted, strlen (wanted));
}

/* parts.json must be what anybody computes from salt and part. */
static void
assert_digest (const FastRevision *revision, const char *name, const char *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node =
      fast_json_parse_canonical (revision->parts_json, "parts.json", &error);
  const FastPart *part = fast_revision_find_part (revision, name);
  g_autoptr (GByteArray) salted = g_byte_array_new ();
  g_autofree char *hex = NULL;

  g_assert_no_error (error);
  fast_append (salted, part->salt, sizeof part->salt);
  fast_append (salted, bytes, strlen (bytes));
  hex = g_compute_checksum_for_data (G_CHECKSUM_SHA256, salted->data, salted->len);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (node), name), ==, hex);
}

static void
test_freeze (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *record = new_record (f);
  g_autoptr (FastRevision) frozen = freeze_first (f, record);
  g_autoptr (FastRevision) loaded = fast_revision_load (f->store, "U1-1", 0, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (record, ==, "U1-R1");
  g_assert_cmpstr (loaded->item, ==, frozen->item);
  g_assert_cmpstr (loaded->kind, ==, "enrolment");
  g_assert_cmpint (loaded->revision, ==, 1);
  g_assert_cmpint (loaded->sequence, ==, frozen->sequence);
  g_assert_null (loaded->about);
  g_assert_cmpuint (loaded->parts->len, ==, 2);
  g_assert_true (g_bytes_equal (loaded->parts_json, frozen->parts_json));
  assert_part (f, loaded, "applicant.json", NAME);
  assert_digest (loaded, "applicant.json", NAME);
  assert_digest (loaded, "face.jpg", "\xff\xd8 face");
  g_assert_null (fast_revision_open_part (f->vault, loaded, "iris-left.png", &error));
  fast_test_assert_id (error, "revision-no-part");
}

static void
assert_same_part (const FastRevision *left, const FastRevision *right, const char *name,
                  gboolean same)
{
  const FastPart *a = fast_revision_find_part (left, name);
  const FastPart *b = fast_revision_find_part (right, name);

  g_assert_cmpint (memcmp (a->salt, b->salt, 32) == 0, ==, same);
  g_assert_cmpint (memcmp (a->digest, b->digest, 32) == 0, ==, same);
}

static void
test_later (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *record = new_record (f);
  g_autoptr (FastRevision) first = freeze_first (f, record);
  g_autoptr (FastDraft) draft = fast_draft_new ("enrolment", record);
  g_autoptr (FastRevision) second = NULL;
  g_autoptr (FastRevision) again = NULL;

  fast_draft_set_item (draft, "U1-1");
  fast_draft_set_predecessor (draft, "U1-1", 1);
  fast_draft_add (draft, "interview-CBP.json", FAST_CLASS_PERSONAL, "{}", 2);
  fast_draft_add (draft, "applicant.json", FAST_CLASS_PERSONAL, NAME, strlen (NAME));
  fast_draft_keep_rest (draft);
  second = freeze (f, draft, &error);
  g_assert_no_error (error);
  g_assert_cmpint (second->revision, ==, 2);
  g_assert_cmpuint (second->parts->len, ==, 3);
  assert_same_part (first, second, "face.jpg", TRUE);
  assert_same_part (first, second, "applicant.json", TRUE);
  again = fast_revision_load (f->store, "U1-1", 2, &error);
  g_assert_cmpstr (again->predecessor, ==, "U1-1");
  g_assert_cmpint (again->predecessor_revision, ==, 1);
  assert_part (f, again, "face.jpg", "\xff\xd8 face");
  assert_part (f, again, "interview-CBP.json", "{}");
}

static void
test_changed_part (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *record = new_record (f);
  g_autoptr (FastRevision) first = freeze_first (f, record);
  g_autoptr (FastDraft) draft = fast_draft_new ("enrolment", record);
  g_autoptr (FastRevision) second = NULL;

  fast_draft_set_item (draft, "U1-1");
  fast_draft_add (draft, "applicant.json", FAST_CLASS_PERSONAL, "other", 5);
  second = freeze (f, draft, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (second->parts->len, ==, 1);
  assert_same_part (first, second, "applicant.json", FALSE);
  assert_part (f, second, "applicant.json", "other");
  assert_part (f, first, "applicant.json", NAME);
}

static void
assert_refused (Fixture *f, FastDraft *draft, const char *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (freeze (f, draft, &error));
  fast_test_assert_id (error, id);
}

static void
test_refusals (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *record = new_record (f);
  g_autoptr (FastRevision) first = freeze_first (f, record);
  g_autoptr (FastDraft) ahead = fast_draft_new ("enrolment", record);
  g_autoptr (FastDraft) other = fast_draft_new ("decision", record);
  g_autoptr (FastDraft) twice = fast_draft_new ("enrolment", record);
  g_autoptr (FastDraft) path = fast_draft_new ("enrolment", record);
  g_autoptr (FastDraft) nobody = fast_draft_new ("enrolment", "U1-R9");

  fast_draft_set_item (ahead, "U1-2");
  assert_refused (f, ahead, "item-unknown");
  fast_draft_set_item (other, "U1-1");
  assert_refused (f, other, "item-differs");
  fast_draft_add (twice, "a.json", FAST_CLASS_PERSONAL, "1", 1);
  fast_draft_add (twice, "a.json", FAST_CLASS_PERSONAL, "2", 1);
  assert_refused (f, twice, "revision-part-name");
  fast_draft_add (path, "../a.json", FAST_CLASS_PERSONAL, "1", 1);
  assert_refused (f, path, "revision-part-name");
  assert_refused (f, nobody, "store-conflict");
}

static void
test_reserved_id (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *record = new_record (f);
  g_autoptr (FastRevision) first = freeze_first (f, record);
  g_autoptr (FastDraft) draft = fast_draft_new ("decision", record);
  g_autoptr (FastRevision) decision = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autofree char *id = NULL;

  {
    g_autoptr (FastTransaction) transaction = begin (f);
    id = fast_sequence_item_id (transaction, &error);
    commit (transaction);
  }
  fast_draft_set_item (draft, id);
  fast_draft_set_about (draft, "U1-1");
  fast_draft_add (draft, "decision-CBSA.json", FAST_CLASS_PERSONAL, "{}", 2);
  decision = freeze (f, draft, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (decision->item, ==, "U1-2");
  list = fast_revision_list (f->store, "U1-1", &error);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpstr (((FastRevision *)list->pdata[1])->about, ==, "U1-1");
}

static void
put_card (Fixture *f, const char *record, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTransaction) transaction = begin (f);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (JsonNode) card = fast_json_parse (bytes, "card", &error);

  fast_index_card_put (transaction, f->vault, record, card, &error);
  g_assert_no_error (error);
  commit (transaction);
}

static void
test_index (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *first = new_record (f);
  g_autofree char *second = new_record (f);
  g_autoptr (FastIndex) index = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (JsonNode) card = NULL;

  put_card (f, first, "{\"name\":\"HOPPER<GRACE\",\"item\":\"U1-1\"}");
  put_card (f, second, "{\"name\":\"LOVELACE<ADA\",\"item\":\"U1-2\"}");
  put_card (f, second, "{\"name\":\"BYRON<ADA\",\"item\":\"U1-2\"}");
  index = fast_index_open (f->vault, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fast_index_size (index), ==, 2);
  found = fast_index_find (index, "ADA", 10);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpstr (found->pdata[0], ==, second);
  none = fast_index_find (index, "LOVELACE", 10);
  g_assert_cmpuint (none->len, ==, 0);
  card = fast_index_get (index, second, &error);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (card), "name"), ==,
                   "BYRON<ADA");
}

static gboolean
files_contain (Fixture *f, gconstpointer text, gsize size)
{
  static const char *const suffixes[] = {"", "-wal"};
  gboolean found = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *path = g_strconcat (f->path, suffixes[i], NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;

    g_file_get_contents (path, &bytes, &length, NULL);
    found = found || (bytes != NULL && memmem (bytes, length, text, size) != NULL);
  }
  return found;
}

static void
test_nothing_clear (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *record = new_record (f);
  g_autoptr (FastRevision) revision = freeze_first (f, record);

  put_card (f, record, "{\"name\":\"" NAME "\"}");
  g_assert_true (files_contain (f, "applicant.json", 14));
  g_assert_false (files_contain (f, NAME, strlen (NAME)));
  g_assert_false (files_contain (f, "\xff\xd8 face", 7));
}

static GBytes *
wrap_of (Fixture *f, const char *record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      f->store, &error, "SELECT personal FROM record WHERE id = ?", "s", record);
  gboolean row;

  g_assert_true (fast_statement_step (statement, &row, &error));
  return fast_statement_bytes (statement, 0);
}

static void
test_destroy (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *record = new_record (f);
  g_autoptr (FastRevision) revision = freeze_first (f, record);
  g_autoptr (GBytes) wrap = wrap_of (f, record);
  gsize size;
  gconstpointer bytes = g_bytes_get_data (wrap, &size);

  g_assert_true (files_contain (f, bytes, size));
  fast_record_destroy_keys (f->store, "cbsa-1", record, &error);
  g_assert_no_error (error);
  g_assert_false (files_contain (f, bytes, size));
  g_assert_null (fast_revision_open_part (f->vault, revision, "face.jpg", &error));
  fast_test_assert_id (error, "record-destroyed");
}

static void
test_moved_value (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *record = new_record (f);
  FastPlace here = {"t", "r", "c", 1};
  FastPlace elsewhere = {"t", "r", "c", 2};
  g_autoptr (GBytes) sealed =
      fast_record_seal (f->vault, record, FAST_CLASS_PERSONAL, &here, "value", 5, &error);
  g_autoptr (FastSecret) back =
      fast_record_open (f->vault, record, FAST_CLASS_PERSONAL, &here, sealed, &error);

  g_assert_cmpmem (fast_secret_data (back), fast_secret_size (back), "value", 5);
  g_assert_null (
      fast_record_open (f->vault, record, FAST_CLASS_PERSONAL, &elsewhere, sealed, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_DECRYPT);
  g_clear_error (&error);
  g_assert_null (fast_record_open (f->vault, record, FAST_CLASS_BIOMETRIC, &here, sealed, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_DECRYPT);
}

#define ADD(name, test) g_test_add (name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/revision/freeze", test_freeze);
  ADD ("/store/revision/later", test_later);
  ADD ("/store/revision/changed-part", test_changed_part);
  ADD ("/store/revision/refusals", test_refusals);
  ADD ("/store/revision/reserved-id", test_reserved_id);
  ADD ("/store/index-card/find", test_index);
  ADD ("/store/record/nothing-clear", test_nothing_clear);
  ADD ("/store/record/destroy", test_destroy);
  ADD ("/store/record/moved-value", test_moved_value);
  return g_test_run ();
}
