/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sync/link/batch-table.h"
#include "sync/link/sealer.h"
#include "sync/packet/manifest.h"

G_BEGIN_DECLS

/*
 * A batch is one unit's one day. Closing it finishes what was reserved in it, fixes the manifest
 * and opens the next, in one transaction; the manifest then travels as an item of kind `batch`,
 * which belongs to the *next* batch, since a batch cannot hold the digest of itself.
 */

char *fast_batch_close (FastSealer *sealer, const char *first, const char *second,
                        JsonObject *summary, GError **error);
JsonNode *fast_batch_show (FastStore *store, const char *batch, GError **error);
gboolean fast_batch_verify (FastStore *store, FastPacketFolder *folder, const char *batch,
                            GError **error);
FastManifest *fast_batch_manifest (FastStore *store, const FastBatchRow *row, GError **error);

G_END_DECLS
