/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"

G_BEGIN_DECLS

/**
 * FastEnrolmentSummary:
 * @item: its item id, which names it everywhere
 * @revision: the newest frozen revision, from 1
 * @programme: code of the programme
 * @unit: the unit that captured it
 * @centre: where
 * @captured: when
 * @captured_by: an officer, whose agency may not be the only one to grant it
 * @membership: (nullable): the number given
 * @serial: (nullable): the blank that is, or becomes, its card
 *
 * What may be said of an enrolment without opening anything sealed.
 */
typedef struct {
  const char *item;
  gint64 revision;
  const char *programme;
  const char *unit;
  const char *centre;
  const char *captured;
  const char *captured_by;
  const char *membership;
  const char *serial;
} FastEnrolmentSummary;

FAST_DECLARE_VALUE (FastEnrolmentSummary, fast_enrolment_summary)

G_END_DECLS
