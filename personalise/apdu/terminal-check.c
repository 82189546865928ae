/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/terminal-check.h"

#include "personalise/apdu/perso.h"
#include "personalise/apdu/status-word.h"
#include "record/base/error.h"
#include "record/base/tlv.h"

#define INS_MANAGE_ENVIRONMENT 0x22
#define INS_PERFORM_OPERATION 0x2A
#define TAG_KEY_REFERENCE 0x83

typedef enum {
  STATE_OPEN,
  STATE_AUTHORITY,
  STATE_TERMINAL,
  STATE_CHALLENGED,
  STATE_DONE,
} State;

#define IN(state) (1u << (state))
#define IN_ANY_BUT_DONE                                                                            \
  (IN (STATE_OPEN) | IN (STATE_AUTHORITY) | IN (STATE_TERMINAL) | IN (STATE_CHALLENGED))

struct _FastTerminalCheck {
  State state;
  FastCvChain *chain;
  FastCvKey *terminal;
  GBytes *identity;
  GBytes *terminal_key;
  const FastRandomSource *source;
  guint8 challenge[FAST_TERMINAL_CHALLENGE_SIZE];
};

typedef guint16 (*Handler) (FastTerminalCheck *check, const FastCommand *command, GByteArray *out,
                            GError **error);

static guint16 set_authority (FastTerminalCheck *check, const FastCommand *command, GByteArray *out,
                              GError **error);
static guint16 verify (FastTerminalCheck *check, const FastCommand *command, GByteArray *out,
                       GError **error);
static guint16 set_terminal (FastTerminalCheck *check, const FastCommand *command, GByteArray *out,
                             GError **error);
static guint16 give_challenge (FastTerminalCheck *check, const FastCommand *command,
                               GByteArray *out, GError **error);
static guint16 authenticate (FastTerminalCheck *check, const FastCommand *command, GByteArray *out,
                             GError **error);

/* In which states a command is heard, which state follows its success, and which its failure. */
static const struct {
  guint8 ins;
  guint8 p1;
  guint8 p2;
  guint states;
  State after;
  State failed;
  Handler run;
} commands[] = {
    {INS_MANAGE_ENVIRONMENT, 0x81, 0xB6, IN_ANY_BUT_DONE, STATE_AUTHORITY, STATE_OPEN,
     set_authority},
    {INS_PERFORM_OPERATION, 0x00, 0xBE, IN (STATE_AUTHORITY), STATE_OPEN, STATE_OPEN, verify},
    {INS_MANAGE_ENVIRONMENT, 0x81, 0xA4, IN_ANY_BUT_DONE, STATE_TERMINAL, STATE_OPEN, set_terminal},
    {FAST_INS_GET_CHALLENGE, 0x00, 0x00, IN (STATE_TERMINAL) | IN (STATE_CHALLENGED),
     STATE_CHALLENGED, STATE_OPEN, give_challenge},
    {FAST_INS_EXTERNAL_AUTHENTICATE, 0x00, 0x00, IN (STATE_CHALLENGED), STATE_DONE, STATE_OPEN,
     authenticate},
};

/**
 * fast_terminal_check_new:
 * @trust: the chip's trust points and date; must outlive the check, and changes with it: save it
 *   after every PSO:VERIFY CERTIFICATE
 * @identity: the chip's, see fast_terminal_identity()
 * @terminal_key: see fast_chip_authentication_get_terminal_key()
 * @source: (nullable): where challenges come from; must outlive the check
 *
 * Returns: (transfer full): the chip's side
 */
FastTerminalCheck *
fast_terminal_check_new (FastCvTrust *trust, GBytes *identity, GBytes *terminal_key,
                         const FastRandomSource *source)
{
  FastTerminalCheck *check = g_new0 (FastTerminalCheck, 1);

  check->chain = fast_cv_chain_new (trust);
  check->identity = g_bytes_ref (identity);
  check->terminal_key = g_bytes_ref (terminal_key);
  check->source = source;
  return check;
}

/**
 * fast_terminal_check_free:
 * @check: (transfer full): the chip's side
 */
void
fast_terminal_check_free (FastTerminalCheck *check)
{
  fast_cv_chain_free (check->chain);
  g_clear_pointer (&check->terminal, fast_cv_key_unref);
  g_bytes_unref (check->identity);
  g_bytes_unref (check->terminal_key);
  g_free (check);
}

static gboolean
read_reference (const FastCommand *command, FastTlv *reference, GError **error)
{
  FastReader reader = fast_reader_new (command->data, command->size, "MSE");

  return fast_tlv_expect (&reader, TAG_KEY_REFERENCE, reference, error) &&
         fast_reader_end (&reader, error);
}

static guint16
set_authority (FastTerminalCheck *check, const FastCommand *command, GByteArray *out G_GNUC_UNUSED,
               GError **error)
{
  FastTlv reference;

  if (!read_reference (command, &reference, error))
    return FAST_SW_DATA;
  return fast_cv_chain_select (check->chain, reference.value, reference.size, error)
             ? FAST_SW_OK
             : FAST_SW_DATA_ABSENT;
}

/* 6300 where the certificate is well formed but not believed (TR-03105-3.2, unit J). */
static guint16
verify (FastTerminalCheck *check, const FastCommand *command, GByteArray *out G_GNUC_UNUSED,
        GError **error)
{
  g_autoptr (FastCvCertificate) certificate =
      fast_cv_certificate_parse_parts (command->data, command->size, error);

  if (certificate == NULL)
    return FAST_SW_DATA;
  return fast_cv_chain_verify (check->chain, certificate, error) ? FAST_SW_OK
                                                                 : FAST_SW_AUTHENTICATION;
}

static guint16
set_terminal (FastTerminalCheck *check, const FastCommand *command, GByteArray *out G_GNUC_UNUSED,
              GError **error)
{
  FastTlv reference;

  g_clear_pointer (&check->terminal, fast_cv_key_unref);
  if (!read_reference (command, &reference, error))
    return FAST_SW_DATA;
  check->terminal =
      fast_cv_chain_find_terminal (check->chain, reference.value, reference.size, error);
  return check->terminal != NULL ? FAST_SW_OK : FAST_SW_DATA_ABSENT;
}

static guint16
give_challenge (FastTerminalCheck *check, const FastCommand *command, GByteArray *out,
                GError **error)
{
  if (command->size != 0 || command->le < FAST_TERMINAL_CHALLENGE_SIZE) {
    fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "ta-command", NULL);
    return FAST_SW_LENGTH;
  }
  if (!fast_random_source_draw (check->source, check->challenge, sizeof check->challenge, error))
    return FAST_SW_MEMORY;
  fast_append (out, check->challenge, sizeof check->challenge);
  return FAST_SW_OK;
}

static guint16
authenticate (FastTerminalCheck *check, const FastCommand *command, GByteArray *out G_GNUC_UNUSED,
              GError **error)
{
  g_autoptr (GBytes) signature = g_bytes_new (command->data, command->size);
  GByteArray *text = g_byte_array_new ();
  g_autoptr (GBytes) message = NULL;
  g_autoptr (GError) why = NULL;

  fast_append_bytes (text, check->identity);
  fast_append (text, check->challenge, sizeof check->challenge);
  fast_append_bytes (text, check->terminal_key);
  message = g_byte_array_free_to_bytes (text);
  if (fast_cv_key_verify (check->terminal, message, signature, &why))
    return FAST_SW_OK;
  fast_fail_from (error, g_error_copy (why), why->domain, why->code, "ta-signature", NULL);
  return FAST_SW_AUTHENTICATION;
}

static gboolean
is_row (guint i, const FastCommand *command)
{
  return commands[i].ins == command->ins && commands[i].p1 == command->p1 &&
         commands[i].p2 == command->p2;
}

/**
 * fast_terminal_check_is_for:
 * @command: a command, unwrapped
 *
 * GET CHALLENGE and EXTERNAL AUTHENTICATE are BAC's too: which is meant depends on the session.
 *
 * Returns: whether it is one of terminal authentication
 */
gboolean
fast_terminal_check_is_for (const FastCommand *command)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (is_row (i, command))
      return TRUE;
  return FALSE;
}

/**
 * fast_terminal_check_answer:
 * @check: the chip's side
 * @command: a command of terminal authentication, unwrapped and whole
 * @out: the answer's data goes here
 * @error: return location for why it is refused
 *
 * A challenge is good for one signature. A terminal that was accepted stays so to the end of the
 * session; another cannot take its place.
 *
 * Returns: the status word: 9000; 6985 out of order, 6A80 for data out of form, 6A88 for a key that
 *   is not there, 6300 for a certificate or a signature that is not believed, 6700, 6A86
 */
guint16
fast_terminal_check_answer (FastTerminalCheck *check, const FastCommand *command, GByteArray *out,
                            GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    guint16 status;

    if (!is_row (i, command))
      continue;
    if ((commands[i].states & IN (check->state)) == 0) {
      fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "ta-order", NULL);
      return FAST_SW_CONDITIONS;
    }
    status = commands[i].run (check, command, out, error);
    check->state = status == FAST_SW_OK ? commands[i].after : commands[i].failed;
    return status;
  }
  fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "ta-command", NULL);
  return FAST_SW_P1P2;
}

/**
 * fast_terminal_check_is_done:
 * @check: the chip's side
 *
 * Returns: whether a terminal was accepted
 */
gboolean
fast_terminal_check_is_done (const FastTerminalCheck *check)
{
  return check->state == STATE_DONE;
}

/**
 * fast_terminal_check_get_rights:
 * @check: the chip's side
 *
 * Returns: what the accepted terminal may read; nothing before
 */
FastCvRights
fast_terminal_check_get_rights (const FastTerminalCheck *check)
{
  return check->state == STATE_DONE ? fast_cv_chain_get_rights (check->chain) : FAST_CV_RIGHT_NONE;
}
