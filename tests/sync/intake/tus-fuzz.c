/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/intake/tus.h"

#include "sync/packet/header.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* One text as each of the headers that a stranger can send. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autofree char *packet = fast_tus_parse_packet (text, NULL);
  FastTusChecksum checksum = {0};
  gint64 number = 0;

  g_assert_true (packet == NULL || fast_packet_id_is_valid (packet));
  if (fast_tus_parse_number (text, &number, NULL))
    g_assert_cmpint (number, >=, 0);
  if (fast_tus_parse_checksum (text, &checksum, NULL))
    g_assert_cmpint ((gint64)g_bytes_get_size (checksum.digest), ==,
                     g_checksum_type_get_length (checksum.type));
  fast_tus_checksum_clear (&checksum);
  return 0;
}
