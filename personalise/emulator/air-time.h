/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * What an exchange would take between a real reader and a real card. Everything is counted in
 * periods of the carrier, 13.56 MHz, in which ISO/IEC 14443 defines its times; so the model is
 * exact integer arithmetic.
 *
 *  - A bit lasts 128/fc at 106 kbit/s, a half, a quarter or an eighth of that at 212, 424 and 848
 *    (ISO/IEC 14443-2, 8.1.1). A frame of n bytes has a start bit, n times eight bits and a parity
 *    bit, and an end bit (ISO/IEC 14443-3, 6.2.3.2). Above 106 kbit/s the card sends 32 periods of
 *    its subcarrier first, 512/fc (ISO/IEC 14443-2, 8.2.5).
 *  - Between two frames there is the frame delay time, taken as 1172/fc both ways: the least for
 * the reader, and the card's for a frame that ends in a 0 bit (ISO/IEC 14443-3, 6.2.1).
 *  - A block is one byte of prologue (no CID, no NAD), information and two bytes of CRC; it is at
 *    most FSC bytes long to the card and FSD bytes to the reader (ISO/IEC 14443-4, 7.1). What does
 *    not fit is chained: each block but the last is acknowledged by an R(ACK) of three bytes
 *    (ISO/IEC 14443-4, 7.5.2).
 *  - A card that works longer than its frame waiting time, 4096/fc times 2^FWI, asks for an
 * extension with S(WTX), once for each such time, and is answered; both blocks have four bytes
 *    (ISO/IEC 14443-4, 7.2 and 7.3).
 *
 * Left out are activation (some 5 ms, once), errors and the reader's own line to its host.
 */

/**
 * FastAirTime:
 * @kbit: 106, 212, 424 or 848 kbit/s, both ways
 * @fsc: the largest frame that the card takes, in bytes
 * @fsd: the largest frame that the reader takes, in bytes
 * @fwi: the card's frame waiting time integer, 0 to 14
 * @work_us: how long the card works on a command, in microseconds
 *
 * A reader and a card.
 */
typedef struct {
  guint kbit;
  guint fsc;
  guint fsd;
  guint fwi;
  guint work_us;
} FastAirTime;

extern const FastAirTime fast_air_time_default;

gboolean fast_air_time_is_valid (const FastAirTime *air);
guint64 fast_air_time_exchange (const FastAirTime *air, gsize command, gsize response);
guint64 fast_air_time_tally (const FastAirTime *air, guint commands, guint64 sent,
                             guint64 received);
double fast_air_time_ms (guint64 periods);

G_END_DECLS
