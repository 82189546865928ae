/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/audit-proof.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/json.h"
#include "record/base/merkle-log.h"
#include "record/base/merkle-proof.h"

static gboolean
refuse (GError **error, const char *id)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, id, NULL);
}

static gboolean
read_hash (const char *hex, guint8 hash[FAST_SHA256_SIZE], GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (!fast_packet_id_is_valid (hex))
    return refuse (error, "audit-proof-form");
  bytes = fast_hex_decode (hex, error);
  return bytes != NULL && fast_copy (hash, FAST_SHA256_SIZE, g_bytes_get_data (bytes, NULL),
                                     g_bytes_get_size (bytes));
}

static GBytes *
read_proof (JsonObject *object, GError **error)
{
  JsonArray *array = fast_json_get_array (object, "proof", error);

  return array == NULL ? NULL : fast_merkle_proof_from_json (array, error);
}

/* The leaf is the row's canonical JSON, as it stands in the log. */
static gboolean
check_row (JsonObject *entry, const FastHeader *header, const guint8 root[FAST_SHA256_SIZE],
           GError **error)
{
  gint64 index;
  const char *row = fast_json_get_string (entry, "row", error);
  g_autoptr (GBytes) proof = row == NULL ? NULL : read_proof (entry, error);
  guint8 leaf[FAST_SHA256_SIZE];

  if (proof == NULL || !fast_json_get_int (entry, "index", &index, error))
    return FALSE;
  if (index < 0 || index >= header->audit_size)
    return refuse (error, "audit-proof-form");
  fast_merkle_leaf_hash (row, strlen (row), leaf);
  return fast_merkle_verify_inclusion (leaf, (guint64)index, (guint64)header->audit_size, proof,
                                       root, error);
}

static gboolean
check_rows (JsonObject *object, const FastHeader *header, const guint8 root[FAST_SHA256_SIZE],
            GError **error)
{
  JsonArray *rows = fast_json_get_array (object, "rows", error);

  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (rows); i++) {
    JsonNode *node = json_array_get_element (rows, i);

    if (!JSON_NODE_HOLDS_OBJECT (node))
      return refuse (error, "audit-proof-form");
    if (!check_row (json_node_get_object (node), header, root, error))
      return FALSE;
  }
  return TRUE;
}

/* Where the lane's previous packet is at hand, its head is the one to go on from. */
static gboolean
check_previous (const char *root, gint64 size, const FastHeader *previous, GError **error)
{
  if (previous == NULL)
    return TRUE;
  if (size != previous->audit_size || strcmp (root, previous->audit_root) != 0)
    return refuse (error, "audit-proof-head");
  return TRUE;
}

static gboolean
check_consistency (JsonObject *from, const FastHeader *header, const FastHeader *previous,
                   const guint8 root[FAST_SHA256_SIZE], GError **error)
{
  const char *text = fast_json_get_string (from, "root", error);
  g_autoptr (GBytes) proof = text == NULL ? NULL : read_proof (from, error);
  guint8 old[FAST_SHA256_SIZE];
  gint64 size;

  if (proof == NULL || !fast_json_get_int (from, "size", &size, error) ||
      !read_hash (text, old, error))
    return FALSE;
  if (size < 0 || size > header->audit_size)
    return refuse (error, "audit-proof-form");
  return check_previous (text, size, previous, error) &&
         fast_merkle_verify_consistency ((guint64)size, old, (guint64)header->audit_size, root,
                                         proof, error);
}

static gboolean
check_head (JsonObject *object, const FastHeader *header, const FastHeader *previous,
            const guint8 root[FAST_SHA256_SIZE], GError **error)
{
  JsonObject *from;

  if (header->lane == 1) {
    if (!json_object_has_member (object, "previous") ||
        !json_object_get_null_member (object, "previous"))
      return refuse (error, "audit-proof-head");
    return TRUE;
  }
  from = fast_json_get_object (object, "previous", error);
  return from != NULL && check_consistency (from, header, previous, root, error);
}

/**
 * fast_audit_proof_verify:
 * @audit_json: `audit.json` of a packet
 * @header: its header, which holds the log's size and root
 * @previous: (nullable): the header of the lane's previous sequence
 * @error: return location for an error
 *
 * Every row must be in the log that the header names, and that log must go on from the one that the
 * lane's previous packet named: nothing was taken out or changed in between (RFC 6962, 2.1).
 *
 * Returns: whether all proofs hold
 */
gboolean
fast_audit_proof_verify (GBytes *audit_json, const FastHeader *header, const FastHeader *previous,
                         GError **error)
{
  g_autoptr (JsonNode) node = fast_json_parse_canonical (audit_json, "audit.json", error);
  guint8 root[FAST_SHA256_SIZE];
  JsonObject *object;

  if (node == NULL || !read_hash (header->audit_root, root, error))
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, "audit-proof-form");
  object = json_node_get_object (node);
  return check_rows (object, header, root, error) &&
         check_head (object, header, previous, root, error);
}
