/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"

G_BEGIN_DECLS

/**
 * FastUnitDescription:
 * @id: one to twelve characters A–Z 0–9
 * @centre: where it stands
 * @state: issuing State of its cards
 * @language: `en` or `fr`, of its screens at start
 * @numbers: (nullable): its block of membership numbers, `FROM-TO`
 *
 * One machine with one store, as its configuration and a trip pack describe it.
 */
typedef struct {
  const char *id;
  const char *centre;
  const char *state;
  const char *language;
  const char *numbers;
} FastUnitDescription;

FAST_DECLARE_VALUE (FastUnitDescription, fast_unit_description)

G_END_DECLS
