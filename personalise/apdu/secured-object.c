/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/secured-object.h"

#include "personalise/apdu/cipher.h"
#include "record/base/error.h"

/**
 * fast_secured_objects_fail:
 * @error: return location for an error
 *
 * Returns: %FALSE, with FAST_CARD_ERROR_MAC: the form of a secured APDU is wrong
 */
gboolean
fast_secured_objects_fail (GError **error)
{
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC, "sm-object", NULL);
}

static FastTlv *
place_of (FastSecuredObjects *objects, guint32 tag)
{
  switch (tag) {
  case FAST_DO_CRYPTOGRAM_TLV:
  case FAST_DO_CRYPTOGRAM:
    return &objects->cryptogram;
  case FAST_DO_LE:
    return &objects->le;
  case FAST_DO_STATUS:
    return &objects->status;
  case FAST_DO_MAC:
    return &objects->mac;
  default:
    return NULL;
  }
}

/**
 * fast_secured_objects_read:
 * @objects: (out caller-allocates): the data objects
 * @data: the data field of a secured APDU
 * @size: how many bytes
 * @error: return location for an error
 *
 * Returns: whether each is there at most once, none is unknown, and a MAC is there and last
 */
gboolean
fast_secured_objects_read (FastSecuredObjects *objects, const guint8 *data, gsize size,
                           GError **error)
{
  FastReader reader = fast_reader_new (data, size, "SM");

  *objects = (FastSecuredObjects){0};
  while (fast_reader_left (&reader) > 0) {
    FastTlv tlv;
    FastTlv *place;

    if (!fast_tlv_read (&reader, &tlv, NULL))
      return fast_secured_objects_fail (error);
    place = place_of (objects, tlv.tag);
    if (place == NULL || place->start != NULL || objects->mac.start != NULL)
      return fast_secured_objects_fail (error);
    *place = tlv;
  }
  return (objects->mac.start != NULL && objects->mac.size == FAST_CIPHER_MAC_SIZE) ||
         fast_secured_objects_fail (error);
}

/**
 * fast_secured_le_append:
 * @objects: where to append
 * @command: a plain command
 *
 * Appends 97 if the command asks for an answer: Le as the plain command would have it.
 */
void
fast_secured_le_append (GByteArray *objects, const FastCommand *command)
{
  const guint8 le[] = {(guint8)(command->le >> 8), (guint8)command->le};

  if (command->le > FAST_COMMAND_LE_MAX || (command->le > 0 && command->extended))
    fast_tlv_append (objects, FAST_DO_LE, le, 2);
  else if (command->le > 0)
    fast_tlv_append (objects, FAST_DO_LE, le + 1, 1);
}

/**
 * fast_secured_le_read:
 * @tlv: data object 97
 * @extended: whether the secured command has extended lengths
 * @le: (out): as in #FastCommand
 * @error: return location for an error
 *
 * One byte; in an extended command two, or three as a plain command without data has them.
 *
 * Returns: whether it is one of these
 */
gboolean
fast_secured_le_read (const FastTlv *tlv, gboolean extended, guint *le, GError **error)
{
  FastReader reader = fast_tlv_open (tlv, "SM");
  guint8 byte = 0;
  guint16 word;

  if (tlv->size == 1 && fast_reader_u8 (&reader, &byte, error)) {
    *le = byte == 0 ? FAST_COMMAND_LE_MAX : byte;
    return TRUE;
  }
  if (!extended || tlv->size < 2 || tlv->size > 3 ||
      (tlv->size == 3 && !fast_reader_u8 (&reader, &byte, NULL)) || byte != 0 ||
      !fast_reader_u16 (&reader, &word, NULL))
    return fast_secured_objects_fail (error);
  *le = word == 0 ? FAST_EXTENDED_LE_MAX : word;
  return TRUE;
}

/* Tag and length of a cryptogram. */
static gsize
header_size (gsize value)
{
  if (value < 0x80)
    return 2;
  if (value < 0x100)
    return 3;
  return value < 0x10000 ? 4 : 5;
}

/**
 * fast_secured_text_max:
 * @block: how many bytes a block of the cipher has
 * @room: how many bytes there are for a cryptogram (87)
 *
 * Tag, length, padding indicator, then whole blocks, of which at least one byte is padding.
 *
 * Returns: how many plain bytes fit
 */
gsize
fast_secured_text_max (gsize block, gsize room)
{
  for (gsize blocks = room / block; blocks > 0; blocks--)
    if (header_size (blocks * block + 1) + blocks * block + 1 <= room)
      return blocks * block - 1;
  return 0;
}
