/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/answer-to-reset.h"

#include "record/base/bytes.h"

#define DIRECT 0x3B
#define INVERSE 0x3F
#define COMPACT_TLV 0x80
#define COMPACT_TLV_WITH_STATUS 0x00
#define STATUS_SIZE 3
#define CAPABILITIES 0x7

/* The interface bytes: the high half of T0 and of each TDi says which of TA, TB, TC, TD follow
 * (ISO/IEC 7816-3, 8.2.2). */
static gboolean
skip_interface_bytes (FastReader *reader, guint8 which)
{
  while (which != 0) {
    guint8 byte = 0;
    for (guint8 bit = 0x10; bit != 0; bit = (guint8)(bit << 1))
      if ((which & bit) != 0 && !fast_reader_u8 (reader, &byte, NULL))
        return FALSE;
    which = (which & 0x80) != 0 ? byte & 0xF0 : 0;
  }
  return TRUE;
}

/**
 * fast_answer_to_reset_history:
 * @answer: an answer to reset
 * @size: how many bytes
 * @history: (out): its historical bytes; borrowed
 * @history_size: (out): how many
 *
 * Returns: whether @answer has the form of ISO/IEC 7816-3, 8.2, up to its historical bytes
 */
gboolean
fast_answer_to_reset_history (const guint8 *answer, gsize size, const guint8 **history,
                              gsize *history_size)
{
  FastReader reader = fast_reader_new (answer, size, "ATR");
  guint8 first;
  guint8 format;

  if (size > FAST_ANSWER_TO_RESET_MAX || !fast_reader_u8 (&reader, &first, NULL) ||
      (first != DIRECT && first != INVERSE) || !fast_reader_u8 (&reader, &format, NULL) ||
      !skip_interface_bytes (&reader, format & 0xF0))
    return FALSE;
  *history_size = format & 0x0F;
  *history = fast_reader_take (&reader, *history_size, NULL);
  return *history != NULL;
}

/* Objects of half a byte of tag and half a byte of length. */
static guint
read_compact_tlv (const guint8 *data, gsize size)
{
  FastReader reader = fast_reader_new (data, size, "historical bytes");
  guint8 head;

  while (fast_reader_u8 (&reader, &head, NULL)) {
    const guint8 *value = fast_reader_take (&reader, head & 0x0F, NULL);
    if (value == NULL)
      return 0;
    if (head >> 4 == CAPABILITIES && (head & 0x0F) == 3)
      return value[2];
  }
  return 0;
}

/**
 * fast_answer_to_reset_capabilities:
 * @answer: an answer to reset
 * @size: how many bytes
 *
 * Reads the card capabilities in the historical bytes (ISO/IEC 7816-4, 12.1.1). Whatever is not
 * well-formed counts as a card that announces nothing.
 *
 * Returns: a set of #FastCardCapability, with whatever else the table holds
 */
guint
fast_answer_to_reset_capabilities (const guint8 *answer, gsize size)
{
  const guint8 *history;
  gsize length;

  if (!fast_answer_to_reset_history (answer, size, &history, &length) || length == 0)
    return 0;
  if (history[0] == COMPACT_TLV)
    return read_compact_tlv (history + 1, length - 1);
  if (history[0] == COMPACT_TLV_WITH_STATUS && length > STATUS_SIZE)
    return read_compact_tlv (history + 1, length - 1 - STATUS_SIZE);
  return 0;
}

/**
 * fast_answer_to_reset_history_for:
 * @capabilities: a set of #FastCardCapability
 *
 * Category indicator 80, then card capabilities: selection by full name, by file identifier and by
 * short identifier; data units of one byte; the given third table (ISO/IEC 7816-4, 12.1.1.9).
 *
 * Returns: (transfer full): historical bytes
 */
GBytes *
fast_answer_to_reset_history_for (guint capabilities)
{
  const guint8 history[] = {COMPACT_TLV, CAPABILITIES << 4 | 3, 0x94, 0x21, (guint8)capabilities};

  return g_bytes_new (history, sizeof history);
}

/**
 * fast_answer_to_reset_contactless:
 * @history: the historical bytes of a card's answer to select
 * @history_size: how many, at most 15
 *
 * What a PC/SC reader shows in the place of an answer to reset for a card of ISO/IEC 14443-4: TD1
 * 80, TD2 01, the historical bytes and their check byte (PC/SC part 3, 3.1.3.2.3.1).
 *
 * Returns: (transfer full): an answer to reset
 */
GBytes *
fast_answer_to_reset_contactless (const guint8 *history, gsize history_size)
{
  GByteArray *out = g_byte_array_new ();
  guint8 check = 0;

  g_assert (history_size <= 15);
  fast_append_u8 (out, DIRECT);
  fast_append_u8 (out, (guint8)(0x80 | history_size));
  fast_append (out, "\x80\x01", 2);
  fast_append (out, history, history_size);
  for (guint i = 1; i < out->len; i++)
    check ^= out->data[i];
  fast_append_u8 (out, check);
  return g_byte_array_free_to_bytes (out);
}
