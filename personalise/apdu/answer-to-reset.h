/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FAST_ANSWER_TO_RESET_MAX 33

/**
 * FastCardCapability:
 * @FAST_CARD_CAPABILITY_CHAINING: command chaining
 * @FAST_CARD_CAPABILITY_EXTENDED: extended Lc and Le fields
 * @FAST_CARD_CAPABILITY_INFO: EF.ATR/INFO tells how long extended APDUs may be
 *
 * Bits of the third software function table (ISO/IEC 7816-4, 12.1.1.9).
 */
typedef enum {
  FAST_CARD_CAPABILITY_CHAINING = 0x80,
  FAST_CARD_CAPABILITY_EXTENDED = 0x40,
  FAST_CARD_CAPABILITY_INFO = 0x20,
} FastCardCapability;

gboolean fast_answer_to_reset_history (const guint8 *answer, gsize size, const guint8 **history,
                                       gsize *history_size);
guint fast_answer_to_reset_capabilities (const guint8 *answer, gsize size);
GBytes *fast_answer_to_reset_contactless (const guint8 *history, gsize history_size);
GBytes *fast_answer_to_reset_history_for (guint capabilities);

G_END_DECLS
