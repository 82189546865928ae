/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/pn532-frame.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* However the line is cut into pieces, taking frames must end and never read past the stream. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) stream = g_byte_array_new ();
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  for (gsize i = 0; i < size; i += 3) {
    g_byte_array_append (stream, data + i, (guint)MIN (3, size - i));
    while (fast_pn532_frame_take (stream, payload) != FAST_PN532_NONE)
      g_assert_cmpuint (payload->len, <=, FAST_PN532_DATA_MAX);
  }
  return 0;
}
