/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/subject.h"
#include "personalise/lds/chip-profile.h"

G_BEGIN_DECLS

#define FAST_CARD_FINGERS 2

/**
 * FastCardFingers:
 * @samples: (array length=n_samples): the prints, the preferred one first
 * @n_samples: how many there are; none for a holder who has none
 *
 * The prints that go on a card's chip. Biometric.
 */
typedef struct {
  FastFingerSample samples[FAST_CARD_FINGERS];
  guint n_samples;
} FastCardFingers;

gboolean fast_card_fingers_load (FastCardFingers *fingers, FastUnit *unit,
                                 const FastSubject *subject, GError **error);
void fast_card_fingers_clear (FastCardFingers *fingers);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FastCardFingers, fast_card_fingers_clear)

G_END_DECLS
