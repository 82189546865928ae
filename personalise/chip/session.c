/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/session.h"

#include "personalise/apdu/perso.h"
#include "personalise/apdu/status-word.h"
#include "record/base/bytes.h"
#include "record/base/error.h"

struct _FastChipSession {
  FastTransport *transport;
  GCancellable *cancellable;
  FastSecureMessaging *secured;
  FastScp03 *channel;
  GBytes *answer;
  GBytes *identity;
  gboolean entered;
  FastFilePlace place;
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
  g_clear_pointer (&session->channel, fast_scp03_free);
  g_clear_pointer (&session->answer, g_bytes_unref);
  g_clear_pointer (&session->identity, g_bytes_unref);
  g_clear_object (&session->cancellable);
  g_free (session);
}

/**
 * fast_chip_session_secure:
 * @session: a session
 * @messaging: (transfer full) (nullable): from here on commands go through it; %NULL: in plain,
 *   which ends a secured session or a channel at the chip too
 */
void
fast_chip_session_secure (FastChipSession *session, FastSecureMessaging *messaging)
{
  g_clear_pointer (&session->secured, fast_secure_messaging_free);
  g_clear_pointer (&session->channel, fast_scp03_free);
  session->secured = messaging;
  session->entered = session->entered && messaging != NULL;
}

/**
 * fast_chip_session_protect:
 * @session: a session
 * @channel: (transfer full): from here on commands go through it, until
 *   fast_chip_session_secure()
 */
void
fast_chip_session_protect (FastChipSession *session, FastScp03 *channel)
{
  g_clear_pointer (&session->secured, fast_secure_messaging_free);
  g_clear_pointer (&session->channel, fast_scp03_free);
  session->channel = channel;
}

/**
 * fast_chip_session_identify:
 * @session: a session
 * @identity: (transfer full): by what access control knows the chip
 */
void
fast_chip_session_identify (FastChipSession *session, GBytes *identity)
{
  g_clear_pointer (&session->identity, g_bytes_unref);
  session->identity = identity;
}

/**
 * fast_chip_session_identity:
 * @session: a session after access control
 *
 * Returns: (transfer none) (nullable): the chip's identity in terminal authentication: the document
 *   number after BAC, a coordinate of its ephemeral key after PACE (TR-03110-3, B.1)
 */
GBytes *
fast_chip_session_identity (FastChipSession *session)
{
  return session->identity;
}

/**
 * fast_chip_is_lost:
 * @error: why a command failed
 *
 * Returns: whether there is nothing left to talk to, rather than that the chip refused something
 */
gboolean
fast_chip_is_lost (const GError *error)
{
  return error->domain == FAST_DEVICE_ERROR || error->domain == FAST_STORE_ERROR ||
         g_error_matches (error, FAST_CARD_ERROR, FAST_CARD_ERROR_GONE) ||
         g_error_matches (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ABSENT);
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
  return fast_chip_session_connect (session, error) &&
         fast_chip_session_enter (session, FAST_PLACE_APPLICATION, error);
}

/**
 * fast_chip_session_transmit:
 * @session: a connected session
 * @command: a C-APDU, sent as it is whatever protects the session
 * @error: return location for an error
 *
 * For protocols that make their own APDUs.
 *
 * Returns: (transfer full): the R-APDU as it came
 */
GBytes *
fast_chip_session_transmit (FastChipSession *session, GBytes *command, GError **error)
{
  return fast_transport_transmit (session->transport, command, session->cancellable, error);
}

static GBytes *
wrap (FastChipSession *session, const FastCommand *command, GError **error)
{
  if (session->channel != NULL)
    return fast_scp03_wrap_command (session->channel, command, error);
  if (session->secured != NULL)
    return fast_secure_messaging_wrap_command (session->secured, command, error);
  return fast_command_build (command, error);
}

/* A status word that ended the channel says nothing about the command: on the way it may have been
 * altered. */
static GBytes *
unwrap_channel (FastScp03 *channel, GBytes *answer, GError **error)
{
  g_autoptr (GBytes) plain = fast_scp03_unwrap_response (channel, answer, error);

  if (plain != NULL && fast_scp03_is_closed (channel))
    return fast_fail_null (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC, "chip-channel-ended", NULL);
  return g_steal_pointer (&plain);
}

static GBytes *
unwrap (FastChipSession *session, GBytes *answer, GError **error)
{
  if (session->channel != NULL)
    return unwrap_channel (session->channel, answer, error);
  if (session->secured != NULL)
    return fast_secure_messaging_unwrap_response (session->secured, answer, error);
  return g_bytes_ref (answer);
}

static GBytes *
exchange (FastChipSession *session, const FastCommand *command, GError **error)
{
  g_autoptr (GBytes) sent = wrap (session, command, error);
  g_autoptr (GBytes) answer =
      sent == NULL ? NULL : fast_chip_session_transmit (session, sent, error);

  return answer == NULL ? NULL : unwrap (session, answer, error);
}

/* All but the last command of a chain; each must be taken (ISO/IEC 7816-4, 5.3.3). */
static gboolean
send_links (FastChipSession *session, FastCommand *command, gsize most, GError **error)
{
  while (command->size > most) {
    FastCommand link = *command;
    g_autoptr (GBytes) answer = NULL;
    FastResponse response;

    link.cla |= FAST_CLASS_CHAINED;
    link.size = most;
    link.le = 0;
    answer = exchange (session, &link, error);
    if (answer == NULL || !fast_response_parse (&response, answer, error) ||
        !fast_status_check (response.status, "command chain", error))
      return FALSE;
    command->data += most;
    command->size -= most;
  }
  return TRUE;
}

static gsize
plain_write_max (gsize limit)
{
  const gsize extended_frame = 4 + 3;

  if (limit <= FAST_COMMAND_SIZE_MAX)
    return FAST_COMMAND_DATA_MAX;
  return MAX (FAST_COMMAND_DATA_MAX, MIN (limit - extended_frame, FAST_EXTENDED_DATA_MAX));
}

/**
 * fast_chip_session_write_max:
 * @session: a connected session
 *
 * Returns: how many data bytes one command may have that asks for none back: as reader, chip and
 *   the protection of the session allow
 */
gsize
fast_chip_session_write_max (FastChipSession *session)
{
  const gsize limit = fast_transport_command_limit (session->transport);

  if (session->channel != NULL)
    return fast_scp03_write_max (session->channel, limit);
  return session->secured == NULL ? plain_write_max (limit)
                                  : fast_secure_messaging_write_max (session->secured, limit);
}

static GBytes *
exchange_whole (FastChipSession *session, const FastCommand *command, GError **error)
{
  FastCommand last = *command;

  if (!send_links (session, &last, fast_chip_session_write_max (session), error))
    return NULL;
  return exchange (session, &last, error);
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
  GBytes *answer = exchange_whole (session, command, error);

  g_clear_pointer (&session->answer, g_bytes_unref);
  session->answer = answer;
  return answer != NULL && fast_response_parse (response, answer, error) &&
         fast_response_check_size (response, command->le, error);
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

/* A chip may promise extended lengths that it, or something on the way to it, does not take. It
 * would show in the middle of the work, where a refused length looks like a broken chip and ends
 * secure messaging; so it is tried where nothing can be lost, with a SELECT. What else the chip
 * says to it does not matter. */
static gboolean
try_extended (FastChipSession *session, GError **error)
{
  const FastFile *file = fast_file_atr_info ();
  const guint8 data[] = {(guint8)(file->fid >> 8), (guint8)file->fid};
  const FastCommand command = {.ins = FAST_INS_SELECT,
                               .p1 = 0x02,
                               .p2 = 0x0C,
                               .data = data,
                               .size = sizeof data,
                               .extended = TRUE};
  g_autoptr (GError) why = NULL;
  FastResponse response;

  if (fast_transport_command_limit (session->transport) <= FAST_COMMAND_SIZE_MAX)
    return TRUE;
  if (fast_chip_session_send (session, &command, &response, &why)) {
    if (response.status == FAST_SW_LENGTH)
      fast_transport_announce (session->transport, (FastTransportLimits){0, 0});
    return TRUE;
  }
  if (!fast_chip_is_lost (why))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

/**
 * fast_chip_session_connect:
 * @session: a session
 * @error: return location for an error
 *
 * Powers the chip up; its master file is selected then (ICAO 9303-10, 3.6). Extended lengths that
 * its answer to reset promises are tried.
 *
 * Returns: whether there is a chip
 */
gboolean
fast_chip_session_connect (FastChipSession *session, GError **error)
{
  fast_chip_session_secure (session, NULL);
  session->entered = fast_transport_connect (session->transport, FAST_CONNECT_TIMEOUT_MS,
                                             session->cancellable, error);
  session->place = FAST_PLACE_MASTER_FILE;
  return session->entered && try_extended (session, error);
}

/**
 * fast_chip_session_announce:
 * @session: a connected session, in plain
 * @command_max: the longest C-APDU in bytes that the chip says it takes
 * @response_max: the longest R-APDU in bytes that it gives
 * @error: return location for an error
 *
 * Holds until the chip is connected to anew, if the chip keeps its word; the reader's own limits
 * stay.
 *
 * Returns: whether the chip is still there
 */
gboolean
fast_chip_session_announce (FastChipSession *session, gsize command_max, gsize response_max,
                            GError **error)
{
  fast_transport_announce (session->transport, (FastTransportLimits){command_max, response_max});
  return try_extended (session, error);
}

static gboolean
select_place (FastChipSession *session, FastFilePlace place, GError **error)
{
  const FastCommand application = {.ins = FAST_INS_SELECT,
                                   .p1 = 0x04,
                                   .p2 = 0x0C,
                                   .data = (const guint8 *)FAST_EMRTD_AID,
                                   .size = FAST_EMRTD_AID_SIZE};
  const FastCommand master_file = {.ins = FAST_INS_SELECT,
                                   .p1 = 0x00,
                                   .p2 = 0x0C,
                                   .data = (const guint8 *)FAST_MASTER_FILE,
                                   .size = FAST_MASTER_FILE_SIZE};

  return fast_chip_session_command (
      session, place == FAST_PLACE_APPLICATION ? &application : &master_file, "SELECT", error);
}

/**
 * fast_chip_session_enter:
 * @session: a session
 * @place: the eMRTD application or the master file
 * @error: return location for an error
 *
 * Selects it, unless it is selected (ICAO 9303-10, 3.6.2).
 *
 * Returns: whether the session is there
 */
gboolean
fast_chip_session_enter (FastChipSession *session, FastFilePlace place, GError **error)
{
  if (session->entered && session->place == place)
    return TRUE;
  session->entered = select_place (session, place, error);
  session->place = place;
  return session->entered;
}

/**
 * fast_chip_session_select:
 * @session: a session
 * @file: which
 * @error: return location for an error
 *
 * Returns: whether the file is selected
 */
gboolean
fast_chip_session_select (FastChipSession *session, const FastFile *file, GError **error)
{
  const guint8 data[] = {(guint8)(file->fid >> 8), (guint8)file->fid};
  const FastCommand command = {
      .ins = FAST_INS_SELECT, .p1 = 0x02, .p2 = 0x0C, .data = data, .size = sizeof data};

  return fast_chip_session_enter (session, file->place, error) &&
         fast_chip_session_command (session, &command, "SELECT", error);
}

/**
 * fast_chip_session_read_max:
 * @session: a connected session
 *
 * Returns: how many bytes one answer may have: as reader, chip and the protection of the session
 *   allow; no more than 223 of a short one, where some chips stop
 */
gsize
fast_chip_session_read_max (FastChipSession *session)
{
  const gsize limit = fast_transport_response_limit (session->transport);
  gsize most = limit - 2;

  if (session->channel != NULL)
    most = fast_scp03_read_max (session->channel, limit);
  else if (session->secured != NULL)
    most = fast_secure_messaging_read_max (session->secured, limit);
  return limit <= FAST_RESPONSE_SIZE_MAX ? MIN (most, FAST_SECURE_READ_MAX) : most;
}
