/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/scp03-card.h"

#include "personalise/apdu/perso.h"
#include "personalise/apdu/status-word.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/secure.h"

#define CLASS 0x80
#define SECURED_CLASS 0x84
#define PROTOCOL 0x03
#define SEQUENCE_SIZE 3

struct _FastScp03Card {
  FastIssuerKeys *keys;
  FastScp03Settings settings;
  gsize width;
  gboolean started;
  gboolean challenge_given;
  guint8 challenge[FAST_SCP03_WIDTH_MAX];
  FastScp03Session session;
};

/**
 * fast_scp03_card_new:
 * @keys: the card's own keys; a reference is taken
 * @settings: copied
 *
 * Returns: (transfer full): the card's side
 */
FastScp03Card *
fast_scp03_card_new (FastIssuerKeys *keys, const FastScp03Settings *settings)
{
  FastScp03Card *card = g_new0 (FastScp03Card, 1);

  g_assert (settings->aid_size <= FAST_SCP03_AID_MAX);
  card->keys = fast_issuer_keys_ref (keys);
  card->settings = *settings;
  card->width = (settings->options & FAST_SCP03_S16) != 0 ? 16 : 8;
  return card;
}

/**
 * fast_scp03_card_free:
 * @card: (transfer full): wiped
 */
void
fast_scp03_card_free (FastScp03Card *card)
{
  fast_issuer_keys_unref (card->keys);
  fast_wipe (card, sizeof *card);
  g_free (card);
}

/**
 * fast_scp03_card_set_challenge:
 * @card: the card's side
 * @challenge: 8 or 16 bytes, as the mode has it
 *
 * The next session of a card with random challenges uses it instead of drawing one.
 */
void
fast_scp03_card_set_challenge (FastScp03Card *card, const guint8 *challenge)
{
  fast_copy (card->challenge, sizeof card->challenge, challenge, card->width);
  card->challenge_given = TRUE;
}

/**
 * fast_scp03_card_get_sequence:
 * @card: the card's side
 *
 * Returns: the sequence counter, which the card must keep when it loses power
 */
guint32
fast_scp03_card_get_sequence (const FastScp03Card *card)
{
  return card->settings.sequence;
}

/* The status word that refuses the command, 9000 when there is none (Amendment D, 7.1.1). */
static guint16
refuse_initialize_update (const FastScp03Card *card, const FastCommand *command)
{
  if (command->cla != CLASS)
    return FAST_SW_CLASS;
  if (command->ins != FAST_INS_INITIALIZE_UPDATE)
    return FAST_SW_INSTRUCTION;
  if (command->size != card->width)
    return FAST_SW_LENGTH;
  if (command->p2 != 0)
    return FAST_SW_P1P2;
  if (command->p1 != 0 && command->p1 != fast_issuer_keys_get_version (card->keys))
    return FAST_SW_DATA_ABSENT;
  if ((card->settings.options & FAST_SCP03_PSEUDO_RANDOM) != 0 &&
      card->settings.sequence >= FAST_SCP03_SEQUENCE_MAX)
    return FAST_SW_CONDITIONS;
  return FAST_SW_OK;
}

/* Amendment D, 6.2.2.1: from the sequence counter and the AID. */
static gboolean
derive_challenge (FastScp03Card *card, GError **error)
{
  g_autoptr (GByteArray) context = g_byte_array_new ();
  guint32 sequence = ++card->settings.sequence;

  fast_append_u8 (context, (guint8)(sequence >> 16));
  fast_append_u16 (context, (guint16)sequence);
  fast_append (context, card->settings.aid, card->settings.aid_size);
  return fast_scp03_derive (card->keys, FAST_ISSUER_KEY_ENC, FAST_SCP03_CARD_CHALLENGE,
                            context->data, context->len, card->challenge, card->width, error);
}

static gboolean
make_challenge (FastScp03Card *card, GError **error)
{
  gboolean given = card->challenge_given;

  card->challenge_given = FALSE;
  if ((card->settings.options & FAST_SCP03_PSEUDO_RANDOM) != 0)
    return derive_challenge (card, error);
  return given || fast_random (card->challenge, card->width, error);
}

static GBytes *
build_answer (FastScp03Card *card, const guint8 *cryptogram)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  fast_append (out, card->settings.diversification, FAST_DIVERSIFICATION_SIZE);
  fast_append_u8 (out, fast_issuer_keys_get_version (card->keys));
  fast_append_u8 (out, PROTOCOL);
  fast_append_u8 (out, card->settings.options);
  fast_append (out, card->challenge, card->width);
  fast_append (out, cryptogram, card->width);
  if ((card->settings.options & FAST_SCP03_PSEUDO_RANDOM) != 0) {
    fast_append_u8 (out, (guint8)(card->settings.sequence >> 16));
    fast_append_u16 (out, (guint16)card->settings.sequence);
  }
  return fast_response_build (out->data, out->len, FAST_SW_OK);
}

/**
 * fast_scp03_card_initialize_update:
 * @card: the card's side
 * @command: INITIALIZE UPDATE
 * @error: return location for an error
 *
 * Whatever session there was is over.
 *
 * Returns: (transfer full): the R-APDU, with the status word that refuses a command that is not
 *   right (Amendment D, 7.1.1), or %NULL with FAST_KEY_ERROR_CRYPTO
 */
GBytes *
fast_scp03_card_initialize_update (FastScp03Card *card, const FastCommand *command, GError **error)
{
  guint16 refusal = refuse_initialize_update (card, command);
  guint8 cryptogram[FAST_SCP03_WIDTH_MAX];

  card->started = FALSE;
  if (refusal != FAST_SW_OK)
    return fast_response_build (NULL, 0, refusal);
  if (!make_challenge (card, error) ||
      !fast_scp03_session_start (&card->session, card->keys, command->data, card->challenge,
                                 card->width, error) ||
      !fast_scp03_session_cryptogram (&card->session, FAST_SCP03_CARD_CRYPTOGRAM, cryptogram,
                                      error))
    return NULL;
  card->started = TRUE;
  return build_answer (card, cryptogram);
}

/* The status word that refuses the command before any key is used (Amendment D, 7.1.2). */
static guint16
refuse_external_authenticate (const FastScp03Card *card, const FastCommand *command)
{
  if (command->cla != SECURED_CLASS)
    return FAST_SW_CLASS;
  if (command->ins != FAST_INS_EXTERNAL_AUTHENTICATE)
    return FAST_SW_INSTRUCTION;
  if (!card->started)
    return FAST_SW_CONDITIONS;
  if (command->p2 != 0 || !fast_scp03_level_check (command->p1, card->settings.options, NULL))
    return FAST_SW_P1P2;
  if (command->size != 2 * card->width)
    return FAST_SW_LENGTH;
  return FAST_SW_OK;
}

/* 6300 for a wrong host cryptogram, 6982 for a wrong C-MAC. */
static guint16
verify (FastScp03Card *card, const FastCommand *command)
{
  FastScp03Session *session = &card->session;
  FastCommand bare = *command;
  guint8 cryptogram[FAST_SCP03_WIDTH_MAX];
  guint8 mac[FAST_AES_BLOCK_SIZE];

  bare.size = card->width;
  if (!fast_scp03_session_cryptogram (session, FAST_SCP03_HOST_CRYPTOGRAM, cryptogram, NULL) ||
      !fast_equal_secret (cryptogram, command->data, card->width))
    return FAST_SW_AUTHENTICATION;
  if (!fast_scp03_session_command_mac (session, &bare, mac, NULL) ||
      !fast_equal_secret (mac, command->data + card->width, card->width))
    return FAST_SW_SECURITY;
  fast_copy (session->chaining, sizeof session->chaining, mac, sizeof mac);
  return FAST_SW_OK;
}

/**
 * fast_scp03_card_external_authenticate:
 * @card: the card's side
 * @command: EXTERNAL AUTHENTICATE
 * @status: (out): the status word to answer with
 *
 * One try for each INITIALIZE UPDATE.
 *
 * Returns: (transfer full) (nullable): the channel, in the card's role; %NULL unless @status is
 * 9000
 */
FastScp03 *
fast_scp03_card_external_authenticate (FastScp03Card *card, const FastCommand *command,
                                       guint16 *status)
{
  FastScp03 *channel = NULL;

  *status = refuse_external_authenticate (card, command);
  if (*status == FAST_SW_OK)
    *status = verify (card, command);
  if (*status == FAST_SW_OK)
    channel = fast_scp03_new (&card->session, command->p1);
  card->started = FALSE;
  fast_scp03_session_clear (&card->session);
  return channel;
}
