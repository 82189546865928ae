/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/radio-field.h"

#include "record/base/bytes.h"

struct _FastRadioField {
  FastVirtualChip *chip;
  gboolean present;
  gboolean tearing;
  guint until_tear;
  FastTear tear;
  guint count;
  guint8 identifier[FAST_RADIO_FIELD_IDENTIFIER_SIZE];
};

/* ISO/IEC 14443-3, 6.5.4: an identifier whose first byte is 08 is random; a chip that holds
 * personal data shows no fixed one. It changes with every power-up. */
static void
draw_identifier (FastRadioField *field)
{
  if (!fast_random (field->identifier, sizeof field->identifier, NULL))
    g_message ("no random identifier for the virtual chip");
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
  fast_radio_field_insert (field);
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
  field->count++;
  if (field->tearing && !torn)
    field->until_tear--;
  if (!torn || field->tear == FAST_TEAR_UNANSWERED)
    answer = fast_virtual_chip_transmit (field->chip, command, size);
  if (!torn)
    return g_steal_pointer (&answer);
  fast_radio_field_remove (field);
  return NULL;
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
  return field->count;
}
