/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/transport.h"
#include "personalise/emulator/radio-field.h"

G_BEGIN_DECLS

/* A transport straight to a virtual chip's field, for loops. Borrows the field. */
FastTransport *test_loop_new (FastRadioField *field);

/* The same where the reader carries, and the card announces, extended APDUs. */
FastTransport *test_loop_new_extended (FastRadioField *field);

G_END_DECLS
