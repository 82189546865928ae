/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "record/store/transaction.h"

G_BEGIN_DECLS

/*
 * The audit log: each row is canonical JSON with ids, codes, numbers and digests only, appended in
 * the transaction of the act that it tells of, and a leaf of an RFC 6962 log. The hashes of the
 * log's complete subtrees are kept beside the rows (merkle-log.h), so that a head or a proof reads
 * some dozen of them however long the log is.
 *
 * A row: {"actor":…,"clock":…,"code":…,"details":{…},"drift":…,"item":…,"sequence":…}. *clock* is
 * the uncorrected clock in seconds since 1970, *drift* its last measured error or null, *item* an
 * item id or null, *sequence* the unit's event counter, which alone gives the order.
 */

/**
 * FastAuditHead:
 * @size: how many rows
 * @root: the Merkle tree hash over them
 */
typedef struct {
  gint64 size;
  guint8 root[32];
} FastAuditHead;

gboolean fast_audit_append (FastTransaction *transaction, const char *actor, const char *code,
                            const char *item, JsonObject *details, gint64 *sequence,
                            GError **error);
gboolean fast_audit_head (FastStore *store, FastAuditHead *head, GError **error);
gboolean fast_audit_head_at (FastStore *store, gint64 size, FastAuditHead *head, GError **error);
GBytes *fast_audit_inclusion (FastStore *store, gint64 leaf, gint64 size, GError **error);
GBytes *fast_audit_consistency (FastStore *store, gint64 first, gint64 second, GError **error);
GBytes *fast_audit_extract (FastStore *store, const char *item, gint64 previous, gint64 size,
                            GError **error);
gboolean fast_audit_verify (FastStore *store, FastAuditHead *head, GError **error);

G_END_DECLS
