/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/parts.h"

#include <openssl/evp.h>
#include <string.h>

#include "record/base/autoptr.h"
#include "record/base/error.h"
#include "record/base/json.h"
#include "record/model/part.h"

struct _FastParts {
  GBytes *json;
  GHashTable *digests;
  GHashTable *contents;
  GHashTable *salts;
};

/**
 * fast_part_digest:
 * @salt: 32 bytes
 * @part: the part's bytes
 * @size: how many
 * @digest: (out): SHA-256 of salt ‖ part
 */
void
fast_part_digest (GBytes *salt, gconstpointer part, gsize size, guint8 digest[FAST_SHA256_SIZE])
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();

  if (EVP_DigestInit_ex (context, EVP_sha256 (), NULL) != 1 ||
      EVP_DigestUpdate (context, g_bytes_get_data (salt, NULL), g_bytes_get_size (salt)) != 1 ||
      EVP_DigestUpdate (context, part, size) != 1 ||
      EVP_DigestFinal_ex (context, digest, NULL) != 1)
    g_error ("SHA-256 is not available");
}

/**
 * fast_part_name_is_free:
 * @name: text
 *
 * Returns: whether it is a part's name and none of the packet's own four
 */
gboolean
fast_part_name_is_free (const char *name)
{
  static const char *const own[] = {FAST_PARTS_HEADER, FAST_PARTS_DIGESTS, FAST_PARTS_SALTS,
                                    FAST_PARTS_AUDIT, NULL};

  return fast_part_name_is_valid (name) && !g_strv_contains (own, name);
}

/**
 * fast_digests_compose:
 * @digests: (element-type utf8 utf8): lowercase hex of 32 bytes, by part name
 *
 * Returns: (transfer full): canonical JSON: the form of `parts.json` and `salts.json`
 */
GBytes *
fast_digests_compose (GHashTable *digests)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = NULL;
  GHashTableIter iter;
  gpointer name, hex;

  g_hash_table_iter_init (&iter, digests);
  while (g_hash_table_iter_next (&iter, &name, &hex))
    json_object_set_string_member (object, name, hex);
  node = fast_json_node_take (object);
  return fast_json_canonical_bytes (node);
}

static gboolean
is_hex_digest (JsonNode *node)
{
  const char *text =
      json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : "";

  return strspn (text, "0123456789abcdef") == 2 * FAST_SHA256_SIZE &&
         text[2 * FAST_SHA256_SIZE] == '\0';
}

static GHashTable *
read_digests (JsonObject *object, const char *what, GError **error)
{
  g_autoptr (GHashTable) digests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node)) {
    if (!fast_part_name_is_free (name) || !JSON_NODE_HOLDS_VALUE (node) || !is_hex_digest (node))
      return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "parts-entry",
                             "what=%s", what);
    g_hash_table_insert (digests, g_strdup (name), g_strdup (json_node_get_string (node)));
  }
  return g_steal_pointer (&digests);
}

/**
 * fast_digests_parse:
 * @json: canonical JSON
 * @what: `parts.json` or `salts.json`, for errors
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type utf8 utf8): lowercase hex by part name, or %NULL with
 *   FAST_INPUT_ERROR
 */
GHashTable *
fast_digests_parse (GBytes *json, const char *what, GError **error)
{
  g_autoptr (JsonNode) node = fast_json_parse_canonical (json, what, error);

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "json-type",
                           "member=%s", what);
  return read_digests (json_node_get_object (node), what, error);
}

/**
 * fast_parts_new:
 * @parts_json: as it was frozen
 * @error: return location for an error
 *
 * Returns: (transfer full): the revision's digests, without parts yet
 */
FastParts *
fast_parts_new (GBytes *parts_json, GError **error)
{
  g_autoptr (GHashTable) digests = fast_digests_parse (parts_json, FAST_PARTS_DIGESTS, error);
  FastParts *parts;

  if (digests == NULL)
    return NULL;
  parts = g_new0 (FastParts, 1);
  parts->json = g_bytes_ref (parts_json);
  parts->digests = g_steal_pointer (&digests);
  parts->contents =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)fast_secret_free);
  parts->salts =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  return parts;
}

/**
 * fast_parts_free:
 * @parts: (transfer full): parts; wiped
 */
void
fast_parts_free (FastParts *parts)
{
  g_bytes_unref (parts->json);
  g_hash_table_unref (parts->digests);
  g_hash_table_unref (parts->contents);
  g_hash_table_unref (parts->salts);
  g_free (parts);
}

/**
 * fast_parts_add:
 * @parts: parts
 * @name: a name that `parts.json` has
 * @content: (transfer full): the part; freed on failure too
 * @salt: its 32 bytes of salt
 * @error: return location for an error
 *
 * Returns: whether it is the part that was frozen; FAST_STORE_ERROR_CORRUPT otherwise
 */
gboolean
fast_parts_add (FastParts *parts, const char *name, FastSecret *content, GBytes *salt,
                GError **error)
{
  g_autoptr (FastSecret) owned = content;
  const char *wanted = g_hash_table_lookup (parts->digests, name);
  guint8 digest[FAST_SHA256_SIZE];
  g_autofree char *found = NULL;

  fast_part_digest (salt, fast_secret_data (owned), fast_secret_size (owned), digest);
  found = fast_hex_encode (digest, sizeof digest);
  if (g_bytes_get_size (salt) != FAST_SALT_SIZE || g_strcmp0 (found, wanted) != 0)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "parts-digest", "name=%s",
                      name);
  g_hash_table_insert (parts->contents, g_strdup (name), g_steal_pointer (&owned));
  g_hash_table_insert (parts->salts, g_strdup (name), g_bytes_ref (salt));
  return TRUE;
}

/**
 * fast_parts_check_complete:
 * @parts: parts
 * @error: return location for an error
 *
 * Returns: whether every part of `parts.json` was added
 */
gboolean
fast_parts_check_complete (FastParts *parts, GError **error)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, parts->digests);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!g_hash_table_contains (parts->contents, name))
      return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "parts-missing",
                        "name=%s", (const char *)name);
  return TRUE;
}

/**
 * fast_parts_get_json:
 * @parts: parts
 *
 * Returns: (transfer none): `parts.json`
 */
GBytes *
fast_parts_get_json (FastParts *parts)
{
  return parts->json;
}

static gint
compare_names (gconstpointer left, gconstpointer right)
{
  return strcmp (*(const char *const *)left, *(const char *const *)right);
}

/**
 * fast_parts_list:
 * @parts: parts
 *
 * Returns: (transfer container) (element-type utf8): the names that were added, sorted
 */
GPtrArray *
fast_parts_list (FastParts *parts)
{
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, parts->contents);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, name);
  g_ptr_array_sort (names, compare_names);
  return names;
}

/**
 * fast_parts_get:
 * @parts: parts
 * @name: a name
 *
 * Returns: (transfer none) (nullable): that part
 */
FastSecret *
fast_parts_get (FastParts *parts, const char *name)
{
  return g_hash_table_lookup (parts->contents, name);
}

/**
 * fast_parts_get_salt:
 * @parts: parts
 * @name: a name
 *
 * Returns: (transfer none) (nullable): that part's salt
 */
GBytes *
fast_parts_get_salt (FastParts *parts, const char *name)
{
  return g_hash_table_lookup (parts->salts, name);
}
