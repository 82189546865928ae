/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/store/store.h"

G_BEGIN_DECLS

/* This room's own tables, and how any room's tables reach their newest version. */

extern const FastSchema fast_store_schema;

gboolean fast_schema_refuse_foreign (FastStore *store, GError **error);
gboolean fast_schema_prepare (FastStore *store, GError **error);
gboolean fast_schema_check (FastStore *store, const FastSchema *schema, GError **error);
gboolean fast_schema_migrate (FastStore *store, const FastSchema *schema, GError **error);

G_END_DECLS
