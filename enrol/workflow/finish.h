/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/unit.h"
#include "personalise/chip/transport.h"

G_BEGIN_DECLS

/**
 * FastReadBack:
 * @mrz: the MRZ as it was read from the finished card, with or without line breaks
 * @seal: the bytes of the seal as they were read from its QR
 * @rfid: (nullable): the RFID number as it was read from the tag; %NULL where no reader is
 *
 * What was read from the finished card.
 */
typedef struct {
  const char *mrz;
  GBytes *seal;
  const char *rfid;
} FastReadBack;

gboolean fast_finish_card (FastUnit *unit, const char *item, FastTransport *transport,
                           const FastReadBack *read, gboolean *rfid_read, GError **error);

G_END_DECLS
