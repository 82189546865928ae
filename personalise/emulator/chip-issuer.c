/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/status-word.h"
#include "personalise/emulator/chip-call.h"
#include "record/base/bytes.h"
#include "record/base/error.h"

/*
 * The issuer's key set of a chip and its SCP03 channel. The set is a secret of the chip's memory:
 *
 *   options | key version | wrong tries | sequence counter (3) | diversification data (10) |
 *   Key-ENC | Key-MAC | Key-DEK
 *
 * After three wrong tries the chip is locked for good, as real ones are.
 */

#define CLASS_SECURED 0x04
#define CLASS_PROPRIETARY 0x80
#define AT_TRIES 2
#define AT_SEQUENCE 3

typedef struct {
  FastScp03Settings settings;
  guint8 version;
  guint8 tries;
  FastSecret *keys[FAST_ISSUER_KEY_COUNT];
} Issuer;

static void
issuer_clear (Issuer *issuer)
{
  for (guint i = 0; i < FAST_ISSUER_KEY_COUNT; i++)
    g_clear_pointer (&issuer->keys[i], fast_secret_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Issuer, issuer_clear)

static FastSecret *
find_issuer (const FastChipState *state)
{
  return fast_chip_state_get_secret (state, FAST_DATA_ISSUER_KEYS);
}

/**
 * fast_chip_has_issuer:
 * @state: a chip's memory
 *
 * Returns: whether it has transport keys
 */
gboolean
fast_chip_has_issuer (const FastChipState *state)
{
  return find_issuer (state) != NULL;
}

/* By its serial, so that keys which are diversified are this chip's alone. */
static void
append_diversification (GByteArray *out, const FastChipState *state)
{
  fast_append_u16 (out, 0);
  fast_append (out, state->serial, sizeof state->serial);
  G_STATIC_ASSERT (FAST_CHIP_SERIAL_SIZE + 2 == FAST_DIVERSIFICATION_SIZE);
}

static gboolean
append_keys (GByteArray *out, FastIssuerKeys *keys, GError **error)
{
  for (guint i = 0; i < FAST_ISSUER_KEY_COUNT; i++) {
    g_autoptr (FastSecret) key = fast_issuer_keys_export (keys, (FastIssuerKey)i, error);
    if (key == NULL)
      return FALSE;
    fast_append (out, fast_secret_data (key), fast_secret_size (key));
  }
  return TRUE;
}

/**
 * fast_chip_put_issuer:
 * @state: the memory of a blank
 * @keys: the issuer's key set
 * @options: bits of #FastScp03Option
 * @error: return location for an error
 *
 * Returns: whether the blank has its transport keys; FAST_KEY_ERROR_ABSENT for keys that do not
 *   leave their token
 */
gboolean
fast_chip_put_issuer (FastChipState *state, FastIssuerKeys *keys, guint8 options, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_sized_new (256);
  g_autoptr (FastIssuerKeys) own = NULL;
  gboolean done;

  fast_append_u8 (out, options);
  fast_append_u8 (out, fast_issuer_keys_get_version (keys));
  fast_append_u8 (out, 0);
  fast_append_u8 (out, 0);
  fast_append_u16 (out, 0);
  append_diversification (out, state);
  own = fast_issuer_keys_diversify (keys, out->data + out->len - FAST_DIVERSIFICATION_SIZE, error);
  done = own != NULL && append_keys (out, own, error);
  if (done)
    fast_chip_state_set_secret (state, FAST_DATA_ISSUER_KEYS, out->data, out->len);
  fast_wipe (out->data, out->len);
  return done;
}

static gboolean
read_settings (FastReader *reader, Issuer *issuer)
{
  FastScp03Settings *settings = &issuer->settings;
  guint8 high;
  guint16 low;
  const guint8 *data;

  if (!fast_reader_u8 (reader, &settings->options, NULL) ||
      !fast_reader_u8 (reader, &issuer->version, NULL) ||
      !fast_reader_u8 (reader, &issuer->tries, NULL) || !fast_reader_u8 (reader, &high, NULL) ||
      !fast_reader_u16 (reader, &low, NULL))
    return FALSE;
  settings->sequence = (guint32)high << 16 | low;
  data = fast_reader_take (reader, FAST_DIVERSIFICATION_SIZE, NULL);
  settings->aid_size = FAST_EMRTD_AID_SIZE;
  return data != NULL &&
         fast_copy (settings->diversification, FAST_DIVERSIFICATION_SIZE, data,
                    FAST_DIVERSIFICATION_SIZE) &&
         fast_copy (settings->aid, FAST_SCP03_AID_MAX, FAST_EMRTD_AID, FAST_EMRTD_AID_SIZE);
}

static gboolean
read_issuer (const FastChipState *state, Issuer *issuer)
{
  FastSecret *secret = find_issuer (state);
  FastReader reader =
      fast_reader_new (fast_secret_data (secret), fast_secret_size (secret), "issuer keys");
  gsize size;

  if (!read_settings (&reader, issuer))
    return FALSE;
  size = (reader.size - reader.offset) / FAST_ISSUER_KEY_COUNT;
  for (guint i = 0; i < FAST_ISSUER_KEY_COUNT; i++) {
    const guint8 *key = fast_reader_take (&reader, size, NULL);
    if (key == NULL)
      return FALSE;
    issuer->keys[i] = fast_secret_new_from (key, size);
  }
  return fast_reader_end (&reader, NULL);
}

static FastScp03Card *
make_card (const Issuer *issuer)
{
  g_autoptr (FastIssuerKeys) keys = fast_issuer_keys_new (
      issuer->version, issuer->keys[FAST_ISSUER_KEY_ENC], issuer->keys[FAST_ISSUER_KEY_MAC],
      issuer->keys[FAST_ISSUER_KEY_DEK], NULL);

  return keys == NULL ? NULL : fast_scp03_card_new (keys, &issuer->settings);
}

/* What the chip draws follows from its seed, where it has one. */
static gboolean
draw_challenge (FastVirtualChip *chip)
{
  guint8 challenge[FAST_SCP03_WIDTH_MAX];

  if (!fast_random_source_draw (fast_chip_random_source (chip), challenge, sizeof challenge, NULL))
    return FALSE;
  fast_scp03_card_set_challenge (chip->issuer, challenge);
  return TRUE;
}

/* On stable storage before the challenge that came from it leaves: a counter never goes back. */
static guint16
keep_sequence (FastVirtualChip *chip, const Issuer *issuer)
{
  const guint32 sequence = fast_scp03_card_get_sequence (chip->issuer);
  guint8 *data = fast_secret_data (find_issuer (chip->state));

  if (sequence == issuer->settings.sequence)
    return FAST_SW_OK;
  data[AT_SEQUENCE] = (guint8)(sequence >> 16);
  data[AT_SEQUENCE + 1] = (guint8)(sequence >> 8);
  data[AT_SEQUENCE + 2] = (guint8)sequence;
  return fast_chip_save (chip);
}

static guint16
keep_tries (FastVirtualChip *chip, guint8 tries)
{
  guint8 *data = fast_secret_data (find_issuer (chip->state));

  if (data[AT_TRIES] == tries)
    return FAST_SW_OK;
  data[AT_TRIES] = tries;
  return fast_chip_save (chip);
}

/**
 * fast_chip_is_in_channel:
 * @call: a command as it came
 *
 * Returns: whether its class is that of a channel (Amendment D, 6.2.4): 04 or 84, and 14 or 94 for
 *   a link of a chain
 */
gboolean
fast_chip_is_in_channel (const FastChipCall *call)
{
  return (call->command.cla & ~(CLASS_PROPRIETARY | FAST_CLASS_CHAINED)) == CLASS_SECURED;
}

/**
 * fast_chip_is_handshake:
 * @call: a command as it came
 *
 * Returns: whether it is INITIALIZE UPDATE or EXTERNAL AUTHENTICATE of SCP03
 */
gboolean
fast_chip_is_handshake (const FastChipCall *call)
{
  const FastCommand *command = &call->command;

  return (command->cla == FAST_CHIP_CLASS_HANDSHAKE &&
          command->ins == FAST_INS_INITIALIZE_UPDATE) ||
         (command->cla == (CLASS_PROPRIETARY | CLASS_SECURED) &&
          command->ins == FAST_INS_EXTERNAL_AUTHENTICATE);
}

/**
 * fast_chip_initialize_update:
 * @call: INITIALIZE UPDATE
 *
 * An activated chip takes no channel, and so tells nobody by its diversification data which it is.
 *
 * Returns: its status word
 */
guint16
fast_chip_initialize_update (FastChipCall *call)
{
  FastVirtualChip *chip = call->chip;
  g_auto (Issuer) issuer = {0};
  g_autoptr (GBytes) answer = NULL;
  FastResponse response;
  guint16 status;

  if (chip->state->life == FAST_LIFE_CYCLE_ACTIVE)
    return FAST_SW_CONDITIONS;
  if (!read_issuer (chip->state, &issuer))
    return FAST_SW_MEMORY;
  if (issuer.tries >= FAST_CHIP_ISSUER_TRIES)
    return FAST_SW_BLOCKED;
  chip->issuer = make_card (&issuer);
  if (chip->issuer == NULL || !draw_challenge (chip))
    return FAST_SW_MEMORY;
  answer = fast_scp03_card_initialize_update (chip->issuer, &call->command, NULL);
  if (answer == NULL || !fast_response_parse (&response, answer, NULL))
    return FAST_SW_MEMORY;
  status = keep_sequence (chip, &issuer);
  if (status != FAST_SW_OK)
    return status;
  fast_append (call->out, response.data, response.size);
  return response.status;
}

/**
 * fast_chip_open_channel:
 * @call: EXTERNAL AUTHENTICATE
 *
 * A wrong key is counted before anybody is told of it, and a right one begins the count anew.
 *
 * Returns: its status word
 */
guint16
fast_chip_open_channel (FastChipCall *call)
{
  FastVirtualChip *chip = call->chip;
  g_autoptr (FastScp03Card) card = g_steal_pointer (&chip->issuer);
  g_auto (Issuer) issuer = {0};
  FastScp03 *channel;
  guint16 status;
  guint16 kept = FAST_SW_OK;

  fast_chip_end_session (chip);
  if (card == NULL)
    return FAST_SW_CONDITIONS;
  if (!read_issuer (chip->state, &issuer))
    return FAST_SW_MEMORY;
  channel = fast_scp03_card_external_authenticate (card, &call->command, &status);
  if (status == FAST_SW_AUTHENTICATION || status == FAST_SW_SECURITY)
    kept = keep_tries (chip, issuer.tries + 1);
  else if (status == FAST_SW_OK)
    kept = keep_tries (chip, 0);
  chip->channel = channel;
  if (kept == FAST_SW_OK)
    return status;
  fast_chip_end_session (chip);
  return kept;
}

/**
 * fast_chip_unwrap_channel:
 * @call: a command in a channel
 *
 * Returns: (transfer full) (nullable): the plain C-APDU; %NULL without a channel, or when anything
 *   in the command was altered: 6982 (Amendment D, 5.6)
 */
GBytes *
fast_chip_unwrap_channel (FastChipCall *call)
{
  FastScp03 *channel = call->chip->channel;

  return channel == NULL ? NULL : fast_scp03_unwrap_command (channel, &call->command, NULL);
}

/**
 * fast_chip_wrap_channel:
 * @call: a command in a channel, carried out
 * @status: its status word
 *
 * Returns: (transfer full): the R-APDU
 */
GBytes *
fast_chip_wrap_channel (FastChipCall *call, guint16 status)
{
  GBytes *wrapped =
      fast_scp03_wrap_response (call->chip->channel, call->out->data, call->out->len, status, NULL);

  if (wrapped != NULL)
    return wrapped;
  fast_chip_end_session (call->chip);
  return fast_response_build (NULL, 0, FAST_SW_LENGTH);
}
