/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <openssl/bn.h>
#include <openssl/evp.h>

#include "personalise/apdu/active-authentication.h"
#include "personalise/apdu/jmrtd.h"
#include "personalise/apdu/mrz-information.h"
#include "personalise/apdu/status-word.h"
#include "personalise/emulator/chip-call.h"
#include "record/base/bytes.h"
#include "record/base/tlv.h"

/*
 * The `jmrtd` software: the open JMRTD applet on a GlobalPlatform card, docs/chip.md. It is kept as
 * it is, with what it does not check: a file can be made twice, closing asks for nothing, an
 * unknown data object is taken without a word.
 */

#define MEMORY (64 * 1024)

/* What one answer can have of a file: the applet's buffer less what secure messaging needs. */
#define READ_MAX (260 - 37)

#define NO_PRECISE_DIAGNOSIS 0x6F00
#define DATA_INVALID 0x6984
#define AA_HEADER 0x6A
#define AA_TRAILER 0xBC
#define AA_FILLER_SIZE 106

static gboolean
is_locked (const FastChipCall *call)
{
  return call->chip->state->life == FAST_LIFE_CYCLE_ACTIVE;
}

static gboolean
is_open (const FastChipCall *call)
{
  return call->chip->access >= FAST_CHIP_ACCESS_BASIC;
}

/* Without an applet the card manager answers, which knows none of its commands. */
static gboolean
is_applet (const FastChipCall *call)
{
  return call->chip->folder == FAST_CHIP_APPLICATION;
}

static guint16
save_open (FastVirtualChip *chip)
{
  chip->state->life = FAST_LIFE_CYCLE_OPEN;
  return fast_chip_save (chip);
}

/* --- files --- */

static guint16
select_manager (FastVirtualChip *chip)
{
  fast_chip_end_session (chip);
  chip->folder = FAST_CHIP_MASTER_FILE;
  return FAST_SW_OK;
}

static guint16
run_select (FastChipCall *call)
{
  FastVirtualChip *chip = call->chip;
  const guint8 *fid = call->command.data;

  if (call->command.p1 == 0x04)
    return call->command.size == 0 ? select_manager (chip) : fast_chip_select (call);
  if (!is_applet (call))
    return FAST_SW_FILE_ABSENT;
  if (is_locked (call) && !is_open (call))
    return FAST_SW_SECURITY;
  if (call->command.size != 2)
    return FAST_SW_LENGTH;
  chip->current = fast_chip_state_find (chip->state, chip->folder, (guint16)(fid[0] << 8 | fid[1]));
  return chip->current != NULL ? FAST_SW_OK : FAST_SW_FILE_ABSENT;
}

/* Behind its end a file has no bytes, and the applet an exception. */
static guint16
run_read_binary (FastChipCall *call)
{
  const gsize offset = fast_chip_call_parameters (call);
  const FastChipFile *file = call->chip->current;

  if (!is_applet (call))
    return FAST_SW_INSTRUCTION;
  if (file == NULL || !is_open (call))
    return FAST_SW_CONDITIONS;
  if (offset > file->content->len)
    return NO_PRECISE_DIAGNOSIS;
  fast_append (call->out, file->content->data + offset,
               MIN (MIN (call->command.le, READ_MAX), file->content->len - offset));
  return FAST_SW_OK;
}

static guint16
run_update_binary (FastChipCall *call)
{
  const gsize offset = fast_chip_call_parameters (call);
  const FastChipFile *file = call->chip->current;

  if (!is_applet (call))
    return FAST_SW_INSTRUCTION;
  if (file == NULL)
    return FAST_SW_CONDITIONS;
  if (offset > file->content->len ||
      !fast_copy (file->content->data + offset, file->content->len - offset, call->command.data,
                  call->command.size))
    return NO_PRECISE_DIAGNOSIS;
  return save_open (call->chip);
}

/* A file that is there takes its new size out of its old memory. */
static guint16
make_file (FastVirtualChip *chip, guint16 fid, gsize size)
{
  FastChipFile *file = fast_chip_state_find (chip->state, chip->folder, fid);

  if (file != NULL && size > file->content->len)
    return FAST_SW_NO_SPACE;
  if (file == NULL && fast_chip_state_used (chip->state) + size > MEMORY)
    return FAST_SW_NO_SPACE;
  if (file == NULL)
    fast_chip_state_add (chip->state, chip->folder, fid, size);
  else
    g_byte_array_set_size (file->content, (guint)size);
  return save_open (chip);
}

static guint16
run_create_file (FastChipCall *call)
{
  const guint8 *data = call->command.data;

  if (!is_applet (call))
    return FAST_SW_INSTRUCTION;
  if (call->command.size < FAST_JMRTD_FILE_SIZE || data[1] < 4)
    return FAST_SW_LENGTH;
  if (data[0] != FAST_JMRTD_TAG_FILE)
    return DATA_INVALID;
  return make_file (call->chip, (guint16)(data[4] << 8 | data[5]), (gsize)(data[2] << 8 | data[3]));
}

/* --- secrets --- */

/* The three objects inside: document number, date of birth, date of expiry, without check digits.
 */
static gboolean
read_zone (const FastCommand *command, FastTlv parts[3])
{
  FastReader reader = fast_reader_new (command->data, command->size, "keys");
  FastReader inner;
  FastTlv outer;

  if (!fast_tlv_read (&reader, &outer, NULL))
    return FALSE;
  inner = fast_tlv_open (&outer, "keys");
  for (guint i = 0; i < 3; i++)
    if (!fast_tlv_read (&inner, &parts[i], NULL))
      return FALSE;
  return TRUE;
}

static guint16
put_zone (FastChipCall *call)
{
  FastTlv parts[3];
  g_auto (FastBacKeys) keys = {{0}, {0}};
  g_autoptr (FastSecret) information = NULL;
  g_autoptr (GByteArray) stored = g_byte_array_sized_new (64);

  if (!read_zone (&call->command, parts) || parts[1].size != 6 || parts[2].size != 6)
    return NO_PRECISE_DIAGNOSIS;
  information =
      fast_mrz_information_join ((const char *)parts[0].value, parts[0].size,
                                 (const char *)parts[1].value, (const char *)parts[2].value, NULL);
  if (information == NULL)
    return NO_PRECISE_DIAGNOSIS;
  fast_bac_keys_derive (&keys, information);
  fast_tlv_append (stored, FAST_TAG_KEY_ENC, keys.enc, sizeof keys.enc);
  fast_tlv_append (stored, FAST_TAG_KEY_MAC, keys.mac, sizeof keys.mac);
  fast_chip_state_set_secret (call->chip->state, FAST_DATA_ACCESS_KEYS, stored->data, stored->len);
  fast_wipe (stored->data, stored->len);
  return save_open (call->chip);
}

/* A number stands in the second object, with or without a zero before it. */
static guint16
put_number (FastChipCall *call)
{
  FastReader reader = fast_reader_new (call->command.data, call->command.size, "key");
  FastTlv outer;
  FastTlv number;

  if (!fast_tlv_read (&reader, &outer, NULL) || !fast_tlv_read (&reader, &number, NULL) ||
      number.size == 0 || number.size > FAST_JMRTD_RSA_SIZE + 1)
    return NO_PRECISE_DIAGNOSIS;
  if (number.value[0] == 0) {
    number.value++;
    number.size--;
  }
  fast_chip_state_set_secret (call->chip->state, fast_chip_call_parameters (call), number.value,
                              number.size);
  return save_open (call->chip);
}

static guint16
run_put_data (FastChipCall *call)
{
  if (!is_applet (call))
    return FAST_SW_INSTRUCTION;
  switch (fast_chip_call_parameters (call)) {
  case FAST_JMRTD_ZONE:
    return put_zone (call);
  case FAST_JMRTD_MODULUS:
  case FAST_JMRTD_EXPONENT:
    return put_number (call);
  case FAST_JMRTD_LOCK:
    call->chip->state->life = FAST_LIFE_CYCLE_ACTIVE;
    return fast_chip_save (call->chip);
  default:
    return FAST_SW_OK;
  }
}

/* The card manager's own. */
static guint16
run_get_data (FastChipCall *call)
{
  guint8 cplc[FAST_CPLC_SIZE] = {0};

  if (is_applet (call))
    return FAST_SW_INSTRUCTION;
  if (fast_chip_call_parameters (call) != FAST_CPLC_TAG)
    return FAST_SW_DATA_ABSENT;
  G_STATIC_ASSERT (FAST_CPLC_CHIP_SIZE == FAST_CHIP_SERIAL_SIZE);
  fast_copy (cplc + FAST_CPLC_CHIP_OFFSET, FAST_CPLC_CHIP_SIZE, call->chip->state->serial,
             FAST_CHIP_SERIAL_SIZE);
  fast_tlv_append (call->out, FAST_CPLC_TAG, cplc, sizeof cplc);
  return FAST_SW_OK;
}

/* --- access, active authentication --- */

static guint16
run_get_challenge (FastChipCall *call)
{
  if (!is_applet (call))
    return FAST_SW_INSTRUCTION;
  if (fast_chip_state_get_secret (call->chip->state, FAST_DATA_ACCESS_KEYS) == NULL ||
      call->secured)
    return FAST_SW_SECURITY;
  return fast_chip_get_challenge (call);
}

static guint16
run_external_authenticate (FastChipCall *call)
{
  const guint16 status =
      is_applet (call) ? fast_chip_external_authenticate (call) : FAST_SW_INSTRUCTION;

  return status == FAST_SW_AUTHENTICATION || status == FAST_SW_CONDITIONS ? FAST_SW_SECURITY
                                                                          : status;
}

static BIGNUM *
number_of (const FastChipState *state, guint16 which)
{
  FastSecret *secret = fast_chip_state_get_secret (state, which);

  return secret == NULL
             ? NULL
             : BN_bin2bn (fast_secret_data (secret), (int)fast_secret_size (secret), NULL);
}

/* The applet has modulus and private exponent alone, which is less than a key of OpenSSL's. */
static gboolean
apply (const FastChipState *state, guint8 block[FAST_JMRTD_RSA_SIZE])
{
  BIGNUM *modulus = number_of (state, FAST_JMRTD_MODULUS);
  BIGNUM *exponent = number_of (state, FAST_JMRTD_EXPONENT);
  BIGNUM *message = BN_bin2bn (block, FAST_JMRTD_RSA_SIZE, NULL);
  BIGNUM *result = BN_new ();
  BN_CTX *context = BN_CTX_new ();
  const gboolean done =
      BN_mod_exp_mont_consttime (result, message, exponent, modulus, context, NULL) == 1 &&
      BN_bn2binpad (result, block, FAST_JMRTD_RSA_SIZE) == FAST_JMRTD_RSA_SIZE;

  BN_free (modulus);
  BN_clear_free (exponent);
  BN_free (message);
  BN_free (result);
  BN_CTX_free (context);
  return done;
}

/* ISO/IEC 9796-2, scheme 1, with SHA-1 by agreement; the filler is zeros. */
static guint16
run_internal_authenticate (FastChipCall *call)
{
  const FastChipState *state = call->chip->state;
  guint8 message[AA_FILLER_SIZE + FAST_ACTIVE_CHALLENGE_SIZE] = {0};
  guint8 block[FAST_JMRTD_RSA_SIZE] = {AA_HEADER};

  if (!is_applet (call))
    return FAST_SW_INSTRUCTION;
  if (fast_chip_state_get_secret (state, FAST_JMRTD_MODULUS) == NULL ||
      fast_chip_state_get_secret (state, FAST_JMRTD_EXPONENT) == NULL || !is_open (call))
    return FAST_SW_SECURITY;
  if (call->command.size != FAST_ACTIVE_CHALLENGE_SIZE)
    return FAST_SW_LENGTH;
  fast_copy (message + AA_FILLER_SIZE, FAST_ACTIVE_CHALLENGE_SIZE, call->command.data,
             call->command.size);
  if (EVP_Digest (message, sizeof message, block + 1 + AA_FILLER_SIZE, NULL, EVP_sha1 (), NULL) !=
      1)
    return NO_PRECISE_DIAGNOSIS;
  block[sizeof block - 1] = AA_TRAILER;
  if (!apply (state, block))
    return NO_PRECISE_DIAGNOSIS;
  fast_append (call->out, block, sizeof block);
  return FAST_SW_OK;
}

static const FastChipCommand commands[] = {
    {FAST_INS_SELECT, FALSE, FAST_CHIP_ACCESS_NONE, run_select, FALSE},
    {FAST_INS_READ_BINARY, FALSE, FAST_CHIP_ACCESS_NONE, run_read_binary, FALSE},
    {FAST_INS_UPDATE_BINARY, TRUE, FAST_CHIP_ACCESS_NONE, run_update_binary, FALSE},
    {FAST_INS_CREATE_FILE, TRUE, FAST_CHIP_ACCESS_NONE, run_create_file, FALSE},
    {FAST_INS_PUT_DATA, TRUE, FAST_CHIP_ACCESS_NONE, run_put_data, FALSE},
    {FAST_INS_GET_DATA, FALSE, FAST_CHIP_ACCESS_NONE, run_get_data, FALSE},
    {FAST_INS_GET_CHALLENGE, FALSE, FAST_CHIP_ACCESS_NONE, run_get_challenge, FALSE},
    {FAST_INS_EXTERNAL_AUTHENTICATE, FALSE, FAST_CHIP_ACCESS_NONE, run_external_authenticate,
     FALSE},
    {FAST_INS_INTERNAL_AUTHENTICATE, FALSE, FAST_CHIP_ACCESS_NONE, run_internal_authenticate,
     FALSE},
};

const FastChipSoftware fast_chip_jmrtd = {.number = 2,
                                          .name = "jmrtd",
                                          .alone = TRUE,
                                          .commands = commands,
                                          .count = G_N_ELEMENTS (commands)};
