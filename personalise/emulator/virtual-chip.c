/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/virtual-chip.h"

#include "personalise/apdu/answer-to-reset.h"
#include "personalise/apdu/status-word.h"
#include "personalise/emulator/chip-call.h"
#include "personalise/lds/lds.h"
#include "record/base/bytes.h"
#include "record/base/durable.h"
#include "record/base/error.h"

#define FILE_LIMIT (1024 * 1024)
#define SECURED_CLASS 0x0C
#define CHAIN_LIMIT 4096

/**
 * fast_chip_call_parameters:
 * @call: a command
 *
 * Returns: P1 and P2 as one number
 */
guint16
fast_chip_call_parameters (const FastChipCall *call)
{
  return (guint16)(call->command.p1 << 8 | call->command.p2);
}

/* The stream that follows from the seed: SHA-256 over seed and a counter. */
static gboolean
draw_seeded (gpointer data, gpointer to, gsize size, GError **error G_GNUC_UNUSED)
{
  FastVirtualChip *chip = data;
  guint8 *out = to;

  while (size > 0) {
    const guint64 input[] = {GUINT64_TO_BE (chip->seed), GUINT64_TO_BE (chip->drawn++)};
    guint8 digest[FAST_SHA256_SIZE];
    const gsize piece = MIN (size, sizeof digest);

    fast_sha256 (input, sizeof input, digest);
    fast_copy (out, size, digest, piece);
    out += piece;
    size -= piece;
  }
  return TRUE;
}

/**
 * fast_chip_random_source:
 * @chip: a chip
 *
 * Returns: (nullable): where its challenges, nonces and keys come from; %NULL: from the library
 */
const FastRandomSource *
fast_chip_random_source (FastVirtualChip *chip)
{
  return chip->seeded ? &chip->source : NULL;
}

/**
 * fast_chip_save:
 * @chip: a chip whose state was changed
 *
 * Writes the state; when that fails the chip is again what its file says.
 *
 * Returns: 9000 or 6581
 */
guint16
fast_chip_save (FastVirtualChip *chip)
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

/* What every eMRTD answers; the chip's software adds its personalisation. */
static const FastChipCommand commands[] = {
    {FAST_INS_VERIFY_CERTIFICATE, FALSE, FAST_CHIP_ACCESS_CHIP,
     fast_chip_run_terminal_authentication, FALSE},
    {FAST_INS_INTERNAL_AUTHENTICATE, FALSE, FAST_CHIP_ACCESS_BASIC, fast_chip_internal_authenticate,
     FALSE},
    {FAST_INS_MANAGE_ENVIRONMENT, FALSE, FAST_CHIP_ACCESS_NONE, fast_chip_manage_environment,
     FALSE},
    {FAST_INS_GENERAL_AUTHENTICATE, FALSE, FAST_CHIP_ACCESS_NONE, fast_chip_general_authenticate,
     TRUE},
    {FAST_INS_EXTERNAL_AUTHENTICATE, FALSE, FAST_CHIP_ACCESS_NONE, fast_chip_external_authenticate,
     FALSE},
    {FAST_INS_GET_CHALLENGE, FALSE, FAST_CHIP_ACCESS_NONE, fast_chip_get_challenge, FALSE},
    {FAST_INS_SELECT, FALSE, FAST_CHIP_ACCESS_NONE, fast_chip_select, FALSE},
    {FAST_INS_READ_BINARY, FALSE, FAST_CHIP_ACCESS_NONE, fast_chip_read_binary, FALSE},
};

static const FastChipSoftware *const softwares[] = {&fast_chip_icao_perso, &fast_chip_jmrtd};

static const FastChipSoftware *
find_software (guint8 number)
{
  for (guint i = 0; i < G_N_ELEMENTS (softwares); i++)
    if (softwares[i]->number == number)
      return softwares[i];
  return NULL;
}

static const FastChipSoftware *
find_software_by_name (const char *name, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (softwares); i++)
    if (name == NULL || g_str_equal (softwares[i]->name, name))
      return softwares[i];
  return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "applet-unknown",
                         "applet=%s", name);
}

static const FastChipCommand *
find_command (const FastChipCommand *rows, gsize count, guint8 ins)
{
  for (gsize i = 0; i < count; i++)
    if (rows[i].ins == ins)
      return &rows[i];
  return NULL;
}

static const FastChipCommand *
find_row (const FastVirtualChip *chip, guint8 ins)
{
  const FastChipSoftware *software = chip->software;
  const FastChipCommand *row = find_command (software->commands, software->count, ins);

  return row != NULL || software->alone ? row
                                        : find_command (commands, G_N_ELEMENTS (commands), ins);
}

/* In plain, and through the channel alone where there are transport keys. */
static gboolean
may_personalise (const FastChipCall *call)
{
  const FastChipState *state = call->chip->state;

  if (state->life == FAST_LIFE_CYCLE_ACTIVE)
    return FALSE;
  return fast_chip_has_issuer (state) ? call->in_channel : !call->secured;
}

/* Whether the state of the chip lets this command through; each link of a chain is asked. */
static guint16
check_row (const FastChipCommand *row, const FastChipCall *call)
{
  if (row->until_active && !may_personalise (call))
    return call->chip->state->life == FAST_LIFE_CYCLE_ACTIVE || call->secured ? FAST_SW_CONDITIONS
                                                                              : FAST_SW_SECURITY;
  return call->chip->access < row->least ? FAST_SW_SECURITY : FAST_SW_OK;
}

static guint16
run_row (const FastChipCommand *row, FastChipCall *call)
{
  const guint16 status = check_row (row, call);

  return status == FAST_SW_OK ? row->run (call) : status;
}

static guint16
drop_chain (FastVirtualChip *chip, guint16 status)
{
  fast_wipe (chip->chain->data, chip->chain->len);
  g_byte_array_set_size (chip->chain, 0);
  return status;
}

/* A chain is one command in pieces; another command between them breaks it (ISO/IEC 7816-4,
 * 5.3.3). */
static guint16
run_chained (const FastChipCommand *row, FastChipCall *call)
{
  FastVirtualChip *chip = call->chip;
  const gboolean more = (call->command.cla & FAST_CLASS_CHAINED) != 0;
  guint16 status = check_row (row, call);

  if (status != FAST_SW_OK)
    return drop_chain (chip, status);
  if (chip->chain->len > 0 && chip->chain_ins != call->command.ins)
    drop_chain (chip, FAST_SW_OK);
  if (!more && chip->chain->len == 0)
    return run_row (row, call);
  if (chip->chain->len + call->command.size > CHAIN_LIMIT)
    return drop_chain (chip, FAST_SW_LENGTH);
  fast_append (chip->chain, call->command.data, call->command.size);
  chip->chain_ins = call->command.ins;
  if (more)
    return FAST_SW_OK;
  call->command.data = chip->chain->data;
  call->command.size = chip->chain->len;
  status = run_row (row, call);
  return drop_chain (chip, status);
}

static guint16
run (FastChipCall *call)
{
  const FastChipCommand *row = find_row (call->chip, call->command.ins);

  if ((call->command.cla & ~FAST_CLASS_CHAINED) != 0x00)
    return FAST_SW_CLASS;
  if (row == NULL)
    return FAST_SW_INSTRUCTION;
  return row->in_steps ? run_row (row, call) : run_chained (row, call);
}

/* Chip authentication changes the keys once its own last answer is out. */
static GBytes *
wrap_answer (FastChipCall *call, guint16 status)
{
  FastVirtualChip *chip = call->chip;
  GBytes *wrapped = fast_secure_messaging_wrap_response (chip->session, call->out->data,
                                                         call->out->len, status, NULL);

  if (chip->next != NULL) {
    fast_secure_messaging_free (chip->session);
    chip->session = g_steal_pointer (&chip->next);
  }
  return wrapped;
}

static gboolean
takes_length (const FastChipCall *call)
{
  return !call->command.extended ||
         (call->chip->software->capabilities & FAST_CARD_CAPABILITY_EXTENDED) != 0;
}

static GBytes *
answer (FastChipCall *call, const guint8 *data, gsize size)
{
  guint16 status = FAST_SW_LENGTH;

  if (fast_command_parse (&call->command, data, size, NULL) && takes_length (call))
    status = run (call);
  if (status != FAST_SW_OK && status != FAST_SW_END_OF_FILE)
    g_byte_array_set_size (call->out, 0);
  if (!call->secured)
    return fast_response_build (call->out->data, call->out->len, status);
  return call->in_channel ? fast_chip_wrap_channel (call, status) : wrap_answer (call, status);
}

/**
 * fast_chip_end_session:
 * @chip: its secured session ends, and with it what was proven and what was under way
 */
void
fast_chip_end_session (FastVirtualChip *chip)
{
  g_clear_pointer (&chip->session, fast_secure_messaging_free);
  g_clear_pointer (&chip->next, fast_secure_messaging_free);
  g_clear_pointer (&chip->issuer, fast_scp03_card_free);
  g_clear_pointer (&chip->channel, fast_scp03_free);
  g_clear_pointer (&chip->terminal, fast_terminal_check_free);
  g_clear_pointer (&chip->trust, fast_cv_trust_free);
  g_clear_pointer (&chip->identity, g_bytes_unref);
  fast_chip_drop_protocol (chip);
  drop_chain (chip, FAST_SW_OK);
  chip->rights = FAST_CV_RIGHT_NONE;
  chip->access = FAST_CHIP_ACCESS_NONE;
  chip->current = NULL;
}

static GBytes *
close_session (FastVirtualChip *chip, guint16 status)
{
  fast_chip_end_session (chip);
  return fast_response_build (NULL, 0, status);
}

static GBytes *
answer_secured (FastChipCall *call)
{
  g_autoptr (GBytes) plain =
      fast_secure_messaging_unwrap_command (call->chip->session, &call->command, NULL);

  if (plain == NULL)
    return close_session (call->chip, FAST_SW_SM_WRONG);
  call->secured = TRUE;
  return answer (call, g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
}

static GBytes *
answer_in_channel (FastChipCall *call)
{
  g_autoptr (GBytes) plain = fast_chip_unwrap_channel (call);

  if (plain == NULL)
    return close_session (call->chip, FAST_SW_SECURITY);
  call->secured = TRUE;
  call->in_channel = TRUE;
  return answer (call, g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
}

/* The handshake ends whatever there was, and anything between its two commands ends it. */
static GBytes *
answer_handshake (FastChipCall *call)
{
  FastVirtualChip *chip = call->chip;
  guint16 status;

  if (call->command.cla == FAST_CHIP_CLASS_HANDSHAKE) {
    fast_chip_end_session (chip);
    status = fast_chip_initialize_update (call);
  } else {
    status = fast_chip_open_channel (call);
  }
  return fast_response_build (call->out->data, call->out->len, status);
}

/**
 * fast_virtual_chip_transmit:
 * @chip: a chip with power
 * @command: a C-APDU as a reader sent it
 * @size: how many bytes
 *
 * A plain command ends a secured session (ICAO 9303-11, 9.8.3), and a channel.
 *
 * Returns: (transfer full): the R-APDU
 */
GBytes *
fast_virtual_chip_transmit (FastVirtualChip *chip, gconstpointer command, gsize size)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  FastChipCall call = {.chip = chip, .out = out};

  if (!fast_command_parse (&call.command, command, size, NULL))
    return close_session (chip, FAST_SW_LENGTH);
  if ((call.command.cla & SECURED_CLASS) == SECURED_CLASS)
    return chip->session != NULL ? answer_secured (&call) : close_session (chip, FAST_SW_SECURITY);
  if (fast_chip_has_issuer (chip->state) && fast_chip_is_handshake (&call))
    return answer_handshake (&call);
  if (fast_chip_has_issuer (chip->state) && fast_chip_is_in_channel (&call))
    return answer_in_channel (&call);
  if (chip->session != NULL || chip->issuer != NULL || chip->channel != NULL)
    fast_chip_end_session (chip);
  return answer (&call, command, size);
}

/**
 * fast_virtual_chip_reset:
 * @chip: a chip that loses its power: session, selection and challenge are gone, memory stays
 */
void
fast_virtual_chip_reset (FastVirtualChip *chip)
{
  fast_chip_end_session (chip);
  chip->folder = FAST_CHIP_MASTER_FILE;
}

/**
 * fast_virtual_chip_capabilities:
 * @chip: a chip
 *
 * Returns: bits of #FastCardCapability: what its software can do, and whether there is an
 *   EF.ATR/INFO that says more
 */
guint
fast_virtual_chip_capabilities (FastVirtualChip *chip)
{
  const FastChipFile *info =
      fast_chip_state_find (chip->state, FAST_CHIP_MASTER_FILE, fast_file_atr_info ()->fid);

  return chip->software->capabilities | (info != NULL ? FAST_CARD_CAPABILITY_INFO : 0);
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
  if (chip->state == NULL)
    return fast_error_prefix (error, "chip-state", "path=%s", chip->path);
  chip->software = find_software (chip->state->software);
  return chip->software != NULL ||
         fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "chip-state-software",
                    "path=%s, software=%u", chip->path, (guint)chip->state->software);
}

/**
 * fast_virtual_chip_make_blank:
 * @path: the file of its memory; one that is there stays as it is
 * @blank: with what it leaves the factory
 * @error: return location for an error
 *
 * Returns: whether there is a chip now
 */
gboolean
fast_virtual_chip_make_blank (const char *path, const FastChipBlank *blank, GError **error)
{
  const FastChipSoftware *software = find_software_by_name (blank->software, error);
  g_autoptr (FastChipState) state = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (software == NULL)
    return FALSE;
  if (blank->keys != NULL && software->alone)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "applet-cannot",
                      "applet=%s", software->name);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  state = fast_chip_state_new_blank (software->number, error);
  if (state == NULL ||
      (blank->keys != NULL && !fast_chip_put_issuer (state, blank->keys, blank->options, error)))
    return FALSE;
  bytes = fast_chip_state_format (state);
  return fast_durable_replace (path, bytes, 0600, FAST_POINT ("virtual-chip"), error);
}

/**
 * fast_virtual_chip_open:
 * @path: the file of its memory; a blank chip without transport keys is made when there is none
 * @error: return location for an error
 *
 * Returns: (transfer full): the chip, without power
 */
FastVirtualChip *
fast_virtual_chip_open (const char *path, GError **error)
{
  g_autoptr (FastVirtualChip) chip = g_new0 (FastVirtualChip, 1);

  chip->path = g_strdup (path);
  chip->chain = g_byte_array_new ();
  if (fast_virtual_chip_make_blank (path, &(FastChipBlank){0}, error) && load (chip, error))
    return g_steal_pointer (&chip);
  return NULL;
}

/**
 * fast_virtual_chip_set_seed:
 * @chip: a chip
 * @seed: from now on its challenges, nonces and ephemeral keys follow from this number
 *
 * For repeatable exchanges. Never for a chip that protects anything.
 */
void
fast_virtual_chip_set_seed (FastVirtualChip *chip, guint64 seed)
{
  chip->seeded = TRUE;
  chip->source = (FastRandomSource){draw_seeded, chip};
  chip->seed = seed;
  chip->drawn = 0;
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
  g_byte_array_unref (chip->chain);
  g_free (chip->path);
  g_free (chip);
}
