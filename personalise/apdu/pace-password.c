/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/pace-password.h"

#include <openssl/sha.h>

#include "record/base/error.h"

/**
 * fast_pace_password_check:
 * @kind: what a reader refers to
 * @error: return location for an error
 *
 * Returns: whether a FAST card has such a password; FAST_INPUT_ERROR_UNSUPPORTED otherwise
 */
gboolean
fast_pace_password_check (FastPacePassword kind, GError **error)
{
  if (kind == FAST_PACE_PASSWORD_MRZ || kind == FAST_PACE_PASSWORD_CAN)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "pace-password",
                    "reference=%d", kind);
}

static gboolean
is_can (FastSecret *text)
{
  gboolean digits = fast_secret_size (text) == FAST_PACE_CAN_SIZE;

  for (gsize i = 0; digits && i < FAST_PACE_CAN_SIZE; i++)
    digits = g_ascii_isdigit (fast_secret_data (text)[i]);
  return digits;
}

/**
 * fast_pace_password:
 * @kind: what @text is
 * @text: the MRZ information as fast_mrz_information() gives it, or the digits of the CAN
 * @error: return location for an error
 *
 * The password as key derivation takes it (ICAO 9303-11, 9.7.3): SHA-1 over the MRZ information, or
 * the CAN's characters. A chip needs no more than this to know a password.
 *
 * Returns: (transfer full): the password; or %NULL with FAST_INPUT_ERROR_INVALID for a CAN that is
 *   not six digits, FAST_INPUT_ERROR_UNSUPPORTED for another kind
 */
FastSecret *
fast_pace_password (FastPacePassword kind, FastSecret *text, GError **error)
{
  FastSecret *digest;

  if (!fast_pace_password_check (kind, error))
    return NULL;
  if (kind == FAST_PACE_PASSWORD_MRZ) {
    digest = fast_secret_new (SHA_DIGEST_LENGTH);
    SHA1 (fast_secret_data (text), fast_secret_size (text), fast_secret_data (digest));
    return digest;
  }
  if (!is_can (text))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "pace-can", NULL);
  return fast_secret_new_from (fast_secret_data (text), fast_secret_size (text));
}
