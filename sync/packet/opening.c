/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/opening.h"

#include <string.h>

#include "record/base/error.h"
#include "sync/packet/archive.h"
#include "sync/packet/audit-proof.h"
#include "sync/packet/granted.h"

/**
 * fast_opened_free:
 * @opened: (transfer full): an opened packet; its parts are wiped
 */
void
fast_opened_free (FastOpened *opened)
{
  g_clear_pointer (&opened->header, fast_header_free);
  g_clear_pointer (&opened->parts_json, g_bytes_unref);
  g_clear_pointer (&opened->parts, g_hash_table_unref);
  g_free (opened);
}

/**
 * fast_opened_get_part:
 * @opened: an opened packet
 * @name: a part's name
 *
 * Returns: (transfer none) (nullable): that part; %NULL where this nation did not get it
 */
FastSecret *
fast_opened_get_part (FastOpened *opened, const char *name)
{
  return g_hash_table_lookup (opened->parts, name);
}

static gboolean
refuse (GError **error, const char *id, const char *name)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, id, "name=%s", name);
}

/* Takes one of the packet's own files out, so that parts are what is left. */
static GBytes *
take_file (GHashTable *files, const char *name, GError **error)
{
  FastSecret *content = g_hash_table_lookup (files, name);
  GBytes *bytes;

  if (content == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "packet-file-missing",
                           "name=%s", name);
  bytes = g_bytes_new (fast_secret_data (content), fast_secret_size (content));
  g_hash_table_remove (files, name);
  return bytes;
}

static gboolean
check_inner_header (const FastPacket *packet, GHashTable *files, GError **error)
{
  g_autoptr (GBytes) inner = take_file (files, FAST_PARTS_HEADER, error);
  g_autoptr (GBytes) outer = fast_header_to_bytes (packet->header);

  if (inner == NULL)
    return FALSE;
  if (!g_bytes_equal (inner, outer))
    return refuse (error, "packet-inner-differs", FAST_PARTS_HEADER);
  return TRUE;
}

static gboolean
check_part (const char *name, FastSecret *content, GHashTable *digests, GHashTable *salts,
            GError **error)
{
  const char *wanted = g_hash_table_lookup (digests, name);
  const char *hex = g_hash_table_lookup (salts, name);
  g_autoptr (GBytes) salt = NULL;
  g_autofree char *found = NULL;
  guint8 digest[FAST_SHA256_SIZE];

  if (wanted == NULL || hex == NULL)
    return refuse (error, "packet-part-unlisted", name);
  salt = fast_hex_decode (hex, error);
  if (salt == NULL)
    return FALSE;
  fast_part_digest (salt, fast_secret_data (content), fast_secret_size (content), digest);
  found = fast_hex_encode (digest, sizeof digest);
  return strcmp (found, wanted) == 0 ? TRUE : refuse (error, "packet-part-digest", name);
}

static gboolean
check_parts (GHashTable *files, GBytes *parts_json, GBytes *salts_json, GError **error)
{
  g_autoptr (GHashTable) digests = fast_digests_parse (parts_json, FAST_PARTS_DIGESTS, error);
  g_autoptr (GHashTable) salts =
      digests == NULL ? NULL : fast_digests_parse (salts_json, FAST_PARTS_SALTS, error);
  GHashTableIter iter;
  gpointer name, content;

  if (salts == NULL)
    return FALSE;
  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, &name, &content))
    if (!check_part (name, content, digests, salts, error))
      return FALSE;
  g_hash_table_iter_init (&iter, salts);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!g_hash_table_contains (files, name))
      return refuse (error, "packet-file-missing", name);
  return TRUE;
}

static gboolean
check_audit (const FastPacket *packet, GHashTable *files, const FastOpeningKeys *keys,
             GError **error)
{
  g_autoptr (GBytes) audit = take_file (files, FAST_PARTS_AUDIT, error);

  if (audit == NULL)
    return FALSE;
  if (!fast_audit_proof_verify (audit, packet->header, keys->previous, error))
    return fast_error_prefix (error, "packet-audit", NULL);
  return TRUE;
}

static gboolean
check_contents (const FastPacket *packet, GHashTable *files, GBytes **parts_json,
                const FastOpeningKeys *keys, GError **error)
{
  g_autoptr (GBytes) salts = NULL;

  if (!check_inner_header (packet, files, error))
    return FALSE;
  *parts_json = take_file (files, FAST_PARTS_DIGESTS, error);
  salts = *parts_json == NULL ? NULL : take_file (files, FAST_PARTS_SALTS, error);
  return salts != NULL && check_audit (packet, files, keys, error) &&
         check_parts (files, *parts_json, salts, error) &&
         fast_granted_verify (packet->header, files, keys->officers, keys->at, NULL, error);
}

static GHashTable *
read_files (const FastPacket *packet, const FastOpeningKeys *keys, GError **error)
{
  g_autoptr (FastSecret) tar =
      fast_cms_decrypt (packet->envelope, keys->certificate, keys->key, error);

  return tar == NULL ? NULL
                     : fast_archive_read (fast_secret_data (tar), fast_secret_size (tar), error);
}

/**
 * fast_packet_open:
 * @packet: a packet whose outer signature was verified
 * @keys: the recipient's
 * @error: return location for an error
 *
 * Decrypts and checks everything inside: the inner header is the outer one, every part has its
 * digest, the audit proofs hold, and a decision is signed by an officer of its agency over the
 * parts that it names. fast_refusal_reason_for() gives the reason code of an error of this.
 *
 * Returns: (transfer full): the contents
 */
FastOpened *
fast_packet_open (const FastPacket *packet, const FastOpeningKeys *keys, GError **error)
{
  g_autoptr (FastOpened) opened = g_new0 (FastOpened, 1);

  opened->header = fast_header_copy (packet->header);
  opened->parts = read_files (packet, keys, error);
  if (opened->parts == NULL ||
      !check_contents (packet, opened->parts, &opened->parts_json, keys, error)) {
    fast_error_prefix (error, "packet-open", "packet=%s", packet->id);
    return NULL;
  }
  return g_steal_pointer (&opened);
}
