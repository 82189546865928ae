/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/authentic.h"

#include "personalise/apdu/active-authentication.h"
#include "personalise/apdu/chip-authentication.h"
#include "personalise/apdu/terminal-authentication.h"
#include "personalise/lds/public-key-group.h"
#include "personalise/lds/trust-points.h"
#include "record/base/error.h"
#include "record/keys/cv-path.h"

/* --- chip authentication --- */

/* What EF.DG14 offers and we can: the strongest cipher, and the key that goes with it. */
typedef struct {
  FastCipher cipher;
  const FastSecurityInfo *key;
} Offer;

static gboolean
choose (GPtrArray *infos, Offer *offer, GError **error)
{
  gboolean found = FALSE;

  for (guint i = 0; i < infos->len; i++) {
    const FastSecurityInfo *info = infos->pdata[i];
    const FastSecurityInfo *key;
    FastCipher cipher;

    if (info->kind != FAST_SECURITY_CHIP_AUTHENTICATION || info->defect != NULL ||
        !fast_chip_authentication_cipher (info->oid, &cipher, NULL) ||
        (found && cipher <= offer->cipher))
      continue;
    key = fast_security_infos_find_key (infos, info->identifier);
    if (key == NULL)
      continue;
    *offer = (Offer){cipher, key};
    found = TRUE;
  }
  return found || fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED,
                             "chip-authentication-unsupported", NULL);
}

static FastChipAuthentication *
begin_chip (const Offer *offer, GError **error)
{
  g_autoptr (EVP_PKEY) key = fast_security_info_load_key (offer->key, error);
  const gint64 number = offer->key->identifier == FAST_SECURITY_NONE ? FAST_CHIP_KEY_UNNUMBERED
                                                                     : offer->key->identifier;

  return key == NULL ? NULL
                     : fast_chip_authentication_new_reader (offer->cipher, key, number, error);
}

static gboolean
step_chip (FastChipSession *session, FastChipAuthentication *run, GError **error)
{
  g_autoptr (GBytes) answer = NULL;
  FastCommand command;

  if (!fast_chip_authentication_reader_ask (run, &command, error))
    return FALSE;
  answer = fast_chip_session_ask (session, &command, "chip authentication", error);
  return answer != NULL &&
         fast_chip_authentication_reader_take (run, g_bytes_get_data (answer, NULL),
                                               g_bytes_get_size (answer), error);
}

/* The chip has shown nothing before it answers under the new keys. */
static gboolean
prove (FastChipSession *session, FastChipAuthentication *run, GError **error)
{
  FastSecureMessaging *messaging = fast_chip_authentication_finish (run, error);
  g_autoptr (GBytes) content = NULL;

  if (messaging == NULL)
    return FALSE;
  fast_chip_session_secure (session, messaging);
  return fast_chip_session_select (session, fast_file_group (14), error) ||
         fast_error_prefix (error, "chip-authentication-refused", NULL);
}

/**
 * fast_chip_authenticate_chip:
 * @session: a secured session
 * @infos: (element-type FastSecurityInfo): of the chip's EF.DG14
 * @ephemeral: (out) (transfer full): the reader's key, which terminal authentication signs
 * @error: return location for an error
 *
 * Chip authentication with elliptic curves (ICAO 9303-11, 6.2). From here on the session has new
 * keys. After a failure it may be of no more use.
 *
 * Returns: whether the chip has the private key
 */
gboolean
fast_chip_authenticate_chip (FastChipSession *session, GPtrArray *infos, GBytes **ephemeral,
                             GError **error)
{
  g_autoptr (FastChipAuthentication) run = NULL;
  Offer offer = {0};

  *ephemeral = NULL;
  if (!choose (infos, &offer, error))
    return FALSE;
  run = begin_chip (&offer, error);
  if (run == NULL)
    return FALSE;
  while (!fast_chip_authentication_is_done (run))
    if (!step_chip (session, run, error))
      return FALSE;
  *ephemeral = g_bytes_ref (fast_chip_authentication_get_terminal_key (run));
  return prove (session, run, error);
}

/* --- active authentication --- */

/**
 * fast_chip_authenticate_active:
 * @session: a secured session
 * @infos: (nullable) (element-type FastSecurityInfo): of the chip's EF.DG14, which names the hash
 * @group: the chip's EF.DG15
 * @error: return location for an error
 *
 * Active authentication (ICAO 9303-11, 6.1).
 *
 * Returns: whether the chip signed our challenge by the key of EF.DG15
 */
gboolean
fast_chip_authenticate_active (FastChipSession *session, GPtrArray *infos, GBytes *group,
                               GError **error)
{
  g_autoptr (EVP_PKEY) key = fast_public_key_group_parse (group, error);
  const FastSecurityInfo *info =
      infos == NULL ? NULL : fast_security_infos_find (infos, FAST_SECURITY_ACTIVE_AUTHENTICATION);
  guint8 challenge[FAST_ACTIVE_CHALLENGE_SIZE];
  g_autoptr (GBytes) signature = NULL;
  FastCommand command;

  if (key == NULL || !fast_random (challenge, sizeof challenge, error))
    return FALSE;
  command = fast_active_authentication_ask (challenge);
  signature = fast_chip_session_ask (session, &command, "INTERNAL AUTHENTICATE", error);
  return signature != NULL &&
         fast_active_authentication_verify (key, info == NULL ? NULL : info->algorithm, challenge,
                                            g_bytes_get_data (signature, NULL),
                                            g_bytes_get_size (signature), error);
}

/* --- terminal authentication --- */

static GPtrArray *
find_chain (const FastTerminal *terminal, GBytes *trust_points, GError **error)
{
  g_autoptr (FastTrustPoints) points = fast_trust_points_parse (trust_points, error);

  if (points == NULL)
    return NULL;
  return fast_cv_path_find (terminal->certificates,
                            (const char *const[]){points->current, points->previous, NULL}, error);
}

static gboolean
step_terminal (FastChipSession *session, FastTerminalAuthentication *run, GError **error)
{
  g_autoptr (GBytes) answer = NULL;
  FastCommand command;

  if (!fast_terminal_authentication_ask (run, &command, error))
    return FALSE;
  answer = fast_chip_session_ask (session, &command, "terminal authentication", error);
  return answer != NULL && fast_terminal_authentication_take (run, g_bytes_get_data (answer, NULL),
                                                              g_bytes_get_size (answer), error);
}

/**
 * fast_chip_authenticate_terminal:
 * @session: a session after chip authentication
 * @terminal: what the reader has to show
 * @trust_points: the chip's EF.CVCA
 * @ephemeral: the reader's key of chip authentication
 * @error: return location for an error
 *
 * Terminal authentication (ICAO 9303-11, 7.1).
 *
 * Returns: whether the chip accepted the terminal
 */
gboolean
fast_chip_authenticate_terminal (FastChipSession *session, const FastTerminal *terminal,
                                 GBytes *trust_points, GBytes *ephemeral, GError **error)
{
  g_autoptr (GPtrArray) chain = find_chain (terminal, trust_points, error);
  g_autoptr (FastTerminalAuthentication) run = NULL;

  if (chain == NULL)
    return FALSE;
  run = fast_terminal_authentication_new (chain, terminal->key,
                                          fast_chip_session_identity (session), ephemeral, error);
  if (run == NULL)
    return FALSE;
  while (!fast_terminal_authentication_is_done (run))
    if (!step_terminal (session, run, error))
      return FALSE;
  return TRUE;
}
