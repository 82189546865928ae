/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/secure-messaging.h"

#include "personalise/apdu/status-word.h"
#include "personalise/apdu/tdes.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/secure.h"
#include "record/base/tlv.h"

#define BLOCK FAST_TDES_BLOCK_SIZE
#define SECURED_CLASS 0x0C
#define PADDING_INDICATOR 0x01

/* ICAO 9303-11, 9.8.4: the data objects of secure messaging. */
enum {
  DO_CRYPTOGRAM = 0x87,
  DO_MAC = 0x8E,
  DO_LE = 0x97,
  DO_STATUS = 0x99,
};

struct _FastSecureMessaging {
  guint8 enc[FAST_TDES_KEY_SIZE];
  guint8 mac[FAST_TDES_KEY_SIZE];
  guint8 counter[BLOCK];
  gboolean broken;
};

/* The data objects of one secured APDU; an absent one has a NULL value. */
typedef struct {
  FastTlv cryptogram;
  FastTlv le;
  FastTlv status;
  FastTlv mac;
} Objects;

/**
 * fast_secure_messaging_new:
 * @enc: session key for encryption
 * @mac: session key for MACs
 * @counter: where the send sequence counter starts
 *
 * Returns: (transfer full): a session
 */
FastSecureMessaging *
fast_secure_messaging_new (const guint8 enc[16], const guint8 mac[16], const guint8 counter[8])
{
  FastSecureMessaging *session = g_new0 (FastSecureMessaging, 1);

  fast_copy (session->enc, sizeof session->enc, enc, FAST_TDES_KEY_SIZE);
  fast_copy (session->mac, sizeof session->mac, mac, FAST_TDES_KEY_SIZE);
  fast_copy (session->counter, sizeof session->counter, counter, BLOCK);
  return session;
}

/**
 * fast_secure_messaging_free:
 * @session: (transfer full): wiped
 */
void
fast_secure_messaging_free (FastSecureMessaging *session)
{
  fast_wipe (session, sizeof *session);
  g_free (session);
}

/* ICAO 9303-11, 9.8.2: the counter is increased before every command and before every answer. */
static gboolean
count (FastSecureMessaging *session, GError **error)
{
  if (session->broken)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC, "sm-broken", NULL);
  for (guint i = BLOCK; i > 0 && ++session->counter[i - 1] == 0; i--)
    ;
  return TRUE;
}

static gpointer
break_session (FastSecureMessaging *session)
{
  session->broken = TRUE;
  fast_wipe (session->enc, sizeof session->enc);
  fast_wipe (session->mac, sizeof session->mac);
  return NULL;
}

static void
free_wiped (GByteArray *array)
{
  fast_wipe (array->data, array->len);
  g_byte_array_unref (array);
}

static gboolean
append_cryptogram (FastSecureMessaging *session, GByteArray *out, const guint8 *data, gsize size,
                   GError **error)
{
  GByteArray *text = g_byte_array_sized_new ((guint)size + BLOCK);
  g_autofree guint8 *value = g_malloc (size + BLOCK + 1);
  gboolean done;
  gsize padded;

  fast_append (text, data, size);
  fast_padding_append (text);
  padded = text->len;
  value[0] = PADDING_INDICATOR;
  done = fast_tdes_encrypt (session->enc, text->data, value + 1, padded, error);
  if (done)
    fast_tlv_append (out, DO_CRYPTOGRAM, value, padded + 1);
  free_wiped (text);
  return done;
}

/* ICAO 9303-11, 9.8.6.2: MAC over counter, padded header (commands only) and data objects. */
static gboolean
compute_mac (FastSecureMessaging *session, const FastCommand *header, const guint8 *objects,
             gsize size, guint8 mac[BLOCK], GError **error)
{
  g_autoptr (GByteArray) input = g_byte_array_sized_new ((guint)size + 4 * BLOCK);

  fast_append (input, session->counter, BLOCK);
  if (header != NULL) {
    const guint8 bytes[] = {header->cla, header->ins, header->p1, header->p2};
    fast_append (input, bytes, sizeof bytes);
    fast_padding_append (input);
  }
  fast_append (input, objects, size);
  return fast_tdes_mac (session->mac, input->data, input->len, mac, error);
}

static gboolean
append_mac (FastSecureMessaging *session, const FastCommand *header, GByteArray *objects,
            GError **error)
{
  guint8 mac[BLOCK];

  if (!compute_mac (session, header, objects->data, objects->len, mac, error))
    return FALSE;
  fast_tlv_append (objects, DO_MAC, mac, sizeof mac);
  return TRUE;
}

static gboolean
append_command_objects (FastSecureMessaging *session, const FastCommand *command,
                        const FastCommand *header, GByteArray *objects, GError **error)
{
  const guint8 le = (guint8)command->le;

  if (command->size > 0 &&
      !append_cryptogram (session, objects, command->data, command->size, error))
    return FALSE;
  if (command->le > 0)
    fast_tlv_append (objects, DO_LE, &le, 1);
  return append_mac (session, header, objects, error);
}

/**
 * fast_secure_messaging_wrap_command:
 * @session: a session, in the reader's role
 * @command: a plain command with an even instruction
 * @error: return location for an error
 *
 * Returns: (transfer full): the secured C-APDU (ICAO 9303-11, 9.8.4), or %NULL with
 *   FAST_CARD_ERROR_LIMIT when it would not fit a short APDU
 */
GBytes *
fast_secure_messaging_wrap_command (FastSecureMessaging *session, const FastCommand *command,
                                    GError **error)
{
  g_autoptr (GByteArray) objects = g_byte_array_new ();
  FastCommand secured = *command;

  secured.cla |= SECURED_CLASS;
  secured.le = FAST_COMMAND_LE_MAX;
  if (command->size > FAST_SECURE_WRITE_MAX)
    return fast_fail_null (error, FAST_CARD_ERROR, FAST_CARD_ERROR_LIMIT, "apdu-limit",
                           "size=%" G_GSIZE_FORMAT ", limit=%d", command->size,
                           FAST_SECURE_WRITE_MAX);
  if (!count (session, error) ||
      !append_command_objects (session, command, &secured, objects, error))
    return break_session (session);
  secured.data = objects->data;
  secured.size = objects->len;
  return fast_command_build (&secured, error);
}

static gboolean
fail_object (GError **error)
{
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC, "sm-object", NULL);
}

static FastTlv *
place_of (Objects *objects, guint32 tag)
{
  switch (tag) {
  case DO_CRYPTOGRAM:
    return &objects->cryptogram;
  case DO_LE:
    return &objects->le;
  case DO_STATUS:
    return &objects->status;
  case DO_MAC:
    return &objects->mac;
  default:
    return NULL;
  }
}

/* Every object at most once, none unknown, the MAC last. */
static gboolean
read_objects (const guint8 *data, gsize size, Objects *objects, GError **error)
{
  FastReader reader = fast_reader_new (data, size, "SM");

  while (fast_reader_left (&reader) > 0) {
    FastTlv tlv;
    FastTlv *place;

    if (!fast_tlv_read (&reader, &tlv, NULL))
      return fail_object (error);
    place = place_of (objects, tlv.tag);
    if (place == NULL || place->start != NULL || objects->mac.start != NULL)
      return fail_object (error);
    *place = tlv;
  }
  if (objects->mac.start == NULL || objects->mac.size != BLOCK)
    return fail_object (error);
  return TRUE;
}

static gboolean
check_mac (FastSecureMessaging *session, const FastCommand *header, const guint8 *data,
           const Objects *objects, GError **error)
{
  guint8 mac[BLOCK];

  if (!compute_mac (session, header, data, (gsize)(objects->mac.start - data), mac, error))
    return FALSE;
  if (!fast_equal_secret (mac, objects->mac.value, BLOCK))
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC, "sm-mac", NULL);
  return TRUE;
}

/* Appends what the cryptogram holds; it was authenticated before. */
static gboolean
decrypt (FastSecureMessaging *session, const FastTlv *cryptogram, GByteArray *out, GError **error)
{
  g_autofree guint8 *text = NULL;
  gsize size = cryptogram->size - 1;
  gboolean done;

  if (cryptogram->size < 1 + BLOCK || cryptogram->value[0] != PADDING_INDICATOR ||
      size % BLOCK != 0)
    return fail_object (error);
  text = g_malloc (cryptogram->size);
  done = fast_tdes_decrypt (session->enc, cryptogram->value + 1, text, size, error) &&
         fast_padding_remove (text, &size, error);
  if (done)
    fast_append (out, text, size);
  fast_wipe (text, cryptogram->size);
  return done;
}

static GBytes *
unwrap_response (FastSecureMessaging *session, const FastResponse *response, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_sized_new (FAST_RESPONSE_SIZE_MAX);
  Objects objects = {0};

  if (!read_objects (response->data, response->size, &objects, error) ||
      !check_mac (session, NULL, response->data, &objects, error))
    return NULL;
  if (objects.status.start == NULL || objects.status.size != 2 || objects.le.start != NULL ||
      (objects.status.value[0] << 8 | objects.status.value[1]) != response->status) {
    fail_object (error);
    return NULL;
  }
  if (objects.cryptogram.start != NULL && !decrypt (session, &objects.cryptogram, out, error))
    return NULL;
  fast_append_u16 (out, response->status);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/**
 * fast_secure_messaging_unwrap_response:
 * @session: a session, in the reader's role
 * @response: what the chip sent
 * @error: return location for an error
 *
 * A chip that drops the session answers in plain: its status word is then the error.
 *
 * Returns: (transfer full): the plain R-APDU, or %NULL with FAST_CARD_ERROR_MAC when anything in it
 *   was altered
 */
GBytes *
fast_secure_messaging_unwrap_response (FastSecureMessaging *session, GBytes *response,
                                       GError **error)
{
  FastResponse parsed;
  GBytes *plain;

  if (!count (session, error))
    return NULL;
  if (!fast_response_parse (&parsed, response, error))
    return break_session (session);
  if (parsed.size == 0 && !fast_status_check (parsed.status, "SM", error))
    return break_session (session);
  plain = unwrap_response (session, &parsed, error);
  return plain != NULL ? plain : break_session (session);
}

static GBytes *
unwrap_command (FastSecureMessaging *session, const FastCommand *command, GError **error)
{
  g_autoptr (GByteArray) data = g_byte_array_sized_new (FAST_COMMAND_DATA_MAX);
  FastCommand plain = *command;
  Objects objects = {0};

  if (!read_objects (command->data, command->size, &objects, error) ||
      !check_mac (session, command, command->data, &objects, error))
    return NULL;
  if (objects.status.start != NULL || (objects.le.start != NULL && objects.le.size != 1)) {
    fail_object (error);
    return NULL;
  }
  if (objects.cryptogram.start != NULL && !decrypt (session, &objects.cryptogram, data, error))
    return NULL;
  plain.cla &= (guint8)~SECURED_CLASS;
  plain.data = data->data;
  plain.size = data->len;
  plain.le = 0;
  if (objects.le.start != NULL)
    plain.le = objects.le.value[0] == 0 ? FAST_COMMAND_LE_MAX : objects.le.value[0];
  return fast_command_build (&plain, error);
}

/**
 * fast_secure_messaging_unwrap_command:
 * @session: a session, in the chip's role
 * @command: a secured command
 * @error: return location for an error
 *
 * Returns: (transfer full): the plain C-APDU, or %NULL with FAST_CARD_ERROR_MAC
 */
GBytes *
fast_secure_messaging_unwrap_command (FastSecureMessaging *session, const FastCommand *command,
                                      GError **error)
{
  GBytes *plain;

  if (!count (session, error))
    return NULL;
  plain = unwrap_command (session, command, error);
  return plain != NULL ? plain : break_session (session);
}

/**
 * fast_secure_messaging_wrap_response:
 * @session: a session, in the chip's role
 * @data: (nullable): the plain answer's data
 * @size: how many bytes, at most 231
 * @status: its status word
 * @error: return location for an error
 *
 * Returns: (transfer full): the secured R-APDU
 */
GBytes *
fast_secure_messaging_wrap_response (FastSecureMessaging *session, gconstpointer data, gsize size,
                                     guint16 status, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_sized_new (FAST_RESPONSE_SIZE_MAX);
  const guint8 word[] = {(guint8)(status >> 8), (guint8)status};

  if (!count (session, error))
    return NULL;
  if (size > 0 && !append_cryptogram (session, out, data, size, error))
    return break_session (session);
  fast_tlv_append (out, DO_STATUS, word, sizeof word);
  if (!append_mac (session, NULL, out, error))
    return break_session (session);
  return fast_response_build (out->data, out->len, status);
}
