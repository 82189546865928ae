/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/sealed-value.h"

#include <string.h>

#include "record/base/autoptr.h"
#include "record/base/error.h"
#include "record/base/json.h"

#define NONCE_SIZE 12
#define TAG_SIZE 16

/* Nonce, ciphertext, tag (NIST SP 800-38D). Nonces are random: a record key seals far fewer than
 * 2^32 values. */

static char *
associated_data (const FastPlace *place)
{
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) node = json_node_alloc ();

  json_array_add_string_element (array, place->table);
  json_array_add_string_element (array, place->row);
  json_array_add_string_element (array, place->column);
  json_array_add_int_element (array, place->revision);
  json_node_init_array (node, array);
  json_array_unref (array);
  return fast_json_canonical (node);
}

static gboolean
fail_crypto (GError **error)
{
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO, "vault-cipher", NULL);
}

static EVP_CIPHER_CTX *
begin (FastSecret *key, const FastPlace *place, const guint8 *nonce, gboolean seal)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  g_autofree char *aad = associated_data (place);
  int n;

  g_assert (fast_secret_size (key) == FAST_SEALED_KEY_SIZE);
  if (context != NULL &&
      EVP_CipherInit_ex (context, EVP_aes_256_gcm (), NULL, fast_secret_data (key), nonce, seal) ==
          1 &&
      EVP_CipherUpdate (context, NULL, &n, (const guint8 *)aad, (int)strlen (aad)) == 1)
    return g_steal_pointer (&context);
  return NULL;
}

/**
 * fast_sealed_value_new:
 * @key: 32 bytes
 * @place: where the value will lie
 * @data: (nullable): the value
 * @size: its bytes, below 2 GiB
 * @error: return location for an error
 *
 * Seals with AES-256-GCM; @place as canonical JSON `[table,row,column,revision]` is the associated
 * data.
 *
 * Returns: (transfer full): nonce, ciphertext and tag
 */
GBytes *
fast_sealed_value_new (FastSecret *key, const FastPlace *place, gconstpointer data, gsize size,
                       GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (EVP_CIPHER_CTX) context = NULL;
  int n = 0;

  g_byte_array_set_size (out, (guint)(NONCE_SIZE + size + TAG_SIZE));
  if (!fast_random (out->data, NONCE_SIZE, error))
    return NULL;
  context = begin (key, place, out->data, TRUE);
  if (context == NULL || size > G_MAXINT - NONCE_SIZE - TAG_SIZE ||
      EVP_CipherUpdate (context, out->data + NONCE_SIZE, &n, size > 0 ? data : "", (int)size) !=
          1 ||
      EVP_CipherFinal_ex (context, out->data + NONCE_SIZE + n, &n) != 1 ||
      EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_GCM_GET_TAG, TAG_SIZE,
                           out->data + NONCE_SIZE + size) != 1) {
    fail_crypto (error);
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static gboolean
decrypt (EVP_CIPHER_CTX *context, const guint8 *data, gsize size, guint8 *tag, FastSecret *value)
{
  int n = 0;

  return EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_GCM_SET_TAG, TAG_SIZE, tag) == 1 &&
         EVP_CipherUpdate (context, fast_secret_data (value), &n, data, (int)size) == 1 &&
         EVP_CipherFinal_ex (context, fast_secret_data (value) + n, &n) == 1;
}

/**
 * fast_sealed_value_open:
 * @key: 32 bytes
 * @place: where the value lies
 * @sealed: as fast_sealed_value_new() made it
 * @error: return location for an error
 *
 * Returns: (transfer full): the value; %NULL with FAST_KEY_ERROR_DECRYPT when key or place are not
 *   those that it was sealed with or it was altered: then not a byte of it comes out
 */
FastSecret *
fast_sealed_value_open (FastSecret *key, const FastPlace *place, GBytes *sealed, GError **error)
{
  FastReader reader = fast_reader_from_bytes (sealed, "sealed");
  const guint8 *nonce = fast_reader_take (&reader, NONCE_SIZE, error);
  g_autoptr (EVP_CIPHER_CTX) context = NULL;
  g_autoptr (FastSecret) value = NULL;
  guint8 tag[TAG_SIZE];
  gsize size;

  if (nonce == NULL)
    return NULL;
  size = fast_reader_left (&reader);
  if (size < TAG_SIZE)
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_DECRYPT, "vault-altered",
                           "table=%s, column=%s", place->table, place->column);
  size -= TAG_SIZE;
  fast_copy (tag, TAG_SIZE, nonce + NONCE_SIZE + size, TAG_SIZE);
  value = fast_secret_new (size);
  context = begin (key, place, nonce, FALSE);
  if (context == NULL || !decrypt (context, nonce + NONCE_SIZE, size, tag, value))
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_DECRYPT, "vault-altered",
                           "table=%s, column=%s", place->table, place->column);
  return g_steal_pointer (&value);
}
