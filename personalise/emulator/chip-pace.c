/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/status-word.h"
#include "personalise/emulator/chip-call.h"
#include "personalise/lds/card-access.h"
#include "personalise/lds/lds.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/tlv.h"

/* PACE as the chip plays it, ICAO 9303-11, 4.4. */

/* A chip does what its EF.CardAccess says that it does, with the domain parameters that stand there
 * when the reader names none. */
static gboolean
is_offered (const FastChipState *state, FastPaceSelection *selection)
{
  const FastFile *file = fast_file_card_access ();
  FastChipFile *access = fast_chip_state_find (state, FAST_CHIP_MASTER_FILE, file->fid);
  g_autofree char *oid = fast_pace_protocol_format (&selection->protocol);
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GPtrArray) infos = NULL;

  if (access == NULL)
    return FALSE;
  content = g_bytes_new (access->content->data, access->content->len);
  infos = fast_card_access_parse (content, NULL);
  for (guint i = 0; infos != NULL && i < infos->len; i++) {
    const FastSecurityInfo *info = infos->pdata[i];
    if (info->kind == FAST_SECURITY_PACE && g_str_equal (info->oid, oid) &&
        (selection->parameters == 0 || info->identifier == (gint64)selection->parameters)) {
      selection->parameters = (guint)info->identifier;
      return TRUE;
    }
  }
  return FALSE;
}

static FastSecret *
find_password (const FastChipState *state, FastPacePassword kind)
{
  FastSecret *passwords = fast_chip_state_get_secret (state, FAST_DATA_PASSWORDS);
  const guint32 tag =
      kind == FAST_PACE_PASSWORD_MRZ ? FAST_TAG_PASSWORD_MRZ : FAST_TAG_PASSWORD_CAN;
  FastTlv tlv;

  if (passwords == NULL || !fast_pace_password_check (kind, NULL) ||
      !fast_tlv_find (
          fast_reader_new (fast_secret_data (passwords), fast_secret_size (passwords), "passwords"),
          tag, &tlv, NULL))
    return NULL;
  return fast_secret_new_from (tlv.value, tlv.size);
}

/**
 * fast_chip_select_pace:
 * @call: MSE:Set AT for PACE
 *
 * Returns: its status word
 */
guint16
fast_chip_select_pace (FastChipCall *call)
{
  FastVirtualChip *chip = call->chip;
  FastPaceSelection selection;
  g_autoptr (FastSecret) password = NULL;

  if (call->secured)
    return FAST_SW_CONDITIONS;
  if (!fast_pace_selection_parse (&selection, call->command.data, call->command.size, NULL) ||
      !is_offered (chip->state, &selection))
    return FAST_SW_DATA;
  password = find_password (chip->state, selection.password);
  if (password == NULL)
    return FAST_SW_DATA_ABSENT;
  chip->pace = fast_pace_new_chip (&selection, password, fast_chip_random_source (chip), NULL);
  return chip->pace != NULL ? FAST_SW_OK : FAST_SW_DATA;
}

/* What a refused step is to the reader: a wrong password, or data that make no sense. */
static guint16
refuse (FastVirtualChip *chip, const GError *error)
{
  g_clear_pointer (&chip->pace, fast_pace_free);
  return g_error_matches (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS) ? FAST_SW_AUTHENTICATION
                                                                          : FAST_SW_DATA;
}

static guint16
finish (FastVirtualChip *chip)
{
  g_clear_pointer (&chip->identity, g_bytes_unref);
  chip->identity = fast_pace_dup_identity (chip->pace);
  chip->session = fast_pace_finish (chip->pace, NULL);
  g_clear_pointer (&chip->pace, fast_pace_free);
  if (chip->session == NULL)
    return FAST_SW_AUTHENTICATION;
  chip->access = FAST_CHIP_ACCESS_BASIC;
  return FAST_SW_OK;
}

/**
 * fast_chip_run_pace:
 * @call: GENERAL AUTHENTICATE while PACE is under way
 *
 * Returns: its status word
 */
guint16
fast_chip_run_pace (FastChipCall *call)
{
  FastVirtualChip *chip = call->chip;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;

  if (call->secured || call->command.cla != fast_pace_class (chip->pace))
    return FAST_SW_CONDITIONS;
  answer = fast_pace_chip_answer (chip->pace, call->command.data, call->command.size, &error);
  if (answer == NULL)
    return refuse (chip, error);
  fast_append_bytes (call->out, answer);
  return fast_pace_is_done (chip->pace) ? finish (chip) : FAST_SW_OK;
}
