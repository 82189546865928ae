/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/secure.h"

G_BEGIN_DECLS

#define FAST_PACE_CAN_SIZE 6

/**
 * FastPacePassword:
 * @FAST_PACE_PASSWORD_MRZ: the MRZ
 * @FAST_PACE_PASSWORD_CAN: the card access number, six digits printed on the card
 * @FAST_PACE_PASSWORD_PIN: a secret number; no travel document has one
 * @FAST_PACE_PASSWORD_PUK: what unblocks it
 *
 * Which password is proved, as data object 83 has it (ICAO 9303-11, 4.4.4.1).
 */
typedef enum {
  FAST_PACE_PASSWORD_MRZ = 1,
  FAST_PACE_PASSWORD_CAN = 2,
  FAST_PACE_PASSWORD_PIN = 3,
  FAST_PACE_PASSWORD_PUK = 4,
} FastPacePassword;

gboolean fast_pace_password_check (FastPacePassword kind, GError **error);
FastSecret *fast_pace_password (FastPacePassword kind, FastSecret *text, GError **error);

G_END_DECLS
