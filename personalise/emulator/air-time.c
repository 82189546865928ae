/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/air-time.h"

#define CARRIER_HZ 13560000
#define BASE_KBIT 106
#define BIT_PERIODS 128
#define START_PERIODS 512
#define FRAME_DELAY 1172
#define BLOCK_OVERHEAD 3
#define ACKNOWLEDGEMENT 3
#define WAITING_TIME_EXTENSION 4
#define WAITING_TIME_UNIT 4096
#define FRAME_LEAST 16
#define FRAME_MOST 4096
#define FWI_MOST 14

/* What the specimen cards and the readers of the desks agree on. */
const FastAirTime fast_air_time_default = {.kbit = 424, .fsc = 256, .fsd = 256, .fwi = 8};

/* Rates are 106 times a power of two, but 848 and not 847.5: the divisor counts. */
static guint
divisor (guint kbit)
{
  return kbit / BASE_KBIT;
}

/**
 * fast_air_time_is_valid:
 * @air: a reader and a card
 *
 * Returns: whether ISO/IEC 14443 knows such a pair
 */
gboolean
fast_air_time_is_valid (const FastAirTime *air)
{
  const guint by = divisor (air->kbit);

  return air->kbit % BASE_KBIT == 0 && (by == 1 || by == 2 || by == 4 || by == 8) &&
         air->fsc >= FRAME_LEAST && air->fsc <= FRAME_MOST && air->fsd >= FRAME_LEAST &&
         air->fsd <= FRAME_MOST && air->fwi <= FWI_MOST;
}

/* A frame and the pause after it. */
static guint64
frame (const FastAirTime *air, gsize bytes, gboolean from_card)
{
  const guint64 bits = 9 * (guint64)bytes + 2;
  const guint64 start = from_card && divisor (air->kbit) > 1 ? START_PERIODS : 0;

  return start + bits * (BIT_PERIODS / divisor (air->kbit)) + FRAME_DELAY;
}

/* One APDU in one direction. */
static guint64
chain (const FastAirTime *air, gsize bytes, gboolean from_card)
{
  const gsize room = (from_card ? air->fsd : air->fsc) - BLOCK_OVERHEAD;
  guint64 periods = 0;

  while (bytes > room) {
    periods += frame (air, room + BLOCK_OVERHEAD, from_card);
    periods += frame (air, ACKNOWLEDGEMENT, !from_card);
    bytes -= room;
  }
  return periods + frame (air, bytes + BLOCK_OVERHEAD, from_card);
}

static guint64
work (const FastAirTime *air)
{
  const guint64 periods = (guint64)air->work_us * CARRIER_HZ / G_USEC_PER_SEC;
  const guint64 waiting_time = (guint64)WAITING_TIME_UNIT << air->fwi;
  const guint64 extensions = periods == 0 ? 0 : (periods - 1) / waiting_time;

  return periods + extensions * (frame (air, WAITING_TIME_EXTENSION, TRUE) +
                                 frame (air, WAITING_TIME_EXTENSION, FALSE));
}

/**
 * fast_air_time_exchange:
 * @air: a valid reader and card
 * @command: size of the C-APDU in bytes
 * @response: size of the R-APDU in bytes
 *
 * Returns: what the exchange takes, in periods of the carrier, with the pause after it
 */
guint64
fast_air_time_exchange (const FastAirTime *air, gsize command, gsize response)
{
  return chain (air, command, FALSE) + work (air) + chain (air, response, TRUE);
}

/**
 * fast_air_time_tally:
 * @air: a valid reader and card
 * @commands: how many C-APDUs
 * @sent: their bytes
 * @received: bytes of the R-APDUs
 *
 * For what was only counted: all commands, and all answers, are taken as equally long. Where APDUs
 * are so uneven that this changes the number of blocks, add up fast_air_time_exchange().
 *
 * Returns: what the exchanges take, in periods of the carrier
 */
guint64
fast_air_time_tally (const FastAirTime *air, guint commands, guint64 sent, guint64 received)
{
  guint64 periods = 0;

  for (guint i = 0; i < commands; i++)
    periods += fast_air_time_exchange (air, (gsize)(sent / commands + (i < sent % commands)),
                                       (gsize)(received / commands + (i < received % commands)));
  return periods;
}

/**
 * fast_air_time_ms:
 * @periods: periods of the carrier
 *
 * Returns: the same in milliseconds
 */
double
fast_air_time_ms (guint64 periods)
{
  return (double)periods * 1000 / CARRIER_HZ;
}
