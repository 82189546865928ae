/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/emulator/radio-field.h"

G_BEGIN_DECLS

/**
 * FastPn532:
 *
 * An NXP PN532 as its host sees it on the serial line: bytes in, bytes out. It knows what libnfc
 * asks of it and answers everything else with the syntax error frame.
 */
typedef struct _FastPn532 FastPn532;

FastPn532 *fast_pn532_new (FastRadioField *field);
void fast_pn532_free (FastPn532 *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastPn532, fast_pn532_free)

void fast_pn532_feed (FastPn532 *device, gconstpointer data, gsize size, GByteArray *out);

G_END_DECLS
