/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>

#include "personalise/emulator/virtual-chip.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static FastVirtualChip *
open_chip (const char *software)
{
  g_autofree char *path = g_strdup_printf ("%s/fuzz-chip-%d", g_get_tmp_dir (), (int)getpid ());
  FastVirtualChip *chip;

  g_unlink (path);
  g_assert_true (fast_virtual_chip_make_blank (path, &(FastChipBlank){.software = software}, NULL));
  chip = fast_virtual_chip_open (path, NULL);
  g_assert_nonnull (chip);
  return chip;
}

/* A row of commands, each with its size in front; every one must be answered. */
static void
send (const char *software, const guint8 *data, gsize size)
{
  g_autoptr (FastVirtualChip) chip = open_chip (software);

  while (size > 1) {
    const gsize part = MIN (data[0], size - 1);
    g_autoptr (GBytes) answer = fast_virtual_chip_transmit (chip, data + 1, part);

    g_assert_cmpuint (g_bytes_get_size (answer), >=, 2);
    data += part + 1;
    size -= part + 1;
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  send ("icao-perso", data, size);
  send ("jmrtd", data, size);
  return 0;
}
