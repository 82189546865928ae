/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/enrolment.h"
#include "enrol/workflow/unit.h"
#include "personalise/chip/chip-secrets.h"
#include "record/model/profile-chip.h"

G_BEGIN_DECLS

/*
 * What one card's chip knows and never tells, as the unit that makes the card keeps it. The unit
 * draws it when a blank is taken, because the files of the chip name the public halves and an
 * interrupted encoding must give the chip the same keys again. It lies sealed beside the files,
 * never in a part of a revision, so no packet can hold it. The keys are destroyed as soon as nobody
 * needs them: once the card is made, or its chip is spoiled. The card access number is no key but a
 * word printed on the card: it stays, for printing again, until the card is handed over.
 */

FastChipSecrets *fast_card_secrets_make (FastUnit *unit, const FastProfileChip *chip,
                                         GError **error);
gboolean fast_card_secrets_keep (FastTransaction *transaction, FastUnit *unit,
                                 const FastEnrolment *enrolment, const FastChipSecrets *secrets,
                                 GError **error);
FastChipSecrets *fast_card_secrets_load (FastUnit *unit, const FastEnrolment *enrolment,
                                         GError **error);
gboolean fast_card_secrets_drop_keys (FastTransaction *transaction, const char *item,
                                      GError **error);

G_END_DECLS
