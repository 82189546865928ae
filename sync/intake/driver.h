/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "record/base/durable.h"

G_BEGIN_DECLS

/*
 * What the intake's tables ask of a database engine: one transaction at a time, statements with
 * values, rows as columns. The statements themselves (database.c) keep to what SQLite and
 * PostgreSQL share: `$1` parameters in order, ON CONFLICT, no engine's own functions. So another
 * engine is this table once more, with a schema of its own spelling.
 */

/**
 * FastColumn:
 * @null: whether there is no value
 * @number: the value of a number
 * @text: the value of a text; valid during the call
 * @data: the value of bytes; valid during the call
 * @size: how many bytes
 *
 * One column of a row.
 */
typedef struct {
  gboolean null;
  gint64 number;
  const char *text;
  gconstpointer data;
  gsize size;
} FastColumn;

typedef void (*FastRowFunc) (const FastColumn *columns, gpointer data);

typedef struct _FastDriver FastDriver;

/**
 * FastDriver:
 * @schema: (array zero-terminated=1): the migrations, oldest first
 * @version: reads how many of them have been applied; fails when nothing can be read
 * @set_version: notes it, inside a transaction
 * @begin: takes the write lock, waiting at most ten seconds
 * @commit: makes it durable, passing @point before and after
 * @rollback: forgets it
 * @run: runs one statement; @values is a tuple of `x`, `s`, `ms`, `ay` (consumed when floating),
 *   @row is called for each row, @changed gets the number of rows changed
 * @close: ends it
 *
 * An engine. Used from one thread.
 */
struct _FastDriver {
  const char *const *schema;
  gboolean (*version) (FastDriver *driver, guint *version, GError **error);
  gboolean (*set_version) (FastDriver *driver, guint version, GError **error);
  gboolean (*begin) (FastDriver *driver, GError **error);
  gboolean (*commit) (FastDriver *driver, FastPoint *point, GError **error);
  void (*rollback) (FastDriver *driver);
  gboolean (*run) (FastDriver *driver, const char *sql, GVariant *values, FastRowFunc row,
                   gpointer data, guint *changed, GError **error);
  void (*close) (FastDriver *driver);
};

FastDriver *fast_driver_sqlite_open (const char *path, GError **error);

G_END_DECLS
