/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"

G_BEGIN_DECLS

/**
 * FastHandover:
 * @enrolment: item id of the enrolment
 * @serial: of the card
 * @officer: who gave it
 * @at: when
 * @identified_by: `photo` or `finger`: what the person was compared with
 *
 * A card given to its holder, the part `handover.json`.
 */
typedef struct {
  const char *enrolment;
  const char *serial;
  const char *officer;
  const char *at;
  const char *identified_by;
} FastHandover;

FAST_DECLARE_VALUE (FastHandover, fast_handover)

G_END_DECLS
