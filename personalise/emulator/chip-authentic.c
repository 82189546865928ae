/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "personalise/apdu/active-authentication.h"
#include "personalise/apdu/mrz-information.h"
#include "personalise/apdu/status-word.h"
#include "personalise/emulator/chip-call.h"
#include "personalise/lds/lds.h"
#include "personalise/lds/mrz-group.h"
#include "personalise/lds/security-group.h"
#include "personalise/lds/trust-points.h"
#include "record/base/bytes.h"
#include "record/keys/key.h"

/* How the chip proves that it is the one that was made, and whom it lets read fingers and irises:
 * ICAO 9303-11, 6 and 7. */

static EVP_PKEY *
load_key (const FastChipState *state, guint16 number)
{
  FastSecret *pkcs8 = fast_chip_state_get_secret (state, number);

  return pkcs8 == NULL ? NULL : fast_key_import (pkcs8, NULL);
}

static GBytes *
dup_group (const FastChipState *state, guint group)
{
  const FastChipFile *file =
      fast_chip_state_find (state, FAST_CHIP_APPLICATION, fast_file_group (group)->fid);

  return file == NULL ? NULL : g_bytes_new (file->content->data, file->content->len);
}

/* --- chip authentication --- */

/**
 * fast_chip_start_chip_authentication:
 * @call: MSE:Set KAT or MSE:Set AT for chip authentication
 *
 * Returns: its status word
 */
guint16
fast_chip_start_chip_authentication (FastChipCall *call)
{
  FastVirtualChip *chip = call->chip;
  g_autoptr (EVP_PKEY) key = NULL;

  if (!call->secured || call->in_channel)
    return FAST_SW_SECURITY;
  key = load_key (chip->state, FAST_DATA_CHIP_KEY);
  if (key == NULL)
    return FAST_SW_DATA_ABSENT;
  chip->chip_authentication = fast_chip_authentication_new_chip (key, FAST_CHIP_KEY_UNNUMBERED);
  return fast_chip_run_chip_authentication (call);
}

/* The document number of EF.DG1, by which BAC knows a chip. */
static GBytes *
identity_of_zone (const FastChipState *state)
{
  g_autoptr (GBytes) group = dup_group (state, 1);
  g_autoptr (FastMrz) mrz = group == NULL ? NULL : fast_mrz_group_parse (group, NULL);
  g_autoptr (FastSecret) information =
      mrz == NULL ? NULL : fast_mrz_information (mrz->text, strlen (mrz->text), NULL);

  return information == NULL ? g_bytes_new (NULL, 0) : fast_terminal_identity (information);
}

static void
start_terminal_check (FastVirtualChip *chip)
{
  FastSecret *saved = fast_chip_state_get_secret (chip->state, FAST_DATA_TRUST_POINT);
  GBytes *key = fast_chip_authentication_get_terminal_key (chip->chip_authentication);
  g_autoptr (GBytes) bytes = NULL;

  g_clear_pointer (&chip->terminal, fast_terminal_check_free);
  g_clear_pointer (&chip->trust, fast_cv_trust_free);
  if (saved == NULL)
    return;
  bytes = g_bytes_new (fast_secret_data (saved), fast_secret_size (saved));
  chip->trust = fast_cv_trust_load (bytes, NULL);
  if (chip->identity == NULL)
    chip->identity = identity_of_zone (chip->state);
  if (chip->trust != NULL)
    chip->terminal =
        fast_terminal_check_new (chip->trust, chip->identity, key, fast_chip_random_source (chip));
}

/* The answer to the last command still travels in the old session. */
static guint16
finish_chip_authentication (FastVirtualChip *chip)
{
  chip->next = fast_chip_authentication_finish (chip->chip_authentication, NULL);
  if (chip->next == NULL)
    return FAST_SW_AUTHENTICATION;
  chip->access = FAST_CHIP_ACCESS_CHIP;
  chip->rights = FAST_CV_RIGHT_NONE;
  start_terminal_check (chip);
  g_clear_pointer (&chip->chip_authentication, fast_chip_authentication_free);
  return FAST_SW_OK;
}

/**
 * fast_chip_run_chip_authentication:
 * @call: a command of chip authentication
 *
 * Returns: its status word
 */
guint16
fast_chip_run_chip_authentication (FastChipCall *call)
{
  FastVirtualChip *chip = call->chip;
  const guint16 status = fast_chip_authentication_chip_answer (chip->chip_authentication,
                                                               &call->command, call->out, NULL);

  if (status != FAST_SW_OK)
    g_clear_pointer (&chip->chip_authentication, fast_chip_authentication_free);
  else if (fast_chip_authentication_is_done (chip->chip_authentication))
    return finish_chip_authentication (chip);
  return status;
}

/* --- active authentication --- */

/* The hash that EF.DG14 promises; without a promise, what RSA keys use. */
static const char *
active_digest (const FastChipState *state)
{
  g_autoptr (GBytes) group = dup_group (state, 14);
  g_autoptr (GPtrArray) infos = group == NULL ? NULL : fast_security_group_parse (group, NULL);
  const FastSecurityInfo *info =
      infos == NULL ? NULL : fast_security_infos_find (infos, FAST_SECURITY_ACTIVE_AUTHENTICATION);
  const char *digest =
      info == NULL ? NULL : fast_active_authentication_digest (info->algorithm, NULL);

  return digest != NULL ? digest : FAST_ACTIVE_RSA_DIGEST;
}

/**
 * fast_chip_internal_authenticate:
 * @call: INTERNAL AUTHENTICATE
 *
 * Returns: its status word
 */
guint16
fast_chip_internal_authenticate (FastChipCall *call)
{
  FastVirtualChip *chip = call->chip;
  g_autoptr (EVP_PKEY) key = load_key (chip->state, FAST_DATA_ACTIVE_KEY);

  if (key == NULL)
    return FAST_SW_CONDITIONS;
  return fast_active_authentication_answer (key, active_digest (chip->state),
                                            fast_chip_random_source (chip), &call->command,
                                            call->out, NULL);
}

/* --- terminal authentication --- */

/**
 * fast_chip_make_trust:
 * @certificate: a CVCA's certificate
 * @size: how many bytes
 *
 * Returns: (transfer full) (nullable): what the chip keeps of it: the trust point, and its first
 *   day as the day that it believes in
 */
GBytes *
fast_chip_make_trust (gconstpointer certificate, gsize size)
{
  g_autoptr (FastCvCertificate) parsed = fast_cv_certificate_parse (certificate, size, NULL);
  g_autoptr (FastCvTrust) trust =
      parsed == NULL ? NULL : fast_cv_trust_new (&fast_cv_certificate_get_body (parsed)->effective);

  if (trust == NULL || !fast_cv_trust_add (trust, parsed, NULL))
    return NULL;
  return fast_cv_trust_save (trust);
}

/* EF.CVCA names the trust points, the younger first. */
static void
write_trust_points (FastVirtualChip *chip)
{
  FastChipFile *file =
      fast_chip_state_find (chip->state, FAST_CHIP_APPLICATION, fast_file_cvca ()->fid);
  const guint n = fast_cv_trust_get_size (chip->trust);
  FastTrustPoints points = {.current = fast_cv_trust_get (chip->trust, n - 1)->holder};
  g_autoptr (GBytes) content = NULL;

  if (n > 1)
    points.previous = fast_cv_trust_get (chip->trust, 0)->holder;
  content = fast_trust_points_make (&points, NULL);
  if (file != NULL && content != NULL)
    fast_copy (file->content->data, file->content->len, g_bytes_get_data (content, NULL),
               g_bytes_get_size (content));
}

/* A certificate may have brought a new trust point or a later date. */
static guint16
keep_trust (FastVirtualChip *chip)
{
  FastSecret *old = fast_chip_state_get_secret (chip->state, FAST_DATA_TRUST_POINT);
  g_autoptr (GBytes) now = fast_cv_trust_save (chip->trust);
  gsize size;
  const guint8 *data = g_bytes_get_data (now, &size);

  if (size == fast_secret_size (old) && fast_equal_secret (data, fast_secret_data (old), size))
    return FAST_SW_OK;
  fast_chip_state_set_secret (chip->state, FAST_DATA_TRUST_POINT, data, size);
  write_trust_points (chip);
  return fast_chip_save (chip);
}

/**
 * fast_chip_is_terminal_step:
 * @call: a command
 *
 * Returns: whether it belongs to terminal authentication, which has begun
 */
gboolean
fast_chip_is_terminal_step (const FastChipCall *call)
{
  return call->secured && call->chip->terminal != NULL &&
         fast_terminal_check_is_for (&call->command);
}

/**
 * fast_chip_run_terminal_authentication:
 * @call: a command of terminal authentication
 *
 * Returns: its status word
 */
guint16
fast_chip_run_terminal_authentication (FastChipCall *call)
{
  FastVirtualChip *chip = call->chip;
  guint16 status;

  if (!fast_chip_is_terminal_step (call))
    return FAST_SW_CONDITIONS;
  status = fast_terminal_check_answer (chip->terminal, &call->command, call->out, NULL);
  if (status != FAST_SW_OK)
    return status;
  if (fast_terminal_check_is_done (chip->terminal)) {
    chip->access = FAST_CHIP_ACCESS_TERMINAL;
    chip->rights = fast_terminal_check_get_rights (chip->terminal);
  }
  return keep_trust (chip);
}
