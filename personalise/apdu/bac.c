/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/bac.h"

#include <openssl/sha.h>

#include "personalise/apdu/kdf.h"
#include "personalise/apdu/tdes.h"
#include "record/base/bytes.h"
#include "record/base/error.h"

#define CHALLENGE FAST_BAC_CHALLENGE_SIZE
#define KEYING FAST_BAC_KEYING_SIZE
#define TEXT_SIZE 32

/* What both cryptograms hold: own challenge, the other's challenge, own keying material. */
typedef struct {
  guint8 own[CHALLENGE];
  guint8 other[CHALLENGE];
  guint8 keying[KEYING];
} Text;

G_STATIC_ASSERT (sizeof (Text) == TEXT_SIZE);
G_STATIC_ASSERT (TEXT_SIZE + FAST_TDES_BLOCK_SIZE == FAST_BAC_CRYPTOGRAM_SIZE);

/**
 * fast_bac_keys_derive:
 * @keys: (out caller-allocates): the document's keys
 * @mrz_information: as fast_mrz_information() gives it
 *
 * ICAO 9303-11, 4.3.2 and 9.7.2: the seed is the first half of SHA-1 over the MRZ information.
 */
void
fast_bac_keys_derive (FastBacKeys *keys, FastSecret *mrz_information)
{
  guint8 digest[SHA_DIGEST_LENGTH];

  SHA1 (fast_secret_data (mrz_information), fast_secret_size (mrz_information), digest);
  fast_kdf (FAST_CIPHER_TDES, digest, KEYING, FAST_KDF_ENC, keys->enc);
  fast_kdf (FAST_CIPHER_TDES, digest, KEYING, FAST_KDF_MAC, keys->mac);
  fast_wipe (digest, sizeof digest);
}

/**
 * fast_bac_keys_clear:
 * @keys: wiped
 */
void
fast_bac_keys_clear (FastBacKeys *keys)
{
  fast_wipe (keys, sizeof *keys);
}

/**
 * fast_bac_side_draw:
 * @side: (out caller-allocates): a fresh challenge and fresh keying material
 * @error: return location for an error
 *
 * Returns: whether the random generator gave them
 */
gboolean
fast_bac_side_draw (FastBacSide *side, GError **error)
{
  return fast_random (side, sizeof *side, error);
}

/**
 * fast_bac_side_clear:
 * @side: wiped
 */
void
fast_bac_side_clear (FastBacSide *side)
{
  fast_wipe (side, sizeof *side);
}

static gboolean
seal (const FastBacKeys *keys, const FastBacSide *side, const guint8 other[CHALLENGE],
      guint8 cryptogram[FAST_BAC_CRYPTOGRAM_SIZE], GError **error)
{
  Text text;
  gboolean done;

  fast_copy (text.own, sizeof text.own, side->challenge, CHALLENGE);
  fast_copy (text.other, sizeof text.other, other, CHALLENGE);
  fast_copy (text.keying, sizeof text.keying, side->keying, KEYING);
  done = fast_cipher_encrypt (FAST_CIPHER_TDES, keys->enc, NULL, (const guint8 *)&text, cryptogram,
                              TEXT_SIZE, error) &&
         fast_tdes_mac (keys->mac, cryptogram, TEXT_SIZE, cryptogram + TEXT_SIZE, error);
  fast_wipe (&text, sizeof text);
  return done;
}

static gboolean
unseal (const FastBacKeys *keys, const guint8 cryptogram[FAST_BAC_CRYPTOGRAM_SIZE], Text *text,
        GError **error)
{
  guint8 mac[FAST_TDES_BLOCK_SIZE];

  if (!fast_tdes_mac (keys->mac, cryptogram, TEXT_SIZE, mac, error))
    return FALSE;
  if (!fast_equal_secret (mac, cryptogram + TEXT_SIZE, sizeof mac))
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS, "bac-refused", NULL);
  return fast_cipher_decrypt (FAST_CIPHER_TDES, keys->enc, NULL, cryptogram, (guint8 *)text,
                              TEXT_SIZE, error);
}

/* ICAO 9303-11, 4.3.1 and 9.8.6.3: the session's seed is the exclusive or of both keying materials,
 * the counter starts with the last four bytes of each challenge, the chip's first. */
static FastSecureMessaging *
start_session (const guint8 chip_challenge[CHALLENGE], const guint8 reader_challenge[CHALLENGE],
               const guint8 chip_keying[KEYING], const guint8 reader_keying[KEYING])
{
  guint8 seed[KEYING];
  guint8 counter[CHALLENGE];
  g_auto (FastBacKeys) session = {{0}, {0}};

  for (guint i = 0; i < KEYING; i++)
    seed[i] = chip_keying[i] ^ reader_keying[i];
  fast_copy (counter, 4, chip_challenge + 4, 4);
  fast_copy (counter + 4, 4, reader_challenge + 4, 4);
  fast_kdf (FAST_CIPHER_TDES, seed, KEYING, FAST_KDF_ENC, session.enc);
  fast_kdf (FAST_CIPHER_TDES, seed, KEYING, FAST_KDF_MAC, session.mac);
  fast_wipe (seed, sizeof seed);
  return fast_secure_messaging_new (FAST_CIPHER_TDES, session.enc, session.mac, counter);
}

/**
 * fast_bac_reader_ask:
 * @keys: the document's keys
 * @reader: the reader's side
 * @chip_challenge: what the chip answered to GET CHALLENGE
 * @cryptogram: (out caller-allocates): the data of EXTERNAL AUTHENTICATE
 * @error: return location for an error
 *
 * ICAO 9303-11, 4.3.1, step 2.
 *
 * Returns: whether it worked
 */
gboolean
fast_bac_reader_ask (const FastBacKeys *keys, const FastBacSide *reader,
                     const guint8 chip_challenge[CHALLENGE],
                     guint8 cryptogram[FAST_BAC_CRYPTOGRAM_SIZE], GError **error)
{
  return seal (keys, reader, chip_challenge, cryptogram, error);
}

/**
 * fast_bac_reader_finish:
 * @keys: the document's keys
 * @reader: the reader's side
 * @chip_challenge: what the chip answered to GET CHALLENGE
 * @answer: what it answered to EXTERNAL AUTHENTICATE
 * @error: return location for an error
 *
 * ICAO 9303-11, 4.3.1, step 4: the answer's MAC and the returned challenges are checked.
 *
 * Returns: (transfer full): the secured session, or %NULL with FAST_CARD_ERROR_ACCESS
 */
FastSecureMessaging *
fast_bac_reader_finish (const FastBacKeys *keys, const FastBacSide *reader,
                        const guint8 chip_challenge[CHALLENGE],
                        const guint8 answer[FAST_BAC_CRYPTOGRAM_SIZE], GError **error)
{
  FastSecureMessaging *session = NULL;
  Text text;

  if (!unseal (keys, answer, &text, error))
    return NULL;
  if (fast_equal_secret (text.own, chip_challenge, CHALLENGE) &&
      fast_equal_secret (text.other, reader->challenge, CHALLENGE))
    session = start_session (chip_challenge, reader->challenge, text.keying, reader->keying);
  else
    fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS, "bac-refused", NULL);
  fast_wipe (&text, sizeof text);
  return session;
}

/**
 * fast_bac_chip_answer:
 * @keys: the document's keys
 * @chip: the chip's side; its challenge is the one that GET CHALLENGE gave
 * @cryptogram: the data of EXTERNAL AUTHENTICATE
 * @answer: (out caller-allocates): what the chip answers
 * @error: return location for an error
 *
 * ICAO 9303-11, 4.3.1, step 3: the chip's role.
 *
 * Returns: (transfer full): the secured session, or %NULL with FAST_CARD_ERROR_ACCESS
 */
FastSecureMessaging *
fast_bac_chip_answer (const FastBacKeys *keys, const FastBacSide *chip,
                      const guint8 cryptogram[FAST_BAC_CRYPTOGRAM_SIZE],
                      guint8 answer[FAST_BAC_CRYPTOGRAM_SIZE], GError **error)
{
  FastSecureMessaging *session = NULL;
  Text text;

  if (!unseal (keys, cryptogram, &text, error))
    return NULL;
  if (!fast_equal_secret (text.other, chip->challenge, CHALLENGE))
    fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS, "bac-refused", NULL);
  else if (seal (keys, chip, text.own, answer, error))
    session = start_session (chip->challenge, text.own, chip->keying, text.keying);
  fast_wipe (&text, sizeof text);
  return session;
}
