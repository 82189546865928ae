/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A second opinion on EF.DG2, EF.DG3 and EF.DG4, from their bytes alone: nothing of the code that
 * makes or reads them is used. Each clause is one unit of a conformity plan.
 */

/**
 * FastCheckKind:
 * @tag: the data group's tag
 * @type: biometric type
 * @formats: (array zero-terminated=1): format types that the first template may have
 * @has_subtype: whether each template must have a subtype
 * @subtypes: (nullable) (array zero-terminated=1): the registered ones
 * @magic: the first four bytes of a data block
 */
typedef struct {
  guint8 tag;
  guint8 type;
  const guint16 *formats;
  gboolean has_subtype;
  const guint8 *subtypes;
  const char *magic;
} FastCheckKind;

/**
 * FastCheckClause:
 * @id: the conformity plan and its id
 * @holds: whether a file keeps it
 */
typedef struct {
  const char *id;
  gboolean (*holds) (const FastCheckKind *kind, const guint8 *file, gsize size);
} FastCheckClause;

extern const FastCheckClause FAST_CHECK_CLAUSES[11];

/* A data object, read strictly: @ok says that its length is whole and in its shortest form. */
typedef struct {
  guint32 tag;
  const guint8 *value;
  gsize size;
  gsize total;
  gboolean ok;
} FastCheckNode;

FastCheckNode fast_check_node (const guint8 *at, gsize left);
FastCheckNode fast_check_inner (FastCheckNode outer, guint index);
FastCheckNode fast_check_template (const guint8 *file, gsize size, guint index);

G_END_DECLS
