/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "personalise/apdu/status-word.h"
#include "personalise/emulator/chip-call.h"
#include "record/base/bytes.h"
#include "record/base/tlv.h"

/* Selecting and reading, ISO/IEC 7816-4, 7.1 and 7.2, with the access rules of ICAO 9303-10, 3.6.
 */

#define MASTER_FILE 0x3F00
#define FID_FINGERS 0x0103
#define FID_IRISES 0x0104

static void
append_fcp (GByteArray *out, const FastChipFile *file)
{
  g_autoptr (GByteArray) inner = g_byte_array_new ();
  const guint8 size[] = {(guint8)(file->content->len >> 8), (guint8)file->content->len};
  const guint8 fid[] = {(guint8)(file->fid >> 8), (guint8)file->fid};
  const guint8 transparent = 0x01;

  fast_tlv_append (inner, FAST_TAG_FILE_SIZE, size, sizeof size);
  fast_tlv_append (inner, FAST_TAG_FILE_DESCRIPTOR, &transparent, 1);
  fast_tlv_append (inner, FAST_TAG_FILE_IDENTIFIER, fid, sizeof fid);
  fast_tlv_append_array (out, FAST_TAG_FCP, inner);
}

static guint16
enter (FastVirtualChip *chip, FastChipFolder folder)
{
  chip->folder = folder;
  chip->current = NULL;
  return FAST_SW_OK;
}

static guint16
select_application (FastChipCall *call)
{
  if (call->command.size != FAST_EMRTD_AID_SIZE ||
      memcmp (call->command.data, FAST_EMRTD_AID, FAST_EMRTD_AID_SIZE) != 0)
    return FAST_SW_FILE_ABSENT;
  return enter (call->chip, FAST_CHIP_APPLICATION);
}

static guint16
select_master_file (FastChipCall *call)
{
  const guint8 *fid = call->command.data;

  if (call->command.size != 0 && (call->command.size != 2 || (fid[0] << 8 | fid[1]) != MASTER_FILE))
    return FAST_SW_FILE_ABSENT;
  return enter (call->chip, FAST_CHIP_MASTER_FILE);
}

/* The right that a file needs beyond access control: fingers and irises are for terminals that a
 * State authorised (ICAO 9303-10, 3.6). */
static FastCvRights
needed_right (const FastChipFile *file)
{
  if (file->folder != FAST_CHIP_APPLICATION)
    return FAST_CV_RIGHT_NONE;
  return file->fid == FID_FINGERS  ? FAST_CV_RIGHT_DG3
         : file->fid == FID_IRISES ? FAST_CV_RIGHT_DG4
                                   : FAST_CV_RIGHT_NONE;
}

static gboolean
is_guarded (const FastVirtualChip *chip, const FastChipFile *file)
{
  const FastCvRights needed = needed_right (file);

  return (chip->rights & needed) != needed;
}

/* Until the chip is activated who writes may select what it made; reading needs access control even
 * then. Afterwards nothing of the application is told before access control, not even whether a
 * file exists. The master file's files are for everybody. */
static gboolean
may_select (const FastChipCall *call)
{
  return call->chip->folder == FAST_CHIP_MASTER_FILE ||
         call->chip->access >= FAST_CHIP_ACCESS_BASIC ||
         call->chip->state->life != FAST_LIFE_CYCLE_ACTIVE;
}

static gboolean
may_read (const FastChipCall *call)
{
  return call->chip->folder == FAST_CHIP_MASTER_FILE ||
         (call->secured && call->chip->access >= FAST_CHIP_ACCESS_BASIC);
}

static guint16
select_file (FastChipCall *call)
{
  const guint8 *fid = call->command.data;
  FastChipFile *file;

  if (call->command.size != 2)
    return FAST_SW_LENGTH;
  if (!may_select (call))
    return FAST_SW_SECURITY;
  file =
      fast_chip_state_find (call->chip->state, call->chip->folder, (guint16)(fid[0] << 8 | fid[1]));
  if (file == NULL)
    return FAST_SW_FILE_ABSENT;
  if (call->secured && is_guarded (call->chip, file))
    return FAST_SW_SECURITY;
  call->chip->current = file;
  if (call->command.p2 == 0x04)
    append_fcp (call->out, file);
  return FAST_SW_OK;
}

/**
 * fast_chip_select:
 * @call: SELECT
 *
 * Returns: its status word
 */
guint16
fast_chip_select (FastChipCall *call)
{
  if (call->command.p2 != 0x0C && call->command.p2 != 0x04 && call->command.p2 != 0x00)
    return FAST_SW_P1P2;
  switch (call->command.p1) {
  case 0x00:
    return select_master_file (call);
  case 0x02:
    return select_file (call);
  case 0x04:
    return select_application (call);
  default:
    return FAST_SW_P1P2;
  }
}

/**
 * fast_chip_locate:
 * @call: READ BINARY or UPDATE BINARY
 * @offset: (out): where it begins
 *
 * P1 with its highest bit set names a file by its short identifier, else P1 and P2 are an offset
 * (ISO/IEC 7816-4, 7.2.3).
 *
 * Returns: 9000 when the selected file has a byte there
 */
guint16
fast_chip_locate (FastChipCall *call, gsize *offset)
{
  const guint8 p1 = call->command.p1;
  FastVirtualChip *chip = call->chip;
  FastChipFile *file;

  *offset = fast_chip_call_parameters (call);
  if ((p1 & 0x80) != 0) {
    if ((p1 & 0x60) != 0)
      return FAST_SW_P1P2;
    file = fast_chip_state_find_short (chip->state, chip->folder, p1 & 0x1F);
    if (file == NULL)
      return FAST_SW_FILE_ABSENT;
    chip->current = file;
    *offset = call->command.p2;
  }
  if (chip->current == NULL)
    return FAST_SW_NO_FILE_SELECTED;
  return *offset < chip->current->content->len ? FAST_SW_OK : FAST_SW_OFFSET;
}

/* What fits the answer: a short one, or as much as the chip announces in EF.ATR/INFO. */
static gsize
answer_max (const FastChipCall *call)
{
  const gsize limit = call->command.extended ? FAST_PERSO_APDU_MAX : FAST_RESPONSE_SIZE_MAX;

  if (call->in_channel)
    return fast_scp03_read_max (call->chip->channel, limit);
  return call->secured ? fast_secure_messaging_read_max (call->chip->session, limit) : limit - 2;
}

/**
 * fast_chip_read_binary:
 * @call: READ BINARY
 *
 * Returns: its status word
 */
guint16
fast_chip_read_binary (FastChipCall *call)
{
  gsize wanted = MIN (call->command.le, answer_max (call));
  gsize offset;
  gsize left;
  guint16 status;

  if (!may_read (call))
    return FAST_SW_SECURITY;
  if (call->command.le == 0 || call->command.size != 0)
    return FAST_SW_LENGTH;
  status = fast_chip_locate (call, &offset);
  if (status != FAST_SW_OK)
    return status;
  if (is_guarded (call->chip, call->chip->current))
    return FAST_SW_SECURITY;
  left = call->chip->current->content->len - offset;
  fast_append (call->out, call->chip->current->content->data + offset, MIN (wanted, left));
  return wanted > left && call->command.le < FAST_COMMAND_LE_MAX ? FAST_SW_END_OF_FILE : FAST_SW_OK;
}
