/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/apdu.h"

#include "record/base/bytes.h"
#include "record/base/error.h"

static gboolean
fail_limit (GError **error, gsize size, gsize limit)
{
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_LIMIT, "apdu-limit",
                    "size=%" G_GSIZE_FORMAT ", limit=%" G_GSIZE_FORMAT, size, limit);
}

/**
 * fast_command_build:
 * @command: a command
 * @error: return location for an error
 *
 * Returns: (transfer full): its bytes (ISO/IEC 7816-4, 5.1), or %NULL with FAST_CARD_ERROR_LIMIT
 *   when a length does not fit a short command
 */
GBytes *
fast_command_build (const FastCommand *command, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_sized_new (FAST_COMMAND_SIZE_MAX);
  const guint8 header[] = {command->cla, command->ins, command->p1, command->p2};

  if (command->size > FAST_COMMAND_DATA_MAX) {
    fail_limit (error, command->size, FAST_COMMAND_DATA_MAX);
    return NULL;
  }
  if (command->le > FAST_COMMAND_LE_MAX) {
    fail_limit (error, command->le, FAST_COMMAND_LE_MAX);
    return NULL;
  }
  fast_append (out, header, sizeof header);
  if (command->size > 0) {
    fast_append_u8 (out, (guint8)command->size);
    fast_append (out, command->data, command->size);
  }
  if (command->le > 0)
    fast_append_u8 (out, (guint8)command->le);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/* A Le byte of 0 stands for 256 (ISO/IEC 7816-4, 5.1). */
static gboolean
read_le (FastReader *reader, guint *le, GError **error)
{
  guint8 byte;

  if (!fast_reader_u8 (reader, &byte, error))
    return FALSE;
  *le = byte == 0 ? FAST_COMMAND_LE_MAX : byte;
  return fast_reader_end (reader, error);
}

static gboolean
read_body (FastReader *reader, FastCommand *command, GError **error)
{
  guint8 lc;

  if (fast_reader_left (reader) == 0)
    return TRUE;
  if (fast_reader_left (reader) == 1)
    return read_le (reader, &command->le, error);
  if (!fast_reader_u8 (reader, &lc, error))
    return FALSE;
  if (lc == 0)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "apdu-extended", NULL);
  command->size = lc;
  command->data = fast_reader_take (reader, lc, error);
  if (command->data == NULL)
    return FALSE;
  return fast_reader_left (reader) == 0 || read_le (reader, &command->le, error);
}

/**
 * fast_command_parse:
 * @command: (out caller-allocates): the command; borrows from @data
 * @data: bytes that a reader sent
 * @size: how many
 * @error: return location for an error
 *
 * Returns: whether they are one short command of the cases 1 to 4
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
 * @size: how many bytes, at most 256
 * @status: the status word
 *
 * Returns: (transfer full): the answer's bytes
 */
GBytes *
fast_response_build (gconstpointer data, gsize size, guint16 status)
{
  GByteArray *out = g_byte_array_sized_new ((guint)size + 2);

  g_assert (size <= FAST_COMMAND_LE_MAX);
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
 * Returns: whether there is a status word and no more data than a short answer holds
 */
gboolean
fast_response_parse (FastResponse *response, GBytes *bytes, GError **error)
{
  FastReader reader = fast_reader_from_bytes (bytes, "R-APDU");

  if (fast_reader_left (&reader) > FAST_RESPONSE_SIZE_MAX)
    return fail_limit (error, fast_reader_left (&reader), FAST_RESPONSE_SIZE_MAX);
  response->size = fast_reader_left (&reader) >= 2 ? fast_reader_left (&reader) - 2 : 0;
  response->data = fast_reader_take (&reader, response->size, error);
  return response->data != NULL && fast_reader_u16 (&reader, &response->status, error);
}
