/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/merkle-log.h"

#include "record/base/error.h"

#define HASH FAST_SHA256_SIZE

struct _FastMerkleLog {
  GPtrArray *levels; /* GByteArray each: the hashes of one level, in order */
  guint64 size;
};

static void
hash_prefixed (guint8 prefix, gconstpointer left, gsize left_size, gconstpointer right,
               gsize right_size, guint8 hash[HASH])
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size = HASH;

  g_checksum_update (sum, &prefix, 1);
  g_checksum_update (sum, left, (gssize)left_size);
  g_checksum_update (sum, right, (gssize)right_size);
  g_checksum_get_digest (sum, hash, &size);
}

/**
 * fast_merkle_leaf_hash:
 * @data: (nullable): a leaf's bytes
 * @size: how many
 * @hash: (out): SHA-256 of 00 and the leaf (RFC 6962, 2.1)
 */
void
fast_merkle_leaf_hash (gconstpointer data, gsize size, guint8 hash[HASH])
{
  hash_prefixed (0, data != NULL ? data : "", size, "", 0, hash);
}

/**
 * fast_merkle_node_hash:
 * @left: hash of the left subtree
 * @right: hash of the right subtree
 * @hash: (out): SHA-256 of 01 and both (RFC 6962, 2.1); may be one of the two
 */
void
fast_merkle_node_hash (const guint8 left[HASH], const guint8 right[HASH], guint8 hash[HASH])
{
  hash_prefixed (1, left, HASH, right, HASH, hash);
}

static guint
level_of (guint64 size)
{
  return (guint)(63 - __builtin_clzll (size));
}

static gboolean
is_power (guint64 size)
{
  return (size & (size - 1)) == 0;
}

/* The largest power of two below @size, which is at least 2. */
static guint64
split (guint64 size)
{
  return G_GUINT64_CONSTANT (1) << level_of (size - 1);
}

/* MTH of RFC 6962 over the @size leaves from @start on. @start is a multiple of the power of two
 * that is not below @size, so each power-of-two piece is a complete subtree. */
static gboolean
subtree (const FastMerkleNodes *nodes, guint64 start, guint64 size, guint8 hash[HASH],
         GError **error)
{
  guint8 right[HASH];

  if (is_power (size))
    return nodes->read (nodes->data, level_of (size), start >> level_of (size), hash, error);
  if (!subtree (nodes, start, split (size), hash, error) ||
      !subtree (nodes, start + split (size), size - split (size), right, error))
    return FALSE;
  fast_merkle_node_hash (hash, right, hash);
  return TRUE;
}

static gboolean
add_subtree (const FastMerkleNodes *nodes, guint64 start, guint64 size, GByteArray *proof,
             GError **error)
{
  guint8 hash[HASH];

  if (!subtree (nodes, start, size, hash, error))
    return FALSE;
  fast_append (proof, hash, HASH);
  return TRUE;
}

/**
 * fast_merkle_nodes_append:
 * @nodes: where the hashes are kept
 * @size: how many leaves the log has
 * @leaf: hash of the next leaf
 * @error: return location for an error
 *
 * Adds the leaf and every subtree that it completes.
 *
 * Returns: whether it was added
 */
gboolean
fast_merkle_nodes_append (const FastMerkleNodes *nodes, guint64 size, const guint8 leaf[HASH],
                          GError **error)
{
  guint8 hash[HASH];
  guint8 left[HASH];
  guint64 index = size;
  guint level = 0;

  fast_copy (hash, HASH, leaf, HASH);
  for (; (index & 1) == 1; index >>= 1, level++) {
    if (!nodes->write (nodes->data, level, index, hash, error) ||
        !nodes->read (nodes->data, level, index - 1, left, error))
      return FALSE;
    fast_merkle_node_hash (left, hash, hash);
  }
  return nodes->write (nodes->data, level, index, hash, error);
}

/**
 * fast_merkle_nodes_root:
 * @nodes: where the hashes are kept
 * @size: of the log, now or at any earlier time
 * @root: (out): its Merkle tree hash (RFC 6962, 2.1)
 * @error: return location for an error
 *
 * Returns: whether the hashes could be read
 */
gboolean
fast_merkle_nodes_root (const FastMerkleNodes *nodes, guint64 size, guint8 root[HASH],
                        GError **error)
{
  if (size > 0)
    return subtree (nodes, 0, size, root, error);
  fast_sha256 (NULL, 0, root);
  return TRUE;
}

static gboolean
add_path (const FastMerkleNodes *nodes, guint64 index, guint64 start, guint64 size,
          GByteArray *proof, GError **error)
{
  guint64 k;

  if (size == 1)
    return TRUE;
  k = split (size);
  if (index < k)
    return add_path (nodes, index, start, k, proof, error) &&
           add_subtree (nodes, start + k, size - k, proof, error);
  return add_path (nodes, index - k, start + k, size - k, proof, error) &&
         add_subtree (nodes, start, k, proof, error);
}

static gpointer
fail_range (GError **error, guint64 inner, guint64 outer)
{
  return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "merkle-range",
                         "inner=%" G_GUINT64_FORMAT ", outer=%" G_GUINT64_FORMAT, inner, outer);
}

/**
 * fast_merkle_nodes_inclusion:
 * @nodes: where the hashes are kept
 * @index: of the leaf, from 0
 * @size: of the log that has it
 * @error: return location for an error
 *
 * Returns: (transfer full): the audit path (RFC 6962, 2.1.1)
 */
GBytes *
fast_merkle_nodes_inclusion (const FastMerkleNodes *nodes, guint64 index, guint64 size,
                             GError **error)
{
  g_autoptr (GByteArray) proof = g_byte_array_new ();

  if (index >= size)
    return fail_range (error, index, size);
  if (!add_path (nodes, index, 0, size, proof, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&proof));
}

static gboolean
add_subproof (const FastMerkleNodes *nodes, guint64 first, guint64 start, guint64 size,
              gboolean whole, GByteArray *proof, GError **error)
{
  guint64 k;

  if (first == size)
    return whole || add_subtree (nodes, start, size, proof, error);
  k = split (size);
  if (first <= k)
    return add_subproof (nodes, first, start, k, whole, proof, error) &&
           add_subtree (nodes, start + k, size - k, proof, error);
  return add_subproof (nodes, first - k, start + k, size - k, FALSE, proof, error) &&
         add_subtree (nodes, start, k, proof, error);
}

/**
 * fast_merkle_nodes_consistency:
 * @nodes: where the hashes are kept
 * @first: the smaller size
 * @second: the larger size
 * @error: return location for an error
 *
 * Returns: (transfer full): the proof that the log of @second leaves begins with that of @first
 *   (RFC 6962, 2.1.2); empty when they are equal or @first is 0
 */
GBytes *
fast_merkle_nodes_consistency (const FastMerkleNodes *nodes, guint64 first, guint64 second,
                               GError **error)
{
  g_autoptr (GByteArray) proof = g_byte_array_new ();

  if (first > second)
    return fail_range (error, first, second);
  if (first > 0 && !add_subproof (nodes, first, 0, second, TRUE, proof, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&proof));
}

static gboolean
memory_read (gpointer data, guint level, guint64 index, guint8 hash[HASH], GError **error)
{
  FastMerkleLog *log = data;
  GByteArray *row = level < log->levels->len ? log->levels->pdata[level] : NULL;

  if (row == NULL || index >= row->len / HASH)
    return fail_range (error, index, row == NULL ? 0 : row->len / HASH) != NULL;
  return fast_copy (hash, HASH, row->data + index * HASH, HASH);
}

static gboolean
memory_write (gpointer data, guint level, guint64 index, const guint8 hash[HASH],
              GError **error G_GNUC_UNUSED)
{
  FastMerkleLog *log = data;
  GByteArray *row;

  if (level == log->levels->len)
    g_ptr_array_add (log->levels, g_byte_array_new ());
  row = log->levels->pdata[level];
  g_assert (row->len / HASH == index);
  fast_append (row, hash, HASH);
  return TRUE;
}

static FastMerkleNodes
memory_nodes (FastMerkleLog *log)
{
  return (FastMerkleNodes){memory_read, memory_write, log};
}

/**
 * fast_merkle_log_new:
 *
 * Returns: (transfer full): an empty log in memory
 */
FastMerkleLog *
fast_merkle_log_new (void)
{
  FastMerkleLog *log = g_new0 (FastMerkleLog, 1);

  log->levels = g_ptr_array_new_with_free_func ((GDestroyNotify)g_byte_array_unref);
  return log;
}

/**
 * fast_merkle_log_free:
 * @log: (transfer full): a log
 */
void
fast_merkle_log_free (FastMerkleLog *log)
{
  g_ptr_array_unref (log->levels);
  g_free (log);
}

/**
 * fast_merkle_log_append:
 * @log: a log
 * @data: (nullable): the next leaf
 * @size: its bytes
 */
void
fast_merkle_log_append (FastMerkleLog *log, gconstpointer data, gsize size)
{
  FastMerkleNodes nodes = memory_nodes (log);
  guint8 leaf[HASH];

  fast_merkle_leaf_hash (data, size, leaf);
  fast_merkle_nodes_append (&nodes, log->size, leaf, NULL);
  log->size++;
}

/**
 * fast_merkle_log_size:
 * @log: a log
 *
 * Returns: how many leaves it has
 */
guint64
fast_merkle_log_size (const FastMerkleLog *log)
{
  return log->size;
}

/**
 * fast_merkle_log_root:
 * @log: a log
 * @root: (out): its Merkle tree hash (RFC 6962, 2.1)
 */
void
fast_merkle_log_root (FastMerkleLog *log, guint8 root[HASH])
{
  FastMerkleNodes nodes = memory_nodes (log);

  fast_merkle_nodes_root (&nodes, log->size, root, NULL);
}

/**
 * fast_merkle_log_inclusion:
 * @log: a log
 * @index: of the leaf, from 0
 * @size: of the log that has it
 * @error: return location for an error
 *
 * Returns: (transfer full): the audit path (RFC 6962, 2.1.1)
 */
GBytes *
fast_merkle_log_inclusion (FastMerkleLog *log, guint64 index, guint64 size, GError **error)
{
  FastMerkleNodes nodes = memory_nodes (log);

  return fast_merkle_nodes_inclusion (&nodes, index, size, error);
}

/**
 * fast_merkle_log_consistency:
 * @log: a log
 * @first: the smaller size
 * @second: the larger size
 * @error: return location for an error
 *
 * Returns: (transfer full): the proof (RFC 6962, 2.1.2)
 */
GBytes *
fast_merkle_log_consistency (FastMerkleLog *log, guint64 first, guint64 second, GError **error)
{
  FastMerkleNodes nodes = memory_nodes (log);

  return fast_merkle_nodes_consistency (&nodes, first, second, error);
}
