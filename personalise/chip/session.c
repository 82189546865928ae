/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/session.h"

#include "personalise/apdu/perso.h"
#include "personalise/apdu/status-word.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/tlv.h"

#define HEADER_SIZE 4

struct _FastChipSession {
  FastTransport *transport;
  GCancellable *cancellable;
  FastSecureMessaging *secured;
  GBytes *answer;
};

/**
 * fast_chip_session_new:
 * @transport: the way to the chip; must outlive the session
 * @cancellable: (nullable): ends any call early
 *
 * Returns: (transfer full): a session, not yet started
 */
FastChipSession *
fast_chip_session_new (FastTransport *transport, GCancellable *cancellable)
{
  FastChipSession *session = g_new0 (FastChipSession, 1);

  session->transport = transport;
  session->cancellable = cancellable == NULL ? NULL : g_object_ref (cancellable);
  return session;
}

/**
 * fast_chip_session_free:
 * @session: (transfer full): its keys are wiped
 */
void
fast_chip_session_free (FastChipSession *session)
{
  g_clear_pointer (&session->secured, fast_secure_messaging_free);
  g_clear_pointer (&session->answer, g_bytes_unref);
  g_clear_object (&session->cancellable);
  g_free (session);
}

/**
 * fast_chip_session_start:
 * @session: a session
 * @error: return location for an error
 *
 * Powers the chip up and selects its eMRTD application.
 *
 * Returns: whether the application is there
 */
gboolean
fast_chip_session_start (FastChipSession *session, GError **error)
{
  g_clear_pointer (&session->secured, fast_secure_messaging_free);
  return fast_transport_connect (session->transport, FAST_CONNECT_TIMEOUT_MS, session->cancellable,
                                 error) &&
         fast_chip_session_select_application (session, error);
}

static GBytes *
exchange (FastChipSession *session, const FastCommand *command, GError **error)
{
  g_autoptr (GBytes) sent = NULL;
  g_autoptr (GBytes) answer = NULL;

  if (session->secured != NULL)
    sent = fast_secure_messaging_wrap_command (session->secured, command, error);
  else
    sent = fast_command_build (command, error);
  if (sent == NULL)
    return NULL;
  answer = fast_transport_transmit (session->transport, sent, session->cancellable, error);
  if (answer == NULL || session->secured == NULL)
    return g_steal_pointer (&answer);
  return fast_secure_messaging_unwrap_response (session->secured, answer, error);
}

/**
 * fast_chip_session_send:
 * @session: a session
 * @command: a plain command; it is secured when the session is
 * @response: (out caller-allocates): the plain answer; valid until the next command
 * @error: return location for an error
 *
 * Returns: whether the chip answered, with any status word
 */
gboolean
fast_chip_session_send (FastChipSession *session, const FastCommand *command,
                        FastResponse *response, GError **error)
{
  GBytes *answer = exchange (session, command, error);

  g_clear_pointer (&session->answer, g_bytes_unref);
  session->answer = answer;
  return answer != NULL && fast_response_parse (response, answer, error);
}

/**
 * fast_chip_session_command:
 * @session: a session
 * @command: a plain command
 * @name: its name, for errors
 * @error: return location for an error
 *
 * Returns: whether the chip answered 9000
 */
gboolean
fast_chip_session_command (FastChipSession *session, const FastCommand *command, const char *name,
                           GError **error)
{
  FastResponse response;

  return fast_chip_session_send (session, command, &response, error) &&
         fast_status_check (response.status, name, error);
}

/**
 * fast_chip_session_ask:
 * @session: a session
 * @command: a plain command
 * @name: its name, for errors
 * @error: return location for an error
 *
 * Returns: (transfer full): the answer's data, when the chip answered 9000
 */
GBytes *
fast_chip_session_ask (FastChipSession *session, const FastCommand *command, const char *name,
                       GError **error)
{
  FastResponse response;

  if (!fast_chip_session_send (session, command, &response, error) ||
      !fast_status_check (response.status, name, error))
    return NULL;
  return g_bytes_new (response.data, response.size);
}

/**
 * fast_chip_session_select_application:
 * @session: a session
 * @error: return location for an error
 *
 * ICAO 9303-10, 3.6.2. In plain: a secured session ends.
 *
 * Returns: whether the application is there
 */
gboolean
fast_chip_session_select_application (FastChipSession *session, GError **error)
{
  const FastCommand command = {.ins = FAST_INS_SELECT,
                               .p1 = 0x04,
                               .p2 = 0x0C,
                               .data = (const guint8 *)FAST_EMRTD_AID,
                               .size = FAST_EMRTD_AID_SIZE};

  g_clear_pointer (&session->secured, fast_secure_messaging_free);
  return fast_chip_session_command (session, &command, "SELECT", error);
}

static gboolean
get_challenge (FastChipSession *session, guint8 challenge[FAST_BAC_CHALLENGE_SIZE], GError **error)
{
  const FastCommand command = {.ins = FAST_INS_GET_CHALLENGE, .le = FAST_BAC_CHALLENGE_SIZE};
  g_autoptr (GBytes) answer = fast_chip_session_ask (session, &command, "GET CHALLENGE", error);

  if (answer == NULL)
    return FALSE;
  if (g_bytes_get_size (answer) != FAST_BAC_CHALLENGE_SIZE)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS, "bac-refused", NULL);
  return fast_copy (challenge, FAST_BAC_CHALLENGE_SIZE, g_bytes_get_data (answer, NULL),
                    FAST_BAC_CHALLENGE_SIZE);
}

static gboolean
authenticate (FastChipSession *session, const FastBacKeys *keys, const FastBacSide *side,
              GError **error)
{
  guint8 challenge[FAST_BAC_CHALLENGE_SIZE];
  guint8 cryptogram[FAST_BAC_CRYPTOGRAM_SIZE];
  const FastCommand command = {.ins = FAST_INS_EXTERNAL_AUTHENTICATE,
                               .data = cryptogram,
                               .size = sizeof cryptogram,
                               .le = sizeof cryptogram};
  g_autoptr (GBytes) answer = NULL;

  if (!get_challenge (session, challenge, error) ||
      !fast_bac_reader_ask (keys, side, challenge, cryptogram, error))
    return FALSE;
  answer = fast_chip_session_ask (session, &command, "EXTERNAL AUTHENTICATE", error);
  if (answer == NULL)
    return FALSE;
  if (g_bytes_get_size (answer) != FAST_BAC_CRYPTOGRAM_SIZE)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS, "bac-refused", NULL);
  session->secured =
      fast_bac_reader_finish (keys, side, challenge, g_bytes_get_data (answer, NULL), error);
  return session->secured != NULL;
}

/**
 * fast_chip_session_authenticate:
 * @session: a session with the application selected
 * @mrz_information: as fast_mrz_information() gives it
 * @error: return location for an error
 *
 * Basic access control (ICAO 9303-11, 4.3). From here on commands are secured.
 *
 * Returns: whether chip and reader agree; else FAST_CARD_ERROR_ACCESS
 */
gboolean
fast_chip_session_authenticate (FastChipSession *session, FastSecret *mrz_information,
                                GError **error)
{
  g_auto (FastBacKeys) keys = {{0}, {0}};
  g_auto (FastBacSide) side = {{0}, {0}};

  fast_bac_keys_derive (&keys, mrz_information);
  return fast_bac_side_draw (&side, error) && authenticate (session, &keys, &side, error);
}

static gboolean
select_file (FastChipSession *session, guint16 fid, GError **error)
{
  const guint8 data[] = {(guint8)(fid >> 8), (guint8)fid};
  const FastCommand command = {
      .ins = FAST_INS_SELECT, .p1 = 0x02, .p2 = 0x0C, .data = data, .size = sizeof data};

  return fast_chip_session_command (session, &command, "SELECT", error);
}

/* Appends what the chip gives at @offset, at most @wanted bytes. */
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
  if (response.status != FAST_SW_END_OF_FILE &&
      !fast_status_check (response.status, "READ BINARY", error))
    return FALSE;
  if (response.size == 0 || response.size > wanted)
    return fast_status_check (FAST_SW_END_OF_FILE, "READ BINARY", error);
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
read_content (FastChipSession *session, GByteArray *out, GError **error)
{
  gsize size = 0;

  if (!read_piece (session, out, 0, HEADER_SIZE, error) || !announced_size (out, &size, error))
    return FALSE;
  while (out->len < size)
    if (!read_piece (session, out, out->len, MIN (size - out->len, FAST_SECURE_READ_MAX), error))
      return FALSE;
  g_byte_array_set_size (out, (guint)size);
  return TRUE;
}

/**
 * fast_chip_session_read_file:
 * @session: a session after access control
 * @fid: file identifier
 * @error: return location for an error
 *
 * Returns: (transfer full): the file's data object, tag and length included
 */
GBytes *
fast_chip_session_read_file (FastChipSession *session, guint16 fid, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  if (!select_file (session, fid, error) || !read_content (session, out, error)) {
    fast_error_prefix (error, "chip-read", "fid=%04X", (guint)fid);
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}
