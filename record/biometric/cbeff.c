/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/cbeff.h"

#include "record/base/error.h"
#include "record/base/secure.h"
#include "record/base/tlv.h"

#define WHAT "biometric information group template"

enum {
  TAG_GROUP = 0x7F61,
  TAG_COUNT = 0x02,
  TAG_TEMPLATE = 0x7F60,
  TAG_HEADER = 0xA1,
  TAG_BLOCK = 0x5F2E,
  TAG_BLOCK_CONSTRUCTED = 0x7F2E,
  TAG_RANDOM = 0x53,
  TAG_VERSION = 0x80,
  TAG_TYPE = 0x81,
  TAG_SUBTYPE = 0x82,
  TAG_OWNER = 0x87,
  TAG_FORMAT = 0x88,
};

/* ICAO 9303-10, table 40: the objects of a biometric header template and their sizes. */
typedef struct {
  guint32 tag;
  gsize smallest;
  gsize largest;
} Field;

static const Field FIELDS[] = {
    {TAG_VERSION, 2, 2}, {TAG_TYPE, 1, 3}, {TAG_SUBTYPE, 1, 1}, {0x83, 7, 7},
    {0x85, 8, 8},        {0x86, 2, 2},     {TAG_OWNER, 2, 2},   {TAG_FORMAT, 2, 2},
};

#define TEMPLATE_LIMIT 9
#define RANDOM_SIZE 16

/**
 * fast_biometric_template_free:
 * @biometric: (transfer full): a template
 */
void
fast_biometric_template_free (FastBiometricTemplate *biometric)
{
  g_clear_pointer (&biometric->data, g_bytes_unref);
  g_free (biometric);
}

static void
append_number (GByteArray *out, guint32 tag, guint value, guint size)
{
  guint8 bytes[2] = {(guint8)(value >> 8), (guint8)value};

  fast_tlv_append (out, tag, bytes + 2 - size, size);
}

/* Without a version fourteen bytes. Readers exist that accept no other size for a face. */
static void
append_header (GByteArray *out, const FastBiometricTemplate *biometric)
{
  g_autoptr (GByteArray) header = g_byte_array_new ();

  if (biometric->version != 0)
    append_number (header, TAG_VERSION, biometric->version, 2);
  append_number (header, TAG_TYPE, biometric->type, 1);
  append_number (header, TAG_SUBTYPE, biometric->subtype, 1);
  append_number (header, TAG_OWNER, biometric->owner, 2);
  append_number (header, TAG_FORMAT, biometric->format, 2);
  fast_tlv_append_array (out, TAG_HEADER, header);
}

static void
append_template (GByteArray *out, const FastBiometricTemplate *biometric)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();

  append_header (content, biometric);
  fast_tlv_append_bytes (content, biometric->constructed ? TAG_BLOCK_CONSTRUCTED : TAG_BLOCK,
                         biometric->data);
  fast_tlv_append_array (out, TAG_TEMPLATE, content);
}

/**
 * fast_biometric_group_make:
 * @templates: (element-type FastBiometricTemplate): one to nine templates
 *
 * Returns: (transfer full): a biometric information group template (7F61), ICAO 9303-10, 4.7.2
 */
GBytes *
fast_biometric_group_make (GPtrArray *templates)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  GByteArray *out = g_byte_array_new ();

  append_number (content, TAG_COUNT, templates->len, 1);
  for (guint i = 0; i < templates->len; i++)
    append_template (content, g_ptr_array_index (templates, i));
  fast_tlv_append_array (out, TAG_GROUP, content);
  return g_byte_array_free_to_bytes (out);
}

/**
 * fast_biometric_group_make_empty:
 * @error: return location for an error (no random bytes)
 *
 * Returns: (transfer full): a group without templates but with a random object, ICAO 9303-10, 4.7.3
 */
GBytes *
fast_biometric_group_make_empty (GError **error)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  GByteArray *out;
  guint8 random[RANDOM_SIZE];

  if (!fast_random (random, sizeof random, error))
    return NULL;
  append_number (content, TAG_COUNT, 0, 1);
  fast_tlv_append (content, TAG_RANDOM, random, sizeof random);
  out = g_byte_array_new ();
  fast_tlv_append_array (out, TAG_GROUP, content);
  return g_byte_array_free_to_bytes (out);
}

static guint
number (const FastTlv *tlv)
{
  guint value = 0;

  for (gsize i = 0; i < tlv->size && i < 3; i++)
    value = value << 8 | tlv->value[i];
  return value;
}

static gboolean
check_field (const FastTlv *tlv, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (FIELDS); i++)
    if (FIELDS[i].tag == tlv->tag)
      return (tlv->size >= FIELDS[i].smallest && tlv->size <= FIELDS[i].largest) ||
             fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "cbeff-size",
                        "tag=%X, size=%" G_GSIZE_FORMAT, tlv->tag, tlv->size);
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "cbeff-tag", "tag=%X",
                    tlv->tag);
}

static void
take_field (const FastTlv *tlv, FastBiometricTemplate *biometric)
{
  if (tlv->tag == TAG_VERSION)
    biometric->version = (guint16)number (tlv);
  else if (tlv->tag == TAG_TYPE)
    biometric->type = number (tlv);
  else if (tlv->tag == TAG_SUBTYPE)
    biometric->subtype = number (tlv);
  else if (tlv->tag == TAG_OWNER)
    biometric->owner = (guint16)number (tlv);
  else if (tlv->tag == TAG_FORMAT)
    biometric->format = (guint16)number (tlv);
}

/* Ascending tags: so none stands twice. Owner and format type are mandatory. */
static gboolean
parse_header (FastReader reader, FastBiometricTemplate *biometric, GError **error)
{
  guint32 last = 0;
  FastTlv tlv;

  while (fast_reader_left (&reader) > 0) {
    if (!fast_tlv_read (&reader, &tlv, error) || !check_field (&tlv, error))
      return FALSE;
    if (tlv.tag <= last)
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "cbeff-tag", "tag=%X",
                        tlv.tag);
    last = tlv.tag;
    biometric->has_subtype = biometric->has_subtype || tlv.tag == TAG_SUBTYPE;
    take_field (&tlv, biometric);
  }
  if (biometric->owner != 0 && biometric->format != 0)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "tlv-missing",
                    "what=%s, wanted=%X", WHAT,
                    biometric->owner == 0 ? (guint)TAG_OWNER : (guint)TAG_FORMAT);
}

static gboolean
parse_block (FastReader *reader, FastBiometricTemplate *biometric, GError **error)
{
  FastTlv tlv;

  if (fast_reader_left (reader) == 0)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "tlv-missing",
                      "what=%s, wanted=%X", WHAT, (guint)TAG_BLOCK);
  if (!fast_tlv_read (reader, &tlv, error))
    return FALSE;
  if (tlv.tag != TAG_BLOCK && tlv.tag != TAG_BLOCK_CONSTRUCTED)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "tlv-unexpected",
                      "what=%s, found=%X, wanted=%X", WHAT, tlv.tag, (guint)TAG_BLOCK);
  biometric->constructed = tlv.tag == TAG_BLOCK_CONSTRUCTED;
  biometric->data = fast_tlv_dup_value (&tlv);
  return fast_reader_end (reader, error);
}

static gboolean
parse_template (FastReader *group, GPtrArray *templates, GError **error)
{
  g_autoptr (FastBiometricTemplate) biometric = g_new0 (FastBiometricTemplate, 1);
  FastTlv outer, header;
  FastReader reader;

  if (!fast_tlv_expect (group, TAG_TEMPLATE, &outer, error))
    return FALSE;
  reader = fast_tlv_open (&outer, WHAT);
  if (!fast_tlv_expect (&reader, TAG_HEADER, &header, error) ||
      !parse_header (fast_tlv_open (&header, WHAT), biometric, error) ||
      !parse_block (&reader, biometric, error))
    return FALSE;
  g_ptr_array_add (templates, g_steal_pointer (&biometric));
  return TRUE;
}

/* A random object stands only in a group without templates (it makes empty groups differ). */
static gboolean
parse_rest (FastReader *reader, guint count, GError **error)
{
  FastTlv tlv;

  if (count == 0 && fast_reader_left (reader) > 0 &&
      !fast_tlv_expect (reader, TAG_RANDOM, &tlv, error))
    return FALSE;
  return fast_reader_end (reader, error);
}

static gboolean
parse_count (FastReader *reader, guint *count, GError **error)
{
  FastTlv tlv;

  if (!fast_tlv_expect (reader, TAG_COUNT, &tlv, error))
    return FALSE;
  *count = number (&tlv);
  if (tlv.size == 1 && *count <= TEMPLATE_LIMIT)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "cbeff-count", "count=%u",
                    *count);
}

/**
 * fast_biometric_group_parse:
 * @encoded: a biometric information group template (7F61) and nothing else
 * @error: return location for an error
 *
 * Strict: the count must be the number of templates; nothing unknown, nothing twice, nothing left.
 *
 * Returns: (transfer full) (element-type FastBiometricTemplate): the templates, none in an empty
 *   group
 */
GPtrArray *
fast_biometric_group_parse (GBytes *encoded, GError **error)
{
  FastReader outer = fast_reader_from_bytes (encoded, WHAT);
  g_autoptr (GPtrArray) templates =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fast_biometric_template_free);
  FastReader reader;
  FastTlv group;
  guint count;

  if (!fast_tlv_expect (&outer, TAG_GROUP, &group, error) || !fast_reader_end (&outer, error))
    return NULL;
  reader = fast_tlv_open (&group, WHAT);
  if (!parse_count (&reader, &count, error))
    return NULL;
  for (guint i = 0; i < count; i++)
    if (!parse_template (&reader, templates, error))
      return NULL;
  return parse_rest (&reader, count, error) ? g_steal_pointer (&templates) : NULL;
}
