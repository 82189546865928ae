/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/emulator/air-time.h"
#include "personalise/emulator/recording.h"
#include "personalise/emulator/replay.h"
#include "personalise/emulator/virtual-chip.h"

G_BEGIN_DECLS

/**
 * FastTear:
 * @FAST_TEAR_UNHEARD: the chip is gone before the command reaches it
 * @FAST_TEAR_UNANSWERED: the chip acts on the command, but its answer is lost
 *
 * On which side of the chip's act the field breaks.
 */
typedef enum {
  FAST_TEAR_UNHEARD,
  FAST_TEAR_UNANSWERED,
} FastTear;

/**
 * FastTroubleFunc:
 * @error: what went wrong while nobody asked
 * @data: the listener's
 *
 * Is told of what cannot be an answer: a command that a replay does not expect, a recording that
 * cannot be written, a service that is gone.
 */
typedef void (*FastTroubleFunc) (const GError *error, gpointer data);

/**
 * FastRadioField:
 *
 * What lies in the radio field of a virtual reader: one chip or none. It is where a test takes the
 * chip away, garbles its answers, records them or puts a recording in its place.
 */
typedef struct _FastRadioField FastRadioField;

FastRadioField *fast_radio_field_new (FastVirtualChip *chip);
void fast_radio_field_free (FastRadioField *field);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastRadioField, fast_radio_field_free)

FastVirtualChip *fast_radio_field_chip (FastRadioField *field);
void fast_radio_field_swap (FastRadioField *field, FastVirtualChip *chip);
void fast_radio_field_set_seed (FastRadioField *field, guint64 seed);
void fast_radio_field_listen (FastRadioField *field, FastTroubleFunc listener, gpointer data);
void fast_radio_field_insert (FastRadioField *field);
void fast_radio_field_remove (FastRadioField *field);
void fast_radio_field_tear (FastRadioField *field, guint after, FastTear tear);
void fast_radio_field_garble (FastRadioField *field, guint answers);
void fast_radio_field_replay (FastRadioField *field, FastReplay *replay);
void fast_radio_field_record (FastRadioField *field, FastRecording *recording);
gboolean fast_radio_field_is_occupied (FastRadioField *field);
void fast_radio_field_reset (FastRadioField *field);
void fast_radio_field_cut_power (FastRadioField *field);
GBytes *fast_radio_field_exchange (FastRadioField *field, gconstpointer command, gsize size);
const guint8 *fast_radio_field_identifier (FastRadioField *field);
guint fast_radio_field_count (FastRadioField *field);
guint64 fast_radio_field_air_time (FastRadioField *field, const FastAirTime *air);

#define FAST_RADIO_FIELD_IDENTIFIER_SIZE 4

G_END_DECLS
