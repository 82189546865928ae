/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/chip-state.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  FastChipState *state = fast_chip_state_parse (bytes, NULL);

  g_clear_pointer (&state, fast_chip_state_free);
  return 0;
}
