/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/audit.h"

#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/base/json.h"
#include "record/base/merkle-log.h"
#include "record/base/merkle-proof.h"
#include "record/store/sequence.h"
#include "record/store/statement.h"

#define TEXT_LIMIT 128

static gboolean
read_node (gpointer data, guint level, guint64 index, guint8 hash[FAST_SHA256_SIZE], GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      data, error, "SELECT hash FROM audit_node WHERE level = ? AND position = ?", "ii",
      (gint64)level, (gint64)index);
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  if (!row)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "audit-node-missing",
                      "level=%u, position=%" G_GUINT64_FORMAT, level, index);
  return fast_statement_hash (statement, 0, hash, error);
}

static gboolean
write_node (gpointer data, guint level, guint64 index, const guint8 hash[FAST_SHA256_SIZE],
            GError **error)
{
  return fast_statement_run (data, error, "INSERT INTO audit_node VALUES (?, ?, ?)", "iih",
                             (gint64)level, (gint64)index, hash);
}

static FastMerkleNodes
nodes_of (FastStore *store)
{
  return (FastMerkleNodes){read_node, write_node, store};
}

/* What a row may say: ids, codes, times and digests. Anything with a space or beyond ASCII is text,
 * and text may be personal. */
static gboolean
text_is_code (const char *text)
{
  static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "-_.:+/@";

  return strlen (text) <= TEXT_LIMIT && strspn (text, allowed) == strlen (text);
}

static gboolean node_is_code (JsonNode *node);

static gboolean
object_is_code (JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    if (!text_is_code (name) || !node_is_code (node))
      return FALSE;
  return TRUE;
}

static gboolean
array_is_code (JsonArray *array)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!node_is_code (json_array_get_element (array, i)))
      return FALSE;
  return TRUE;
}

static gboolean
node_is_code (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return object_is_code (json_node_get_object (node));
  if (JSON_NODE_HOLDS_ARRAY (node))
    return array_is_code (json_node_get_array (node));
  return JSON_NODE_HOLDS_NULL (node) || json_node_get_value_type (node) != G_TYPE_STRING ||
         text_is_code (json_node_get_string (node));
}

static gboolean
check_codes (const char *actor, const char *code, const char *item, JsonObject *details,
             GError **error)
{
  if (text_is_code (actor) && text_is_code (code) && (item == NULL || text_is_code (item)) &&
      (details == NULL || object_is_code (details)))
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "audit-text", NULL);
}

static gboolean
get_drift (FastStore *store, JsonObject *row, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, "SELECT drift FROM unit WHERE drift IS NOT NULL", "");
  gboolean known;

  if (statement == NULL || !fast_statement_step (statement, &known, error))
    return FALSE;
  if (known)
    json_object_set_int_member (row, "drift", fast_statement_int (statement, 0));
  else
    json_object_set_null_member (row, "drift");
  return TRUE;
}

static char *
make_row (FastStore *store, const char *actor, const char *code, const char *item,
          JsonObject *details, gint64 sequence, GError **error)
{
  JsonObject *row = json_object_new ();
  g_autoptr (JsonNode) node = fast_json_node_take (row);

  if (!get_drift (store, row, error))
    return NULL;
  json_object_set_string_member (row, "actor", actor);
  json_object_set_int_member (row, "clock", fast_clock_now ());
  json_object_set_string_member (row, "code", code);
  json_object_set_object_member (row, "details",
                                 details != NULL ? json_object_ref (details) : json_object_new ());
  if (item != NULL)
    json_object_set_string_member (row, "item", item);
  else
    json_object_set_null_member (row, "item");
  json_object_set_int_member (row, "sequence", sequence);
  return fast_json_canonical (node);
}

static gboolean
count_rows (FastStore *store, gint64 *size, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, "SELECT coalesce(max(leaf) + 1, 0) FROM audit", "");
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  *size = fast_statement_int (statement, 0);
  return TRUE;
}

static gboolean
append_leaf (FastStore *store, const char *item, const char *row, GError **error)
{
  FastMerkleNodes nodes = nodes_of (store);
  guint8 leaf[FAST_SHA256_SIZE];
  gint64 size;

  fast_merkle_leaf_hash (row, strlen (row), leaf);
  return count_rows (store, &size, error) &&
         fast_statement_run (store, error, "INSERT INTO audit VALUES (?, ?, ?)", "iss", size, item,
                             row) &&
         fast_merkle_nodes_append (&nodes, (guint64)size, leaf, error);
}

/**
 * fast_audit_append:
 * @transaction: the transaction of the act
 * @actor: who acts: an officer's name, or a program's
 * @code: what was done, as in `revision-frozen`
 * @item: (nullable): the item concerned
 * @details: (nullable): further ids, codes, numbers and digests
 * @sequence: (out) (optional): the event's number
 * @error: return location for an error
 *
 * Appends a row. Strings that are not codes (`A-Za-z0-9-_.:+/@`, at most 128) are refused: they
 * might be personal.
 *
 * Returns: whether the row is in @transaction
 */
gboolean
fast_audit_append (FastTransaction *transaction, const char *actor, const char *code,
                   const char *item, JsonObject *details, gint64 *sequence, GError **error)
{
  FastStore *store = fast_transaction_store (transaction);
  g_autofree char *row = NULL;
  gint64 number;

  if (!check_codes (actor, code, item, details, error) ||
      !fast_sequence_next (transaction, FAST_SEQUENCE_EVENT, &number, error))
    return FALSE;
  row = make_row (store, actor, code, item, details, number, error);
  if (row == NULL || !append_leaf (store, item, row, error))
    return FALSE;
  if (sequence != NULL)
    *sequence = number;
  return TRUE;
}

/**
 * fast_audit_head_at:
 * @store: a store
 * @size: a size that the log has or had
 * @head: (out): its head at that size
 * @error: return location for an error
 *
 * Returns: whether it could be read
 */
gboolean
fast_audit_head_at (FastStore *store, gint64 size, FastAuditHead *head, GError **error)
{
  FastMerkleNodes nodes = nodes_of (store);

  head->size = size;
  return fast_merkle_nodes_root (&nodes, (guint64)size, head->root, error);
}

/**
 * fast_audit_head:
 * @store: a store
 * @head: (out): size and root; what an open transaction of this store appended counts
 * @error: return location for an error
 *
 * Returns: whether it could be read
 */
gboolean
fast_audit_head (FastStore *store, FastAuditHead *head, GError **error)
{
  gint64 size;

  return count_rows (store, &size, error) && fast_audit_head_at (store, size, head, error);
}

/**
 * fast_audit_inclusion:
 * @store: a store
 * @leaf: a row's place, from 0
 * @size: the size of the log that is spoken of
 * @error: return location for an error
 *
 * Returns: (transfer full): the proof for fast_merkle_verify_inclusion()
 */
GBytes *
fast_audit_inclusion (FastStore *store, gint64 leaf, gint64 size, GError **error)
{
  FastMerkleNodes nodes = nodes_of (store);

  return fast_merkle_nodes_inclusion (&nodes, (guint64)leaf, (guint64)size, error);
}

/**
 * fast_audit_consistency:
 * @store: a store
 * @first: the earlier size
 * @second: the later size
 * @error: return location for an error
 *
 * Returns: (transfer full): the proof for fast_merkle_verify_consistency()
 */
GBytes *
fast_audit_consistency (FastStore *store, gint64 first, gint64 second, GError **error)
{
  FastMerkleNodes nodes = nodes_of (store);

  return fast_merkle_nodes_consistency (&nodes, (guint64)first, (guint64)second, error);
}

static gboolean
add_row (FastStore *store, sqlite3_stmt *statement, gint64 size, JsonArray *rows, GError **error)
{
  gint64 leaf = fast_statement_int (statement, 0);
  g_autoptr (GBytes) proof = fast_audit_inclusion (store, leaf, size, error);
  JsonObject *entry;

  if (proof == NULL)
    return FALSE;
  entry = json_object_new ();
  json_object_set_int_member (entry, "index", leaf);
  json_object_set_array_member (entry, "proof", fast_merkle_proof_to_json (proof));
  json_object_set_string_member (entry, "row", fast_statement_text (statement, 1));
  json_array_add_object_element (rows, entry);
  return TRUE;
}

static JsonArray *
rows_of_item (FastStore *store, const char *item, gint64 size, GError **error)
{
  g_autoptr (JsonArray) rows = json_array_new ();
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error, "SELECT leaf, row FROM audit WHERE item = ? AND leaf < ? ORDER BY leaf", "si",
      item, size);
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return NULL;
  while (row)
    if (!add_row (store, statement, size, rows, error) ||
        !fast_statement_step (statement, &row, error))
      return NULL;
  return g_steal_pointer (&rows);
}

static JsonObject *
previous_head (FastStore *store, gint64 previous, gint64 size, GError **error)
{
  g_autoptr (GBytes) proof = fast_audit_consistency (store, previous, size, error);
  g_autofree char *root = NULL;
  FastAuditHead head;
  JsonObject *object;

  if (proof == NULL || !fast_audit_head_at (store, previous, &head, error))
    return NULL;
  root = fast_hex_encode (head.root, sizeof head.root);
  object = json_object_new ();
  json_object_set_array_member (object, "proof", fast_merkle_proof_to_json (proof));
  json_object_set_string_member (object, "root", root);
  json_object_set_int_member (object, "size", previous);
  return object;
}

/**
 * fast_audit_extract:
 * @store: a store
 * @item: an item id
 * @previous: the size of the head in the lane's previous sequence; -1 when there is none
 * @size: the size of the head in the packet's header
 * @error: return location for an error
 *
 * What `audit.json` of a packet holds: {"previous":{"proof":[…],"root":…,"size":…} or null,
 * "rows":[{"index":…,"proof":[…],"row":…}…]}, hashes in hexadecimal, each row as its text.
 *
 * Returns: (transfer full): canonical JSON
 */
GBytes *
fast_audit_extract (FastStore *store, const char *item, gint64 previous, gint64 size,
                    GError **error)
{
  JsonObject *extract = json_object_new ();
  g_autoptr (JsonNode) node = fast_json_node_take (extract);
  JsonArray *rows = rows_of_item (store, item, size, error);
  JsonObject *head;

  if (rows == NULL)
    return NULL;
  json_object_set_array_member (extract, "rows", rows);
  json_object_set_null_member (extract, "previous");
  if (previous >= 0) {
    head = previous_head (store, previous, size, error);
    if (head == NULL)
      return NULL;
    json_object_set_object_member (extract, "previous", head);
  }
  return fast_json_canonical_bytes (node);
}

/* What a walk over the whole log has seen. */
typedef struct {
  FastStore *store;
  FastMerkleLog *log;
  gint64 sequence;
} Walk;

static gboolean
fail_row (GError **error, gint64 leaf)
{
  return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "audit-row",
                    "leaf=%" G_GINT64_FORMAT, leaf);
}

static gboolean
verify_text (Walk *walk, gint64 leaf, const char *item, const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (JsonNode) node = fast_json_parse_canonical (bytes, "audit", error);
  JsonObject *row;
  gint64 sequence;

  if (node == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail_row (error, leaf);
  row = json_node_get_object (node);
  if (!fast_json_get_int (row, "sequence", &sequence, error))
    return FALSE;
  if (sequence <= walk->sequence ||
      g_strcmp0 (json_object_get_string_member_with_default (row, "item", NULL), item) != 0)
    return fail_row (error, leaf);
  walk->sequence = sequence;
  return TRUE;
}

static gboolean
verify_row (Walk *walk, sqlite3_stmt *statement, GError **error)
{
  gint64 leaf = fast_statement_int (statement, 0);
  const char *text = fast_statement_text (statement, 2);
  guint8 hash[FAST_SHA256_SIZE];
  guint8 kept[FAST_SHA256_SIZE];

  if (leaf != (gint64)fast_merkle_log_size (walk->log))
    return fail_row (error, leaf);
  if (!verify_text (walk, leaf, fast_statement_text (statement, 1), text, error) ||
      !fast_statement_hash (statement, 3, kept, error))
    return FALSE;
  fast_merkle_leaf_hash (text, strlen (text), hash);
  if (!fast_equal_secret (hash, kept, sizeof hash))
    return fail_row (error, leaf);
  fast_merkle_log_append (walk->log, text, strlen (text));
  return TRUE;
}

static gboolean
walk_rows (Walk *walk, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      walk->store, error,
      "SELECT a.leaf, a.item, a.row, n.hash FROM audit AS a "
      "LEFT JOIN audit_node AS n ON n.level = 0 AND n.position = a.leaf ORDER BY a.leaf",
      "");
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  while (row)
    if (!verify_row (walk, statement, error) || !fast_statement_step (statement, &row, error))
      return FALSE;
  return TRUE;
}

/**
 * fast_audit_verify:
 * @store: a store
 * @head: (out): the head that the rows themselves give
 * @error: return location for an error
 *
 * Walks the whole log: no row is missing, altered or out of order, and the kept hashes lead to the
 * same root.
 *
 * Returns: whether all holds; FAST_STORE_ERROR_CORRUPT names the first row that does not
 */
gboolean
fast_audit_verify (FastStore *store, FastAuditHead *head, GError **error)
{
  g_autoptr (FastMerkleLog) log = fast_merkle_log_new ();
  Walk walk = {store, log, 0};
  FastAuditHead kept;

  if (!walk_rows (&walk, error))
    return FALSE;
  head->size = (gint64)fast_merkle_log_size (log);
  fast_merkle_log_root (log, head->root);
  if (!fast_audit_head (store, &kept, error))
    return FALSE;
  if (!fast_equal_secret (kept.root, head->root, sizeof kept.root))
    return fail_row (error, head->size);
  return TRUE;
}
