/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/pn532-frame.h"

#include "record/base/bytes.h"

#define START_SIZE 2
#define NORMAL_MAX 255

/* Where the next start code 00 FF begins; without one, how many bytes can be dropped. */
static gsize
find_start (const GByteArray *stream)
{
  for (guint i = 0; i + 1 < stream->len; i++)
    if (stream->data[i] == 0x00 && stream->data[i + 1] == 0xFF)
      return i;
  return stream->len > 0 && stream->data[stream->len - 1] == 0x00 ? stream->len - 1 : stream->len;
}

/* Length and checksum of either form: LEN LCS, or FF FF LENM LENL LCS. %FALSE when more bytes must
 * come; @size is 0 when they are broken. */
static gboolean
read_length (const GByteArray *stream, gsize *header, gsize *size)
{
  const guint8 *at = stream->data + START_SIZE;
  const gsize left = stream->len - START_SIZE;

  *header = START_SIZE + 2;
  *size = 0;
  if (left < 2)
    return FALSE;
  if (at[0] != 0xFF || at[1] != 0xFF) {
    *size = (guint8)(at[0] + at[1]) == 0 ? at[0] : 0;
    return TRUE;
  }
  *header = START_SIZE + 5;
  if (left < 5)
    return FALSE;
  if ((guint8)(at[2] + at[3] + at[4]) == 0)
    *size = (gsize)(at[2] << 8 | at[3]);
  return TRUE;
}

static gboolean
has_good_sum (const guint8 *payload, gsize size_with_sum)
{
  guint8 sum = 0;

  for (gsize i = 0; i < size_with_sum; i++)
    sum = (guint8)(sum + payload[i]);
  return sum == 0;
}

static void
drop (GByteArray *stream, gsize size)
{
  g_byte_array_remove_range (stream, 0, (guint)MIN (size, stream->len));
}

static FastPn532FrameKind
take_information (GByteArray *stream, gsize header, gsize size, GByteArray *payload)
{
  FastPn532FrameKind kind = FAST_PN532_NONE;

  if (has_good_sum (stream->data + header, size + 1)) {
    g_byte_array_set_size (payload, 0);
    fast_append (payload, stream->data + header, size);
    kind = FAST_PN532_COMMAND;
  }
  drop (stream, header + size + 1);
  return kind;
}

/* The two short frames have 00 FF and FF 00 in the place of length and checksum. */
static FastPn532FrameKind
short_kind (const GByteArray *stream)
{
  const guint8 *at = stream->data + START_SIZE;

  if (stream->len < START_SIZE + 2)
    return FAST_PN532_NONE;
  if (at[0] == 0x00 && at[1] == 0xFF)
    return FAST_PN532_ACK;
  return at[0] == 0xFF && at[1] == 0x00 ? FAST_PN532_NACK : FAST_PN532_NONE;
}

/**
 * fast_pn532_frame_take:
 * @stream: what came over the line; what is used up is removed
 * @payload: (out caller-allocates): the frame's bytes from TFI on, for a command
 *
 * Bytes before a start code (the wake-up preamble, noise) and frames whose length or sum is broken
 * are dropped without an answer, as the device does.
 *
 * Returns: what came
 */
FastPn532FrameKind
fast_pn532_frame_take (GByteArray *stream, GByteArray *payload)
{
  FastPn532FrameKind kind = FAST_PN532_NONE;
  gsize header;
  gsize size;

  while (kind == FAST_PN532_NONE) {
    drop (stream, find_start (stream));
    if (stream->len < START_SIZE || !read_length (stream, &header, &size))
      return FAST_PN532_NONE;
    kind = short_kind (stream);
    if (kind != FAST_PN532_NONE)
      drop (stream, START_SIZE + 2);
    else if (size == 0 || size > FAST_PN532_DATA_MAX)
      drop (stream, START_SIZE);
    else if (stream->len < header + size + 1)
      return FAST_PN532_NONE;
    else
      kind = take_information (stream, header, size, payload);
  }
  return kind;
}

/**
 * fast_pn532_frame_append:
 * @out: where to
 * @payload: the bytes from TFI on
 * @size: how many; more than 255 make an extended frame
 */
void
fast_pn532_frame_append (GByteArray *out, const guint8 *payload, gsize size)
{
  guint8 sum = 0;

  fast_append (out, "\x00\x00\xFF", 3);
  if (size <= NORMAL_MAX) {
    fast_append_u8 (out, (guint8)size);
    fast_append_u8 (out, (guint8)-size);
  } else {
    fast_append (out, "\xFF\xFF", 2);
    fast_append_u16 (out, (guint16)size);
    fast_append_u8 (out, (guint8) - ((size >> 8) + (size & 0xFF)));
  }
  fast_append (out, payload, size);
  for (gsize i = 0; i < size; i++)
    sum = (guint8)(sum + payload[i]);
  fast_append_u8 (out, (guint8)-sum);
  fast_append_u8 (out, 0x00);
}

/**
 * fast_pn532_frame_append_ack:
 * @out: where to
 */
void
fast_pn532_frame_append_ack (GByteArray *out)
{
  fast_append (out, "\x00\x00\xFF\x00\xFF\x00", 6);
}

/**
 * fast_pn532_frame_append_error:
 * @out: where to; gets the syntax error frame (PN532 user manual, 6.2.1.5)
 */
void
fast_pn532_frame_append_error (GByteArray *out)
{
  fast_append (out, "\x00\x00\xFF\x01\xFF\x7F\x81\x00", 8);
}
