/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/access.h"

#include "personalise/apdu/bac.h"
#include "personalise/apdu/perso.h"
#include "personalise/apdu/status-word.h"
#include "record/base/bytes.h"
#include "record/base/error.h"

/* --- basic access control, ICAO 9303-11, 4.3 --- */

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

static FastSecureMessaging *
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
    return NULL;
  answer = fast_chip_session_ask (session, &command, "EXTERNAL AUTHENTICATE", error);
  if (answer == NULL)
    return NULL;
  if (g_bytes_get_size (answer) != FAST_BAC_CRYPTOGRAM_SIZE)
    return fast_fail_null (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS, "bac-refused", NULL);
  return fast_bac_reader_finish (keys, side, challenge, g_bytes_get_data (answer, NULL), error);
}

static gboolean
run_bac (FastChipSession *session, const FastAccessKeys *access, GError **error)
{
  g_auto (FastBacKeys) keys = {{0}, {0}};
  g_auto (FastBacSide) side = {{0}, {0}};
  FastSecureMessaging *messaging;

  if (access->mrz_information == NULL)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS, "access-needs-mrz", NULL);
  fast_bac_keys_derive (&keys, access->mrz_information);
  if (!fast_bac_side_draw (&side, error))
    return FALSE;
  messaging = authenticate (session, &keys, &side, error);
  if (messaging == NULL)
    return FALSE;
  fast_chip_session_secure (session, messaging);
  return TRUE;
}

/**
 * fast_chip_access:
 * @session: a session
 * @keys: what is known of the document
 * @verdicts: (nullable): a line for each way of access is appended
 * @error: return location for an error
 *
 * Powers the chip up, proves to it that the document is at hand, and enters the eMRTD application;
 * from there on everything is secured (ICAO 9303-11, 4.2).
 *
 * Returns: whether the chip opened; FAST_CARD_ERROR_ACCESS when the keys are not this chip's
 */
gboolean
fast_chip_access (FastChipSession *session, const FastAccessKeys *keys, GPtrArray *verdicts,
                  GError **error)
{
  if (!fast_chip_session_start (session, error) || !run_bac (session, keys, error))
    return FALSE;
  if (verdicts == NULL)
    return TRUE;
  fast_verdicts_add_not_offered (verdicts, FAST_CHECK_PACE, NULL);
  fast_verdicts_add (verdicts, FAST_CHECK_ACCESS, NULL, NULL);
  return TRUE;
}
