/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/access.h"

#include "personalise/apdu/bac.h"
#include "personalise/apdu/pace.h"
#include "personalise/apdu/perso.h"
#include "personalise/apdu/status-word.h"
#include "personalise/apdu/terminal-authentication.h"
#include "personalise/lds/atr-info.h"
#include "personalise/lds/card-access.h"
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
  fast_chip_session_identify (session, fast_terminal_identity (access->mrz_information));
  return TRUE;
}

/* --- PACE, ICAO 9303-11, 4.4 --- */

static gboolean
is_supported (const FastSecurityInfo *info, FastPaceProtocol *protocol)
{
  return info->kind == FAST_SECURITY_PACE && info->defect == NULL &&
         info->identifier != FAST_SECURITY_NONE &&
         fast_pace_protocol_by_oid (protocol, info->oid, NULL) &&
         fast_pace_protocol_is_supported (protocol);
}

/* The strongest cipher that both sides have. */
static gboolean
choose (GPtrArray *infos, FastPaceSelection *selection)
{
  gboolean found = FALSE;

  for (guint i = 0; i < infos->len; i++) {
    const FastSecurityInfo *info = infos->pdata[i];
    FastPaceProtocol protocol;

    if (!is_supported (info, &protocol) || (found && protocol.cipher <= selection->protocol.cipher))
      continue;
    selection->protocol = protocol;
    selection->parameters = (guint)info->identifier;
    found = TRUE;
  }
  return found;
}

static gboolean
set_environment (FastChipSession *session, const FastPaceSelection *selection, GError **error)
{
  g_autoptr (GBytes) data = fast_pace_selection_build (selection);
  const FastCommand command = {.ins = FAST_INS_MANAGE_ENVIRONMENT,
                               .p1 = FAST_ENVIRONMENT_PACE >> 8,
                               .p2 = FAST_ENVIRONMENT_PACE & 0xFF,
                               .data = g_bytes_get_data (data, NULL),
                               .size = g_bytes_get_size (data)};

  return fast_chip_session_command (session, &command, "MSE:Set AT", error);
}

static gboolean
step_pace (FastChipSession *session, FastPace *pace, GError **error)
{
  const guint8 class = fast_pace_class (pace);
  g_autoptr (GBytes) asked = fast_pace_reader_ask (pace, error);
  g_autoptr (GBytes) answer = NULL;
  FastCommand command = {
      .cla = class, .ins = FAST_INS_GENERAL_AUTHENTICATE, .le = FAST_COMMAND_LE_MAX};

  if (asked == NULL)
    return FALSE;
  command.data = g_bytes_get_data (asked, &command.size);
  answer = fast_chip_session_ask (session, &command, "GENERAL AUTHENTICATE", error);
  return answer != NULL && fast_pace_reader_take (pace, g_bytes_get_data (answer, NULL),
                                                  g_bytes_get_size (answer), error);
}

static gboolean
run_pace (FastChipSession *session, const FastAccessKeys *keys, FastPaceSelection *selection,
          GError **error)
{
  FastSecret *text = keys->mrz_information != NULL ? keys->mrz_information : keys->can;
  g_autoptr (FastSecret) password = NULL;
  g_autoptr (FastPace) pace = NULL;
  FastSecureMessaging *messaging;

  selection->password =
      keys->mrz_information != NULL ? FAST_PACE_PASSWORD_MRZ : FAST_PACE_PASSWORD_CAN;
  password = fast_pace_password (selection->password, text, error);
  pace = password == NULL ? NULL : fast_pace_new_reader (selection, password, NULL, error);
  if (pace == NULL || !set_environment (session, selection, error))
    return FALSE;
  while (!fast_pace_is_done (pace))
    if (!step_pace (session, pace, error))
      return FALSE;
  fast_chip_session_identify (session, fast_pace_dup_identity (pace));
  messaging = fast_pace_finish (pace, error);
  if (messaging == NULL)
    return FALSE;
  fast_chip_session_secure (session, messaging);
  return TRUE;
}

/* --- both --- */

/* Where what is read before access control goes. */
typedef struct {
  FastLds *lds;
  GPtrArray *verdicts;
} Taker;

/* A file that is there and has no form that any file has: a fault of the chip's that keeps nobody
 * from reading on. */
static void
take (const Taker *taker, const FastFile *file, GBytes *content)
{
  GError *why = NULL;

  if (content == NULL || taker->lds == NULL || fast_lds_set (taker->lds, file, content, &why))
    return;
  if (taker->verdicts != NULL)
    fast_verdicts_add (taker->verdicts, FAST_CHECK_READ, file->name, g_steal_pointer (&why));
  g_clear_error (&why);
}

/* A file of the master file, which not every chip has. What one without it answers differs: any
 * refusal means that it is not there. */
static gboolean
read_optional (FastChipSession *session, const FastFile *file, const Taker *taker, GBytes **content,
               GError **error)
{
  GError *why = NULL;

  *content = fast_chip_session_read_file (session, file, &why);
  if (*content == NULL && fast_chip_is_lost (why)) {
    g_propagate_error (error, why);
    return FALSE;
  }
  g_clear_error (&why);
  take (taker, file, *content);
  return TRUE;
}

/* How long APDUs may be; a chip that says nothing gets short ones. */
static gboolean
read_limits (FastChipSession *session, const Taker *taker, GError **error)
{
  g_autoptr (GBytes) content = NULL;
  FastAtrInfo info;

  if (!read_optional (session, fast_file_atr_info (), taker, &content, error))
    return FALSE;
  if (content == NULL || !fast_atr_info_parse (content, &info, NULL) || !info.extended)
    return TRUE;
  return fast_chip_session_announce (session, info.command_max, info.response_max, error);
}

/* What the chip knows of PACE; %NULL for nothing. */
static gboolean
read_card_access (FastChipSession *session, const Taker *taker, GPtrArray **infos, GError **error)
{
  g_autoptr (GBytes) content = NULL;

  if (!read_optional (session, fast_file_card_access (), taker, &content, error))
    return FALSE;
  *infos = content == NULL ? NULL : fast_card_access_parse (content, NULL);
  return TRUE;
}

static void
tell (GPtrArray *verdicts, const char *made, const char *other)
{
  if (verdicts == NULL)
    return;
  fast_verdicts_add (verdicts, made, NULL, NULL);
  fast_verdicts_add_not_offered (verdicts, other, NULL);
}

/**
 * fast_chip_access:
 * @session: a session
 * @keys: what is known of the document
 * @lds: (nullable): gets EF.ATR/INFO and EF.CardAccess, as far as the chip has them
 * @verdicts: (nullable): a line for each way of access is appended, and for a file that is no file
 * @error: return location for an error
 *
 * Powers the chip up, proves to it that the document is at hand, and enters the eMRTD application;
 * from there on everything is secured. A chip that offers a PACE known here gets that and, if it
 * fails, nothing weaker (ICAO 9303-11, 4.2).
 *
 * Returns: whether the chip opened; FAST_CARD_ERROR_ACCESS when the keys are not this chip's
 */
gboolean
fast_chip_access (FastChipSession *session, const FastAccessKeys *keys, FastLds *lds,
                  GPtrArray *verdicts, GError **error)
{
  const Taker taker = {lds, verdicts};
  g_autoptr (GPtrArray) infos = NULL;
  FastPaceSelection selection;

  if (!fast_chip_session_connect (session, error) || !read_limits (session, &taker, error) ||
      !read_card_access (session, &taker, &infos, error))
    return FALSE;
  if (infos != NULL && choose (infos, &selection)) {
    if (!run_pace (session, keys, &selection, error))
      return FALSE;
    tell (verdicts, FAST_CHECK_PACE, FAST_CHECK_ACCESS);
    return fast_chip_session_enter (session, FAST_PLACE_APPLICATION, error);
  }
  if (!fast_chip_session_enter (session, FAST_PLACE_APPLICATION, error) ||
      !run_bac (session, keys, error))
    return FALSE;
  tell (verdicts, FAST_CHECK_ACCESS, FAST_CHECK_PACE);
  return TRUE;
}
