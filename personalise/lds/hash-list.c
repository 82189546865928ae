/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/hash-list.h"

#include <openssl/err.h>
#include <string.h>

#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/keys/signature-scheme.h"

#define WHAT "LDSSecurityObject"

enum {
  TAG_INTEGER = 0x02,
  TAG_OCTETS = 0x04,
  TAG_PRINTABLE = 0x13,
  TAG_SEQUENCE = 0x30,
};

/* AlgorithmIdentifier of SHA-256 without parameters (RFC 5754, 2). */
static const guint8 SHA256_ALGORITHM[] = {0x30, 0x0B, 0x06, 0x09, 0x60, 0x86, 0x48,
                                          0x01, 0x65, 0x03, 0x04, 0x02, 0x01};

static void
append_hash (GByteArray *out, guint group, GBytes *content)
{
  g_autoptr (GByteArray) entry = g_byte_array_new ();
  g_autoptr (GBytes) digest = fast_sha256_bytes (content);
  guint8 number = (guint8)group;

  fast_tlv_append (entry, TAG_INTEGER, &number, 1);
  fast_tlv_append_bytes (entry, TAG_OCTETS, digest);
  fast_tlv_append_array (out, TAG_SEQUENCE, entry);
}

/**
 * fast_hash_list_make:
 * @lds: the chip's files, data groups complete
 *
 * Version 0: version 1 would only repeat what EF.COM says.
 *
 * Returns: (transfer full): the list, SHA-256 over the exact bytes of each data group
 */
GBytes *
fast_hash_list_make (FastLds *lds)
{
  g_autoptr (GByteArray) entries = g_byte_array_new ();
  g_autoptr (GByteArray) content = g_byte_array_new ();
  GByteArray *out = g_byte_array_new ();

  for (guint group = 1; group < FAST_HASH_LIST_GROUPS; group++) {
    GBytes *file = fast_lds_get (lds, fast_file_group (group));

    if (file != NULL)
      append_hash (entries, group, file);
  }
  fast_tlv_append (content, TAG_INTEGER, "", 1);
  fast_append (content, SHA256_ALGORITHM, sizeof SHA256_ALGORITHM);
  fast_tlv_append_array (content, TAG_SEQUENCE, entries);
  fast_tlv_append_array (out, TAG_SEQUENCE, content);
  return g_byte_array_free_to_bytes (out);
}

/**
 * fast_hash_list_clear:
 * @list: a list
 */
void
fast_hash_list_clear (FastHashList *list)
{
  for (guint i = 0; i < FAST_HASH_LIST_GROUPS; i++)
    g_clear_pointer (&list->hashes[i], g_bytes_unref);
  *list = (FastHashList){.digest = NULL};
}

static gboolean
malformed (GError **error, const char *part)
{
  ERR_clear_error ();
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "sod-malformed", "part=%s",
                    part);
}

/* The declared digest, with absent or NULL parameters. */
static gboolean
parse_algorithm (FastReader *reader, FastHashList *list, GError **error)
{
  FastTlv tlv;
  g_autoptr (X509_ALGOR) algorithm = NULL;
  const guint8 *at;

  if (!fast_tlv_expect (reader, TAG_SEQUENCE, &tlv, NULL))
    return malformed (error, "hashAlgorithm");
  at = tlv.start;
  algorithm = d2i_X509_ALGOR (NULL, &at, (long)tlv.total);
  if (algorithm == NULL || at != tlv.start + tlv.total)
    return malformed (error, "hashAlgorithm");
  list->digest = fast_signature_digest (algorithm);
  return list->digest != NULL ||
         fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "sod-digest", NULL);
}

static gboolean
take_hash (FastHashList *list, const FastTlv *number, const FastTlv *hash, GError **error)
{
  guint group = number->size == 1 ? number->value[0] : 0;
  gsize wanted = (gsize)EVP_MD_get_size (EVP_get_digestbyname (list->digest));

  if (group < 1 || group >= FAST_HASH_LIST_GROUPS || list->hashes[group] != NULL)
    return malformed (error, "dataGroupNumber");
  if (hash->size != wanted)
    return malformed (error, "dataGroupHashValue");
  list->hashes[group] = fast_tlv_dup_value (hash);
  list->groups |= 1u << group;
  return TRUE;
}

static gboolean
parse_hash (FastReader *reader, FastHashList *list, GError **error)
{
  FastTlv entry, number, hash;
  FastReader inner;

  if (!fast_tlv_expect (reader, TAG_SEQUENCE, &entry, NULL))
    return malformed (error, "dataGroupHash");
  inner = fast_tlv_open (&entry, WHAT);
  if (!fast_tlv_expect (&inner, TAG_INTEGER, &number, NULL))
    return malformed (error, "dataGroupNumber");
  if (!fast_tlv_expect (&inner, TAG_OCTETS, &hash, NULL) || fast_reader_left (&inner) > 0)
    return malformed (error, "dataGroupHashValue");
  return take_hash (list, &number, &hash, error);
}

static gboolean
parse_hashes (FastReader *reader, FastHashList *list, GError **error)
{
  FastTlv tlv;
  FastReader inner;

  if (!fast_tlv_expect (reader, TAG_SEQUENCE, &tlv, NULL))
    return malformed (error, "dataGroupHashValues");
  inner = fast_tlv_open (&tlv, WHAT);
  while (fast_reader_left (&inner) > 0)
    if (!parse_hash (&inner, list, error))
      return FALSE;
  return list->groups != 0 || malformed (error, "dataGroupHashValues");
}

static gboolean
take_digits (FastReader *reader, char *to, gsize digits, const char *part, GError **error)
{
  FastTlv tlv;

  if (!fast_tlv_expect (reader, TAG_PRINTABLE, &tlv, NULL) || tlv.size != digits)
    return malformed (error, part);
  for (gsize i = 0; i < digits; i++)
    if (!g_ascii_isdigit (tlv.value[i]))
      return malformed (error, part);
  fast_copy (to, digits, tlv.value, digits);
  to[digits] = '\0';
  return TRUE;
}

/* Version 0 ends here; version 1 goes on with ldsVersionInfo and must. */
static gboolean
parse_end (FastReader *reader, guint version, FastHashList *list, GError **error)
{
  FastTlv tlv;
  FastReader inner;

  if (version == 0)
    return fast_reader_left (reader) == 0 || malformed (error, "ldsVersionInfo");
  if (!fast_tlv_expect (reader, TAG_SEQUENCE, &tlv, NULL) || fast_reader_left (reader) > 0)
    return malformed (error, "ldsVersionInfo");
  inner = fast_tlv_open (&tlv, WHAT);
  return take_digits (&inner, list->lds_version, 4, "ldsVersion", error) &&
         take_digits (&inner, list->unicode_version, 6, "unicodeVersion", error) &&
         (fast_reader_left (&inner) == 0 || malformed (error, "ldsVersionInfo"));
}

static gboolean
parse_list (FastReader *reader, FastHashList *list, GError **error)
{
  FastTlv version;

  if (!fast_tlv_expect (reader, TAG_INTEGER, &version, NULL) || version.size != 1 ||
      version.value[0] > 1)
    return malformed (error, "LDSSecurityObject.version");
  return parse_algorithm (reader, list, error) && parse_hashes (reader, list, error) &&
         parse_end (reader, version.value[0], list, error);
}

/**
 * fast_hash_list_parse:
 * @encoded: the list
 * @list: (out caller-allocates): what it says; to be emptied with fast_hash_list_clear()
 * @error: return location for an error
 *
 * Every data group at most once, each hash as long as the digest, nothing left over.
 *
 * Returns: whether it is sound; else `sod-malformed` with the part, or `sod-digest`
 */
gboolean
fast_hash_list_parse (GBytes *encoded, FastHashList *list, GError **error)
{
  FastReader outer = fast_reader_from_bytes (encoded, WHAT);
  FastReader reader;
  FastTlv tlv;

  *list = (FastHashList){.digest = NULL};
  if (!fast_tlv_expect (&outer, TAG_SEQUENCE, &tlv, NULL) || fast_reader_left (&outer) > 0)
    return malformed (error, WHAT);
  reader = fast_tlv_open (&tlv, WHAT);
  if (parse_list (&reader, list, error))
    return TRUE;
  fast_hash_list_clear (list);
  return FALSE;
}
