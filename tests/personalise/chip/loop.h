/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/encode.h"
#include "personalise/emulator/radio-field.h"

G_BEGIN_DECLS

/**
 * TestWire:
 * @field: where the chip lies; may be changed
 * @extended: whether reader and card take extended APDUs
 * @carry: (nullable): takes a command to the field and gives what comes back; %NULL: the field's
 *   own answer
 * @data: for @carry
 *
 * A wire straight to a virtual chip's field, on which something may happen.
 */
typedef struct {
  FastRadioField *field;
  gboolean extended;
  GBytes *(*carry) (gpointer data, FastRadioField *field, GBytes *command);
  gpointer data;
} TestWire;

/* A transport over a wire, which is borrowed and outlives it. */
FastTransport *test_wire_transport (TestWire *wire);

/* The same straight to a field, for loops; the field is borrowed. */
FastTransport *test_loop_new (FastRadioField *field);
FastTransport *test_loop_new_extended (FastRadioField *field);

/* Encodes, and asserts how it ends: the state, and the message id of the error or %NULL for a chip
 * that is made, which then reads as the plan. */
void test_encode (const FastEncoding *encoding, FastEncodeState wanted, const char *id);

G_END_DECLS
