/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/scp03-host.h"

#include "personalise/apdu/perso.h"
#include "personalise/apdu/status-word.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/secure.h"

#define CLASS 0x80
#define SECURED_CLASS 0x84
#define PROTOCOL 0x03
#define SEQUENCE_SIZE 3
#define RESERVED_OPTIONS 0x8E

typedef enum {
  STEP_NEW,
  STEP_ASKED,
  STEP_AUTHENTICATING,
  STEP_OVER,
} Step;

struct _FastScp03Host {
  FastIssuerKeys *keys;
  gsize width;
  guint8 level;
  Step step;
  guint8 challenge[FAST_SCP03_WIDTH_MAX];
  guint8 diversification[FAST_DIVERSIFICATION_SIZE];
  FastScp03Session session;
};

/* Amendment D, table 7-3; the pointers borrow from the response. */
typedef struct {
  const guint8 *diversification;
  guint8 version;
  guint8 protocol;
  guint8 options;
  const guint8 *challenge;
  const guint8 *cryptogram;
} Answer;

/**
 * fast_scp03_host_new:
 * @keys: the issuer's key set; a reference is taken
 * @mode: the card's mode
 * @level: the security level to ask for: 01, 03, 11, 13 or 33
 * @error: return location for an error
 *
 * Draws the host challenge.
 *
 * Returns: (transfer full): the host's side; FAST_INPUT_ERROR_UNSUPPORTED, FAST_KEY_ERROR_CRYPTO
 */
FastScp03Host *
fast_scp03_host_new (FastIssuerKeys *keys, FastScp03Mode mode, guint8 level, GError **error)
{
  g_autoptr (FastScp03Host) host = g_new0 (FastScp03Host, 1);

  host->keys = fast_issuer_keys_ref (keys);
  host->width = (gsize)mode;
  host->level = level;
  if (!fast_scp03_level_check (level, FAST_SCP03_CAN_R_MAC | FAST_SCP03_CAN_R_ENCRYPTION, error) ||
      !fast_random (host->challenge, host->width, error))
    return NULL;
  return g_steal_pointer (&host);
}

/**
 * fast_scp03_host_free:
 * @host: (transfer full): wiped
 */
void
fast_scp03_host_free (FastScp03Host *host)
{
  fast_issuer_keys_unref (host->keys);
  fast_wipe (host, sizeof *host);
  g_free (host);
}

/**
 * fast_scp03_host_set_challenge:
 * @host: the host's side, before INITIALIZE UPDATE
 * @challenge: 8 or 16 bytes, as the mode has it
 *
 * For sessions that must come out the same each time: published ones, and those of a seeded
 * emulator. A real one keeps the challenge that was drawn.
 */
void
fast_scp03_host_set_challenge (FastScp03Host *host, const guint8 *challenge)
{
  g_assert (host->step == STEP_NEW);
  fast_copy (host->challenge, sizeof host->challenge, challenge, host->width);
}

static gboolean
take_step (FastScp03Host *host, Step from, Step to, GError **error)
{
  if (host->step == from) {
    host->step = to;
    return TRUE;
  }
  host->step = STEP_OVER;
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC, "scp03-closed", NULL);
}

/**
 * fast_scp03_host_initialize_update:
 * @host: the host's side
 * @error: return location for an error
 *
 * Returns: (transfer full): the C-APDU of INITIALIZE UPDATE (Amendment D, 7.1.1), with the version
 * of the key set
 */
GBytes *
fast_scp03_host_initialize_update (FastScp03Host *host, GError **error)
{
  const FastCommand command = {
      .cla = CLASS,
      .ins = FAST_INS_INITIALIZE_UPDATE,
      .p1 = fast_issuer_keys_get_version (host->keys),
      .data = host->challenge,
      .size = host->width,
      .le = FAST_COMMAND_LE_MAX,
  };

  if (!take_step (host, STEP_NEW, STEP_ASKED, error))
    return NULL;
  return fast_command_build (&command, error);
}

static gboolean
read_answer (const FastResponse *response, gsize width, Answer *answer, GError **error)
{
  FastReader reader = fast_reader_new (response->data, response->size, "INITIALIZE UPDATE");

  answer->diversification = fast_reader_take (&reader, FAST_DIVERSIFICATION_SIZE, error);
  return answer->diversification != NULL && fast_reader_u8 (&reader, &answer->version, error) &&
         fast_reader_u8 (&reader, &answer->protocol, error) &&
         fast_reader_u8 (&reader, &answer->options, error) &&
         (answer->challenge = fast_reader_take (&reader, width, error)) != NULL &&
         (answer->cryptogram = fast_reader_take (&reader, width, error)) != NULL &&
         ((answer->options & FAST_SCP03_PSEUDO_RANDOM) == 0 ||
          fast_reader_take (&reader, SEQUENCE_SIZE, error) != NULL) &&
         fast_reader_end (&reader, error);
}

/* What would send the officer after an access key: here it is the issuer's keys that are refused,
 * or the card is locked. */
static gboolean
check_status (guint16 status, const char *command, GError **error)
{
  if ((status & 0xFF00) == FAST_SW_AUTHENTICATION || status == FAST_SW_SECURITY ||
      status == FAST_SW_BLOCKED || status == FAST_SW_CONDITIONS)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS, "scp03-refused",
                      "command=%s, status=%04X", command, status);
  return fast_status_check (status, command, error);
}

static gboolean
check_started (guint16 status, FastScp03Host *host, GError **error)
{
  if (status == FAST_SW_DATA_ABSENT)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS, "scp03-no-version",
                      "version=%02X", fast_issuer_keys_get_version (host->keys));
  return check_status (status, "INITIALIZE UPDATE", error);
}

/* Before any length: a card with another protocol answers with another form. */
static gboolean
check_protocol (const FastResponse *response, GError **error)
{
  const gsize at = FAST_DIVERSIFICATION_SIZE + 1;

  if (response->size <= at || response->data[at] == PROTOCOL)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "scp03-protocol",
                    "protocol=%02X", response->data[at]);
}

static gboolean
check_mode (const FastResponse *response, gsize width, GError **error)
{
  const gsize at = FAST_DIVERSIFICATION_SIZE + 2;
  guint8 options = response->size > at ? response->data[at] : 0;
  gsize told = (options & FAST_SCP03_S16) != 0 ? FAST_SCP03_MODE_S16 : FAST_SCP03_MODE_S8;

  if (response->size <= at)
    return TRUE;
  if ((options & RESERVED_OPTIONS) != 0 || told != width)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "scp03-mode",
                      "options=%02X, mode=S%" G_GSIZE_FORMAT, options, width);
  return TRUE;
}

static gboolean
check_version (const Answer *answer, FastScp03Host *host, GError **error)
{
  guint8 asked = fast_issuer_keys_get_version (host->keys);

  if (asked == 0 || asked == answer->version)
    return TRUE;
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS, "scp03-version",
                    "asked=%02X, version=%02X", asked, answer->version);
}

static gboolean
fail_wrong_key (const Answer *answer, FastScp03Host *host, GError **error)
{
  g_autofree char *card = fast_hex_encode (answer->diversification, FAST_DIVERSIFICATION_SIZE);

  host->step = STEP_OVER;
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS, "scp03-wrong-key",
                    "version=%02X, card=%s", answer->version, card);
}

/* Amendment D, 6.2.2.2: the card proves that it has the keys before we prove that we have them. */
static gboolean
check_cryptogram (FastScp03Host *host, const Answer *answer, GError **error)
{
  g_autoptr (FastIssuerKeys) keys =
      fast_issuer_keys_diversify (host->keys, answer->diversification, error);
  guint8 cryptogram[FAST_SCP03_WIDTH_MAX];

  if (keys == NULL ||
      !fast_scp03_session_start (&host->session, keys, host->challenge, answer->challenge,
                                 host->width, error) ||
      !fast_scp03_session_cryptogram (&host->session, FAST_SCP03_CARD_CRYPTOGRAM, cryptogram,
                                      error))
    return FALSE;
  if (!fast_equal_secret (cryptogram, answer->cryptogram, host->width))
    return fail_wrong_key (answer, host, error);
  return TRUE;
}

static gboolean
check_answer (FastScp03Host *host, const FastResponse *response, GError **error)
{
  Answer answer;

  if (!check_started (response->status, host, error) || !check_protocol (response, error) ||
      !check_mode (response, host->width, error) ||
      !read_answer (response, host->width, &answer, error))
    return FALSE;
  fast_copy (host->diversification, FAST_DIVERSIFICATION_SIZE, answer.diversification,
             FAST_DIVERSIFICATION_SIZE);
  return fast_scp03_level_check (host->level, answer.options, error) &&
         check_version (&answer, host, error) && check_cryptogram (host, &answer, error);
}

/* The host cryptogram and the C-MAC over it, which starts the chain. */
static GBytes *
make_authentication (FastScp03Host *host, GError **error)
{
  guint8 data[2 * FAST_SCP03_WIDTH_MAX];
  FastCommand command = {
      .cla = SECURED_CLASS,
      .ins = FAST_INS_EXTERNAL_AUTHENTICATE,
      .p1 = host->level,
      .data = data,
      .size = host->width,
  };
  FastScp03Session *session = &host->session;

  if (!fast_scp03_session_cryptogram (session, FAST_SCP03_HOST_CRYPTOGRAM, data, error) ||
      !fast_scp03_session_command_mac (session, &command, session->chaining, error))
    return NULL;
  fast_copy (data + host->width, FAST_SCP03_WIDTH_MAX, session->chaining, host->width);
  command.size += host->width;
  return fast_command_build (&command, error);
}

/**
 * fast_scp03_host_external_authenticate:
 * @host: the host's side
 * @response: the card's R-APDU to INITIALIZE UPDATE
 * @error: return location for an error
 *
 * Checks key version, protocol, mode, what the card can do, and the card cryptogram. A cryptogram
 * that does not fit is `scp03-wrong-key`: the card must not be tried again before somebody has
 * found out why, for the next try can lock it for ever.
 *
 * Returns: (transfer full): the C-APDU of EXTERNAL AUTHENTICATE (Amendment D, 7.1.2), or %NULL with
 *   FAST_CARD_ERROR_ACCESS, FAST_CARD_ERROR_STATUS, FAST_INPUT_ERROR_UNSUPPORTED,
 *   FAST_INPUT_ERROR_TRUNCATED, FAST_INPUT_ERROR_MALFORMED, FAST_KEY_ERROR_CRYPTO
 */
GBytes *
fast_scp03_host_external_authenticate (FastScp03Host *host, GBytes *response, GError **error)
{
  FastResponse parsed;
  GBytes *command = NULL;

  if (!take_step (host, STEP_ASKED, STEP_AUTHENTICATING, error))
    return NULL;
  if (fast_response_parse (&parsed, response, error) && check_answer (host, &parsed, error))
    command = make_authentication (host, error);
  if (command == NULL)
    host->step = STEP_OVER;
  return command;
}

/**
 * fast_scp03_host_open:
 * @host: the host's side
 * @response: the card's R-APDU to EXTERNAL AUTHENTICATE
 * @error: return location for an error
 *
 * Returns: (transfer full): the channel, in the host's role; FAST_CARD_ERROR_ACCESS when the card
 *   refuses the host cryptogram, FAST_CARD_ERROR_STATUS, FAST_CARD_ERROR_MAC
 */
FastScp03 *
fast_scp03_host_open (FastScp03Host *host, GBytes *response, GError **error)
{
  FastResponse parsed;

  if (!take_step (host, STEP_AUTHENTICATING, STEP_OVER, error) ||
      !fast_response_parse (&parsed, response, error))
    return NULL;
  if (!check_status (parsed.status, "EXTERNAL AUTHENTICATE", error))
    return NULL;
  if (parsed.size > 0)
    return fast_fail_null (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC, "scp03-form", NULL);
  return fast_scp03_new (&host->session, host->level);
}

/**
 * fast_scp03_host_get_diversification:
 * @host: the host's side, after the answer to INITIALIZE UPDATE
 *
 * Returns: (transfer none): the ten bytes of key diversification data by which the card's keys, and
 *   mostly the card itself, are known
 */
const guint8 *
fast_scp03_host_get_diversification (const FastScp03Host *host)
{
  return host->diversification;
}
