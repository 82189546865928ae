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
 * @identified_by: a FastDocumentType: by what the holder was known
 *
 * A card given to its holder, the part `handover.json`.
 */
typedef struct {
  const char *enrolment;
  const char *serial;
  const char *officer;
  const char *at;
  int identified_by;
} FastHandover;

FAST_DECLARE_VALUE (FastHandover, fast_handover)

G_END_DECLS
