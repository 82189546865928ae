/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/perso.h"
#include "personalise/apdu/status-word.h"
#include "personalise/chip/session.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/tlv.h"

/* Reading a whole file, in as few commands as the session allows. */

#define HEADER_SIZE 4

/* Appends what the chip gives at @offset, at most @wanted bytes; nothing where the file ends. */
static gboolean
read_piece (FastChipSession *session, GByteArray *out, gsize offset, gsize wanted, GError **error)
{
  const FastCommand command = {.ins = FAST_INS_READ_BINARY,
                               .p1 = (guint8)(offset >> 8),
                               .p2 = (guint8)offset,
                               .le = (guint)wanted};
  FastResponse response;

  if (!fast_chip_session_send (session, &command, &response, error))
    return FALSE;
  if (response.status == FAST_SW_OFFSET && offset > 0)
    return TRUE;
  if (response.status != FAST_SW_END_OF_FILE &&
      !fast_status_check (response.status, "READ BINARY", error))
    return FALSE;
  fast_append (out, response.data, response.size);
  return TRUE;
}

/* The file's size stands in the header of its one data object. */
static gboolean
announced_size (const GByteArray *start, gsize *size, GError **error)
{
  FastReader reader = fast_reader_new (start->data, start->len, "EF");
  guint32 tag;

  if (!fast_tlv_read_header (&reader, &tag, size, error))
    return FALSE;
  *size += reader.offset;
  if (*size > FAST_CHIP_FILE_MAX)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "chip-file-size",
                      "size=%" G_GSIZE_FORMAT ", limit=%d", *size, FAST_CHIP_FILE_MAX);
  return TRUE;
}

static gboolean
read_object (FastChipSession *session, GByteArray *out, GError **error)
{
  gsize size = 0;

  if (!read_piece (session, out, 0, HEADER_SIZE, error) || !announced_size (out, &size, error))
    return FALSE;
  while (out->len < size) {
    const guint before = out->len;

    if (!read_piece (session, out, before,
                     MIN (size - before, fast_chip_session_read_max (session)), error))
      return FALSE;
    if (out->len == before)
      return fast_status_check (FAST_SW_END_OF_FILE, "READ BINARY", error);
  }
  g_byte_array_set_size (out, (guint)size);
  return TRUE;
}

/* A file that does not begin with its own size is read to its end. */
static gboolean
read_to_end (FastChipSession *session, GByteArray *out, GError **error)
{
  guint before;

  do {
    before = out->len;
    if (!read_piece (session, out, before, fast_chip_session_read_max (session), error))
      return FALSE;
  } while (out->len > before && out->len < FAST_CHIP_FILE_MAX);
  return TRUE;
}

/**
 * fast_chip_session_read_file:
 * @session: a session that may read it
 * @file: which
 * @error: return location for an error
 *
 * Returns: (transfer full): the file's content
 */
GBytes *
fast_chip_session_read_file (FastChipSession *session, const FastFile *file, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  const gboolean done =
      fast_chip_session_select (session, file, error) &&
      (file->form == FAST_FILE_FORM_OBJECT ? read_object : read_to_end) (session, out, error);

  if (!done) {
    fast_error_prefix (error, "chip-read", "file=%s", file->name);
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}
