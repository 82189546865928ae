/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/audit.h"

#include <string.h>

#include "record/base/json.h"
#include "record/base/merkle-log.h"
#include "record/base/merkle-proof.h"
#include "record/store/statement.h"
#include "tests/record/store/store-support.h"

#define ROWS 21

static void
add_rows (Fixture *f, guint count)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTransaction) transaction = begin (f);

  for (guint i = 0; i < count; i++) {
    g_autoptr (JsonObject) details = json_object_new ();
    json_object_set_int_member (details, "number", i);
    fast_audit_append (transaction, "cbsa-1", "tested", i % 3 == 0 ? "U1-1" : NULL, details, NULL,
                       &error);
    g_assert_no_error (error);
  }
  commit (transaction);
}

static void
test_verify (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  FastAuditHead head;
  FastAuditHead walked;

  add_rows (f, ROWS);
  g_assert_true (fast_audit_head (f->store, &head, &error));
  g_assert_true (fast_audit_verify (f->store, &walked, &error));
  g_assert_no_error (error);
  g_assert_cmpint (head.size, ==, ROWS + 1); /* and the vault's creation */
  g_assert_cmpmem (head.root, 32, walked.root, 32);
}

static void
assert_verify_fails (Fixture *f, const char *sql)
{
  g_autoptr (GError) error = NULL;
  FastAuditHead head;

  g_assert_true (fast_statement_run (f->store, &error, sql, ""));
  g_assert_false (fast_audit_verify (f->store, &head, &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT);
}

static void
test_altered (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  add_rows (f, ROWS);
  assert_verify_fails (f,
                       "UPDATE audit SET row = replace (row, 'tested', 'nested') WHERE leaf = 4");
}

static void
test_removed (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  add_rows (f, ROWS);
  assert_verify_fails (f, "DELETE FROM audit WHERE leaf = 4");
}

static void
test_rehashed (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  add_rows (f, ROWS);
  assert_verify_fails (f, "UPDATE audit_node SET hash = zeroblob (32) WHERE level = 4");
}

static void
test_cut_off (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  FastAuditHead head;

  add_rows (f, 8);
  fast_statement_run (f->store, &error, "DELETE FROM audit WHERE leaf = 8", "");
  /* A cut-off end is what only a head told earlier can show: to the log itself it looks whole. */
  g_assert_true (fast_audit_verify (f->store, &head, &error));
  g_assert_cmpint (head.size, ==, 8);
}

static void
test_row (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (f->store, &error, "SELECT row FROM audit WHERE leaf = 1", "");
  g_autofree char *wanted = NULL;
  gboolean row;

  g_setenv ("FAST_CLOCK", "2026-11-24T04:02:31Z", TRUE);
  add_rows (f, 1);
  g_unsetenv ("FAST_CLOCK");
  g_assert_true (fast_statement_step (statement, &row, &error));
  g_assert_cmpstr (fast_statement_text (statement, 0), ==,
                   "{\"actor\":\"cbsa-1\",\"clock\":1795492951,\"code\":\"tested\","
                   "\"details\":{\"number\":0},\"drift\":null,\"item\":\"U1-1\",\"sequence\":2}");
}

static void
check_extract_row (JsonObject *entry, const FastAuditHead *head)
{
  g_autoptr (GError) error = NULL;
  const char *row = json_object_get_string_member (entry, "row");
  g_autoptr (GBytes) proof =
      fast_merkle_proof_from_json (json_object_get_array_member (entry, "proof"), &error);
  guint8 leaf[FAST_SHA256_SIZE];

  g_assert_nonnull (strstr (row, "\"item\":\"U1-1\""));
  fast_merkle_leaf_hash (row, strlen (row), leaf);
  g_assert_true (fast_merkle_verify_inclusion (leaf,
                                               (guint64)json_object_get_int_member (entry, "index"),
                                               (guint64)head->size, proof, head->root, &error));
}

static void
check_previous (JsonObject *previous, const FastAuditHead *before, const FastAuditHead *head)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *root = fast_hex_encode (before->root, 32);
  g_autoptr (GBytes) proof =
      fast_merkle_proof_from_json (json_object_get_array_member (previous, "proof"), &error);

  g_assert_cmpint (json_object_get_int_member (previous, "size"), ==, before->size);
  g_assert_cmpstr (json_object_get_string_member (previous, "root"), ==, root);
  g_assert_true (fast_merkle_verify_consistency ((guint64)before->size, before->root,
                                                 (guint64)head->size, head->root, proof, &error));
}

static void
test_extract (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) node = NULL;
  FastAuditHead before;
  FastAuditHead head;
  JsonArray *rows;

  add_rows (f, 7);
  g_assert_true (fast_audit_head (f->store, &before, &error));
  add_rows (f, ROWS);
  g_assert_true (fast_audit_head (f->store, &head, &error));
  add_rows (f, 3);
  bytes = fast_audit_extract (f->store, "U1-1", before.size, head.size, &error);
  g_assert_no_error (error);
  node = fast_json_parse_canonical (bytes, "audit.json", &error);
  g_assert_no_error (error);
  rows = json_object_get_array_member (json_node_get_object (node), "rows");
  g_assert_cmpuint (json_array_get_length (rows), ==, 3 + 7);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    check_extract_row (json_array_get_object_element (rows, i), &head);
  check_previous (json_object_get_object_member (json_node_get_object (node), "previous"), &before,
                  &head);
}

static void
test_text_refused (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTransaction) transaction = begin (f);
  g_autoptr (JsonObject) details = json_object_new ();

  json_object_set_string_member (details, "name", "Grace Hopper");
  g_assert_false (fast_audit_append (transaction, "cbsa-1", "tested", NULL, details, NULL, &error));
  fast_test_assert_id (error, "audit-text");
  g_clear_error (&error);
  g_assert_false (
      fast_audit_append (transaction, "cbsa-1", "t\xc3\xa9st", NULL, NULL, NULL, &error));
  fast_test_assert_id (error, "audit-text");
}

#define ADD(name, test) g_test_add (name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/audit/verify", test_verify);
  ADD ("/store/audit/altered", test_altered);
  ADD ("/store/audit/removed", test_removed);
  ADD ("/store/audit/rehashed", test_rehashed);
  ADD ("/store/audit/cut-off", test_cut_off);
  ADD ("/store/audit/row", test_row);
  ADD ("/store/audit/extract", test_extract);
  ADD ("/store/audit/text-refused", test_text_refused);
  return g_test_run ();
}
