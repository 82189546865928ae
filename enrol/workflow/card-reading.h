/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/content.h"
#include "personalise/chip/terminal.h"
#include "record/keys/trust.h"

G_BEGIN_DECLS

/**
 * FastCardReading:
 * @trust: the country signing certificates that inspections believe
 * @terminal: (nullable): what this unit has to show to chips that guard fingers and irises
 *
 * With what a unit reads its own cards back.
 */
typedef struct {
  FastTrust *trust;
  FastTerminal *terminal;
} FastCardReading;

gboolean fast_card_reading_load (FastCardReading *reading, FastUnit *unit, GError **error);
gboolean fast_card_reading_check (const FastCardReading *reading, const FastContent *content,
                                  GError **error);
void fast_card_reading_clear (FastCardReading *reading);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FastCardReading, fast_card_reading_clear)

G_END_DECLS
