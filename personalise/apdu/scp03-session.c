/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/scp03-session.h"

#include "personalise/apdu/padding.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/secure.h"

#define BLOCK FAST_AES_BLOCK_SIZE
#define LABEL_SIZE 12

/* The fixed input before the counter: label (eleven 00 and the constant), separator, L in bits. */
typedef struct {
  guint8 bytes[LABEL_SIZE + 3];
} Head;

static FastDerivation
describe (Head *head, FastScp03Constant constant, gsize size, gconstpointer context,
          gsize context_size)
{
  *head = (Head){0};
  head->bytes[LABEL_SIZE - 1] = (guint8)constant;
  head->bytes[LABEL_SIZE + 1] = (guint8)(size * 8 >> 8);
  head->bytes[LABEL_SIZE + 2] = (guint8)(size * 8);
  return (FastDerivation){head->bytes, sizeof head->bytes, context, context_size};
}

/**
 * fast_scp03_derive:
 * @keys: the card's static keys
 * @which: the key to derive from
 * @constant: what for
 * @context: the derivation's context
 * @context_size: how many bytes
 * @out: (out): derived bytes
 * @size: how many
 * @error: return location for an error
 *
 * The data derivation scheme of Amendment D, 4.1.5, with a static key.
 *
 * Returns: whether it worked; FAST_KEY_ERROR_CRYPTO
 */
gboolean
fast_scp03_derive (FastIssuerKeys *keys, FastIssuerKey which, FastScp03Constant constant,
                   gconstpointer context, gsize context_size, guint8 *out, gsize size,
                   GError **error)
{
  Head head;
  const FastDerivation derivation = describe (&head, constant, size, context, context_size);

  return fast_issuer_keys_derive (keys, which, &derivation, out, size, error);
}

/**
 * fast_scp03_session_start:
 * @session: (out caller-allocates): the session
 * @keys: the card's static keys
 * @host_challenge: what the host drew
 * @card_challenge: what the card drew
 * @width: bytes of each: 8 or 16
 * @error: return location for an error
 *
 * Derives the session keys (Amendment D, 6.2.1); the MAC chaining value is zero (6.2.3).
 *
 * Returns: whether it worked; FAST_KEY_ERROR_CRYPTO
 */
gboolean
fast_scp03_session_start (FastScp03Session *session, FastIssuerKeys *keys,
                          const guint8 *host_challenge, const guint8 *card_challenge, gsize width,
                          GError **error)
{
  gsize size = fast_issuer_keys_get_size (keys);
  guint8 *context = session->context;

  *session = (FastScp03Session){.key_size = size, .width = width};
  fast_copy (context, FAST_SCP03_WIDTH_MAX, host_challenge, width);
  fast_copy (context + width, FAST_SCP03_WIDTH_MAX, card_challenge, width);
  return fast_scp03_derive (keys, FAST_ISSUER_KEY_ENC, FAST_SCP03_S_ENC, context, 2 * width,
                            session->enc, size, error) &&
         fast_scp03_derive (keys, FAST_ISSUER_KEY_MAC, FAST_SCP03_S_MAC, context, 2 * width,
                            session->mac, size, error) &&
         fast_scp03_derive (keys, FAST_ISSUER_KEY_MAC, FAST_SCP03_S_RMAC, context, 2 * width,
                            session->rmac, size, error);
}

/**
 * fast_scp03_session_clear:
 * @session: a session; is wiped
 */
void
fast_scp03_session_clear (FastScp03Session *session)
{
  fast_wipe (session, sizeof *session);
}

static gboolean
mac_with_session_key (gpointer data, gconstpointer input, gsize size, guint8 mac[BLOCK],
                      GError **error)
{
  FastScp03Session *session = data;

  return fast_aes_cmac (session->mac, session->key_size, input, size, mac, error);
}

/**
 * fast_scp03_session_cryptogram:
 * @session: a session
 * @constant: whose cryptogram
 * @cryptogram: (out caller-allocates): it; only the session's width is filled
 * @error: return location for an error
 *
 * Amendment D, 6.2.2.2 and 6.2.2.3.
 *
 * Returns: whether it worked; FAST_KEY_ERROR_CRYPTO
 */
gboolean
fast_scp03_session_cryptogram (FastScp03Session *session, FastScp03Constant constant,
                               guint8 cryptogram[FAST_SCP03_WIDTH_MAX], GError **error)
{
  Head head;
  const FastDerivation derivation =
      describe (&head, constant, session->width, session->context, 2 * session->width);

  return fast_cmac_derive (mac_with_session_key, session, &derivation, cryptogram, session->width,
                           error);
}

/* Lc as it stands in the secured command, short or extended: it counts the C-MAC. */
static void
append_length (GByteArray *input, const FastCommand *command, gsize width)
{
  FastCommand secured = *command;

  secured.size += width;
  if (fast_command_is_extended (&secured)) {
    fast_append_u8 (input, 0);
    fast_append_u16 (input, (guint16)secured.size);
  } else {
    fast_append_u8 (input, (guint8)secured.size);
  }
}

/**
 * fast_scp03_session_command_mac:
 * @session: a session
 * @command: the command with its secured class byte and final data, yet without the C-MAC
 * @mac: (out caller-allocates): the whole CMAC; its first bytes are the C-MAC
 * @error: return location for an error
 *
 * Amendment D, 6.2.4. The chaining value stays as it was.
 *
 * Returns: whether it worked; FAST_KEY_ERROR_CRYPTO
 */
gboolean
fast_scp03_session_command_mac (FastScp03Session *session, const FastCommand *command,
                                guint8 mac[BLOCK], GError **error)
{
  g_autoptr (GByteArray) input = g_byte_array_sized_new ((guint)command->size + 2 * BLOCK);
  const guint8 header[] = {command->cla, command->ins, command->p1, command->p2};

  fast_append (input, session->chaining, BLOCK);
  fast_append (input, header, sizeof header);
  append_length (input, command, session->width);
  fast_append (input, command->data, command->size);
  return fast_aes_cmac (session->mac, session->key_size, input->data, input->len, mac, error);
}

/**
 * fast_scp03_session_response_mac:
 * @session: a session
 * @response: the answer with its final data, yet without the R-MAC
 * @mac: (out caller-allocates): the whole CMAC; its first bytes are the R-MAC
 * @error: return location for an error
 *
 * Amendment D, 6.2.5.
 *
 * Returns: whether it worked; FAST_KEY_ERROR_CRYPTO
 */
gboolean
fast_scp03_session_response_mac (FastScp03Session *session, const FastResponse *response,
                                 guint8 mac[BLOCK], GError **error)
{
  g_autoptr (GByteArray) input = g_byte_array_sized_new ((guint)response->size + 2 * BLOCK);

  fast_append (input, session->chaining, BLOCK);
  fast_append (input, response->data, response->size);
  fast_append_u16 (input, response->status);
  return fast_aes_cmac (session->rmac, session->key_size, input->data, input->len, mac, error);
}

/**
 * fast_scp03_session_count:
 * @session: a session
 *
 * Amendment D, 6.2.6: every command is counted, with data or without.
 */
void
fast_scp03_session_count (FastScp03Session *session)
{
  for (guint i = BLOCK; i > 0 && ++session->counter[i - 1] == 0; i--)
    ;
}

/* Amendment D, 6.2.6 and 6.2.7: the counter block, marked with the direction, encrypted. */
static gboolean
make_iv (FastScp03Session *session, FastScp03Direction direction, guint8 iv[BLOCK], GError **error)
{
  static const guint8 zero[BLOCK] = {0};
  guint8 block[BLOCK];

  fast_copy (block, sizeof block, session->counter, BLOCK);
  block[0] |= (guint8)direction;
  return fast_aes_cbc (session->enc, session->key_size, TRUE, zero, block, iv, BLOCK, error);
}

static void
free_wiped (GByteArray *array)
{
  fast_wipe (array->data, array->len);
  g_byte_array_unref (array);
}

/**
 * fast_scp03_session_encrypt:
 * @session: a session
 * @direction: where the data goes
 * @data: plain data
 * @size: how many bytes
 * @out: gets the padded and encrypted data
 * @error: return location for an error
 *
 * Padding is 80, then 00 up to a whole block (GlobalPlatform card specification, B.2.3).
 *
 * Returns: whether it worked; FAST_KEY_ERROR_CRYPTO
 */
gboolean
fast_scp03_session_encrypt (FastScp03Session *session, FastScp03Direction direction,
                            const guint8 *data, gsize size, GByteArray *out, GError **error)
{
  GByteArray *text = g_byte_array_sized_new ((guint)size + BLOCK);
  guint8 iv[BLOCK];
  gboolean done;

  fast_append (text, data, size);
  fast_padding_append (text, BLOCK);
  done = make_iv (session, direction, iv, error) &&
         fast_aes_cbc (session->enc, session->key_size, TRUE, iv, text->data, text->data, text->len,
                       error);
  if (done)
    fast_append (out, text->data, text->len);
  free_wiped (text);
  return done;
}

/**
 * fast_scp03_session_decrypt:
 * @session: a session
 * @direction: where the data goes
 * @data: encrypted data whose MAC was right
 * @size: how many bytes
 * @out: gets the plain data without padding
 * @error: return location for an error
 *
 * Returns: whether it is whole blocks with padding; FAST_CARD_ERROR_MAC, FAST_KEY_ERROR_CRYPTO
 */
gboolean
fast_scp03_session_decrypt (FastScp03Session *session, FastScp03Direction direction,
                            const guint8 *data, gsize size, GByteArray *out, GError **error)
{
  g_autofree guint8 *text = NULL;
  guint8 iv[BLOCK];
  gsize left = size;
  gboolean done;

  if (size % BLOCK != 0)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC, "scp03-form", NULL);
  text = g_malloc (size);
  done = make_iv (session, direction, iv, error) &&
         fast_aes_cbc (session->enc, session->key_size, FALSE, iv, data, text, size, error) &&
         fast_padding_remove (text, &left, BLOCK, error);
  if (done)
    fast_append (out, text, left);
  fast_wipe (text, size);
  return done;
}
