/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/tlv.h"

#include "record/base/error.h"

/* ISO/IEC 7816-4, 5.2.2.1: all of bits 5 to 1 set means that more tag bytes follow. */
#define TAG_CONTINUES 0x1F

static gboolean
read_tag (FastReader *reader, guint32 *tag, GError **error)
{
  guint8 byte;

  if (!fast_reader_u8 (reader, &byte, error))
    return FALSE;
  *tag = byte;
  if ((byte & TAG_CONTINUES) != TAG_CONTINUES)
    return TRUE;
  do {
    if (*tag > 0xFFFFFF)
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "tlv-tag",
                        "what=%s, offset=%" G_GSIZE_FORMAT, reader->what, reader->offset);
    if (!fast_reader_u8 (reader, &byte, error))
      return FALSE;
    *tag = *tag << 8 | byte;
  } while ((byte & 0x80) != 0);
  return TRUE;
}

static gboolean
read_length (FastReader *reader, gsize *size, GError **error)
{
  guint8 byte;
  guint n;

  if (!fast_reader_u8 (reader, &byte, error))
    return FALSE;
  *size = byte;
  if (byte < 0x80)
    return TRUE;
  n = byte & 0x7F;
  if (n == 0 || n > 4)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "tlv-length",
                      "what=%s, offset=%" G_GSIZE_FORMAT, reader->what, reader->offset - 1);
  for (*size = 0; n > 0; n--) {
    if (!fast_reader_u8 (reader, &byte, error))
      return FALSE;
    *size = *size << 8 | byte;
  }
  return TRUE;
}

/**
 * fast_tlv_read_header:
 * @reader: moves past tag and length
 * @tag: (out): the tag
 * @size: (out): the announced size of the value, which need not be there yet
 * @error: return location for an error
 *
 * For files that are read piece by piece.
 *
 * Returns: whether a tag and a length were there
 */
gboolean
fast_tlv_read_header (FastReader *reader, guint32 *tag, gsize *size, GError **error)
{
  return read_tag (reader, tag, error) && read_length (reader, size, error);
}

/**
 * fast_tlv_read:
 * @reader: moves past the data object
 * @tlv: (out caller-allocates): the data object
 * @error: return location for an error
 *
 * Returns: whether a whole data object was there
 */
gboolean
fast_tlv_read (FastReader *reader, FastTlv *tlv, GError **error)
{
  gsize start = reader->offset;

  if (!fast_tlv_read_header (reader, &tlv->tag, &tlv->size, error))
    return FALSE;
  tlv->value = fast_reader_take (reader, tlv->size, error);
  if (tlv->value == NULL)
    return fast_error_prefix (error, "tlv-value", "tag=%X", tlv->tag);
  tlv->start = reader->data + start;
  tlv->total = reader->offset - start;
  return TRUE;
}

/**
 * fast_tlv_expect:
 * @reader: moves past the data object
 * @tag: the tag that must come next
 * @tlv: (out caller-allocates): the data object
 * @error: return location for an error
 *
 * Returns: whether it came
 */
gboolean
fast_tlv_expect (FastReader *reader, guint32 tag, FastTlv *tlv, GError **error)
{
  if (!fast_tlv_read (reader, tlv, error))
    return FALSE;
  if (tlv->tag != tag)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "tlv-unexpected",
                      "what=%s, found=%X, wanted=%X", reader->what, tlv->tag, tag);
  return TRUE;
}

static gsize
shortest_header (guint32 tag, gsize size)
{
  gsize header = tag > 0xFFFFFF ? 4 : tag > 0xFFFF ? 3 : tag > 0xFF ? 2 : 1;

  for (gsize left = size < 0x80 ? 0 : size; left > 0; left >>= 8)
    header++;
  return header + 1;
}

/**
 * fast_tlv_expect_der:
 * @reader: moves past the data object
 * @tag: the tag that must come next
 * @tlv: (out caller-allocates): the data object
 * @error: return location for an error
 *
 * As fast_tlv_expect(), and the length has the shortest form (DER).
 *
 * Returns: whether it came
 */
gboolean
fast_tlv_expect_der (FastReader *reader, guint32 tag, FastTlv *tlv, GError **error)
{
  if (!fast_tlv_expect (reader, tag, tlv, error))
    return FALSE;
  if (tlv->total - tlv->size != shortest_header (tlv->tag, tlv->size))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "tlv-not-der",
                      "what=%s, tag=%X", reader->what, tag);
  return TRUE;
}

/**
 * fast_tlv_find:
 * @reader: a series of data objects; not moved
 * @tag: what to look for
 * @tlv: (out caller-allocates): the first with that tag
 * @error: return location for an error
 *
 * Returns: whether it is there; FAST_INPUT_ERROR_MISSING when it is not
 */
gboolean
fast_tlv_find (FastReader reader, guint32 tag, FastTlv *tlv, GError **error)
{
  while (fast_reader_left (&reader) > 0) {
    if (!fast_tlv_read (&reader, tlv, error))
      return FALSE;
    if (tlv->tag == tag)
      return TRUE;
  }
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "tlv-missing",
                    "what=%s, wanted=%X", reader.what, tag);
}

/**
 * fast_tlv_open:
 * @tlv: a constructed data object
 * @what: what it is, for errors
 *
 * Returns: a reader of its value
 */
FastReader
fast_tlv_open (const FastTlv *tlv, const char *what)
{
  return fast_reader_new (tlv->value, tlv->size, what);
}

/**
 * fast_tlv_dup_value:
 * @tlv: a data object
 *
 * Returns: (transfer full): a copy of its value
 */
GBytes *
fast_tlv_dup_value (const FastTlv *tlv)
{
  return g_bytes_new (tlv->value, tlv->size);
}

static void
append_big_endian (GByteArray *out, gsize value)
{
  guint n = 1;

  while (n < sizeof value && value >> (8 * n) != 0)
    n++;
  while (n-- > 0)
    fast_append_u8 (out, (guint8)(value >> (8 * n)));
}

static void
append_length (GByteArray *out, gsize size)
{
  guint n = 1;

  if (size < 0x80) {
    fast_append_u8 (out, (guint8)size);
    return;
  }
  while (n < sizeof size && size >> (8 * n) != 0)
    n++;
  fast_append_u8 (out, (guint8)(0x80 | n));
  append_big_endian (out, size);
}

/**
 * fast_tlv_append:
 * @out: where to append
 * @tag: the tag, as in 0x5F2E
 * @value: (nullable): the value
 * @size: its size
 *
 * Appends one data object with the shortest length (DER).
 */
void
fast_tlv_append (GByteArray *out, guint32 tag, gconstpointer value, gsize size)
{
  append_big_endian (out, tag);
  append_length (out, size);
  fast_append (out, value, size);
}

/**
 * fast_tlv_append_bytes:
 * @out: where to append
 * @tag: the tag
 * @value: the value
 */
void
fast_tlv_append_bytes (GByteArray *out, guint32 tag, GBytes *value)
{
  fast_tlv_append (out, tag, g_bytes_get_data (value, NULL), g_bytes_get_size (value));
}

/**
 * fast_tlv_append_array:
 * @out: where to append
 * @tag: the tag
 * @value: the value
 */
void
fast_tlv_append_array (GByteArray *out, guint32 tag, const GByteArray *value)
{
  fast_tlv_append (out, tag, value->data, value->len);
}
