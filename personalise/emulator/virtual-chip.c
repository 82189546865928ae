/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/virtual-chip.h"

#include <string.h>

#include "personalise/apdu/status-word.h"
#include "record/base/bytes.h"
#include "record/base/durable.h"
#include "record/base/error.h"
#include "record/base/tlv.h"

#define FILE_LIMIT (1024 * 1024)
#define MEMORY (80 * 1024)
#define SECURED_CLASS 0x0C
#define SECURED_ANSWER_MAX 231
#define MASTER_FILE 0x3F00

struct _FastVirtualChip {
  char *path;
  FastChipState *state;
  FastSecureMessaging *session;
  gboolean selected;
  FastChipFile *current;
  gboolean challenged;
  FastBacSide side;
};

/* One command as its handler sees it: already unwrapped. */
typedef struct {
  FastVirtualChip *chip;
  FastCommand command;
  gboolean secured;
  GByteArray *out;
} Call;

typedef struct {
  guint8 ins;
  guint16 (*run) (Call *call);
} Handler;

static guint16
parameters (const Call *call)
{
  return (guint16)(call->command.p1 << 8 | call->command.p2);
}

/* Writes the state; when that fails the chip is again what its file says. */
static guint16
save (FastVirtualChip *chip)
{
  g_autoptr (GBytes) bytes = fast_chip_state_format (chip->state);
  g_autoptr (GBytes) old = NULL;
  FastChipState *state = NULL;
  g_autoptr (GError) error = NULL;

  if (fast_durable_replace (chip->path, bytes, 0600, FAST_POINT ("virtual-chip"), &error))
    return FAST_SW_OK;
  g_message ("the virtual chip cannot be written: %s", error->message);
  old = fast_bytes_read_file (chip->path, FILE_LIMIT, NULL);
  state = old == NULL ? NULL : fast_chip_state_parse (old, NULL);
  if (state != NULL) {
    chip->current = NULL;
    fast_chip_state_free (chip->state);
    chip->state = state;
  }
  return FAST_SW_MEMORY;
}

/* --- selecting and reading --- */

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
select_application (Call *call)
{
  if (call->command.size != FAST_EMRTD_AID_SIZE ||
      memcmp (call->command.data, FAST_EMRTD_AID, FAST_EMRTD_AID_SIZE) != 0)
    return FAST_SW_FILE_ABSENT;
  call->chip->selected = TRUE;
  call->chip->current = NULL;
  return FAST_SW_OK;
}

static guint16
select_master_file (Call *call)
{
  const guint8 *fid = call->command.data;

  if (call->command.size != 0 && (call->command.size != 2 || (fid[0] << 8 | fid[1]) != MASTER_FILE))
    return FAST_SW_FILE_ABSENT;
  call->chip->selected = FALSE;
  call->chip->current = NULL;
  return FAST_SW_OK;
}

/* ICAO 9303-10, 3.6: after personalisation nothing is told before access control, not even whether
 * a file exists. */
static guint16
select_file (Call *call)
{
  const guint8 *fid = call->command.data;
  FastChipFile *file;

  if (call->command.size != 2)
    return FAST_SW_LENGTH;
  if (!call->chip->selected)
    return FAST_SW_FILE_ABSENT;
  if (call->chip->state->life == FAST_LIFE_CYCLE_ACTIVE && !call->secured)
    return FAST_SW_SECURITY;
  file = fast_chip_state_find (call->chip->state, (guint16)(fid[0] << 8 | fid[1]));
  if (file == NULL)
    return FAST_SW_FILE_ABSENT;
  call->chip->current = file;
  if (call->command.p2 == 0x04)
    append_fcp (call->out, file);
  return FAST_SW_OK;
}

static guint16
run_select (Call *call)
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

/* P1 with its highest bit set names a file by its short identifier, else P1 and P2 are an offset
 * (ISO/IEC 7816-4, 7.2.3). */
static guint16
locate (Call *call, gsize *offset)
{
  const guint8 p1 = call->command.p1;
  FastChipFile *file;

  *offset = parameters (call);
  if ((p1 & 0x80) != 0) {
    if ((p1 & 0x60) != 0)
      return FAST_SW_P1P2;
    file = fast_chip_state_find_short (call->chip->state, p1 & 0x1F);
    if (file == NULL)
      return FAST_SW_FILE_ABSENT;
    call->chip->current = file;
    *offset = call->command.p2;
  }
  if (call->chip->current == NULL)
    return FAST_SW_NO_FILE_SELECTED;
  return *offset < call->chip->current->content->len ? FAST_SW_OK : FAST_SW_OFFSET;
}

static guint16
run_read_binary (Call *call)
{
  gsize wanted = MIN (call->command.le, SECURED_ANSWER_MAX);
  gsize offset;
  gsize left;
  guint16 status;

  if (!call->chip->selected || !call->secured)
    return FAST_SW_SECURITY;
  if (call->command.le == 0 || call->command.size != 0)
    return FAST_SW_LENGTH;
  status = locate (call, &offset);
  if (status != FAST_SW_OK)
    return status;
  left = call->chip->current->content->len - offset;
  fast_append (call->out, call->chip->current->content->data + offset, MIN (wanted, left));
  return wanted > left && call->command.le < FAST_COMMAND_LE_MAX ? FAST_SW_END_OF_FILE : FAST_SW_OK;
}

/* --- access control --- */

static guint16
run_get_challenge (Call *call)
{
  FastVirtualChip *chip = call->chip;

  if (parameters (call) != 0)
    return FAST_SW_P1P2;
  if (call->command.le != FAST_BAC_CHALLENGE_SIZE || call->command.size != 0)
    return FAST_SW_LENGTH;
  if (!chip->selected || call->secured || !fast_bac_side_draw (&chip->side, NULL))
    return FAST_SW_CONDITIONS;
  chip->challenged = TRUE;
  fast_append (call->out, chip->side.challenge, sizeof chip->side.challenge);
  return FAST_SW_OK;
}

/* A challenge serves one attempt only. */
static guint16
run_external_authenticate (Call *call)
{
  FastVirtualChip *chip = call->chip;
  const gboolean challenged = chip->challenged;
  guint8 answer[FAST_BAC_CRYPTOGRAM_SIZE];

  chip->challenged = FALSE;
  if (parameters (call) != 0)
    return FAST_SW_P1P2;
  if (call->command.size != FAST_BAC_CRYPTOGRAM_SIZE)
    return FAST_SW_LENGTH;
  if (!challenged || !chip->state->has_keys || call->secured)
    return FAST_SW_CONDITIONS;
  chip->session =
      fast_bac_chip_answer (&chip->state->keys, &chip->side, call->command.data, answer, NULL);
  fast_bac_side_clear (&chip->side);
  if (chip->session == NULL)
    return FAST_SW_AUTHENTICATION;
  fast_append (call->out, answer, sizeof answer);
  return FAST_SW_OK;
}

/* --- personalisation --- */

static gboolean
is_closed (const Call *call)
{
  return !call->chip->selected || call->secured ||
         call->chip->state->life == FAST_LIFE_CYCLE_ACTIVE;
}

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
run_create_file (Call *call)
{
  FastVirtualChip *chip = call->chip;
  guint16 fid;
  guint16 size;

  if (is_closed (call))
    return FAST_SW_CONDITIONS;
  if (parameters (call) != 0)
    return FAST_SW_P1P2;
  if (!read_parameters (&call->command, &fid, &size))
    return FAST_SW_DATA;
  if (fast_chip_state_find (chip->state, fid) != NULL)
    return FAST_SW_FILE_EXISTS;
  if (fast_chip_state_used (chip->state) + size > MEMORY)
    return FAST_SW_NO_SPACE;
  chip->current = fast_chip_state_add (chip->state, fid, size);
  chip->state->life = FAST_LIFE_CYCLE_OPEN;
  return save (chip);
}

static guint16
run_update_binary (Call *call)
{
  FastVirtualChip *chip = call->chip;
  gsize offset;
  guint16 status;

  if (is_closed (call))
    return FAST_SW_CONDITIONS;
  if (call->command.size == 0 || call->command.le != 0)
    return FAST_SW_LENGTH;
  status = locate (call, &offset);
  if (status != FAST_SW_OK)
    return status;
  if (!fast_copy (chip->current->content->data + offset, chip->current->content->len - offset,
                  call->command.data, call->command.size))
    return FAST_SW_NO_SPACE;
  return save (chip);
}

static gboolean
read_keys (const FastCommand *command, FastBacKeys *keys)
{
  FastReader reader = fast_reader_new (command->data, command->size, "keys");
  FastTlv enc;
  FastTlv mac;

  return fast_tlv_expect (&reader, FAST_TAG_KEY_ENC, &enc, NULL) &&
         fast_tlv_expect (&reader, FAST_TAG_KEY_MAC, &mac, NULL) &&
         fast_reader_end (&reader, NULL) && enc.size == sizeof keys->enc &&
         mac.size == sizeof keys->mac && fast_copy (keys->enc, enc.size, enc.value, enc.size) &&
         fast_copy (keys->mac, mac.size, mac.value, mac.size);
}

static guint16
run_put_data (Call *call)
{
  FastVirtualChip *chip = call->chip;

  if (is_closed (call))
    return FAST_SW_CONDITIONS;
  if (parameters (call) != FAST_DATA_ACCESS_KEYS)
    return FAST_SW_P1P2;
  if (!read_keys (&call->command, &chip->state->keys))
    return FAST_SW_DATA;
  chip->state->has_keys = TRUE;
  chip->state->life = FAST_LIFE_CYCLE_OPEN;
  return save (chip);
}

static guint16
run_activate (Call *call)
{
  FastVirtualChip *chip = call->chip;

  if (is_closed (call) || !chip->state->has_keys || chip->state->files->len == 0)
    return FAST_SW_CONDITIONS;
  if (parameters (call) != 0)
    return FAST_SW_P1P2;
  chip->state->life = FAST_LIFE_CYCLE_ACTIVE;
  return save (chip);
}

/* The serial would let anyone follow the card's holder: it is told only until activation. */
static guint16
run_get_data (Call *call)
{
  const FastChipState *state = call->chip->state;
  const guint8 life = (guint8)state->life;

  switch (parameters (call)) {
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

static const Handler handlers[] = {
    {FAST_INS_ACTIVATE, run_activate},
    {FAST_INS_EXTERNAL_AUTHENTICATE, run_external_authenticate},
    {FAST_INS_GET_CHALLENGE, run_get_challenge},
    {FAST_INS_SELECT, run_select},
    {FAST_INS_READ_BINARY, run_read_binary},
    {FAST_INS_GET_DATA, run_get_data},
    {FAST_INS_UPDATE_BINARY, run_update_binary},
    {FAST_INS_PUT_DATA, run_put_data},
    {FAST_INS_CREATE_FILE, run_create_file},
};

/* --- the way in and out --- */

static guint16
run (Call *call)
{
  guint16 status = FAST_SW_INSTRUCTION;

  if (call->command.cla != 0x00)
    return FAST_SW_CLASS;
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    if (handlers[i].ins == call->command.ins)
      status = handlers[i].run (call);
  return status;
}

static GBytes *
answer (Call *call, const guint8 *data, gsize size)
{
  guint16 status = FAST_SW_LENGTH;

  if (fast_command_parse (&call->command, data, size, NULL))
    status = run (call);
  if (status != FAST_SW_OK && status != FAST_SW_END_OF_FILE)
    g_byte_array_set_size (call->out, 0);
  if (!call->secured)
    return fast_response_build (call->out->data, call->out->len, status);
  return fast_secure_messaging_wrap_response (call->chip->session, call->out->data, call->out->len,
                                              status, NULL);
}

static GBytes *
close_session (FastVirtualChip *chip, guint16 status)
{
  g_clear_pointer (&chip->session, fast_secure_messaging_free);
  chip->current = NULL;
  return fast_response_build (NULL, 0, status);
}

static GBytes *
answer_secured (Call *call)
{
  g_autoptr (GBytes) plain =
      fast_secure_messaging_unwrap_command (call->chip->session, &call->command, NULL);

  if (plain == NULL)
    return close_session (call->chip, FAST_SW_SM_WRONG);
  call->secured = TRUE;
  return answer (call, g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
}

/**
 * fast_virtual_chip_transmit:
 * @chip: a chip with power
 * @command: a C-APDU as a reader sent it
 * @size: how many bytes
 *
 * A plain command ends a secured session (ICAO 9303-11, 9.8.3).
 *
 * Returns: (transfer full): the R-APDU
 */
GBytes *
fast_virtual_chip_transmit (FastVirtualChip *chip, gconstpointer command, gsize size)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  Call call = {.chip = chip, .out = out};

  if (!fast_command_parse (&call.command, command, size, NULL))
    return close_session (chip, FAST_SW_LENGTH);
  if ((call.command.cla & SECURED_CLASS) == SECURED_CLASS)
    return chip->session != NULL ? answer_secured (&call) : close_session (chip, FAST_SW_SECURITY);
  if (chip->session != NULL)
    g_bytes_unref (close_session (chip, FAST_SW_OK));
  return answer (&call, command, size);
}

/**
 * fast_virtual_chip_reset:
 * @chip: a chip that loses its power: session, selection and challenge are gone, memory stays
 */
void
fast_virtual_chip_reset (FastVirtualChip *chip)
{
  g_clear_pointer (&chip->session, fast_secure_messaging_free);
  fast_bac_side_clear (&chip->side);
  chip->challenged = FALSE;
  chip->selected = FALSE;
  chip->current = NULL;
}

/**
 * fast_virtual_chip_state:
 * @chip: a chip
 *
 * Returns: (transfer none): what is in its memory; valid until the next command
 */
const FastChipState *
fast_virtual_chip_state (FastVirtualChip *chip)
{
  return chip->state;
}

static gboolean
load (FastVirtualChip *chip, GError **error)
{
  g_autoptr (GBytes) bytes = fast_bytes_read_file (chip->path, FILE_LIMIT, error);

  if (bytes == NULL)
    return FALSE;
  chip->state = fast_chip_state_parse (bytes, error);
  return chip->state != NULL || fast_error_prefix (error, "chip-state", "path=%s", chip->path);
}

static gboolean
make_blank (FastVirtualChip *chip, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  chip->state = fast_chip_state_new_blank (error);
  if (chip->state == NULL)
    return FALSE;
  bytes = fast_chip_state_format (chip->state);
  return fast_durable_replace (chip->path, bytes, 0600, FAST_POINT ("virtual-chip"), error);
}

/**
 * fast_virtual_chip_open:
 * @path: the file of its memory; a blank chip is made when there is none
 * @error: return location for an error
 *
 * Returns: (transfer full): the chip, without power
 */
FastVirtualChip *
fast_virtual_chip_open (const char *path, GError **error)
{
  g_autoptr (FastVirtualChip) chip = g_new0 (FastVirtualChip, 1);

  chip->path = g_strdup (path);
  if (g_file_test (path, G_FILE_TEST_EXISTS) ? load (chip, error) : make_blank (chip, error))
    return g_steal_pointer (&chip);
  return NULL;
}

/**
 * fast_virtual_chip_free:
 * @chip: (transfer full): its file stays
 */
void
fast_virtual_chip_free (FastVirtualChip *chip)
{
  fast_virtual_chip_reset (chip);
  g_clear_pointer (&chip->state, fast_chip_state_free);
  g_free (chip->path);
  g_free (chip);
}
