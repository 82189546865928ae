/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"
#include "record/store/store.h"

G_BEGIN_DECLS

/*
 * Prepared statements. Values are bound by a format, one letter a value:
 *   s  const char *, NULL for SQL's NULL      i  gint64 (cast constants)
 *   b  GBytes *, NULL for SQL's NULL          h  const guint8 *, a hash of 32 bytes
 */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

sqlite3_stmt *fast_statement_new (FastStore *store, GError **error, const char *sql,
                                  const char *format, ...);
gboolean fast_statement_run (FastStore *store, GError **error, const char *sql, const char *format,
                             ...);
gboolean fast_statement_step (sqlite3_stmt *statement, gboolean *row, GError **error);
gboolean fast_statement_fail (sqlite3 *handle, GError **error);

const char *fast_statement_text (sqlite3_stmt *statement, int column);
gint64 fast_statement_int (sqlite3_stmt *statement, int column);
GBytes *fast_statement_bytes (sqlite3_stmt *statement, int column);
gboolean fast_statement_hash (sqlite3_stmt *statement, int column, guint8 hash[FAST_SHA256_SIZE],
                              GError **error);

G_END_DECLS
