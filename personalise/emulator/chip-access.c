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

  if (fast_chip_is_terminal_step (call))
    return fast_chip_run_terminal_authentication (call);
  if (fast_chip_call_parameters (call) != 0)
    return FAST_SW_P1P2;
  if (call->command.le != FAST_BAC_CHALLENGE_SIZE || call->command.size != 0)
    return FAST_SW_LENGTH;
  if (chip->folder != FAST_CHIP_APPLICATION || call->secured ||
      !fast_random_source_draw (fast_chip_random_source (chip), &chip->side, sizeof chip->side,
                                NULL))
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

  if (fast_chip_is_terminal_step (call))
    return fast_chip_run_terminal_authentication (call);
  chip->challenged = FALSE;
  if (fast_chip_call_parameters (call) != 0)
    return FAST_SW_P1P2;
  if (call->command.size != FAST_BAC_CRYPTOGRAM_SIZE)
    return FAST_SW_LENGTH;
  if (!challenged || call->secured || !read_keys (chip->state, &keys))
    return FAST_SW_CONDITIONS;
  chip->session = fast_bac_chip_answer (&keys, &chip->side, call->command.data, answer, NULL);
  fast_chip_drop_protocol (chip);
  if (chip->session == NULL)
    return FAST_SW_AUTHENTICATION;
  chip->access = FAST_CHIP_ACCESS_BASIC;
  fast_append (call->out, answer, sizeof answer);
  return FAST_SW_OK;
}

/* What MANAGE SECURITY ENVIRONMENT prepares, by its parameters. */
static const struct {
  guint16 parameters;
  FastChipHandler run;
} environments[] = {
    {FAST_ENVIRONMENT_PACE, fast_chip_select_pace},
    {FAST_ENVIRONMENT_CHIP_KEY, fast_chip_start_chip_authentication},
    {FAST_ENVIRONMENT_CHIP, fast_chip_start_chip_authentication},
    {FAST_ENVIRONMENT_CERTIFICATE, fast_chip_run_terminal_authentication},
    {FAST_ENVIRONMENT_TERMINAL, fast_chip_run_terminal_authentication},
};

/**
 * fast_chip_manage_environment:
 * @call: MANAGE SECURITY ENVIRONMENT
 *
 * A protocol that was under way is forgotten.
 *
 * Returns: its status word
 */
guint16
fast_chip_manage_environment (FastChipCall *call)
{
  fast_chip_drop_protocol (call->chip);
  for (guint i = 0; i < G_N_ELEMENTS (environments); i++)
    if (environments[i].parameters == fast_chip_call_parameters (call))
      return environments[i].run (call);
  return FAST_SW_P1P2;
}

/**
 * fast_chip_general_authenticate:
 * @call: GENERAL AUTHENTICATE
 *
 * Returns: its status word
 */
guint16
fast_chip_general_authenticate (FastChipCall *call)
{
  if (fast_chip_call_parameters (call) != 0)
    return FAST_SW_P1P2;
  if (call->chip->chip_authentication != NULL)
    return fast_chip_run_chip_authentication (call);
  return call->chip->pace != NULL ? fast_chip_run_pace (call) : FAST_SW_CONDITIONS;
}

/**
 * fast_chip_drop_protocol:
 * @chip: forgets the protocol that is under way
 */
void
fast_chip_drop_protocol (FastVirtualChip *chip)
{
  g_clear_pointer (&chip->pace, fast_pace_free);
  g_clear_pointer (&chip->chip_authentication, fast_chip_authentication_free);
  fast_bac_side_clear (&chip->side);
  chip->challenged = FALSE;
}
