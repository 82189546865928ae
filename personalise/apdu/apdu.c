/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/apdu.h"

#include "record/base/bytes.h"
#include "record/base/error.h"

/**
 * fast_apdu_check_limit:
 * @size: a size
 * @limit: the most it may be
 * @error: return location for an error
 *
 * Returns: whether it is no more; FAST_CARD_ERROR_LIMIT otherwise
 */
gboolean
fast_apdu_check_limit (gsize size, gsize limit, GError **error)
{
  if (size <= limit)
    return TRUE;
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_LIMIT, "apdu-limit",
                    "size=%" G_GSIZE_FORMAT ", limit=%" G_GSIZE_FORMAT, size, limit);
}

/**
 * fast_command_is_extended:
 * @command: a command
 *
 * Returns: whether it is built with extended lengths, because it must or because it says so. A
 *   command without data and answer (case 1) has no lengths at all.
 */
gboolean
fast_command_is_extended (const FastCommand *command)
{
  if (command->size == 0 && command->le == 0)
    return FALSE;
  return command->extended || command->size > FAST_COMMAND_DATA_MAX ||
         command->le > FAST_COMMAND_LE_MAX;
}

/* A leading 00 tells extended lengths from short ones; 0000 stands for a Le of 65,536. */
static void
append_extended (GByteArray *out, const FastCommand *command)
{
  fast_append_u8 (out, 0);
  if (command->size > 0) {
    fast_append_u16 (out, (guint16)command->size);
    fast_append (out, command->data, command->size);
  }
  if (command->le > 0)
    fast_append_u16 (out, (guint16)command->le);
}

static void
append_short (GByteArray *out, const FastCommand *command)
{
  if (command->size > 0) {
    fast_append_u8 (out, (guint8)command->size);
    fast_append (out, command->data, command->size);
  }
  if (command->le > 0)
    fast_append_u8 (out, (guint8)command->le);
}

/**
 * fast_command_build:
 * @command: a command
 * @error: return location for an error
 *
 * Whether a transport and its chip carry the result is theirs to say.
 *
 * Returns: (transfer full): its bytes (ISO/IEC 7816-4, 5.1), or %NULL with FAST_CARD_ERROR_LIMIT
 *   when a length does not fit an extended command
 */
GBytes *
fast_command_build (const FastCommand *command, GError **error)
{
  g_autoptr (GByteArray) out = NULL;
  const guint8 header[] = {command->cla, command->ins, command->p1, command->p2};

  if (!fast_apdu_check_limit (command->size, FAST_EXTENDED_DATA_MAX, error) ||
      !fast_apdu_check_limit (command->le, FAST_EXTENDED_LE_MAX, error))
    return NULL;
  out = g_byte_array_sized_new ((guint)command->size + 9);
  fast_append (out, header, sizeof header);
  if (fast_command_is_extended (command))
    append_extended (out, command);
  else
    append_short (out, command);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static gboolean
fail_length (GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "apdu-length", NULL);
}

/* A Le byte of 0 stands for 256 (ISO/IEC 7816-4, 5.1). */
static gboolean
read_short_le (FastReader *reader, guint *le, GError **error)
{
  guint8 byte;

  if (!fast_reader_u8 (reader, &byte, error))
    return FALSE;
  *le = byte == 0 ? FAST_COMMAND_LE_MAX : byte;
  return fast_reader_end (reader, error);
}

static gboolean
read_extended_le (FastReader *reader, guint *le, GError **error)
{
  guint16 word;

  if (!fast_reader_u16 (reader, &word, error))
    return FALSE;
  *le = word == 0 ? FAST_EXTENDED_LE_MAX : word;
  return fast_reader_end (reader, error);
}

/* What follows the leading 00: a Le alone, or a Lc that is not 0 with its data, then perhaps a Le.
 */
static gboolean
read_extended (FastReader *reader, FastCommand *command, GError **error)
{
  guint16 lc;

  command->extended = TRUE;
  if (fast_reader_left (reader) == 2)
    return read_extended_le (reader, &command->le, error);
  if (!fast_reader_u16 (reader, &lc, error))
    return FALSE;
  if (lc == 0)
    return fail_length (error);
  command->size = lc;
  command->data = fast_reader_take (reader, lc, error);
  if (command->data == NULL)
    return FALSE;
  return fast_reader_left (reader) == 0 || read_extended_le (reader, &command->le, error);
}

static gboolean
read_body (FastReader *reader, FastCommand *command, GError **error)
{
  guint8 lc;

  if (fast_reader_left (reader) == 0)
    return TRUE;
  if (fast_reader_left (reader) == 1)
    return read_short_le (reader, &command->le, error);
  if (!fast_reader_u8 (reader, &lc, error))
    return FALSE;
  if (lc == 0)
    return read_extended (reader, command, error);
  command->size = lc;
  command->data = fast_reader_take (reader, lc, error);
  if (command->data == NULL)
    return FALSE;
  return fast_reader_left (reader) == 0 || read_short_le (reader, &command->le, error);
}

/**
 * fast_command_parse:
 * @command: (out caller-allocates): the command; borrows from @data
 * @data: bytes that a reader sent
 * @size: how many
 * @error: return location for an error
 *
 * Returns: whether they are one command of the seven cases; it builds to the same bytes again
 */
gboolean
fast_command_parse (FastCommand *command, gconstpointer data, gsize size, GError **error)
{
  FastReader reader = fast_reader_new (data, size, "C-APDU");

  *command = (FastCommand){0};
  return fast_reader_u8 (&reader, &command->cla, error) &&
         fast_reader_u8 (&reader, &command->ins, error) &&
         fast_reader_u8 (&reader, &command->p1, error) &&
         fast_reader_u8 (&reader, &command->p2, error) && read_body (&reader, command, error);
}

/**
 * fast_response_build:
 * @data: (nullable): the answer's data
 * @size: how many bytes, at most 65,536
 * @status: the status word
 *
 * Returns: (transfer full): the answer's bytes
 */
GBytes *
fast_response_build (gconstpointer data, gsize size, guint16 status)
{
  GByteArray *out;

  g_assert (size <= FAST_EXTENDED_LE_MAX);
  out = g_byte_array_sized_new ((guint)size + 2);
  fast_append (out, data, size);
  fast_append_u16 (out, status);
  return g_byte_array_free_to_bytes (out);
}

/**
 * fast_response_parse:
 * @response: (out caller-allocates): the answer; borrows from @bytes
 * @bytes: what a card sent
 * @error: return location for an error
 *
 * Returns: whether there is a status word and no more data than an answer ever holds; whether it
 *   is more than was asked, fast_response_check_size() tells
 */
gboolean
fast_response_parse (FastResponse *response, GBytes *bytes, GError **error)
{
  FastReader reader = fast_reader_from_bytes (bytes, "R-APDU");

  if (!fast_apdu_check_limit (fast_reader_left (&reader), FAST_EXTENDED_RESPONSE_SIZE_MAX, error))
    return FALSE;
  response->size = fast_reader_left (&reader) >= 2 ? fast_reader_left (&reader) - 2 : 0;
  response->data = fast_reader_take (&reader, response->size, error);
  return response->data != NULL && fast_reader_u16 (&reader, &response->status, error);
}

/**
 * fast_response_check_size:
 * @response: an answer
 * @le: what the command asked for, as in #FastCommand
 * @error: return location for an error
 *
 * ISO/IEC 7816-4, 5.1: Le is the most that an answer may hold.
 *
 * Returns: whether the chip kept to that; FAST_CARD_ERROR_LIMIT otherwise
 */
gboolean
fast_response_check_size (const FastResponse *response, guint le, GError **error)
{
  if (response->size <= le)
    return TRUE;
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_LIMIT, "apdu-longer",
                    "size=%" G_GSIZE_FORMAT ", asked=%u", response->size, le);
}
