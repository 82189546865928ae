/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/biometric/face-record.h"

G_BEGIN_DECLS

/**
 * FastFaceClause:
 * @id: the conformity plan and its id
 * @edition: the edition of a face that it is about
 * @general: the clause of FAST_CHECK_CLAUSES (from 1) that it repeats for EF.DG2; 0 for none
 * @holds: (nullable): what else must be so
 * @offset: a byte that with @value alone breaks it
 * @from_end: the same counted from the end, where that byte stands behind the picture; 0 otherwise
 * @value: see @offset
 *
 * P3:LDS_C_1 to P3:LDS_C_13 about a record, P3:LDS_C_14 to P3:LDS_C_25 about a block; a second
 * opinion from the bytes of EF.DG2 alone.
 */
typedef struct {
  const char *id;
  FastFaceEdition edition;
  guint general;
  gboolean (*holds) (const guint8 *file, gsize size);
  guint offset;
  guint from_end;
  guint8 value;
} FastFaceClause;

#define FAST_FACE_CLAUSES 25
extern const FastFaceClause FAST_FACE_CLAUSE[FAST_FACE_CLAUSES];

gboolean fast_face_clause_holds (const FastFaceClause *clause, GBytes *file);

G_END_DECLS
