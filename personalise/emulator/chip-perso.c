/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/answer-to-reset.h"
#include "personalise/apdu/status-word.h"
#include "personalise/emulator/chip-call.h"
#include "record/base/bytes.h"
#include "record/base/tlv.h"
#include "record/keys/key.h"

/* The `icao-perso` software: the commands by which a blank becomes a document, docs/chip.md. */

#define MEMORY (80 * 1024)

static gboolean
read_number (FastReader *reader, guint32 tag, guint16 *value)
{
  FastTlv tlv;

  if (!fast_tlv_expect (reader, tag, &tlv, NULL) || tlv.size != 2)
    return FALSE;
  *value = (guint16)(tlv.value[0] << 8 | tlv.value[1]);
  return TRUE;
}

static gboolean
read_parameters (const FastCommand *command, guint16 *fid, guint16 *size)
{
  FastReader reader = fast_reader_new (command->data, command->size, "FCP");
  FastReader inner;
  FastTlv tlv;

  if (!fast_tlv_expect (&reader, FAST_TAG_FCP, &tlv, NULL) || !fast_reader_end (&reader, NULL))
    return FALSE;
  inner = fast_tlv_open (&tlv, "FCP");
  return read_number (&inner, FAST_TAG_FILE_SIZE, size) &&
         read_number (&inner, FAST_TAG_FILE_IDENTIFIER, fid) && fast_reader_end (&inner, NULL) &&
         *size > 0 && *size <= FAST_CHIP_FILE_MAX;
}

static guint16
run_create_file (FastChipCall *call)
{
  FastVirtualChip *chip = call->chip;
  guint16 fid;
  guint16 size;

  if (fast_chip_call_parameters (call) != 0)
    return FAST_SW_P1P2;
  if (!read_parameters (&call->command, &fid, &size))
    return FAST_SW_DATA;
  if (fast_chip_state_find (chip->state, chip->folder, fid) != NULL)
    return FAST_SW_FILE_EXISTS;
  if (fast_chip_state_used (chip->state) + size > MEMORY)
    return FAST_SW_NO_SPACE;
  chip->current = fast_chip_state_add (chip->state, chip->folder, fid, size);
  chip->state->life = FAST_LIFE_CYCLE_OPEN;
  return fast_chip_save (chip);
}

static guint16
run_update_binary (FastChipCall *call)
{
  FastVirtualChip *chip = call->chip;
  gsize offset;
  guint16 status;

  if (call->command.size == 0 || call->command.le != 0)
    return FAST_SW_LENGTH;
  status = fast_chip_locate (call, &offset);
  if (status != FAST_SW_OK)
    return status;
  if (!fast_copy (chip->current->content->data + offset, chip->current->content->len - offset,
                  call->command.data, call->command.size))
    return FAST_SW_NO_SPACE;
  return fast_chip_save (chip);
}

static gboolean
check_keys (const FastCommand *command)
{
  FastReader reader = fast_reader_new (command->data, command->size, "keys");
  FastTlv enc;
  FastTlv mac;

  return fast_tlv_expect (&reader, FAST_TAG_KEY_ENC, &enc, NULL) &&
         fast_tlv_expect (&reader, FAST_TAG_KEY_MAC, &mac, NULL) &&
         fast_reader_end (&reader, NULL) && enc.size == sizeof ((FastBacKeys *)0)->enc &&
         mac.size == sizeof ((FastBacKeys *)0)->mac;
}

static gboolean
check_passwords (const FastCommand *command)
{
  FastReader reader = fast_reader_new (command->data, command->size, "passwords");
  FastTlv mrz;
  FastTlv can;

  return fast_tlv_expect (&reader, FAST_TAG_PASSWORD_MRZ, &mrz, NULL) &&
         fast_tlv_expect (&reader, FAST_TAG_PASSWORD_CAN, &can, NULL) &&
         fast_reader_end (&reader, NULL) && mrz.size > 0 && can.size > 0;
}

static gboolean
check_private_key (const FastCommand *command)
{
  g_autoptr (FastSecret) pkcs8 = fast_secret_new_from (command->data, command->size);
  g_autoptr (EVP_PKEY) key = fast_key_import (pkcs8, NULL);

  return key != NULL;
}

/* Of the trust point a chip keeps what terminal authentication starts from. */
static guint16
put_trust_point (FastChipCall *call)
{
  g_autoptr (GBytes) trust = fast_chip_make_trust (call->command.data, call->command.size);

  if (trust == NULL)
    return FAST_SW_DATA;
  fast_chip_state_set_secret (call->chip->state, FAST_DATA_TRUST_POINT,
                              g_bytes_get_data (trust, NULL), g_bytes_get_size (trust));
  return FAST_SW_OK;
}

static guint16
put_checked (FastChipCall *call, gboolean (*check) (const FastCommand *command))
{
  if (!check (&call->command))
    return FAST_SW_DATA;
  fast_chip_state_set_secret (call->chip->state, fast_chip_call_parameters (call),
                              call->command.data, call->command.size);
  return FAST_SW_OK;
}

static guint16
put_object (FastChipCall *call)
{
  switch (fast_chip_call_parameters (call)) {
  case FAST_DATA_ACCESS_KEYS:
    return put_checked (call, check_keys);
  case FAST_DATA_PASSWORDS:
    return put_checked (call, check_passwords);
  case FAST_DATA_CHIP_KEY:
  case FAST_DATA_ACTIVE_KEY:
    return put_checked (call, check_private_key);
  case FAST_DATA_TRUST_POINT:
    return put_trust_point (call);
  default:
    return FAST_SW_P1P2;
  }
}

static guint16
run_put_data (FastChipCall *call)
{
  const guint16 status = put_object (call);

  if (status != FAST_SW_OK)
    return status;
  call->chip->state->life = FAST_LIFE_CYCLE_OPEN;
  return fast_chip_save (call->chip);
}

static guint16
run_activate (FastChipCall *call)
{
  FastChipState *state = call->chip->state;

  if (fast_chip_state_get_secret (state, FAST_DATA_ACCESS_KEYS) == NULL || state->files->len == 0)
    return FAST_SW_CONDITIONS;
  if (fast_chip_call_parameters (call) != 0)
    return FAST_SW_P1P2;
  state->life = FAST_LIFE_CYCLE_ACTIVE;
  return fast_chip_save (call->chip);
}

/* The serial would let anyone follow the card's holder: it is told only until activation. */
static guint16
run_get_data (FastChipCall *call)
{
  const FastChipState *state = call->chip->state;
  const guint8 life = (guint8)state->life;

  switch (fast_chip_call_parameters (call)) {
  case FAST_DATA_LIFE_CYCLE:
    fast_tlv_append (call->out, FAST_DATA_LIFE_CYCLE, &life, 1);
    return FAST_SW_OK;
  case FAST_DATA_SERIAL:
    if (state->life == FAST_LIFE_CYCLE_ACTIVE)
      return FAST_SW_DATA_ABSENT;
    fast_tlv_append (call->out, FAST_DATA_SERIAL, state->serial, sizeof state->serial);
    return FAST_SW_OK;
  default:
    return FAST_SW_DATA_ABSENT;
  }
}

static const FastChipCommand commands[] = {
    {FAST_INS_ACTIVATE, TRUE, FAST_CHIP_ACCESS_NONE, run_activate, FALSE},
    {FAST_INS_GET_DATA, FALSE, FAST_CHIP_ACCESS_NONE, run_get_data, FALSE},
    {FAST_INS_UPDATE_BINARY, TRUE, FAST_CHIP_ACCESS_NONE, run_update_binary, FALSE},
    {FAST_INS_PUT_DATA, TRUE, FAST_CHIP_ACCESS_NONE, run_put_data, FALSE},
    {FAST_INS_CREATE_FILE, TRUE, FAST_CHIP_ACCESS_NONE, run_create_file, FALSE},
};

const FastChipSoftware fast_chip_icao_perso = {.number = 1,
                                               .name = "icao-perso",
                                               .capabilities = FAST_CARD_CAPABILITY_CHAINING |
                                                               FAST_CARD_CAPABILITY_EXTENDED,
                                               .commands = commands,
                                               .count = G_N_ELEMENTS (commands)};
