/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/scp03.h"

#include "personalise/apdu/perso.h"
#include "personalise/apdu/status-word.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/secure.h"

#define BLOCK FAST_AES_BLOCK_SIZE
#define SECURED_CLASS 0x04
#define PROPRIETARY_CLASS 0x80
#define FREE_CLASS (PROPRIETARY_CLASS | FAST_CLASS_CHAINED)
#define SHORT_HEADER 5
#define EXTENDED_HEADER 7
#define STATUS_SIZE 2

struct _FastScp03 {
  FastScp03Session session;
  guint8 level;
  gboolean closed;
};

/**
 * fast_scp03_new:
 * @session: session keys, and the chaining value that EXTERNAL AUTHENTICATE left
 * @level: the security level it asked for
 *
 * Made by fast_scp03_host_open() and fast_scp03_card_external_authenticate().
 *
 * Returns: (transfer full): an open channel
 */
FastScp03 *
fast_scp03_new (const FastScp03Session *session, guint8 level)
{
  FastScp03 *channel = g_new0 (FastScp03, 1);

  channel->session = *session;
  channel->level = level;
  return channel;
}

/**
 * fast_scp03_free:
 * @channel: (transfer full): wiped
 */
void
fast_scp03_free (FastScp03 *channel)
{
  fast_wipe (channel, sizeof *channel);
  g_free (channel);
}

/**
 * fast_scp03_level_check:
 * @level: a security level
 * @options: the parameter `i` of the card
 * @error: return location for an error
 *
 * Amendment D, table 7-6: the levels that there are, and what the card must be able to do for them.
 * Level 00 would leave the commands bare and is refused.
 *
 * Returns: whether that card can keep that level; FAST_INPUT_ERROR_UNSUPPORTED
 */
gboolean
fast_scp03_level_check (guint8 level, guint8 options, GError **error)
{
  static const struct {
    guint8 level;
    guint8 needs;
  } levels[] = {
      {0x01, 0},
      {0x03, 0},
      {0x11, FAST_SCP03_CAN_R_MAC},
      {0x13, FAST_SCP03_CAN_R_MAC},
      {0x33, FAST_SCP03_CAN_R_MAC | FAST_SCP03_CAN_R_ENCRYPTION},
  };

  for (guint i = 0; i < G_N_ELEMENTS (levels); i++) {
    if (levels[i].level == level && (options & levels[i].needs) == levels[i].needs)
      return TRUE;
  }
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "scp03-level",
                    "level=%02X, options=%02X", level, options);
}

/**
 * fast_scp03_get_level:
 * @channel: a channel
 *
 * Returns: its security level
 */
guint8
fast_scp03_get_level (const FastScp03 *channel)
{
  return channel->level;
}

/**
 * fast_scp03_is_closed:
 * @channel: a channel
 *
 * Returns: whether an error ended it
 */
gboolean
fast_scp03_is_closed (const FastScp03 *channel)
{
  return channel->closed;
}

/* Most plain bytes in @space bytes of data field: the MAC, then whole blocks with at least the 80.
 */
static gsize
fit (gsize space, gsize mac, gboolean encrypted)
{
  gsize left = space > mac ? space - mac : 0;

  if (!encrypted)
    return left;
  return left < BLOCK ? 0 : left / BLOCK * BLOCK - 1;
}

/**
 * fast_scp03_write_max:
 * @channel: a channel
 * @size_limit: the longest C-APDU that transport and chip take, as in %FAST_COMMAND_SIZE_MAX
 *
 * Writers that fill each command so far send the fewest commands: at level 03 a short command holds
 * 239 bytes in S8 mode and 223 in S16 mode.
 *
 * Returns: how many data bytes a command may have that asks for no data (UPDATE BINARY)
 */
gsize
fast_scp03_write_max (const FastScp03 *channel, gsize size_limit)
{
  gboolean encrypted = (channel->level & FAST_SCP03_C_DECRYPTION) != 0;
  gsize width = channel->session.width;
  gsize space = size_limit > SHORT_HEADER ? size_limit - SHORT_HEADER : 0;
  gsize most = fit (MIN (space, FAST_COMMAND_DATA_MAX), width, encrypted);

  if (size_limit > FAST_COMMAND_SIZE_MAX)
    most = MAX (most,
                fit (MIN (size_limit - EXTENDED_HEADER, FAST_EXTENDED_DATA_MAX), width, encrypted));
  return most;
}

/**
 * fast_scp03_read_max:
 * @channel: a channel
 * @size_limit: the longest R-APDU that transport and chip take, as in %FAST_RESPONSE_SIZE_MAX
 *
 * Returns: how many data bytes an answer may have
 */
gsize
fast_scp03_read_max (const FastScp03 *channel, gsize size_limit)
{
  gsize limit = MIN (size_limit, FAST_EXTENDED_RESPONSE_SIZE_MAX);
  gsize space = limit > STATUS_SIZE ? limit - STATUS_SIZE : 0;

  if ((channel->level & FAST_SCP03_R_MAC) == 0)
    return space;
  return fit (space, channel->session.width, (channel->level & FAST_SCP03_R_ENCRYPTION) != 0);
}

static gboolean
check_open (FastScp03 *channel, GError **error)
{
  if (!channel->closed)
    return TRUE;
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC, "scp03-closed", NULL);
}

static gpointer
close_channel (FastScp03 *channel)
{
  channel->closed = TRUE;
  fast_scp03_session_clear (&channel->session);
  return NULL;
}

static gboolean
fail_form (GError **error)
{
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC, "scp03-form", NULL);
}

/* Only the basic logical channel, no secure messaging yet: 00 or 80 becomes 04 or 84 (Amendment D,
 * 6.2.4). Each link of a chain is a command of its own here. */
static gboolean
secure_class (guint8 *class, GError **error)
{
  if ((*class & (guint8)~FREE_CLASS) != 0)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "scp03-class",
                      "class=%02X", *class);
  *class |= SECURED_CLASS;
  return TRUE;
}

/* A data field as it goes out and as it came in: an empty one is never encrypted. */
static gboolean
append_field (FastScp03 *channel, FastScp03Direction direction, const guint8 *data, gsize size,
              GByteArray *out, GError **error)
{
  const guint8 bit =
      direction == FAST_SCP03_TO_CARD ? FAST_SCP03_C_DECRYPTION : FAST_SCP03_R_ENCRYPTION;

  if (size > 0 && (channel->level & bit) != 0)
    return fast_scp03_session_encrypt (&channel->session, direction, data, size, out, error);
  fast_append (out, data, size);
  return TRUE;
}

static gboolean
append_plain (FastScp03 *channel, FastScp03Direction direction, const guint8 *data, gsize size,
              GByteArray *out, GError **error)
{
  const guint8 bit =
      direction == FAST_SCP03_TO_CARD ? FAST_SCP03_C_DECRYPTION : FAST_SCP03_R_ENCRYPTION;

  if (size > 0 && (channel->level & bit) != 0)
    return fast_scp03_session_decrypt (&channel->session, direction, data, size, out, error);
  fast_append (out, data, size);
  return TRUE;
}

/* Data of the command as it goes out: encrypted where the level says so, then the C-MAC, which
 * becomes the chaining value. */
static gboolean
append_command_data (FastScp03 *channel, const FastCommand *plain, FastCommand *secured,
                     GByteArray *out, GError **error)
{
  FastScp03Session *session = &channel->session;

  if (!append_field (channel, FAST_SCP03_TO_CARD, plain->data, plain->size, out, error))
    return FALSE;
  secured->data = out->data;
  secured->size = out->len;
  if (!fast_scp03_session_command_mac (session, secured, session->chaining, error))
    return FALSE;
  fast_append (out, session->chaining, session->width);
  secured->data = out->data;
  secured->size = out->len;
  return TRUE;
}

/**
 * fast_scp03_wrap_command:
 * @channel: a channel, in the host's role
 * @command: a plain command of class 00 or 80, or a link of a chain (10, 90)
 * @error: return location for an error
 *
 * The result is short when it fits and @command does not say otherwise. A command that is refused
 * here for its class or length does not touch the channel.
 *
 * Returns: (transfer full): the secured C-APDU (Amendment D, 6.2.4 and 6.2.6), or %NULL with
 *   FAST_CARD_ERROR_LIMIT when it would not fit, FAST_CARD_ERROR_MAC when the channel is closed,
 *   FAST_INPUT_ERROR_UNSUPPORTED, FAST_KEY_ERROR_CRYPTO
 */
GBytes *
fast_scp03_wrap_command (FastScp03 *channel, const FastCommand *command, GError **error)
{
  g_autoptr (GByteArray) data = g_byte_array_sized_new ((guint)command->size + 2 * BLOCK);
  gsize most = fast_scp03_write_max (channel, FAST_EXTENDED_COMMAND_SIZE_MAX);
  FastCommand secured = *command;

  if (!check_open (channel, error) || !secure_class (&secured.cla, error) ||
      !fast_apdu_check_limit (command->size, most, error) ||
      !fast_apdu_check_limit (command->le, FAST_EXTENDED_LE_MAX, error))
    return NULL;
  fast_scp03_session_count (&channel->session);
  if (!append_command_data (channel, command, &secured, data, error))
    return close_channel (channel);
  return fast_command_build (&secured, error);
}

/* Amendment D, 6.2.5: 9000 and warnings are secured, errors come bare. */
static gboolean
is_secured (guint16 status)
{
  return status == FAST_SW_OK || (status & 0xFF00) == 0x6200 || (status & 0xFF00) == 0x6300;
}

static gboolean
check_response_mac (FastScp03 *channel, FastResponse *response, GError **error)
{
  gsize width = channel->session.width;
  guint8 mac[BLOCK];

  if (response->size < width)
    return fail_form (error);
  response->size -= width;
  if (!fast_scp03_session_response_mac (&channel->session, response, mac, error))
    return FALSE;
  if (!fast_equal_secret (mac, response->data + response->size, width))
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC, "scp03-mac", NULL);
  return TRUE;
}

static GBytes *
unwrap_secured (FastScp03 *channel, FastResponse *response, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_sized_new ((guint)response->size + STATUS_SIZE);

  if (!check_response_mac (channel, response, error) ||
      !append_plain (channel, FAST_SCP03_TO_HOST, response->data, response->size, out, error))
    return NULL;
  fast_append_u16 (out, response->status);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/* The card found our command altered, or lost the channel: nothing more gets through. */
static gboolean
ends_channel (guint16 status)
{
  return status == FAST_SW_SECURITY || status == FAST_SW_SM_MISSING || status == FAST_SW_SM_WRONG;
}

/**
 * fast_scp03_unwrap_response:
 * @channel: a channel, in the host's role
 * @response: what the card sent
 * @error: return location for an error
 *
 * An error status word comes bare at every level and is handed on; 6982, 6987 and 6988 also end the
 * channel, for the card has then ended it too. At levels without R-MAC nothing is checked.
 *
 * Returns: (transfer full): the plain R-APDU, or %NULL with FAST_CARD_ERROR_MAC when anything in it
 *   was altered
 */
GBytes *
fast_scp03_unwrap_response (FastScp03 *channel, GBytes *response, GError **error)
{
  FastResponse parsed;
  GBytes *plain;

  if (!check_open (channel, error))
    return NULL;
  if (!fast_response_parse (&parsed, response, error))
    return close_channel (channel);
  if (ends_channel (parsed.status))
    close_channel (channel);
  if ((channel->level & FAST_SCP03_R_MAC) == 0 || (!is_secured (parsed.status) && parsed.size == 0))
    return g_bytes_ref (response);
  if (!is_secured (parsed.status)) {
    fail_form (error);
    return close_channel (channel);
  }
  plain = unwrap_secured (channel, &parsed, error);
  return plain != NULL ? plain : close_channel (channel);
}

/* On success @secured has lost its C-MAC, and that is the new chaining value. */
static gboolean
check_command_mac (FastScp03 *channel, FastCommand *secured, GError **error)
{
  FastScp03Session *session = &channel->session;
  guint8 mac[BLOCK];

  if ((secured->cla & (guint8)~FREE_CLASS) != SECURED_CLASS || secured->size < session->width)
    return fail_form (error);
  secured->size -= session->width;
  if (!fast_scp03_session_command_mac (session, secured, mac, error))
    return FALSE;
  if (!fast_equal_secret (mac, secured->data + secured->size, session->width))
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC, "scp03-mac", NULL);
  return fast_copy (session->chaining, BLOCK, mac, BLOCK);
}

static GBytes *
unwrap_command (FastScp03 *channel, FastCommand *secured, GError **error)
{
  g_autoptr (GByteArray) data = g_byte_array_sized_new ((guint)secured->size);
  FastCommand plain;

  if (!check_command_mac (channel, secured, error) ||
      !append_plain (channel, FAST_SCP03_TO_CARD, secured->data, secured->size, data, error))
    return NULL;
  plain = *secured;
  plain.cla &= (guint8)~SECURED_CLASS;
  plain.data = data->data;
  plain.size = data->len;
  return fast_command_build (&plain, error);
}

/**
 * fast_scp03_unwrap_command:
 * @channel: a channel, in the card's role
 * @command: a secured command
 * @error: return location for an error
 *
 * A card answers a refused one with 6982, and the channel is closed (Amendment D, 5.6).
 *
 * Returns: (transfer full): the plain C-APDU, or %NULL with FAST_CARD_ERROR_MAC
 */
GBytes *
fast_scp03_unwrap_command (FastScp03 *channel, const FastCommand *command, GError **error)
{
  FastCommand secured = *command;
  GBytes *plain;

  if (!check_open (channel, error))
    return NULL;
  fast_scp03_session_count (&channel->session);
  plain = unwrap_command (channel, &secured, error);
  return plain != NULL ? plain : close_channel (channel);
}

static GBytes *
wrap_secured (FastScp03 *channel, const FastResponse *plain, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_sized_new ((guint)plain->size + 2 * BLOCK);
  FastResponse secured = *plain;
  guint8 mac[BLOCK];

  if (!append_field (channel, FAST_SCP03_TO_HOST, plain->data, plain->size, out, error))
    return NULL;
  secured.data = out->data;
  secured.size = out->len;
  if (!fast_scp03_session_response_mac (&channel->session, &secured, mac, error))
    return NULL;
  fast_append (out, mac, channel->session.width);
  return fast_response_build (out->data, out->len, plain->status);
}

/**
 * fast_scp03_wrap_response:
 * @channel: a channel, in the card's role
 * @data: (nullable): the plain answer's data
 * @size: how many bytes, at most fast_scp03_read_max()
 * @status: its status word; an error drops the data
 * @error: return location for an error
 *
 * Returns: (transfer full): the R-APDU (Amendment D, 6.2.5 and 6.2.7), or %NULL with
 *   FAST_CARD_ERROR_LIMIT when it would not fit, FAST_CARD_ERROR_MAC when the channel is closed
 */
GBytes *
fast_scp03_wrap_response (FastScp03 *channel, gconstpointer data, gsize size, guint16 status,
                          GError **error)
{
  const FastResponse plain = {data, size, status};
  gsize most = fast_scp03_read_max (channel, FAST_EXTENDED_RESPONSE_SIZE_MAX);
  GBytes *secured;

  if (!is_secured (status))
    return fast_response_build (NULL, 0, status);
  if (!check_open (channel, error) || !fast_apdu_check_limit (size, most, error))
    return NULL;
  if ((channel->level & FAST_SCP03_R_MAC) == 0)
    return fast_response_build (data, size, status);
  secured = wrap_secured (channel, &plain, error);
  return secured != NULL ? secured : close_channel (channel);
}
