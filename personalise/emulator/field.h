/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

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
 * FastField:
 *
 * What lies in the radio field of a virtual reader: one chip or none. It is where a test takes the
 * chip away.
 */
typedef struct _FastField FastField;

FastField *fast_field_new (FastVirtualChip *chip);
void fast_field_free (FastField *field);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastField, fast_field_free)

FastVirtualChip *fast_field_chip (FastField *field);
void fast_field_swap (FastField *field, FastVirtualChip *chip);
void fast_field_insert (FastField *field);
void fast_field_remove (FastField *field);
void fast_field_tear (FastField *field, guint after, FastTear tear);
gboolean fast_field_is_occupied (FastField *field);
void fast_field_reset (FastField *field);
void fast_field_cut_power (FastField *field);
GBytes *fast_field_exchange (FastField *field, gconstpointer command, gsize size);
const guint8 *fast_field_identifier (FastField *field);
guint fast_field_count (FastField *field);

#define FAST_FIELD_IDENTIFIER_SIZE 4

G_END_DECLS
