/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "record/base/bytes.h"

G_BEGIN_DECLS

/* What record/base/merkle-log.h proves, checked by whoever knows only roots and sizes. */

gboolean fast_merkle_verify_inclusion (const guint8 leaf[FAST_SHA256_SIZE], guint64 index,
                                       guint64 size, GBytes *proof,
                                       const guint8 root[FAST_SHA256_SIZE], GError **error);
gboolean fast_merkle_verify_consistency (guint64 first, const guint8 first_root[FAST_SHA256_SIZE],
                                         guint64 second, const guint8 second_root[FAST_SHA256_SIZE],
                                         GBytes *proof, GError **error);

JsonArray *fast_merkle_proof_to_json (GBytes *proof);
GBytes *fast_merkle_proof_from_json (JsonArray *array, GError **error);

G_END_DECLS
