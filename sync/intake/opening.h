/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sync/intake/intake.h"

G_BEGIN_DECLS

/*
 * What the back office does, with keys that the intake does not have, usually on another machine
 * that sees the same database and files: opens what came, and says so in receipts.
 *
 * A packet that opens gets an *opened* receipt, one that does not a refusal; either is final for
 * that packet. A batch packet that opened gets its *batch* receipt as soon as this nation has all
 * that its manifest names; until then it stays open and is told.
 */

/**
 * FastOpeningReport:
 * @opened: how many packets opened now
 * @refused: how many were refused now
 * @left: packets that stay as they are, because their file or receipt is not there or damaged
 * @closed: how many batches got their receipt now
 * @notes: (element-type FastMessage): what a person should know
 *
 * What one run did.
 */
typedef struct {
  guint opened;
  guint refused;
  guint left;
  guint closed;
  GPtrArray *notes;
} FastOpeningReport;

typedef struct _FastOpening FastOpening;

FastOpening *fast_opening_new (FastIntake *intake, FastConfig *config, GError **error);
void fast_opening_free (FastOpening *opening);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastOpening, fast_opening_free)

void fast_opening_report_free (FastOpeningReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastOpeningReport, fast_opening_report_free)

FastOpeningReport *fast_opening_run (FastOpening *opening, GError **error);

G_END_DECLS
