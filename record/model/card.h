/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"

G_BEGIN_DECLS

/**
 * FastCardFile:
 * @name: of the elementary file, as in `EF.DG1`
 * @digest: lowercase hex SHA-256 of its exact bytes
 */
typedef struct {
  const char *name;
  const char *digest;
} FastCardFile;

/**
 * FastCard:
 * @enrolment: item id of the enrolment
 * @serial: of the blank; the document number
 * @chip: the chip's serial
 * @rfid: the number that the lanes read
 * @rfid_read: `equal` once read from the tag, `unread` where there was no reader
 * @programme: code of the programme
 * @membership: nine digits
 * @state: issuing State, three letters
 * @issued: day, YYYY-MM-DD
 * @expiry: the last day of membership
 * @access: how the chip was read back, `bac` or `pace`
 * @files: (element-type FastCardFile): what the chip holds
 *
 * A card that was made: everything that its read-back proved, the part `card.json`.
 */
typedef struct {
  const char *enrolment;
  const char *serial;
  const char *chip;
  const char *rfid;
  const char *rfid_read;
  const char *programme;
  const char *membership;
  const char *state;
  const char *issued;
  const char *expiry;
  const char *access;
  GPtrArray *files;
} FastCard;

FAST_DECLARE_VALUE (FastCard, fast_card)

G_END_DECLS
