/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/merkle-proof.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/merkle-log.h"

#define HASH FAST_SHA256_SIZE
#define MAX_PROOF 128

/* A walk up the right edge, as RFC 9162 describes it: @node and @last are the positions, on one
 * level, of the node that has been computed and of the level's last node. */
typedef struct {
  guint64 node;
  guint64 last;
} Walk;

static gboolean
walk_is_right (const Walk *walk)
{
  return (walk->node & 1) == 1 || walk->node == walk->last;
}

static void
walk_up (Walk *walk)
{
  while ((walk->node & 1) == 0 && walk->node != 0 && walk->node == walk->last) {
    walk->node >>= 1;
    walk->last >>= 1;
  }
  walk->node >>= 1;
  walk->last >>= 1;
}

static gboolean
fail_proof (GError **error, const char *id)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, id, NULL);
}

static gboolean
take_hashes (GBytes *proof, const guint8 **hashes, gsize *count, GError **error)
{
  gsize size;

  *hashes = g_bytes_get_data (proof, &size);
  *count = size / HASH;
  if (size % HASH != 0 || *count > MAX_PROOF)
    return fail_proof (error, "merkle-proof-malformed");
  return TRUE;
}

/**
 * fast_merkle_verify_inclusion:
 * @leaf: hash of the leaf
 * @index: its index
 * @size: of the log
 * @proof: the audit path
 * @root: of the log
 * @error: return location for an error
 *
 * Verifies as RFC 9162, 2.1.3.2, describes.
 *
 * Returns: whether the log of that root has that leaf there; FAST_INPUT_ERROR_INVALID if not
 */
gboolean
fast_merkle_verify_inclusion (const guint8 leaf[HASH], guint64 index, guint64 size, GBytes *proof,
                              const guint8 root[HASH], GError **error)
{
  Walk walk = {index, size - 1};
  const guint8 *hashes;
  guint8 hash[HASH];
  gsize count;

  if (index >= size)
    return fail_proof (error, "merkle-inclusion-wrong");
  if (!take_hashes (proof, &hashes, &count, error))
    return FALSE;
  fast_copy (hash, HASH, leaf, HASH);
  for (gsize i = 0; i < count; i++, walk_up (&walk)) {
    if (walk.last == 0)
      return fail_proof (error, "merkle-inclusion-wrong");
    if (walk_is_right (&walk))
      fast_merkle_node_hash (hashes + i * HASH, hash, hash);
    else
      fast_merkle_node_hash (hash, hashes + i * HASH, hash);
  }
  if (walk.last != 0 || !fast_equal_secret (hash, root, HASH))
    return fail_proof (error, "merkle-inclusion-wrong");
  return TRUE;
}

static gboolean
verify_trivial (guint64 first, const guint8 first_root[HASH], guint64 second,
                const guint8 second_root[HASH], gsize count, GError **error)
{
  guint8 empty[HASH];

  fast_sha256 (NULL, 0, empty);
  if (count == 0 && first == 0 && fast_equal_secret (first_root, empty, HASH) &&
      (second > 0 || fast_equal_secret (second_root, empty, HASH)))
    return TRUE;
  if (count == 0 && first == second && fast_equal_secret (first_root, second_root, HASH))
    return TRUE;
  return fail_proof (error, "merkle-consistency-wrong");
}

static gboolean
climb (Walk walk, const guint8 *hashes, gsize count, guint8 old[HASH], guint8 new[HASH])
{
  for (gsize i = 0; i < count; i++, walk_up (&walk)) {
    const guint8 *next = hashes + i * HASH;

    if (walk.last == 0)
      return FALSE;
    if (walk_is_right (&walk)) {
      fast_merkle_node_hash (next, old, old);
      fast_merkle_node_hash (next, new, new);
    } else {
      fast_merkle_node_hash (new, next, new);
    }
  }
  return walk.last == 0;
}

/**
 * fast_merkle_verify_consistency:
 * @first: the smaller size
 * @first_root: its root
 * @second: the larger size
 * @second_root: its root
 * @proof: the consistency proof
 * @error: return location for an error
 *
 * Verifies as RFC 9162, 2.1.4.2, describes.
 *
 * Returns: whether the second log begins with the first; FAST_INPUT_ERROR_INVALID if not
 */
gboolean
fast_merkle_verify_consistency (guint64 first, const guint8 first_root[HASH], guint64 second,
                                const guint8 second_root[HASH], GBytes *proof, GError **error)
{
  Walk walk = {first - 1, second - 1};
  const guint8 *hashes;
  guint8 old[HASH];
  guint8 new[HASH];
  gsize count;
  gsize used;

  if (!take_hashes (proof, &hashes, &count, error))
    return FALSE;
  if (first == 0 || first >= second)
    return verify_trivial (first, first_root, second, second_root, count, error);
  used = (first & (first - 1)) == 0 ? 0 : 1; /* of a power of two */
  if (count < MAX (used, 1))
    return fail_proof (error, "merkle-consistency-wrong");
  for (; (walk.node & 1) == 1; walk.node >>= 1)
    walk.last >>= 1;
  fast_copy (old, HASH, used == 0 ? first_root : hashes, HASH);
  fast_copy (new, HASH, old, HASH);
  if (!climb (walk, hashes + used * HASH, count - used, old, new) ||
      !fast_equal_secret (old, first_root, HASH) || !fast_equal_secret (new, second_root, HASH))
    return fail_proof (error, "merkle-consistency-wrong");
  return TRUE;
}

/**
 * fast_merkle_proof_to_json:
 * @proof: a proof
 *
 * Returns: (transfer full): its hashes as hexadecimal strings
 */
JsonArray *
fast_merkle_proof_to_json (GBytes *proof)
{
  JsonArray *array = json_array_new ();
  gsize size;
  const guint8 *hashes = g_bytes_get_data (proof, &size);

  for (gsize i = 0; i + HASH <= size; i += HASH) {
    g_autofree char *text = fast_hex_encode (hashes + i, HASH);
    json_array_add_string_element (array, text);
  }
  return array;
}

static gboolean
append_element (GByteArray *proof, JsonNode *node, GError **error)
{
  const char *text = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
  g_autoptr (GBytes) hash = NULL;

  if (text == NULL || strlen (text) != 2 * HASH)
    return fail_proof (error, "merkle-proof-malformed");
  hash = fast_hex_decode (text, error);
  if (hash == NULL)
    return FALSE;
  fast_append_bytes (proof, hash);
  return TRUE;
}

/**
 * fast_merkle_proof_from_json:
 * @array: as fast_merkle_proof_to_json() makes it
 * @error: return location for an error
 *
 * Returns: (transfer full): the proof, or %NULL with an input error
 */
GBytes *
fast_merkle_proof_from_json (JsonArray *array, GError **error)
{
  g_autoptr (GByteArray) proof = g_byte_array_new ();
  guint count = json_array_get_length (array);

  for (guint i = 0; i < MIN (count, MAX_PROOF + 1); i++)
    if (!append_element (proof, json_array_get_element (array, i), error))
      return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&proof));
}
