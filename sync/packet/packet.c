/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/packet.h"

#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "sync/packet/archive.h"

#define ID_CT_AUTH_ENVELOPED_DATA "1.2.840.113549.1.9.16.1.23"
#define N_OWN_FILES 4

/**
 * fast_packet_free:
 * @packet: (transfer full): a packet
 */
void
fast_packet_free (FastPacket *packet)
{
  g_bytes_unref (packet->bytes);
  g_free (packet->id);
  g_clear_pointer (&packet->header, fast_header_free);
  g_clear_pointer (&packet->envelope, g_bytes_unref);
  X509_free (packet->signer);
  g_free (packet);
}

/**
 * fast_packet_id:
 * @p7m: the bytes of a packet
 *
 * Returns: (transfer full): lowercase hex of their SHA-256
 */
char *
fast_packet_id (GBytes *p7m)
{
  return fast_sha256_hex (p7m);
}

static gboolean
is_sent (const FastHeader *header, const FastPolicy *policy, const char *name, GError **error)
{
  FastItemKind kind;

  if (policy == NULL)
    return TRUE;
  return fast_item_kind_parse (header->kind, &kind, error) &&
         fast_policy_allows (policy, kind, name);
}

/* The names of the parts that this nation gets, sorted. */
static GPtrArray *
choose_parts (const FastHeader *header, FastParts *parts, const FastPolicy *policy)
{
  g_autoptr (GPtrArray) all = fast_parts_list (parts);
  GPtrArray *chosen = g_ptr_array_new ();

  for (guint i = 0; i < all->len; i++)
    if (is_sent (header, policy, all->pdata[i], NULL))
      g_ptr_array_add (chosen, all->pdata[i]);
  return chosen;
}

static GBytes *
compose_salts (FastParts *parts, GPtrArray *names)
{
  g_autoptr (GHashTable) salts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  for (guint i = 0; i < names->len; i++) {
    GBytes *salt = fast_parts_get_salt (parts, names->pdata[i]);
    g_hash_table_insert (salts, names->pdata[i],
                         fast_hex_encode (g_bytes_get_data (salt, NULL), g_bytes_get_size (salt)));
  }
  return fast_digests_compose (salts);
}

static void
put_bytes (FastArchiveEntry *entry, const char *name, GBytes *bytes)
{
  entry->name = name;
  entry->data = g_bytes_get_data (bytes, &entry->size);
}

static FastSecret *
compose_tar (const FastHeader *header, FastParts *parts, GBytes *audit_json,
             const FastPolicy *policy, GError **error)
{
  g_autoptr (GPtrArray) names = choose_parts (header, parts, policy);
  g_autoptr (GBytes) head = fast_header_to_bytes (header);
  g_autoptr (GBytes) salts = compose_salts (parts, names);
  g_autofree FastArchiveEntry *entries = g_new0 (FastArchiveEntry, names->len + N_OWN_FILES);

  put_bytes (&entries[0], FAST_PARTS_HEADER, head);
  put_bytes (&entries[1], FAST_PARTS_DIGESTS, fast_parts_get_json (parts));
  put_bytes (&entries[2], FAST_PARTS_SALTS, salts);
  put_bytes (&entries[3], FAST_PARTS_AUDIT, audit_json);
  for (guint i = 0; i < names->len; i++) {
    FastSecret *content = fast_parts_get (parts, names->pdata[i]);
    entries[N_OWN_FILES + i] =
        (FastArchiveEntry){names->pdata[i], fast_secret_data (content), fast_secret_size (content)};
  }
  return fast_archive_write (entries, names->len + N_OWN_FILES, error);
}

static gboolean
refuse (GError **error, const char *id, const char *found, const char *wanted)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, id, "found=%s, wanted=%s",
                    found == NULL ? "-" : found, wanted);
}

/* Who signs is who the header says (CN), and with the key made for it (OU). */
static gboolean
check_signer (X509 *signer, const FastHeader *header, GError **error)
{
  g_autofree char *name = fast_certificate_get_name (signer, NID_commonName);
  g_autofree char *role = fast_certificate_get_name (signer, NID_organizationalUnitName);

  if (g_strcmp0 (role, "sign") != 0)
    return refuse (error, "packet-signer-role", role, "sign");
  if (g_strcmp0 (name, header->unit) != 0)
    return refuse (error, "packet-unit-differs", name, header->unit);
  return TRUE;
}

static gboolean
check_size (gsize size, GError **error)
{
  if (size <= FAST_PACKET_LIMIT)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "packet-too-large",
                    "size=%" G_GSIZE_FORMAT ", limit=%u", size, FAST_PACKET_LIMIT);
}

static GBytes *
encrypt (const FastHeader *header, FastParts *parts, GBytes *audit_json,
         const FastSealingKeys *keys, GError **error)
{
  g_autoptr (FastSecret) tar = compose_tar (header, parts, audit_json, keys->policy, error);

  if (tar == NULL || !check_size (fast_secret_size (tar), error))
    return NULL;
  return fast_cms_encrypt (tar, keys->recipients, error);
}

static FastPacket *
wrap (const FastHeader *header, GBytes *envelope, const FastSealingKeys *keys, GError **error)
{
  g_autofree char *text = fast_header_to_text (header);
  const FastCmsOptions options = {.content_type = ID_CT_AUTH_ENVELOPED_DATA,
                                  .attribute_oid = FAST_PACKET_ATTRIBUTE,
                                  .attribute_text = text};
  g_autoptr (GBytes) bytes =
      fast_cms_sign (envelope, keys->certificate, keys->key, &options, error);
  FastPacket *packet;

  if (bytes == NULL || !check_size (g_bytes_get_size (bytes), error))
    return NULL;
  packet = g_new0 (FastPacket, 1);
  packet->id = fast_packet_id (bytes);
  packet->bytes = g_steal_pointer (&bytes);
  packet->header = fast_header_copy (header);
  packet->envelope = g_bytes_ref (envelope);
  packet->signer = keys->certificate;
  X509_up_ref (packet->signer);
  return packet;
}

/**
 * fast_packet_build:
 * @header: says for whom and what
 * @parts: the revision, complete
 * @audit_json: the proofs for this lane
 * @keys: the unit's and the nation's
 * @error: return location for an error
 *
 * Seals one revision for one nation. Each call gives other bytes (a new content key), so a packet
 * once numbered in a lane is kept, never built again.
 *
 * Returns: (transfer full): the packet
 */
FastPacket *
fast_packet_build (const FastHeader *header, FastParts *parts, GBytes *audit_json,
                   const FastSealingKeys *keys, GError **error)
{
  g_autoptr (GBytes) envelope = NULL;

  if (!fast_header_check (header, error) || !check_signer (keys->certificate, header, error) ||
      !fast_parts_check_complete (parts, error))
    return NULL;
  envelope = encrypt (header, parts, audit_json, keys, error);
  return envelope == NULL ? NULL : wrap (header, envelope, keys, error);
}

static FastHeader *
read_header (const FastCmsContent *content, GError **error)
{
  g_autoptr (GBytes) json = NULL;

  if (content->attribute == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING,
                           "packet-header-missing", NULL);
  json = g_bytes_new (content->attribute, strlen (content->attribute));
  return fast_header_parse (json, error);
}

static gboolean
check_outer (const FastCmsContent *content, const FastHeader *header, const char *nation,
             GError **error)
{
  if (g_strcmp0 (content->content_type, ID_CT_AUTH_ENVELOPED_DATA) != 0)
    return refuse (error, "packet-not-enveloped", content->content_type, ID_CT_AUTH_ENVELOPED_DATA);
  if (!check_signer (content->signer, header, error))
    return FALSE;
  if (strcmp (header->nation, nation) != 0)
    return refuse (error, "packet-other-nation", header->nation, nation);
  return TRUE;
}

/**
 * fast_packet_verify:
 * @p7m: the bytes of a packet
 * @units: what the certificates of units chain to
 * @nation: whose packet it must be
 * @error: return location for an error
 *
 * The outer checks, which need no key: one signer, trusted, made for signing; the header well
 * formed, of the unit that signed, for @nation. Each has its own reason.
 *
 * Returns: (transfer full): the packet
 */
FastPacket *
fast_packet_verify (GBytes *p7m, FastTrust *units, const char *nation, GError **error)
{
  return fast_packet_verify_at (p7m, units, nation, fast_clock_now (), error);
}

/**
 * fast_packet_verify_at:
 * @p7m: the bytes of a packet
 * @units: what the certificates of units chain to
 * @nation: whose packet it must be
 * @at: when the unit's certificate must have been valid, in seconds since 1970: for a packet that
 *   is opened later, when its *stored* receipt was given
 * @error: return location for an error
 *
 * Returns: (transfer full): see fast_packet_verify()
 */
FastPacket *
fast_packet_verify_at (GBytes *p7m, FastTrust *units, const char *nation, gint64 at, GError **error)
{
  g_autoptr (FastCmsContent) content = NULL;
  g_autoptr (FastHeader) header = NULL;
  FastPacket *packet;

  if (!check_size (g_bytes_get_size (p7m), error))
    return NULL;
  content = fast_cms_verify_at (p7m, NULL, units, FAST_PACKET_ATTRIBUTE, at, error);
  header = content == NULL ? NULL : read_header (content, error);
  if (header == NULL || !check_outer (content, header, nation, error)) {
    fast_error_prefix (error, "packet-outer", NULL);
    return NULL;
  }
  packet = g_new0 (FastPacket, 1);
  packet->bytes = g_bytes_ref (p7m);
  packet->id = fast_packet_id (p7m);
  packet->header = g_steal_pointer (&header);
  packet->envelope = g_bytes_ref (content->content);
  packet->signer = content->signer;
  X509_up_ref (packet->signer);
  return packet;
}
