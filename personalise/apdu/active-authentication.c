/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/active-authentication.h"

#include <string.h>

#include "personalise/apdu/iso9796.h"
#include "personalise/apdu/status-word.h"
#include "record/base/error.h"
#include "record/keys/signature.h"

#define INS_INTERNAL_AUTHENTICATE 0x88

/* ecdsa-plain-signatures of TR-03111, 5.2.1.1; 9303-11, 6.1.2.3 excludes SHA-1 and RIPEMD-160. */
static const struct {
  const char *algorithm;
  const char *digest;
} algorithms[] = {
    {"0.4.0.127.0.7.1.1.4.1.2", "SHA224"},
    {"0.4.0.127.0.7.1.1.4.1.3", "SHA256"},
    {"0.4.0.127.0.7.1.1.4.1.4", "SHA384"},
    {"0.4.0.127.0.7.1.1.4.1.5", "SHA512"},
};

/**
 * fast_active_authentication_digest:
 * @algorithm: (nullable): the signature algorithm of ActiveAuthenticationInfo, in dots
 * @error: return location for an error
 *
 * Returns: (transfer none): OpenSSL's name of its hash; FAST_INPUT_ERROR_MISSING without an
 *   algorithm, FAST_INPUT_ERROR_UNSUPPORTED for one that 9303-11 does not allow
 */
const char *
fast_active_authentication_digest (const char *algorithm, GError **error)
{
  if (algorithm == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "aa-no-algorithm",
                           NULL);
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (g_str_equal (algorithms[i].algorithm, algorithm))
      return algorithms[i].digest;
  return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "aa-algorithm",
                         "algorithm=%s", algorithm);
}

/**
 * fast_active_authentication_ask:
 * @challenge: random bytes; must outlive the command
 *
 * Returns: INTERNAL AUTHENTICATE (ICAO 9303-11, 6.1.2). An RSA signature of 256 bytes only fits an
 *   extended answer once it is secured: raise Le then
 */
FastCommand
fast_active_authentication_ask (const guint8 challenge[FAST_ACTIVE_CHALLENGE_SIZE])
{
  return (FastCommand){.ins = INS_INTERNAL_AUTHENTICATE,
                       .data = challenge,
                       .size = FAST_ACTIVE_CHALLENGE_SIZE,
                       .le = FAST_COMMAND_LE_MAX};
}

static gboolean
verify_ecdsa (EVP_PKEY *key, const char *algorithm, const guint8 *challenge,
              gconstpointer signature, gsize size, GError **error)
{
  const char *digest = fast_active_authentication_digest (algorithm, error);
  g_autoptr (GBytes) message = g_bytes_new (challenge, FAST_ACTIVE_CHALLENGE_SIZE);
  g_autoptr (GBytes) numbers = g_bytes_new (signature, size);
  g_autoptr (GError) why = NULL;

  if (digest == NULL)
    return FALSE;
  if (fast_signature_raw_verify_over (key, digest, message, numbers, &why))
    return TRUE;
  return fast_fail_from (error, g_error_copy (why), FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH,
                         "aa-wrong", NULL);
}

/**
 * fast_active_authentication_verify:
 * @key: the public key of EF.DG15, which EF.SOD covers
 * @algorithm: (nullable): of ActiveAuthenticationInfo in EF.DG14, in dots; RSA needs none
 * @challenge: what the reader sent
 * @signature: what the chip answered
 * @size: its size in bytes
 * @error: return location for an error
 *
 * Returns: whether the chip has the private key; FAST_CARD_ERROR_MISMATCH otherwise,
 *   FAST_INPUT_ERROR when key or algorithm are none of active authentication
 */
gboolean
fast_active_authentication_verify (EVP_PKEY *key, const char *algorithm,
                                   const guint8 challenge[FAST_ACTIVE_CHALLENGE_SIZE],
                                   gconstpointer signature, gsize size, GError **error)
{
  if (EVP_PKEY_is_a (key, "EC"))
    return verify_ecdsa (key, algorithm, challenge, signature, size, error);
  return fast_iso9796_verify (key, challenge, FAST_ACTIVE_CHALLENGE_SIZE, signature, size, error);
}

/**
 * fast_active_authentication_is_for:
 * @command: a command, unwrapped
 *
 * Returns: whether it is INTERNAL AUTHENTICATE
 */
gboolean
fast_active_authentication_is_for (const FastCommand *command)
{
  return command->ins == INS_INTERNAL_AUTHENTICATE;
}

static GBytes *
sign (EVP_PKEY *key, const char *digest, const FastRandomSource *source, const FastCommand *command,
      GError **error)
{
  g_autoptr (GBytes) message = NULL;

  if (!EVP_PKEY_is_a (key, "EC"))
    return fast_iso9796_sign (key, digest, command->data, command->size, source, error);
  message = g_bytes_new (command->data, command->size);
  return fast_signature_raw_sign_over (key, digest, message, error);
}

/**
 * fast_active_authentication_answer:
 * @key: the chip's private key, RSA or EC
 * @digest: OpenSSL's name of the hash: FAST_ACTIVE_RSA_DIGEST, or what EF.DG14 promises
 * @source: (nullable): where the random part of an RSA signature comes from
 * @command: INTERNAL AUTHENTICATE, unwrapped
 * @out: the signature goes here
 * @error: return location for why it is refused
 *
 * Returns: the status word: 9000, 6A86, 6700 for a challenge of another size, 6581
 */
guint16
fast_active_authentication_answer (EVP_PKEY *key, const char *digest,
                                   const FastRandomSource *source, const FastCommand *command,
                                   GByteArray *out, GError **error)
{
  g_autoptr (GBytes) signature = NULL;

  if (command->p1 != 0 || command->p2 != 0 || command->size != FAST_ACTIVE_CHALLENGE_SIZE) {
    fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "aa-command", NULL);
    return command->p1 != 0 || command->p2 != 0 ? FAST_SW_P1P2 : FAST_SW_LENGTH;
  }
  signature = sign (key, digest, source, command, error);
  if (signature == NULL)
    return FAST_SW_MEMORY;
  fast_append_bytes (out, signature);
  return FAST_SW_OK;
}
