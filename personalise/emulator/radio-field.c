/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/radio-field.h"

#include "personalise/apdu/apdu.h"
#include "record/base/bytes.h"

#define GARBAGE_MAX 258
#define NO_PRECISE_DIAGNOSIS 0x6F00 /* ISO/IEC 7816-4, 5.6 */

/* Sizes of one exchange. */
typedef struct {
  guint32 command;
  guint32 response;
} Sizes;

struct _FastRadioField {
  FastVirtualChip *chip;
  gboolean present;
  gboolean tearing;
  guint until_tear;
  FastTear tear;
  guint garbled;
  gboolean seeded;
  guint64 seed;
  guint64 drawn;
  FastReplay *replay;
  FastRecording *recording;
  GArray *exchanges;
  FastTroubleFunc listener;
  gpointer listener_data;
  guint8 identifier[FAST_RADIO_FIELD_IDENTIFIER_SIZE];
};

/* Random bytes, or those that follow from the seed. */
static void
draw (FastRadioField *field, guint8 *data, gsize size)
{
  guint8 digest[FAST_SHA256_SIZE];

  if (!field->seeded) {
    if (!fast_random (data, size, NULL))
      g_message ("no random bytes for the virtual field");
    return;
  }
  for (gsize i = 0; i < size; i += sizeof digest) {
    const guint64 input[] = {GUINT64_TO_BE (field->seed), GUINT64_TO_BE (field->drawn++)};
    fast_sha256 (input, sizeof input, digest);
    fast_copy (data + i, size - i, digest, MIN (sizeof digest, size - i));
  }
}

static void
tell (FastRadioField *field, const GError *error)
{
  if (field->listener != NULL)
    field->listener (error, field->listener_data);
}

/* ISO/IEC 14443-3, 6.5.4: an identifier whose first byte is 08 is random; a chip that holds
 * personal data shows no fixed one. It changes with every power-up. */
static void
draw_identifier (FastRadioField *field)
{
  draw (field, field->identifier, sizeof field->identifier);
  field->identifier[0] = 0x08;
}

/**
 * fast_radio_field_new:
 * @chip: (transfer full): is put into the field
 *
 * Returns: (transfer full): a field
 */
FastRadioField *
fast_radio_field_new (FastVirtualChip *chip)
{
  FastRadioField *field = g_new0 (FastRadioField, 1);

  field->chip = chip;
  field->exchanges = g_array_new (FALSE, FALSE, sizeof (Sizes));
  fast_radio_field_insert (field);
  return field;
}

/**
 * fast_radio_field_free:
 * @field: (transfer full): with its chip
 */
void
fast_radio_field_free (FastRadioField *field)
{
  fast_virtual_chip_free (field->chip);
  g_clear_pointer (&field->replay, fast_replay_free);
  g_clear_pointer (&field->recording, fast_recording_free);
  g_array_unref (field->exchanges);
  g_free (field);
}

/**
 * fast_radio_field_chip:
 * @field: a field
 *
 * Returns: (transfer none): its chip, whether it is in the field now or not
 */
FastVirtualChip *
fast_radio_field_chip (FastRadioField *field)
{
  return field->chip;
}

/**
 * fast_radio_field_swap:
 * @field: a field
 * @chip: (transfer full): takes the place of the chip that was there
 */
void
fast_radio_field_swap (FastRadioField *field, FastVirtualChip *chip)
{
  fast_virtual_chip_free (field->chip);
  field->chip = chip;
  if (field->seeded)
    fast_virtual_chip_set_seed (chip, field->seed);
  fast_radio_field_insert (field);
}

/**
 * fast_radio_field_set_seed:
 * @field: a field
 * @seed: what its chips draw at random follows from this number from now on: the identifier, nonces
 *   and ephemeral keys, and garbage
 */
void
fast_radio_field_set_seed (FastRadioField *field, guint64 seed)
{
  field->seeded = TRUE;
  field->seed = seed;
  field->drawn = 0;
  fast_virtual_chip_set_seed (field->chip, seed);
  draw_identifier (field);
}

/**
 * fast_radio_field_listen:
 * @field: a field
 * @listener: (nullable): is told of trouble
 * @data: for @listener
 */
void
fast_radio_field_listen (FastRadioField *field, FastTroubleFunc listener, gpointer data)
{
  field->listener = listener;
  field->listener_data = data;
}

/**
 * fast_radio_field_insert:
 * @field: its chip is put (back) into it; a tear that was ordered is forgotten
 */
void
fast_radio_field_insert (FastRadioField *field)
{
  field->present = TRUE;
  field->tearing = FALSE;
  fast_radio_field_cut_power (field);
}

/**
 * fast_radio_field_remove:
 * @field: its chip is taken away
 */
void
fast_radio_field_remove (FastRadioField *field)
{
  field->present = FALSE;
  fast_virtual_chip_reset (field->chip);
}

/**
 * fast_radio_field_tear:
 * @field: a field
 * @after: how many commands are still answered
 * @tear: what happens to the next one
 */
void
fast_radio_field_tear (FastRadioField *field, guint after, FastTear tear)
{
  field->tearing = TRUE;
  field->until_tear = after;
  field->tear = tear;
}

/**
 * fast_radio_field_garble:
 * @field: a field
 * @answers: how many of the next answers are random bytes; the chip acts on the commands all the
 * same
 */
void
fast_radio_field_garble (FastRadioField *field, guint answers)
{
  field->garbled = answers;
}

/**
 * fast_radio_field_replay:
 * @field: a field
 * @replay: (transfer full) (nullable): answers in the place of the chip; %NULL gives the word back
 * to it
 */
void
fast_radio_field_replay (FastRadioField *field, FastReplay *replay)
{
  g_clear_pointer (&field->replay, fast_replay_free);
  field->replay = replay;
}

/**
 * fast_radio_field_record:
 * @field: a field
 * @recording: (transfer full) (nullable): what is exchanged from now on is written to it
 */
void
fast_radio_field_record (FastRadioField *field, FastRecording *recording)
{
  g_clear_pointer (&field->recording, fast_recording_free);
  field->recording = recording;
}

/**
 * fast_radio_field_is_occupied:
 * @field: a field
 *
 * Returns: whether a chip is in it
 */
gboolean
fast_radio_field_is_occupied (FastRadioField *field)
{
  return field->present;
}

/**
 * fast_radio_field_reset:
 * @field: its chip is deselected: what it keeps is its memory and its identifier
 */
void
fast_radio_field_reset (FastRadioField *field)
{
  fast_virtual_chip_reset (field->chip);
}

/**
 * fast_radio_field_cut_power:
 * @field: is switched off for a moment
 */
void
fast_radio_field_cut_power (FastRadioField *field)
{
  fast_radio_field_reset (field);
  draw_identifier (field);
}

/* A recording that had no answer here lost its card; a command that it does not know is told and
 * answered as a failure, so that the reader does not wait. */
static GBytes *
answer_from_replay (FastRadioField *field, gconstpointer command, gsize size)
{
  g_autoptr (GError) error = NULL;
  GBytes *answer = NULL;

  if (!fast_replay_answer (field->replay, command, size, &answer, &error)) {
    tell (field, error);
    return fast_response_build (NULL, 0, NO_PRECISE_DIAGNOSIS);
  }
  if (answer == NULL)
    fast_radio_field_remove (field);
  return answer;
}

static GBytes *
answer_now (FastRadioField *field, gconstpointer command, gsize size)
{
  g_autoptr (GBytes) answer = field->replay != NULL
                                  ? answer_from_replay (field, command, size)
                                  : fast_virtual_chip_transmit (field->chip, command, size);
  guint8 garbage[GARBAGE_MAX];

  if (answer == NULL || field->garbled == 0)
    return g_steal_pointer (&answer);
  field->garbled--;
  draw (field, garbage, sizeof garbage);
  return g_bytes_new (garbage, 2 + garbage[0]);
}

static void
keep (FastRadioField *field, gconstpointer command, gsize size, GBytes *answer)
{
  g_autoptr (GError) error = NULL;
  const Sizes sizes = {(guint32)size, answer == NULL ? 0 : (guint32)g_bytes_get_size (answer)};

  g_array_append_val (field->exchanges, sizes);
  if (field->recording != NULL &&
      !fast_recording_add (field->recording, command, size, answer, &error))
    tell (field, error);
}

/**
 * fast_radio_field_exchange:
 * @field: a field
 * @command: a C-APDU
 * @size: how many bytes
 *
 * Returns: (transfer full) (nullable): the chip's answer; %NULL when none comes
 */
GBytes *
fast_radio_field_exchange (FastRadioField *field, gconstpointer command, gsize size)
{
  const gboolean torn = field->tearing && field->until_tear == 0;
  g_autoptr (GBytes) answer = NULL;

  if (!field->present)
    return NULL;
  if (field->tearing && !torn)
    field->until_tear--;
  if (!torn || field->tear == FAST_TEAR_UNANSWERED)
    answer = answer_now (field, command, size);
  if (torn) {
    g_clear_pointer (&answer, g_bytes_unref);
    fast_radio_field_remove (field);
  }
  keep (field, command, size, answer);
  return g_steal_pointer (&answer);
}

/**
 * fast_radio_field_identifier:
 * @field: a field
 *
 * Returns: (transfer none): the four bytes that its chip shows at anticollision
 */
const guint8 *
fast_radio_field_identifier (FastRadioField *field)
{
  return field->identifier;
}

/**
 * fast_radio_field_count:
 * @field: a field
 *
 * Returns: how many commands its chips were sent so far
 */
guint
fast_radio_field_count (FastRadioField *field)
{
  return field->exchanges->len;
}

/**
 * fast_radio_field_air_time:
 * @field: a field
 * @air: a valid reader and card
 *
 * Returns: what all exchanges so far would have taken between them, in periods of the carrier; one
 *   without an answer counts with an empty one
 */
guint64
fast_radio_field_air_time (FastRadioField *field, const FastAirTime *air)
{
  guint64 periods = 0;

  for (guint i = 0; i < field->exchanges->len; i++) {
    const Sizes *sizes = &g_array_index (field->exchanges, Sizes, i);
    periods += fast_air_time_exchange (air, sizes->command, sizes->response);
  }
  return periods;
}
