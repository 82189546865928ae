/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/crypto.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "record/base/error.h"

/**
 * fast_crypto_fail:
 * @error: return location for an error
 * @step: the call that failed, as in `CMS_final`
 *
 * Empties OpenSSL's error queue of this thread into @error.
 *
 * Returns: %FALSE, with FAST_KEY_ERROR_CRYPTO
 */
gboolean
fast_crypto_fail (GError **error, const char *step)
{
  const char *why = ERR_reason_error_string (ERR_peek_last_error ());

  ERR_clear_error ();
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO, "crypto-failed",
                    "step=%s, why=%s", step, why != NULL ? why : "-");
}

/**
 * fast_crypto_fail_null:
 * @error: return location for an error
 * @step: the call that failed
 *
 * Returns: (nullable): %NULL; see fast_crypto_fail()
 */
gpointer
fast_crypto_fail_null (GError **error, const char *step)
{
  fast_crypto_fail (error, step);
  return NULL;
}

/**
 * fast_crypto_take_der:
 * @der: (transfer full) (nullable): what an `i2d_` function made
 * @size: what it returned
 * @error: return location for an error
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
fast_crypto_take_der (guint8 *der, int size, GError **error)
{
  GBytes *bytes;

  if (der == NULL || size <= 0)
    return fast_crypto_fail_null (error, "i2d");
  bytes = g_bytes_new (der, (gsize)size);
  OPENSSL_free (der);
  return bytes;
}
