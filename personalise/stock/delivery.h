/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

/**
 * FastBlank:
 * @serial: the card's printed serial, nine characters A–Z 0–9; the document number once it is made
 * @chip: the chip's serial, hexadecimal
 * @rfid: the RFID number that the lanes read
 *
 * One blank card as its manufacturer lists it.
 */
typedef struct {
  char *serial;
  char *chip;
  char *rfid;
} FastBlank;

void fast_blank_free (FastBlank *blank);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastBlank, fast_blank_free)

GPtrArray *fast_delivery_parse (GBytes *csv, GError **error);

G_END_DECLS
