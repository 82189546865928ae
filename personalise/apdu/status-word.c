/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/status-word.h"

#include "record/base/error.h"

typedef struct {
  guint16 status;
  guint16 mask;
  FastCardError code;
  const char *id;
} Meaning;

/* The one table of what a status word means to us; the first row that fits counts. */
static const Meaning meanings[] = {
    {FAST_SW_END_OF_FILE, 0xFFFF, FAST_CARD_ERROR_MISMATCH, "status-end-of-file"},
    {0x6300, 0xFF00, FAST_CARD_ERROR_ACCESS, "status-authentication"},
    {0x6581, 0xFFFF, FAST_CARD_ERROR_STATUS, "status-memory"},
    {FAST_SW_LENGTH, 0xFFFF, FAST_CARD_ERROR_STATUS, "status-length"},
    {FAST_SW_SECURITY, 0xFFFF, FAST_CARD_ERROR_ACCESS, "status-security"},
    {FAST_SW_CONDITIONS, 0xFFFF, FAST_CARD_ERROR_STATUS, "status-conditions"},
    {FAST_SW_NO_FILE_SELECTED, 0xFFFF, FAST_CARD_ERROR_STATUS, "status-no-file"},
    {FAST_SW_SM_MISSING, 0xFFFF, FAST_CARD_ERROR_MAC, "status-secure-messaging"},
    {FAST_SW_SM_WRONG, 0xFFFF, FAST_CARD_ERROR_MAC, "status-secure-messaging"},
    {FAST_SW_DATA, 0xFFFF, FAST_CARD_ERROR_STATUS, "status-data"},
    {FAST_SW_FILE_ABSENT, 0xFFFF, FAST_CARD_ERROR_STATUS, "status-file-absent"},
    {FAST_SW_NO_SPACE, 0xFFFF, FAST_CARD_ERROR_STATUS, "status-no-space"},
    {FAST_SW_P1P2, 0xFFFF, FAST_CARD_ERROR_STATUS, "status-parameters"},
    {FAST_SW_DATA_ABSENT, 0xFFFF, FAST_CARD_ERROR_STATUS, "status-data-absent"},
    {FAST_SW_FILE_EXISTS, 0xFFFF, FAST_CARD_ERROR_NOT_BLANK, "status-file-exists"},
    {FAST_SW_OFFSET, 0xFFFF, FAST_CARD_ERROR_STATUS, "status-offset"},
    {FAST_SW_INSTRUCTION, 0xFFFF, FAST_CARD_ERROR_STATUS, "status-instruction"},
    {FAST_SW_CLASS, 0xFFFF, FAST_CARD_ERROR_STATUS, "status-class"},
    {0, 0, FAST_CARD_ERROR_STATUS, "status-other"},
};

/**
 * fast_status_check:
 * @status: a status word
 * @command: the command that it answers, as in `READ BINARY`
 * @error: return location for an error
 *
 * Returns: %TRUE for 9000; otherwise %FALSE with what the word means (ISO/IEC 7816-4, 5.6)
 */
gboolean
fast_status_check (guint16 status, const char *command, GError **error)
{
  const Meaning *meaning = meanings;

  if (status == FAST_SW_OK)
    return TRUE;
  while ((status & meaning->mask) != meaning->status)
    meaning++;
  return fast_fail (error, FAST_CARD_ERROR, (int)meaning->code, meaning->id,
                    "command=%s, status=%04X", command, (guint)status);
}
