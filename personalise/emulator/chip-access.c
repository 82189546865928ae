/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/status-word.h"
#include "personalise/emulator/chip-call.h"
#include "record/base/bytes.h"
#include "record/base/tlv.h"

/* Access control as the chip plays it, ICAO 9303-11, 4. */

/**
 * fast_chip_get_challenge:
 * @call: GET CHALLENGE
 *
 * Returns: its status word
 */
guint16
fast_chip_get_challenge (FastChipCall *call)
{
  FastVirtualChip *chip = call->chip;

  if (fast_chip_call_parameters (call) != 0)
    return FAST_SW_P1P2;
  if (call->command.le != FAST_BAC_CHALLENGE_SIZE || call->command.size != 0)
    return FAST_SW_LENGTH;
  if (chip->folder != FAST_CHIP_APPLICATION || call->secured ||
      !fast_chip_draw (chip, &chip->side, sizeof chip->side))
    return FAST_SW_CONDITIONS;
  chip->challenged = TRUE;
  fast_append (call->out, chip->side.challenge, sizeof chip->side.challenge);
  return FAST_SW_OK;
}

static gboolean
read_keys (const FastChipState *state, FastBacKeys *keys)
{
  FastSecret *secret = fast_chip_state_get_secret (state, FAST_DATA_ACCESS_KEYS);
  FastReader reader;
  FastTlv enc;
  FastTlv mac;

  if (secret == NULL)
    return FALSE;
  reader = fast_reader_new (fast_secret_data (secret), fast_secret_size (secret), "keys");
  return fast_tlv_expect (&reader, FAST_TAG_KEY_ENC, &enc, NULL) &&
         fast_tlv_expect (&reader, FAST_TAG_KEY_MAC, &mac, NULL) &&
         fast_copy (keys->enc, sizeof keys->enc, enc.value, enc.size) &&
         fast_copy (keys->mac, sizeof keys->mac, mac.value, mac.size);
}

/**
 * fast_chip_external_authenticate:
 * @call: EXTERNAL AUTHENTICATE
 *
 * A challenge serves one attempt only.
 *
 * Returns: its status word
 */
guint16
fast_chip_external_authenticate (FastChipCall *call)
{
  FastVirtualChip *chip = call->chip;
  const gboolean challenged = chip->challenged;
  g_auto (FastBacKeys) keys = {{0}, {0}};
  guint8 answer[FAST_BAC_CRYPTOGRAM_SIZE];

  chip->challenged = FALSE;
  if (fast_chip_call_parameters (call) != 0)
    return FAST_SW_P1P2;
  if (call->command.size != FAST_BAC_CRYPTOGRAM_SIZE)
    return FAST_SW_LENGTH;
  if (!challenged || call->secured || !read_keys (chip->state, &keys))
    return FAST_SW_CONDITIONS;
  chip->session = fast_bac_chip_answer (&keys, &chip->side, call->command.data, answer, NULL);
  fast_bac_side_clear (&chip->side);
  if (chip->session == NULL)
    return FAST_SW_AUTHENTICATION;
  chip->access = FAST_CHIP_ACCESS_BASIC;
  fast_append (call->out, answer, sizeof answer);
  return FAST_SW_OK;
}
