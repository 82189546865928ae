/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sync/intake/database.h"

G_BEGIN_DECLS

/* What the files of the tables share: one statement, one transaction. */

struct _FastIntakeDatabase {
  FastDriver *driver;
};

static inline GVariant *
fast_intake_tables_bytes (GBytes *bytes)
{
  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
}

gboolean fast_intake_tables_run (FastIntakeDatabase *database, const char *sql, GVariant *values,
                                 GError **error);
gboolean fast_intake_tables_query (FastIntakeDatabase *database, const char *sql, GVariant *values,
                                   FastRowFunc row, gpointer data, GError **error);
gboolean fast_intake_tables_begin (FastIntakeDatabase *database, GError **error);
gboolean fast_intake_tables_finish (FastIntakeDatabase *database, gboolean done, FastPoint *point,
                                    GError **error);
void fast_intake_tables_take_text (const FastColumn *columns, gpointer data);
gboolean fast_intake_tables_forget_upload (FastIntakeDatabase *database, const char *unit,
                                           const char *packet, GError **error);
gboolean fast_intake_tables_insert_receipt (FastIntakeDatabase *database, const char *unit,
                                            const char *packet, const char *kind, GBytes *token,
                                            GError **error);

G_END_DECLS
