/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/programme-group.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/tlv.h"

#define WHAT "EF.DG13"
#define VERSION 1

enum {
  TAG_GROUP = 0x6D,
  TAG_VERSION = 0x80,
  TAG_PROGRAMME = 0x81,
  TAG_MEMBERSHIP = 0x82,
  TAG_ENDORSEMENTS = 0xA3,
  TAG_ENDORSEMENT = 0x80,
  TAG_RFID = 0x84,
};

#define DIGITS "0123456789"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* What a text may be made of, and how long it may be. */
typedef struct {
  guint32 tag;
  const char *characters;
  gsize shortest;
  gsize longest;
} Form;

static const Form PROGRAMME = {TAG_PROGRAMME, CAPITALS DIGITS "-", 2, 16};
static const Form MEMBERSHIP = {TAG_MEMBERSHIP, DIGITS, 9, 9};
static const Form ENDORSEMENT = {TAG_ENDORSEMENT, "abcdefghijklmnopqrstuvwxyz-" DIGITS, 1, 32};
static const Form RFID = {TAG_RFID, CAPITALS DIGITS, 1, 32};

#define ENDORSEMENT_LIMIT 16

/**
 * fast_programme_group_free:
 * @group: (transfer full): as parsed
 */
void
fast_programme_group_free (FastProgrammeGroup *group)
{
  g_free (group->programme);
  g_free (group->membership);
  g_strfreev (group->endorsements);
  g_free (group->rfid);
  g_free (group);
}

static gboolean
invalid (GError **error, guint32 tag)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "programme-text", "tag=%X",
                    tag);
}

static gboolean
check_text (const Form *form, const char *text, GError **error)
{
  gsize size = text == NULL ? 0 : strlen (text);

  return (size >= form->shortest && size <= form->longest &&
          strspn (text, form->characters) == size) ||
         invalid (error, form->tag);
}

static gboolean
append_text (GByteArray *out, const Form *form, const char *text, GError **error)
{
  if (!check_text (form, text, error))
    return FALSE;
  fast_tlv_append (out, form->tag, text, strlen (text));
  return TRUE;
}

/* Always there, also when empty: "none" is a statement, an absent list would not be. */
static gboolean
append_endorsements (GByteArray *out, char **endorsements, GError **error)
{
  g_autoptr (GByteArray) list = g_byte_array_new ();

  for (guint i = 0; endorsements != NULL && endorsements[i] != NULL; i++)
    if (i >= ENDORSEMENT_LIMIT)
      return invalid (error, TAG_ENDORSEMENTS);
    else if (!append_text (list, &ENDORSEMENT, endorsements[i], error))
      return FALSE;
  fast_tlv_append_array (out, TAG_ENDORSEMENTS, list);
  return TRUE;
}

/**
 * fast_programme_group_make:
 * @group: what the programme says of its member
 * @error: return location for an error
 *
 * Returns: (transfer full): EF.DG13
 */
GBytes *
fast_programme_group_make (const FastProgrammeGroup *group, GError **error)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  guint8 version = VERSION;
  GByteArray *out;

  fast_tlv_append (content, TAG_VERSION, &version, 1);
  if (!append_text (content, &PROGRAMME, group->programme, error) ||
      !append_text (content, &MEMBERSHIP, group->membership, error) ||
      !append_endorsements (content, group->endorsements, error) ||
      (group->rfid != NULL && !append_text (content, &RFID, group->rfid, error)))
    return NULL;
  out = g_byte_array_new ();
  fast_tlv_append_array (out, TAG_GROUP, content);
  return g_byte_array_free_to_bytes (out);
}

static char *
parse_text (FastReader *reader, const Form *form, GError **error)
{
  g_autofree char *text = NULL;
  FastTlv tlv;

  if (!fast_tlv_expect (reader, form->tag, &tlv, error))
    return NULL;
  text = g_strndup ((const char *)tlv.value, tlv.size);
  if (strlen (text) != tlv.size) {
    invalid (error, form->tag);
    return NULL;
  }
  return check_text (form, text, error) ? g_steal_pointer (&text) : NULL;
}

static gboolean
parse_version (FastReader *reader, GError **error)
{
  FastTlv tlv;

  if (!fast_tlv_expect (reader, TAG_VERSION, &tlv, error))
    return FALSE;
  if (tlv.size == 1 && tlv.value[0] == VERSION)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "programme-version",
                    NULL);
}

static char **
parse_endorsements (FastReader *outer, GError **error)
{
  g_autoptr (GStrvBuilder) endorsements = g_strv_builder_new ();
  FastReader reader;
  FastTlv list;
  guint count = 0;

  if (!fast_tlv_expect (outer, TAG_ENDORSEMENTS, &list, error))
    return NULL;
  reader = fast_tlv_open (&list, WHAT);
  while (fast_reader_left (&reader) > 0) {
    g_autofree char *text = parse_text (&reader, &ENDORSEMENT, error);

    if (text == NULL || (++count > ENDORSEMENT_LIMIT && !invalid (error, TAG_ENDORSEMENTS)))
      return NULL;
    g_strv_builder_add (endorsements, text);
  }
  return g_strv_builder_end (endorsements);
}

static gboolean
parse_content (FastReader *reader, FastProgrammeGroup *group, GError **error)
{
  if (!parse_version (reader, error) ||
      (group->programme = parse_text (reader, &PROGRAMME, error)) == NULL ||
      (group->membership = parse_text (reader, &MEMBERSHIP, error)) == NULL ||
      (group->endorsements = parse_endorsements (reader, error)) == NULL)
    return FALSE;
  if (fast_reader_left (reader) > 0 && (group->rfid = parse_text (reader, &RFID, error)) == NULL)
    return FALSE;
  return fast_reader_end (reader, error);
}

/**
 * fast_programme_group_parse:
 * @encoded: EF.DG13
 * @error: return location for an error
 *
 * Strict: the order of `docs/chip.md`, each text in its form, nothing left over. A later version
 * that adds objects takes another version number.
 *
 * Returns: (transfer full): what the programme says of its member
 */
FastProgrammeGroup *
fast_programme_group_parse (GBytes *encoded, GError **error)
{
  FastReader outer = fast_reader_from_bytes (encoded, WHAT);
  g_autoptr (FastProgrammeGroup) group = g_new0 (FastProgrammeGroup, 1);
  FastReader reader;
  FastTlv tlv;

  if (!fast_tlv_expect (&outer, TAG_GROUP, &tlv, error) || !fast_reader_end (&outer, error))
    return NULL;
  reader = fast_tlv_open (&tlv, WHAT);
  return parse_content (&reader, group, error) ? g_steal_pointer (&group) : NULL;
}
