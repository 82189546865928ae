/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/chip-authentication.h"

#include <string.h>

#include "personalise/apdu/status-word.h"
#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/keys/ec-point.h"

#define INS_MANAGE_ENVIRONMENT 0x22
#define INS_GENERAL_AUTHENTICATE 0x86
#define SET_KAT 0x41A6
#define SET_AT 0x41A4
#define KEY_ID_MAX 8

enum {
  TAG_DATA = 0x7C,
  TAG_PROTOCOL = 0x80,
  TAG_EPHEMERAL = 0x80,
  TAG_KEY_ID = 0x84,
  TAG_EPHEMERAL_KAT = 0x91,
};

/* id-CA-ECDH (ICAO 9303-11, 9.2.5): 0.4.0.127.0.7.2.2.3.2; one more number names the cipher. */
static const guint8 ecdh_oid[] = {0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02};
#define ECDH_OID_TEXT "0.4.0.127.0.7.2.2.3.2."

static const struct {
  FastCipher cipher;
  guint8 number;
} ciphers[] = {
    {FAST_CIPHER_TDES, 1},
    {FAST_CIPHER_AES_128, 2},
    {FAST_CIPHER_AES_192, 3},
    {FAST_CIPHER_AES_256, 4},
};

typedef enum {
  STATE_START,
  STATE_SELECTED,
  STATE_AGREED,
  STATE_DONE,
} State;

/* @asked owns the data of the reader's last command; @terminal is the x coordinate of the
 * ephemeral key. The chip's key is private in the chip's role only, the ephemeral one in the
 * reader's. */
struct _FastChipAuthentication {
  State state;
  FastCipher cipher;
  gint64 key_id;
  EVP_PKEY *chip;
  EVP_PKEY *ephemeral;
  GBytes *terminal;
  GByteArray *asked;
  FastSecureMessaging *session;
};

static FastChipAuthentication *
new_with_key (EVP_PKEY *key, gint64 key_id)
{
  FastChipAuthentication *self = g_new0 (FastChipAuthentication, 1);

  EVP_PKEY_up_ref (key);
  self->chip = key;
  self->key_id = key_id;
  return self;
}

/**
 * fast_chip_authentication_free:
 * @self: (transfer full): wiped
 */
void
fast_chip_authentication_free (FastChipAuthentication *self)
{
  EVP_PKEY_free (self->chip);
  EVP_PKEY_free (self->ephemeral);
  g_clear_pointer (&self->terminal, g_bytes_unref);
  g_clear_pointer (&self->asked, g_byte_array_unref);
  g_clear_pointer (&self->session, fast_secure_messaging_free);
  g_free (self);
}

static gboolean
fail_protocol (GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "ca-protocol", NULL);
}

/**
 * fast_chip_authentication_cipher:
 * @oid: the protocol in dots, as EF.DG14 has it
 * @cipher: (out): what secures the session after it
 * @error: return location for an error
 *
 * Returns: whether it is one of id-CA-ECDH; FAST_INPUT_ERROR_UNSUPPORTED for Diffie-Hellman over
 *   integers
 */
gboolean
fast_chip_authentication_cipher (const char *oid, FastCipher *cipher, GError **error)
{
  const char *number = oid + strlen (ECDH_OID_TEXT);

  if (!g_str_has_prefix (oid, ECDH_OID_TEXT) || number[0] == '\0' || number[1] != '\0')
    return fail_protocol (error);
  for (guint i = 0; i < G_N_ELEMENTS (ciphers); i++)
    if (number[0] == '0' + ciphers[i].number) {
      *cipher = ciphers[i].cipher;
      return TRUE;
    }
  return fail_protocol (error);
}

/**
 * fast_chip_authentication_new_reader_with:
 * @cipher: see fast_chip_authentication_cipher()
 * @chip_key: the chip's public key, from an EF.DG14 that EF.SOD covers
 * @key_id: its number in EF.DG14, or FAST_CHIP_KEY_UNNUMBERED
 * @ephemeral: a key pair on the same curve, for this run only
 * @error: return location for an error
 *
 * Returns: (transfer full): the reader's side
 */
FastChipAuthentication *
fast_chip_authentication_new_reader_with (FastCipher cipher, EVP_PKEY *chip_key, gint64 key_id,
                                          EVP_PKEY *ephemeral, GError **error)
{
  g_autoptr (FastChipAuthentication) self = new_with_key (chip_key, key_id);

  EVP_PKEY_up_ref (ephemeral);
  self->ephemeral = ephemeral;
  self->cipher = cipher;
  self->terminal = fast_ec_point_x (ephemeral, error);
  return self->terminal == NULL ? NULL : g_steal_pointer (&self);
}

/**
 * fast_chip_authentication_new_reader:
 * @cipher: see fast_chip_authentication_cipher()
 * @chip_key: the chip's public key, from an EF.DG14 that EF.SOD covers
 * @key_id: its number in EF.DG14, or FAST_CHIP_KEY_UNNUMBERED
 * @error: return location for an error
 *
 * Returns: (transfer full): the reader's side, with a fresh ephemeral key
 */
FastChipAuthentication *
fast_chip_authentication_new_reader (FastCipher cipher, EVP_PKEY *chip_key, gint64 key_id,
                                     GError **error)
{
  g_autoptr (EVP_PKEY) ephemeral = fast_ec_ephemeral_like (chip_key, error);

  return ephemeral == NULL ? NULL
                           : fast_chip_authentication_new_reader_with (cipher, chip_key, key_id,
                                                                       ephemeral, error);
}

/**
 * fast_chip_authentication_new_chip:
 * @key: the chip's private key
 * @key_id: its number, or FAST_CHIP_KEY_UNNUMBERED
 *
 * Returns: (transfer full): the chip's side; it offers all four ciphers
 */
FastChipAuthentication *
fast_chip_authentication_new_chip (EVP_PKEY *key, gint64 key_id)
{
  return new_with_key (key, key_id);
}

/* TR-03110-3, D.2.1.1: an unsigned number without leading zeros. */
static void
append_key_id (GByteArray *out, gint64 key_id)
{
  guint8 bytes[KEY_ID_MAX];
  gsize first = 0;

  if (key_id < 0)
    return;
  for (guint i = 0; i < KEY_ID_MAX; i++)
    bytes[i] = (guint8)((guint64)key_id >> (8 * (KEY_ID_MAX - 1 - i)));
  while (first < KEY_ID_MAX - 1 && bytes[first] == 0)
    first++;
  fast_tlv_append (out, TAG_KEY_ID, bytes + first, sizeof bytes - first);
}

static gboolean
append_ephemeral (FastChipAuthentication *self, GByteArray *out, guint32 tag, GError **error)
{
  g_autoptr (GBytes) point = fast_ec_point (self->ephemeral, error);

  if (point != NULL)
    fast_tlv_append_bytes (out, tag, point);
  return point != NULL;
}

static gboolean
ask_kat (FastChipAuthentication *self, GError **error)
{
  if (!append_ephemeral (self, self->asked, TAG_EPHEMERAL_KAT, error))
    return FALSE;
  append_key_id (self->asked, self->key_id);
  return TRUE;
}

static void
ask_at (FastChipAuthentication *self)
{
  guint8 oid[sizeof ecdh_oid + 1];

  fast_copy (oid, sizeof oid, ecdh_oid, sizeof ecdh_oid);
  for (guint i = 0; i < G_N_ELEMENTS (ciphers); i++)
    if (ciphers[i].cipher == self->cipher)
      oid[sizeof ecdh_oid] = ciphers[i].number;
  fast_tlv_append (self->asked, TAG_PROTOCOL, oid, sizeof oid);
  append_key_id (self->asked, self->key_id);
}

static gboolean
ask_agreement (FastChipAuthentication *self, GError **error)
{
  g_autoptr (GByteArray) inner = g_byte_array_new ();

  if (!append_ephemeral (self, inner, TAG_EPHEMERAL, error))
    return FALSE;
  fast_tlv_append_array (self->asked, TAG_DATA, inner);
  return TRUE;
}

static FastCommand
environment (guint16 parameters)
{
  return (FastCommand){
      .ins = INS_MANAGE_ENVIRONMENT, .p1 = (guint8)(parameters >> 8), .p2 = (guint8)parameters};
}

/**
 * fast_chip_authentication_reader_ask:
 * @self: the reader's side
 * @command: (out caller-allocates): the next command; its data belongs to @self
 * @error: return location for an error
 *
 * Returns: whether there is one
 */
gboolean
fast_chip_authentication_reader_ask (FastChipAuthentication *self, FastCommand *command,
                                     GError **error)
{
  gboolean made = TRUE;

  g_clear_pointer (&self->asked, g_byte_array_unref);
  self->asked = g_byte_array_new ();
  if (self->state == STATE_START && self->cipher == FAST_CIPHER_TDES) {
    *command = environment (SET_KAT);
    made = ask_kat (self, error);
  } else if (self->state == STATE_START) {
    *command = environment (SET_AT);
    ask_at (self);
  } else if (self->state == STATE_SELECTED) {
    *command = (FastCommand){.ins = INS_GENERAL_AUTHENTICATE, .le = FAST_COMMAND_LE_MAX};
    made = ask_agreement (self, error);
  } else {
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "ca-order", NULL);
  }
  command->data = self->asked->data;
  command->size = self->asked->len;
  return made;
}

static gboolean
agree (FastChipAuthentication *self, EVP_PKEY *own, EVP_PKEY *other, GError **error)
{
  g_autoptr (FastSecret) secret = fast_ec_agree (own, other, error);

  if (secret == NULL)
    return FALSE;
  g_clear_pointer (&self->session, fast_secure_messaging_free);
  self->session = fast_secure_messaging_from_secret (self->cipher, fast_secret_data (secret),
                                                     fast_secret_size (secret), error);
  if (self->session != NULL)
    self->state = STATE_AGREED;
  return self->session != NULL;
}

/* Version 1 answers nothing of substance (TR-03110-3, B.2); many chips leave even `7C 00` out. */
static gboolean
check_empty (gconstpointer data, gsize size, GError **error)
{
  static const guint8 empty[] = {TAG_DATA, 0x00};

  if (size == 0 || (size == sizeof empty && memcmp (data, empty, sizeof empty) == 0))
    return TRUE;
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "ca-answer", NULL);
}

/**
 * fast_chip_authentication_reader_take:
 * @self: the reader's side
 * @data: (nullable): what the chip answered with 9000 to the last command
 * @size: its size in bytes
 * @error: return location for an error
 *
 * Returns: whether the run goes on; FAST_CARD_ERROR_MISMATCH for an answer out of form
 */
gboolean
fast_chip_authentication_reader_take (FastChipAuthentication *self, gconstpointer data, gsize size,
                                      GError **error)
{
  const gboolean last = self->state == STATE_SELECTED || self->cipher == FAST_CIPHER_TDES;

  if (self->asked == NULL || self->state > STATE_SELECTED)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "ca-order", NULL);
  g_clear_pointer (&self->asked, g_byte_array_unref);
  if (!check_empty (data, size, error))
    return FALSE;
  if (last)
    return agree (self, self->ephemeral, self->chip, error);
  self->state = STATE_SELECTED;
  return TRUE;
}

static guint16
parameters_of (const FastCommand *command)
{
  return (guint16)(command->p1 << 8 | command->p2);
}

/**
 * fast_chip_authentication_is_for:
 * @command: a command, unwrapped
 *
 * GENERAL AUTHENTICATE belongs to the protocol that the last MSE chose and is not decided here.
 *
 * Returns: whether it begins chip authentication: MSE:Set KAT or Set AT for internal authentication
 */
gboolean
fast_chip_authentication_is_for (const FastCommand *command)
{
  return command->ins == INS_MANAGE_ENVIRONMENT &&
         (parameters_of (command) == SET_KAT || parameters_of (command) == SET_AT);
}

/* What an MSE carries; a value is NULL where the object is absent. */
typedef struct {
  FastTlv protocol;
  FastTlv key_id;
  FastTlv ephemeral;
} Objects;

static gboolean
fail_data (GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "ca-data", NULL);
}

static gboolean
read_objects (const FastCommand *command, Objects *objects, GError **error)
{
  FastReader reader = fast_reader_new (command->data, command->size, "MSE");

  while (fast_reader_left (&reader) > 0) {
    FastTlv object;
    FastTlv *to = NULL;

    if (!fast_tlv_read (&reader, &object, error))
      return FALSE;
    if (object.tag == TAG_PROTOCOL)
      to = &objects->protocol;
    else if (object.tag == TAG_KEY_ID)
      to = &objects->key_id;
    else if (object.tag == TAG_EPHEMERAL_KAT)
      to = &objects->ephemeral;
    if (to == NULL || to->value != NULL)
      return fail_data (error);
    *to = object;
  }
  return TRUE;
}

/* A number that the reader gives must be the key's; without one the only key is meant. */
static gboolean
is_key (const FastChipAuthentication *self, const FastTlv *object)
{
  guint64 number = 0;

  if (object->value == NULL)
    return TRUE;
  if (object->size == 0 || object->size > KEY_ID_MAX)
    return FALSE;
  for (gsize i = 0; i < object->size; i++)
    number = number << 8 | object->value[i];
  return self->key_id >= 0 && number == (guint64)self->key_id;
}

static gboolean
take_ephemeral (FastChipAuthentication *self, const FastTlv *object, GError **error)
{
  g_autoptr (EVP_PKEY) ephemeral =
      fast_ec_public_like (self->chip, object->value, object->size, error);

  if (ephemeral == NULL)
    return FALSE;
  g_clear_pointer (&self->terminal, g_bytes_unref);
  self->terminal = fast_ec_point_x (ephemeral, error);
  return self->terminal != NULL && agree (self, self->chip, ephemeral, error);
}

static gboolean
take_protocol (FastChipAuthentication *self, const FastTlv *object)
{
  if (object->value == NULL || object->size != sizeof ecdh_oid + 1 ||
      memcmp (object->value, ecdh_oid, sizeof ecdh_oid) != 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (ciphers); i++)
    if (object->value[sizeof ecdh_oid] == ciphers[i].number) {
      self->cipher = ciphers[i].cipher;
      return TRUE;
    }
  return FALSE;
}

static guint16
refuse_key (GError **error)
{
  fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "ca-key", NULL);
  return FAST_SW_DATA_ABSENT;
}

static guint16
answer_environment (FastChipAuthentication *self, const FastCommand *command, GError **error)
{
  const gboolean kat = parameters_of (command) == SET_KAT;
  Objects objects = {0};

  self->state = STATE_START;
  if (!read_objects (command, &objects, error))
    return FAST_SW_DATA;
  if ((objects.ephemeral.value != NULL) != kat || (objects.protocol.value != NULL) == kat) {
    fail_data (error);
    return FAST_SW_DATA;
  }
  if (!is_key (self, &objects.key_id))
    return refuse_key (error);
  if (kat) {
    self->cipher = FAST_CIPHER_TDES;
    return take_ephemeral (self, &objects.ephemeral, error) ? FAST_SW_OK : FAST_SW_DATA;
  }
  if (!take_protocol (self, &objects.protocol)) {
    fail_protocol (error);
    return FAST_SW_DATA;
  }
  self->state = STATE_SELECTED;
  return FAST_SW_OK;
}

static guint16
answer_agreement (FastChipAuthentication *self, const FastCommand *command, GByteArray *out,
                  GError **error)
{
  FastReader reader = fast_reader_new (command->data, command->size, "GENERAL AUTHENTICATE");
  FastReader inner;
  FastTlv data;
  FastTlv point;

  self->state = STATE_START;
  if (!fast_tlv_expect (&reader, TAG_DATA, &data, error) || !fast_reader_end (&reader, error))
    return FAST_SW_DATA;
  inner = fast_tlv_open (&data, "GENERAL AUTHENTICATE");
  if (!fast_tlv_expect (&inner, TAG_EPHEMERAL, &point, error) || !fast_reader_end (&inner, error) ||
      !take_ephemeral (self, &point, error))
    return FAST_SW_DATA;
  fast_tlv_append (out, TAG_DATA, NULL, 0);
  return FAST_SW_OK;
}

/**
 * fast_chip_authentication_chip_answer:
 * @self: the chip's side
 * @command: MSE:Set KAT, MSE:Set AT or GENERAL AUTHENTICATE, unwrapped
 * @out: the answer's data goes here
 * @error: return location for why it is refused
 *
 * An MSE begins anew. A refusal forgets what was chosen; the session that carries the command is
 * the caller's and stays.
 *
 * Returns: the status word: 9000, 6A80 for data out of form or a point off the curve, 6A88 for a
 * key that is not there, 6985 out of order
 */
guint16
fast_chip_authentication_chip_answer (FastChipAuthentication *self, const FastCommand *command,
                                      GByteArray *out, GError **error)
{
  if (fast_chip_authentication_is_for (command))
    return answer_environment (self, command, error);
  if (command->ins == INS_GENERAL_AUTHENTICATE && parameters_of (command) == 0 &&
      self->state == STATE_SELECTED)
    return answer_agreement (self, command, out, error);
  fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "ca-order", NULL);
  return FAST_SW_CONDITIONS;
}

/**
 * fast_chip_authentication_is_done:
 * @self: either side
 *
 * Returns: whether both sides agreed and the new session may begin
 */
gboolean
fast_chip_authentication_is_done (const FastChipAuthentication *self)
{
  return self->state >= STATE_AGREED;
}

/**
 * fast_chip_authentication_finish:
 * @self: either side, done
 * @error: return location for an error
 *
 * Once only. The answer to the last command still goes through the old session.
 *
 * Returns: (transfer full): the new session
 */
FastSecureMessaging *
fast_chip_authentication_finish (FastChipAuthentication *self, GError **error)
{
  if (self->state != STATE_AGREED)
    return fast_fail_null (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "ca-order", NULL);
  self->state = STATE_DONE;
  return g_steal_pointer (&self->session);
}

/**
 * fast_chip_authentication_get_terminal_key:
 * @self: either side, done
 *
 * Terminal authentication signs it (TR-03110-3, A.2.2.3).
 *
 * Returns: (transfer none) (nullable): the compressed ephemeral key of the reader, that is, its x
 *   coordinate
 */
GBytes *
fast_chip_authentication_get_terminal_key (const FastChipAuthentication *self)
{
  return self->terminal;
}
