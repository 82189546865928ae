/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/vpcd.h"

#include <unistd.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static FastRadioField *
make_field (void)
{
  g_autofree char *path =
      g_strdup_printf ("%s/fast-vpcd-fuzz-%d", g_get_tmp_dir (), (int)getpid ());
  FastRadioField *field = fast_radio_field_new (fast_virtual_chip_open (path, NULL));

  unlink (path); /* nothing is written to it any more */
  fast_radio_field_replay (field, fast_replay_parse ("", NULL)); /* the chip has its own target */
  return field;
}

/* However the messages are cut into pieces, taking them must end; every command has its answer. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static FastVpcd *vpcd;
  g_autoptr (GByteArray) out = g_byte_array_new ();

  if (vpcd == NULL)
    vpcd = fast_vpcd_new (make_field ());
  for (gsize i = 0; i < size; i += 3)
    g_assert_true (fast_vpcd_feed (vpcd, NULL, data + i, MIN (3, size - i), out));
  fast_vpcd_forget (vpcd);
  return 0;
}
