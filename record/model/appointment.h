/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"

G_BEGIN_DECLS

/**
 * FastAppointment:
 * @reference: of the application
 * @centre: where
 * @start: when
 * @minutes: how long
 * @agencies: who interviews: both, or one of a split interview
 * @state: `booked`, `kept`, `missed` or `cancelled`
 *
 * An appointment at a centre.
 */
typedef struct {
  const char *reference;
  const char *centre;
  const char *start;
  gint64 minutes;
  const char *const *agencies;
  const char *state;
} FastAppointment;

FAST_DECLARE_VALUE (FastAppointment, fast_appointment)

G_END_DECLS
