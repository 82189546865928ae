/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/secure-messaging.h"

#include "personalise/apdu/kdf.h"
#include "personalise/apdu/padding.h"
#include "personalise/apdu/secured-object.h"
#include "personalise/apdu/status-word.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/secure.h"

#define SECURED_CLASS 0x0C
#define PADDING_INDICATOR 0x01
#define MAC_SIZE FAST_CIPHER_MAC_SIZE

/* Sizes of whole data objects. */
#define DO_MAC_TOTAL (2 + MAC_SIZE)
#define DO_STATUS_TOTAL 4

struct _FastSecureMessaging {
  FastCipher cipher;
  gsize block;
  guint8 enc[FAST_CIPHER_KEY_MAX];
  guint8 mac[FAST_CIPHER_KEY_MAX];
  guint8 counter[FAST_CIPHER_BLOCK_MAX];
  gboolean odd;
  gboolean broken;
};

/* --- sessions --- */

/**
 * fast_secure_messaging_new:
 * @cipher: the suite
 * @enc: session key for encryption, of the cipher's key size
 * @mac: session key for MACs, of the cipher's key size
 * @counter: (nullable): where the send sequence counter starts, of the cipher's block size; %NULL
 *   for zero
 *
 * Returns: (transfer full): a session
 */
FastSecureMessaging *
fast_secure_messaging_new (FastCipher cipher, const guint8 *enc, const guint8 *mac,
                           const guint8 *counter)
{
  FastSecureMessaging *session = g_new0 (FastSecureMessaging, 1);

  session->cipher = cipher;
  session->block = fast_cipher_block_size (cipher);
  fast_copy (session->enc, sizeof session->enc, enc, fast_cipher_key_size (cipher));
  fast_copy (session->mac, sizeof session->mac, mac, fast_cipher_key_size (cipher));
  if (counter != NULL)
    fast_copy (session->counter, sizeof session->counter, counter, session->block);
  return session;
}

/**
 * fast_secure_messaging_from_secret:
 * @cipher: the suite
 * @secret: the shared secret of a key agreement (PACE, chip authentication)
 * @size: how many bytes
 * @error: return location for an error
 *
 * ICAO 9303-11, 9.7.1: both session keys come from the secret; the counter starts at zero.
 *
 * Returns: (transfer full): a session, or %NULL with FAST_KEY_ERROR_CRYPTO when the secret is empty
 */
FastSecureMessaging *
fast_secure_messaging_from_secret (FastCipher cipher, const guint8 *secret, gsize size,
                                   GError **error)
{
  FastSecureMessaging *session;
  guint8 enc[FAST_CIPHER_KEY_MAX];
  guint8 mac[FAST_CIPHER_KEY_MAX];

  if (size == 0)
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO, "sm-secret", NULL);
  fast_kdf (cipher, secret, size, FAST_KDF_ENC, enc);
  fast_kdf (cipher, secret, size, FAST_KDF_MAC, mac);
  session = fast_secure_messaging_new (cipher, enc, mac, NULL);
  fast_wipe (enc, sizeof enc);
  fast_wipe (mac, sizeof mac);
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

/**
 * fast_secure_messaging_get_cipher:
 * @session: a session
 *
 * Returns: its suite
 */
FastCipher
fast_secure_messaging_get_cipher (const FastSecureMessaging *session)
{
  return session->cipher;
}

/* --- limits --- */

static gsize
fit_objects (const FastSecureMessaging *session, gsize objects, gsize others)
{
  return objects > others ? fast_secured_text_max (session->block, objects - others) : 0;
}

/**
 * fast_secure_messaging_write_max:
 * @session: a session
 * @size_limit: the longest C-APDU that transport and chip take, as in %FAST_COMMAND_SIZE_MAX
 *
 * For as few commands as possible. Both 3DES and AES allow 239 bytes in a short command.
 *
 * Returns: how many data bytes a command may have that asks for no data (UPDATE BINARY)
 */
gsize
fast_secure_messaging_write_max (const FastSecureMessaging *session, gsize size_limit)
{
  const gsize short_frame = 4 + 1 + 1;
  const gsize extended_frame = 4 + 3 + 2;
  gsize limit = MIN (size_limit, FAST_COMMAND_SIZE_MAX);
  gsize most = limit > short_frame ? fit_objects (session, limit - short_frame, DO_MAC_TOTAL) : 0;

  limit = MIN (size_limit, FAST_EXTENDED_COMMAND_SIZE_MAX);
  if (limit > FAST_COMMAND_SIZE_MAX)
    most = MAX (most, fit_objects (session, limit - extended_frame, DO_MAC_TOTAL));
  return most;
}

/**
 * fast_secure_messaging_read_max:
 * @session: a session
 * @size_limit: the longest R-APDU that transport and chip take, as in %FAST_RESPONSE_SIZE_MAX
 *
 * Short answers hold 231 bytes under 3DES and 223 under AES.
 *
 * Returns: how many data bytes an answer may have
 */
gsize
fast_secure_messaging_read_max (const FastSecureMessaging *session, gsize size_limit)
{
  gsize limit = MIN (size_limit, FAST_EXTENDED_RESPONSE_SIZE_MAX);

  return limit > 2 ? fit_objects (session, limit - 2, DO_STATUS_TOTAL + DO_MAC_TOTAL) : 0;
}

/* --- what both directions do --- */

/* ICAO 9303-11, 9.8.2: the counter is increased before every command and before every answer. */
static gboolean
count (FastSecureMessaging *session, GError **error)
{
  if (session->broken)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC, "sm-broken", NULL);
  for (gsize i = session->block; i > 0 && ++session->counter[i - 1] == 0; i--)
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

/* ICAO 9303-11, 9.8.6.1 and 9.8.7.1: zeros for Triple-DES, the encrypted counter for AES. */
static gboolean
set_iv (FastSecureMessaging *session, guint8 iv[FAST_CIPHER_BLOCK_MAX], GError **error)
{
  if (session->cipher != FAST_CIPHER_TDES)
    return fast_cipher_encrypt (session->cipher, session->enc, NULL, session->counter, iv,
                                session->block, error);
  for (gsize i = 0; i < FAST_CIPHER_BLOCK_MAX; i++)
    iv[i] = 0;
  return TRUE;
}

static gboolean
append_cryptogram (FastSecureMessaging *session, GByteArray *out, const guint8 *data, gsize size,
                   GError **error)
{
  g_autoptr (GByteArray) text = g_byte_array_sized_new ((guint)(size + session->block));
  g_autoptr (GByteArray) value = g_byte_array_sized_new ((guint)(size + session->block + 1));
  guint8 iv[FAST_CIPHER_BLOCK_MAX];

  fast_append (text, data, size);
  fast_padding_append (text, session->block);
  if (!set_iv (session, iv, error) ||
      !fast_cipher_encrypt (session->cipher, session->enc, iv, text->data, text->data, text->len,
                            error)) {
    fast_wipe (text->data, text->len);
    return FALSE;
  }
  if (!session->odd)
    fast_append_u8 (value, PADDING_INDICATOR);
  fast_append (value, text->data, text->len);
  fast_tlv_append_array (out, session->odd ? FAST_DO_CRYPTOGRAM_TLV : FAST_DO_CRYPTOGRAM, value);
  return TRUE;
}

/* Appends what the cryptogram holds; it was authenticated before. */
static gboolean
decrypt (FastSecureMessaging *session, const FastTlv *cryptogram, GByteArray *out, GError **error)
{
  FastReader reader = fast_tlv_open (cryptogram, "SM");
  g_autoptr (FastSecret) text = fast_secret_new (cryptogram->size);
  guint8 iv[FAST_CIPHER_BLOCK_MAX];
  guint8 indicator = PADDING_INDICATOR;
  gsize size;

  if (cryptogram->tag == FAST_DO_CRYPTOGRAM && !fast_reader_u8 (&reader, &indicator, NULL))
    return fast_secured_objects_fail (error);
  size = fast_reader_left (&reader);
  if (size == 0 || indicator != PADDING_INDICATOR || size % session->block != 0)
    return fast_secured_objects_fail (error);
  if (!set_iv (session, iv, error) ||
      !fast_cipher_decrypt (session->cipher, session->enc, iv,
                            fast_reader_take (&reader, size, NULL), fast_secret_data (text), size,
                            error) ||
      !fast_padding_remove (fast_secret_data (text), &size, session->block, error))
    return FALSE;
  fast_append (out, fast_secret_data (text), size);
  return TRUE;
}

/* ICAO 9303-11, 9.8.6.2 and 9.8.7.2: MAC over counter, padded header (commands only) and data
 * objects, all of it padded; the retail MAC brings its padding along. */
static gboolean
compute_mac (FastSecureMessaging *session, const FastCommand *header, const guint8 *objects,
             gsize size, guint8 mac[MAC_SIZE], GError **error)
{
  g_autoptr (GByteArray) input = g_byte_array_sized_new ((guint)(size + 4 * session->block));

  fast_append (input, session->counter, session->block);
  if (header != NULL) {
    const guint8 bytes[] = {header->cla, header->ins, header->p1, header->p2};
    fast_append (input, bytes, sizeof bytes);
    fast_padding_append (input, session->block);
  }
  fast_append (input, objects, size);
  if (session->cipher != FAST_CIPHER_TDES)
    fast_padding_append (input, session->block);
  return fast_cipher_mac (session->cipher, session->mac, input->data, input->len, mac, error);
}

static gboolean
append_mac (FastSecureMessaging *session, const FastCommand *header, GByteArray *objects,
            GError **error)
{
  guint8 mac[MAC_SIZE];

  if (!compute_mac (session, header, objects->data, objects->len, mac, error))
    return FALSE;
  fast_tlv_append (objects, FAST_DO_MAC, mac, sizeof mac);
  return TRUE;
}

static gboolean
check_mac (FastSecureMessaging *session, const FastCommand *header, const guint8 *data,
           const FastSecuredObjects *objects, GError **error)
{
  guint8 mac[MAC_SIZE];

  if (!compute_mac (session, header, data, (gsize)(objects->mac.start - data), mac, error))
    return FALSE;
  if (!fast_equal_secret (mac, objects->mac.value, MAC_SIZE))
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC, "sm-mac", NULL);
  return TRUE;
}

/* --- the reader's role --- */

static gboolean
append_command_objects (FastSecureMessaging *session, const FastCommand *command,
                        const FastCommand *header, GByteArray *objects, GError **error)
{
  session->odd = (command->ins & 1) != 0;
  if (command->size > 0 &&
      !append_cryptogram (session, objects, command->data, command->size, error))
    return FALSE;
  fast_secured_le_append (objects, command);
  return append_mac (session, header, objects, error);
}

/**
 * fast_secure_messaging_wrap_command:
 * @session: a session, in the reader's role
 * @command: a plain command
 * @error: return location for an error
 *
 * The result is short when the secured data fits and @command asks for at most 256 bytes and does
 * not say otherwise.
 *
 * Returns: (transfer full): the secured C-APDU (ICAO 9303-11, 9.8.4), or %NULL with
 *   FAST_CARD_ERROR_LIMIT when it would not fit an extended APDU
 */
GBytes *
fast_secure_messaging_wrap_command (FastSecureMessaging *session, const FastCommand *command,
                                    GError **error)
{
  g_autoptr (GByteArray) objects = g_byte_array_new ();
  const gsize most = fast_secure_messaging_write_max (session, FAST_EXTENDED_COMMAND_SIZE_MAX) - 4;
  FastCommand secured = *command;

  if (!fast_apdu_check_limit (command->size, most, error) ||
      !fast_apdu_check_limit (command->le, FAST_EXTENDED_LE_MAX, error))
    return NULL;
  secured.cla |= SECURED_CLASS;
  if (!count (session, error) ||
      !append_command_objects (session, command, &secured, objects, error))
    return break_session (session);
  secured.data = objects->data;
  secured.size = objects->len;
  secured.extended = command->extended || command->le > FAST_COMMAND_LE_MAX ||
                     objects->len > FAST_COMMAND_DATA_MAX;
  secured.le = secured.extended ? FAST_EXTENDED_LE_MAX : FAST_COMMAND_LE_MAX;
  return fast_command_build (&secured, error);
}

static GBytes *
unwrap_response (FastSecureMessaging *session, const FastResponse *response, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_sized_new ((guint)response->size + 2);
  FastSecuredObjects objects;

  if (!fast_secured_objects_read (&objects, response->data, response->size, error) ||
      !check_mac (session, NULL, response->data, &objects, error))
    return NULL;
  if (objects.status.start == NULL || objects.status.size != 2 || objects.le.start != NULL ||
      (objects.status.value[0] << 8 | objects.status.value[1]) != response->status) {
    fast_secured_objects_fail (error);
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

/* --- the chip's role --- */

static GBytes *
unwrap_command (FastSecureMessaging *session, const FastCommand *command, GError **error)
{
  g_autoptr (GByteArray) data = g_byte_array_sized_new ((guint)command->size);
  FastCommand plain = *command;
  FastSecuredObjects objects;

  session->odd = (command->ins & 1) != 0;
  plain.le = 0;
  if (!fast_secured_objects_read (&objects, command->data, command->size, error) ||
      !check_mac (session, command, command->data, &objects, error))
    return NULL;
  if (objects.status.start != NULL ||
      (objects.cryptogram.start != NULL &&
       objects.cryptogram.tag != (session->odd ? FAST_DO_CRYPTOGRAM_TLV : FAST_DO_CRYPTOGRAM))) {
    fast_secured_objects_fail (error);
    return NULL;
  }
  if ((objects.cryptogram.start != NULL && !decrypt (session, &objects.cryptogram, data, error)) ||
      (objects.le.start != NULL &&
       !fast_secured_le_read (&objects.le, command->extended, &plain.le, error)))
    return NULL;
  plain.cla &= (guint8)~SECURED_CLASS;
  plain.data = data->data;
  plain.size = data->len;
  return fast_command_build (&plain, error);
}

/**
 * fast_secure_messaging_unwrap_command:
 * @session: a session, in the chip's role
 * @command: a secured command
 * @error: return location for an error
 *
 * Returns: (transfer full): the plain C-APDU, extended if the secured one was; or %NULL with
 *   FAST_CARD_ERROR_MAC
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
 * @size: how many bytes, at most what fast_secure_messaging_read_max() allows
 * @status: its status word
 * @error: return location for an error
 *
 * Returns: (transfer full): the secured R-APDU, or %NULL with FAST_CARD_ERROR_LIMIT when it would
 *   not fit an extended APDU
 */
GBytes *
fast_secure_messaging_wrap_response (FastSecureMessaging *session, gconstpointer data, gsize size,
                                     guint16 status, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  const guint8 word[] = {(guint8)(status >> 8), (guint8)status};

  if (!fast_apdu_check_limit (
          size, fast_secure_messaging_read_max (session, FAST_EXTENDED_RESPONSE_SIZE_MAX), error) ||
      !count (session, error))
    return NULL;
  if (size > 0 && !append_cryptogram (session, out, data, size, error))
    return break_session (session);
  fast_tlv_append (out, FAST_DO_STATUS, word, sizeof word);
  if (!append_mac (session, NULL, out, error))
    return break_session (session);
  return fast_response_build (out->data, out->len, status);
}
