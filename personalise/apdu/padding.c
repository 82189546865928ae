/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/padding.h"

#include "record/base/bytes.h"
#include "record/base/error.h"

/**
 * fast_padding_append:
 * @data: is filled up to whole blocks; whole blocks get another one
 * @block: how many bytes a block has
 */
void
fast_padding_append (GByteArray *data, gsize block)
{
  fast_append_u8 (data, 0x80);
  while (data->len % block != 0)
    fast_append_u8 (data, 0x00);
}

/**
 * fast_padding_remove:
 * @data: whole blocks
 * @size: (inout): how many bytes; then how many without the padding
 * @block: how many bytes a block has
 * @error: return location for an error
 *
 * Returns: whether the padding is there
 */
gboolean
fast_padding_remove (const guint8 *data, gsize *size, gsize block, GError **error)
{
  gsize n = *size;

  while (n > 0 && *size - n < block && data[n - 1] == 0x00)
    n--;
  if (n == 0 || data[n - 1] != 0x80 || *size - n >= block)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC, "sm-padding", NULL);
  *size = n - 1;
  return TRUE;
}
