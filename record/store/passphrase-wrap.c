/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/passphrase-wrap.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>

#include "record/base/autoptr.h"
#include "record/base/error.h"

#define COST_N (1 << 15)
#define COST_R 8
#define COST_P 3
#define SALT_SIZE 16
#define MIN_PASSPHRASE 8
/* What a wrap may ask for at most, so that an altered file cannot exhaust the machine. */
#define MAX_N (1 << 20)
#define MAX_R 32
#define MAX_P 16

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_KDF, EVP_KDF_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_KDF_CTX, EVP_KDF_CTX_free)

static gboolean
cost_is_sane (const FastPassphraseWrap *wrap)
{
  return wrap->n >= 2 && wrap->n <= MAX_N && (wrap->n & (wrap->n - 1)) == 0 && wrap->r >= 1 &&
         wrap->r <= MAX_R && wrap->p >= 1 && wrap->p <= MAX_P;
}

static gboolean
run_scrypt (const FastPassphraseWrap *wrap, FastSecret *passphrase, FastSecret *out)
{
  g_autoptr (EVP_KDF) kdf = EVP_KDF_fetch (NULL, "SCRYPT", NULL);
  g_autoptr (EVP_KDF_CTX) context = kdf == NULL ? NULL : EVP_KDF_CTX_new (kdf);
  gsize salt_size;
  gpointer salt = (gpointer)g_bytes_get_data (wrap->salt, &salt_size);
  guint64 n = (guint64)wrap->n;
  guint32 r = (guint32)wrap->r;
  guint32 p = (guint32)wrap->p;
  guint64 memory = 128 * (n + p + 2) * r + 1024;
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_PASSWORD, fast_secret_data (passphrase),
                                         fast_secret_size (passphrase)),
      OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_SALT, salt, salt_size),
      OSSL_PARAM_construct_uint64 (OSSL_KDF_PARAM_SCRYPT_N, &n),
      OSSL_PARAM_construct_uint32 (OSSL_KDF_PARAM_SCRYPT_R, &r),
      OSSL_PARAM_construct_uint32 (OSSL_KDF_PARAM_SCRYPT_P, &p),
      OSSL_PARAM_construct_uint64 (OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
      OSSL_PARAM_construct_end (),
  };

  return context != NULL &&
         EVP_KDF_derive (context, fast_secret_data (out), fast_secret_size (out), parameters) == 1;
}

static FastSecret *
derive (const FastPassphraseWrap *wrap, FastSecret *passphrase, GError **error)
{
  g_autoptr (FastSecret) key = fast_secret_new (FAST_SEALED_KEY_SIZE);

  if (!cost_is_sane (wrap))
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "store-corrupt",
                           "why=%s", "scrypt");
  if (!run_scrypt (wrap, passphrase, key))
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO, "vault-cipher", NULL);
  return g_steal_pointer (&key);
}

/**
 * fast_passphrase_check:
 * @passphrase: a new passphrase
 * @error: return location for an error
 *
 * Returns: whether it is long enough (eight bytes)
 */
gboolean
fast_passphrase_check (FastSecret *passphrase, GError **error)
{
  if (fast_secret_size (passphrase) >= MIN_PASSPHRASE)
    return TRUE;
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_PASSPHRASE, "vault-passphrase-short",
                    "least=%d", MIN_PASSPHRASE);
}

/**
 * fast_passphrase_wrap_new:
 * @passphrase: a passphrase
 * @place: where the wrap will lie
 * @key: the key to wrap
 * @error: return location for an error
 *
 * Takes about a quarter of a second.
 *
 * Returns: (transfer full): the wrap, with a salt of its own
 */
FastPassphraseWrap *
fast_passphrase_wrap_new (FastSecret *passphrase, const FastPlace *place, FastSecret *key,
                          GError **error)
{
  g_autoptr (FastPassphraseWrap) wrap = g_new0 (FastPassphraseWrap, 1);
  g_autoptr (FastSecret) outer = NULL;
  guint8 salt[SALT_SIZE];

  if (!fast_random (salt, sizeof salt, error))
    return NULL;
  wrap->n = COST_N;
  wrap->r = COST_R;
  wrap->p = COST_P;
  wrap->salt = g_bytes_new (salt, sizeof salt);
  outer = derive (wrap, passphrase, error);
  if (outer == NULL)
    return NULL;
  wrap->wrap =
      fast_sealed_value_new (outer, place, fast_secret_data (key), fast_secret_size (key), error);
  return wrap->wrap == NULL ? NULL : g_steal_pointer (&wrap);
}

/**
 * fast_passphrase_wrap_open:
 * @wrap: a wrap
 * @passphrase: the passphrase
 * @place: where the wrap lies
 * @error: return location for an error
 *
 * Returns: (transfer full): the key; %NULL with FAST_KEY_ERROR_PASSPHRASE when the passphrase is
 *   wrong
 */
FastSecret *
fast_passphrase_wrap_open (const FastPassphraseWrap *wrap, FastSecret *passphrase,
                           const FastPlace *place, GError **error)
{
  g_autoptr (FastSecret) outer = derive (wrap, passphrase, error);
  FastSecret *key;

  if (outer == NULL)
    return NULL;
  key = fast_sealed_value_open (outer, place, wrap->wrap, NULL);
  if (key == NULL)
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_PASSPHRASE, "vault-passphrase",
                           "officer=%s", place->row);
  return key;
}

/**
 * fast_passphrase_wrap_free:
 * @wrap: (transfer full): a wrap
 */
void
fast_passphrase_wrap_free (FastPassphraseWrap *wrap)
{
  g_clear_pointer (&wrap->salt, g_bytes_unref);
  g_clear_pointer (&wrap->wrap, g_bytes_unref);
  g_free (wrap);
}
