/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/scp03-session.h"

G_BEGIN_DECLS

/*
 * GlobalPlatform secure channel protocol '03' (card specification 2.3, Amendment D, version 1.2):
 * what stands between the wire and a chip's personalisation commands when the chip has transport
 * keys. Three objects, in the order in which they are used:
 *
 *   host                                         card
 *   FastScp03Host                                FastScp03Card
 *     initialize_update ──── INITIALIZE UPDATE ──▶ initialize_update
 *     external_authenticate ◀── card cryptogram ──
 *                       ─ EXTERNAL AUTHENTICATE ─▶ external_authenticate
 *     open ◀───────────────────── 9000 ───────────
 *   FastScp03                                    FastScp03
 *     wrap_command ──────────────────────────────▶ unwrap_command
 *     unwrap_response ◀────────────────────────── wrap_response
 *
 * Chain. Each C-MAC covers the whole 16 bytes of the one before, and the R-MAC covers that of its
 * command: a command left out, repeated or moved breaks every later one. So an error ends a channel
 * for good, on both sides; the only way on is a new INITIALIZE UPDATE.
 *
 * Counter. Encryption starts from the encrypted number of the command, 80 in its first byte for the
 * answer. It counts commands without data too.
 *
 * Answers in error. Only 9000, 62xx and 63xx are secured; any other status word comes bare, so at
 * levels with R-MAC it is the one thing that somebody between host and card can forge. The host
 * takes it as the news that the command did not succeed, never as success, and takes no data with
 * it.
 *
 * Le. It is carried as the caller gave it and is covered by no MAC. At levels with R-MAC an answer
 * is up to 32 bytes longer than its data, so ask for no more than fast_scp03_read_max().
 *
 * One try. A card cryptogram that does not fit means a wrong key, and cards count such tries and
 * end by locking themselves for ever. The host stops before EXTERNAL AUTHENTICATE; nothing here
 * tries a second key or derivation, and whoever calls it must not either.
 */

#define FAST_INS_INITIALIZE_UPDATE 0x50

/**
 * FastScp03Level:
 * @FAST_SCP03_C_MAC: commands are authenticated
 * @FAST_SCP03_C_DECRYPTION: their data is encrypted
 * @FAST_SCP03_R_MAC: answers are authenticated
 * @FAST_SCP03_R_ENCRYPTION: their data is encrypted
 *
 * Bits of the security level (Amendment D, table 7-6). The levels are 01, 03, 11, 13 and 33.
 */
typedef enum {
  FAST_SCP03_C_MAC = 0x01,
  FAST_SCP03_C_DECRYPTION = 0x02,
  FAST_SCP03_R_MAC = 0x10,
  FAST_SCP03_R_ENCRYPTION = 0x20,
} FastScp03Level;

/**
 * FastScp03Option:
 * @FAST_SCP03_S16: challenges, cryptograms and MACs of 16 bytes; otherwise 8
 * @FAST_SCP03_PSEUDO_RANDOM: the card challenge is derived from a sequence counter; otherwise drawn
 * @FAST_SCP03_CAN_R_MAC: the card can authenticate its answers
 * @FAST_SCP03_CAN_R_ENCRYPTION: the card can encrypt its answers
 *
 * Bits of the parameter `i` that a card tells (Amendment D, table 5-1).
 */
typedef enum {
  FAST_SCP03_S16 = 0x01,
  FAST_SCP03_PSEUDO_RANDOM = 0x10,
  FAST_SCP03_CAN_R_MAC = 0x20,
  FAST_SCP03_CAN_R_ENCRYPTION = 0x40,
} FastScp03Option;

/**
 * FastScp03:
 *
 * An open channel, in one of the two roles. Not shared between threads; wiped when freed.
 */
typedef struct _FastScp03 FastScp03;

FastScp03 *fast_scp03_new (const FastScp03Session *session, guint8 level);
void fast_scp03_free (FastScp03 *channel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastScp03, fast_scp03_free)

gboolean fast_scp03_level_check (guint8 level, guint8 options, GError **error);
guint8 fast_scp03_get_level (const FastScp03 *channel);
gboolean fast_scp03_is_closed (const FastScp03 *channel);
gsize fast_scp03_write_max (const FastScp03 *channel, gsize size_limit);
gsize fast_scp03_read_max (const FastScp03 *channel, gsize size_limit);

GBytes *fast_scp03_wrap_command (FastScp03 *channel, const FastCommand *command, GError **error);
GBytes *fast_scp03_unwrap_response (FastScp03 *channel, GBytes *response, GError **error);
GBytes *fast_scp03_unwrap_command (FastScp03 *channel, const FastCommand *command, GError **error);
GBytes *fast_scp03_wrap_response (FastScp03 *channel, gconstpointer data, gsize size,
                                  guint16 status, GError **error);

G_END_DECLS
