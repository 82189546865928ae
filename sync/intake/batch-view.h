/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "sync/intake/intake.h"

G_BEGIN_DECLS

/*
 * A nation's own view of a batch, built from the clear headers of the packets that name it, so that
 * nobody has to be able to open anything:
 *
 *   {"batch", "nation", "unit", "kinds": {KIND: count}, "receipt": packet id or null,
 *    "items":   {"count", "root", "leaves": [[item, revision, kind], …]},
 *    "packets": {"count", "root", "leaves": [[item, revision, first packet], …]}}
 *
 * Roots are those of set trees (record/base/set-tree.h) over the leaves. The summary is the same
 * without `leaves` and `receipt`: what a *batch* receipt carries.
 */

JsonNode *fast_batch_view (FastIntake *intake, const char *unit, const char *batch, GError **error);
JsonNode *fast_batch_view_summary (JsonNode *view);

G_END_DECLS
