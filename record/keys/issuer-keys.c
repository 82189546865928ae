/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/issuer-keys.h"

#include <string.h>

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/keys/issuer-keys-private.h"

typedef gboolean (*DeriveFunction) (FastIssuerKeys *master, FastIssuerKey which, const guint8 *data,
                                    FastSecret *key, GError **error);

/* One of the two is there. */
typedef struct {
  FastSecret *bytes;
  FastTokenKey *token;
} Key;

struct _FastIssuerKeys {
  guint8 version;
  gsize size;
  DeriveFunction derive;
  Key keys[FAST_ISSUER_KEY_COUNT];
};

/* What a derivation asks its key for: see FastCmacFunction. */
static gboolean
compute_cmac (gpointer data, gconstpointer input, gsize size, guint8 mac[FAST_AES_BLOCK_SIZE],
              GError **error)
{
  Key *key = data;

  if (key->token != NULL)
    return fast_token_key_cmac (key->token, input, size, mac, error);
  return fast_aes_cmac (fast_secret_data (key->bytes), fast_secret_size (key->bytes), input, size,
                        mac, error);
}

static gsize
size_of (Key *key)
{
  return key->token != NULL ? fast_token_key_get_size (key->token) : fast_secret_size (key->bytes);
}

/* The header tells where this is described: counter ‖ 00 00 00 ‖ number ‖ 00 ‖ data. */
static gboolean
derive_kdf3 (FastIssuerKeys *master, FastIssuerKey which, const guint8 *data, FastSecret *key,
             GError **error)
{
  guint8 after[5 + FAST_DIVERSIFICATION_SIZE] = {0, 0, 0, (guint8)(which + 1), 0};
  const FastDerivation derivation = {.after = after, .after_size = sizeof after};

  fast_copy (after + 5, FAST_DIVERSIFICATION_SIZE, data, FAST_DIVERSIFICATION_SIZE);
  return fast_issuer_keys_derive (master, which, &derivation, fast_secret_data (key),
                                  fast_secret_size (key), error);
}

static const struct {
  const char *name;
  DeriveFunction derive;
} methods[] = {
    {"none", NULL},
    {"kdf3", derive_kdf3},
};

/* AES keys of one size (Amendment D, 6.1). */
static gboolean
check_sizes (FastIssuerKeys *keys, GError **error)
{
  keys->size = size_of (&keys->keys[0]);
  for (guint i = 0; i < FAST_ISSUER_KEY_COUNT; i++) {
    if (!fast_aes_key_size_valid (size_of (&keys->keys[i])) ||
        size_of (&keys->keys[i]) != keys->size)
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "issuer-keys-size",
                        "size=%" G_GSIZE_FORMAT, size_of (&keys->keys[i]));
  }
  return TRUE;
}

FastIssuerKeys *
fast_issuer_keys_adopt (guint8 version, FastSecret *secrets[], FastTokenKey *tokens[],
                        GError **error)
{
  g_autoptr (FastIssuerKeys) keys = g_rc_box_new0 (FastIssuerKeys);

  keys->version = version;
  for (guint i = 0; i < FAST_ISSUER_KEY_COUNT; i++) {
    keys->keys[i].bytes = g_steal_pointer (&secrets[i]);
    keys->keys[i].token = g_steal_pointer (&tokens[i]);
  }
  return check_sizes (keys, error) ? g_steal_pointer (&keys) : NULL;
}

/**
 * fast_issuer_keys_new:
 * @version: key version number on the card; 0 for the first key set that the card finds
 * @enc: Key-ENC; copied
 * @mac: Key-MAC; copied
 * @dek: Key-DEK; copied
 * @error: return location for an error
 *
 * Returns: (transfer full): a key set whose keys the card carries as they are (`none`), or %NULL
 * with FAST_INPUT_ERROR_INVALID when they are no AES keys of one size
 */
FastIssuerKeys *
fast_issuer_keys_new (guint8 version, FastSecret *enc, FastSecret *mac, FastSecret *dek,
                      GError **error)
{
  FastSecret *secrets[] = {
      fast_secret_new_from (fast_secret_data (enc), fast_secret_size (enc)),
      fast_secret_new_from (fast_secret_data (mac), fast_secret_size (mac)),
      fast_secret_new_from (fast_secret_data (dek), fast_secret_size (dek)),
  };
  FastTokenKey *tokens[FAST_ISSUER_KEY_COUNT] = {NULL, NULL, NULL};

  return fast_issuer_keys_adopt (version, secrets, tokens, error);
}

/**
 * fast_issuer_keys_ref:
 * @keys: a key set
 *
 * Returns: (transfer full): the same key set
 */
FastIssuerKeys *
fast_issuer_keys_ref (FastIssuerKeys *keys)
{
  return g_rc_box_acquire (keys);
}

static void
clear (gpointer data)
{
  FastIssuerKeys *keys = data;

  for (guint i = 0; i < FAST_ISSUER_KEY_COUNT; i++) {
    g_clear_pointer (&keys->keys[i].bytes, fast_secret_free);
    g_clear_pointer (&keys->keys[i].token, fast_token_key_free);
  }
}

/**
 * fast_issuer_keys_unref:
 * @keys: (transfer full): a key set
 */
void
fast_issuer_keys_unref (FastIssuerKeys *keys)
{
  g_rc_box_release_full (keys, clear);
}

/**
 * fast_issuer_keys_set_diversification:
 * @keys: the issuer's key set
 * @name: a method of the table at the top of this header
 * @error: return location for an error
 *
 * Returns: whether there is such a method; FAST_INPUT_ERROR_CONFIG otherwise
 */
gboolean
fast_issuer_keys_set_diversification (FastIssuerKeys *keys, const char *name, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++) {
    if (strcmp (methods[i].name, name) != 0)
      continue;
    keys->derive = methods[i].derive;
    return TRUE;
  }
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "issuer-keys-method",
                    "name=%s", name);
}

static gboolean
derive_all (FastIssuerKeys *master, const guint8 *data, FastSecret *secrets[], GError **error)
{
  for (FastIssuerKey i = 0; i < FAST_ISSUER_KEY_COUNT; i++) {
    secrets[i] = fast_secret_new (master->size);
    if (!master->derive (master, i, data, secrets[i], error))
      return FALSE;
  }
  return TRUE;
}

/**
 * fast_issuer_keys_diversify:
 * @keys: the issuer's key set
 * @data: key diversification data, as the card told it
 * @error: return location for an error
 *
 * With keys in a token, derived keys are this one card's and live in secret memory; the master keys
 * stay where they are.
 *
 * Returns: (transfer full): the card's own keys; FAST_KEY_ERROR_CRYPTO
 */
FastIssuerKeys *
fast_issuer_keys_diversify (FastIssuerKeys *keys, const guint8 data[FAST_DIVERSIFICATION_SIZE],
                            GError **error)
{
  FastSecret *secrets[FAST_ISSUER_KEY_COUNT] = {NULL, NULL, NULL};
  FastTokenKey *tokens[FAST_ISSUER_KEY_COUNT] = {NULL, NULL, NULL};

  if (keys->derive == NULL)
    return fast_issuer_keys_ref (keys);
  if (derive_all (keys, data, secrets, error))
    return fast_issuer_keys_adopt (keys->version, secrets, tokens, error);
  for (guint i = 0; i < FAST_ISSUER_KEY_COUNT; i++)
    g_clear_pointer (&secrets[i], fast_secret_free);
  return NULL;
}

/**
 * fast_issuer_keys_get_version:
 * @keys: a key set
 *
 * Returns: its key version number on the card; 0 for the first that the card finds
 */
guint8
fast_issuer_keys_get_version (const FastIssuerKeys *keys)
{
  return keys->version;
}

/**
 * fast_issuer_keys_get_size:
 * @keys: a key set
 *
 * Returns: the size of each key: 16, 24 or 32 bytes
 */
gsize
fast_issuer_keys_get_size (const FastIssuerKeys *keys)
{
  return keys->size;
}

/**
 * fast_issuer_keys_export:
 * @keys: a card's own keys
 * @which: the key
 * @error: return location for an error
 *
 * For whoever puts them into a card.
 *
 * Returns: (transfer full): the key; FAST_KEY_ERROR_ABSENT when it never leaves its token
 */
FastSecret *
fast_issuer_keys_export (FastIssuerKeys *keys, FastIssuerKey which, GError **error)
{
  FastSecret *bytes = keys->keys[which].bytes;

  if (bytes == NULL)
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "issuer-keys-in-token",
                           NULL);
  return fast_secret_new_from (fast_secret_data (bytes), fast_secret_size (bytes));
}

/**
 * fast_issuer_keys_derive:
 * @keys: a key set
 * @which: the key to derive from
 * @derivation: the fixed input
 * @out: (out): derived bytes
 * @size: how many
 * @error: return location for an error
 *
 * See fast_cmac_derive(); with a token, the token computes.
 *
 * Returns: whether it worked; FAST_KEY_ERROR_CRYPTO
 */
gboolean
fast_issuer_keys_derive (FastIssuerKeys *keys, FastIssuerKey which,
                         const FastDerivation *derivation, guint8 *out, gsize size, GError **error)
{
  return fast_cmac_derive (compute_cmac, &keys->keys[which], derivation, out, size, error);
}

/**
 * fast_issuer_keys_encrypt:
 * @keys: the card's own keys
 * @in: sensitive data in whole blocks
 * @out: (out): as many bytes
 * @size: how many bytes, a multiple of 16
 * @error: return location for an error
 *
 * Encrypts keys on their way into the card: AES-CBC with Key-DEK and a zero initial value
 * (Amendment D, 6.2.8). It comes on top of the secure channel.
 *
 * Returns: whether it worked; FAST_KEY_ERROR_CRYPTO
 */
gboolean
fast_issuer_keys_encrypt (FastIssuerKeys *keys, const guint8 *in, guint8 *out, gsize size,
                          GError **error)
{
  static const guint8 zero[FAST_AES_BLOCK_SIZE] = {0};
  const Key *key = &keys->keys[FAST_ISSUER_KEY_DEK];

  if (key->token != NULL)
    return fast_token_key_encrypt (key->token, zero, in, out, size, error);
  return fast_aes_cbc (fast_secret_data (key->bytes), fast_secret_size (key->bytes), TRUE, zero, in,
                       out, size, error);
}
