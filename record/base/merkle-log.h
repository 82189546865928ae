/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

/*
 * The log of RFC 6962 (section 2.1; the same trees and proofs as in RFC 9162): a leaf is hashed
 * with a leading 00, an inner node with a leading 01, so that neither passes for the other.
 *
 * Every proof is made of hashes of *complete* subtrees, those of 2^level leaves that begin at a
 * multiple of 2^level. Once complete a subtree never changes again. So the keeper of a log keeps
 * the hash of each complete subtree under (level, index): an append adds one leaf hash and, on
 * average, one inner hash, and a root or a proof for any size, present or past, reads at most a
 * few dozen of them, whether the log has ten leaves or a hundred thousand.
 *
 * A proof is its hashes, 32 bytes each, one after another; who holds none of the log checks it with
 * record/base/merkle-proof.h.
 */

/**
 * FastMerkleNodes:
 * @read: gives the hash of complete subtree (@level, @index); sets an error if it is not there
 * @write: (nullable): keeps it; needed for appending only
 * @data: for both
 *
 * Where the hashes of complete subtrees are kept.
 */
typedef struct {
  gboolean (*read) (gpointer data, guint level, guint64 index, guint8 hash[FAST_SHA256_SIZE],
                    GError **error);
  gboolean (*write) (gpointer data, guint level, guint64 index, const guint8 hash[FAST_SHA256_SIZE],
                     GError **error);
  gpointer data;
} FastMerkleNodes;

void fast_merkle_leaf_hash (gconstpointer data, gsize size, guint8 hash[FAST_SHA256_SIZE]);
void fast_merkle_node_hash (const guint8 left[FAST_SHA256_SIZE],
                            const guint8 right[FAST_SHA256_SIZE], guint8 hash[FAST_SHA256_SIZE]);

gboolean fast_merkle_nodes_append (const FastMerkleNodes *nodes, guint64 size,
                                   const guint8 leaf[FAST_SHA256_SIZE], GError **error);
gboolean fast_merkle_nodes_root (const FastMerkleNodes *nodes, guint64 size,
                                 guint8 root[FAST_SHA256_SIZE], GError **error);
GBytes *fast_merkle_nodes_inclusion (const FastMerkleNodes *nodes, guint64 index, guint64 size,
                                     GError **error);
GBytes *fast_merkle_nodes_consistency (const FastMerkleNodes *nodes, guint64 first, guint64 second,
                                       GError **error);

/**
 * FastMerkleLog:
 *
 * A log kept in memory, for a list of lines that is at hand as a whole. Not shared between threads.
 */
typedef struct _FastMerkleLog FastMerkleLog;

FastMerkleLog *fast_merkle_log_new (void);
void fast_merkle_log_free (FastMerkleLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastMerkleLog, fast_merkle_log_free)

void fast_merkle_log_append (FastMerkleLog *log, gconstpointer data, gsize size);
guint64 fast_merkle_log_size (const FastMerkleLog *log);
void fast_merkle_log_root (FastMerkleLog *log, guint8 root[FAST_SHA256_SIZE]);
GBytes *fast_merkle_log_inclusion (FastMerkleLog *log, guint64 index, guint64 size, GError **error);
GBytes *fast_merkle_log_consistency (FastMerkleLog *log, guint64 first, guint64 second,
                                     GError **error);

G_END_DECLS
