/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/tag-list.h"

#include "record/base/error.h"

/* A template of several equal objects, and the tag of one of those: the other names of EF.DG11 and
 * the other persons of EF.DG12. */
enum {
  TAG_TEMPLATE = 0xA0,
  TAG_OTHER_NAME = 0x5F0F,
  TAG_OTHER_PERSON = 0x5F1A,
};

/**
 * fast_tag_list_append:
 * @list: the value of a tag list
 * @tag: a tag of one or two bytes
 */
void
fast_tag_list_append (GByteArray *list, guint32 tag)
{
  if (tag > 0xFF)
    fast_append_u16 (list, (guint16)tag);
  else
    fast_append_u8 (list, (guint8)tag);
}

static gboolean
next_listed (FastReader *list, guint32 *tag, GError **error)
{
  guint8 byte;

  if (!fast_reader_u8 (list, &byte, error))
    return FALSE;
  *tag = byte;
  if ((byte & 0x1F) != 0x1F)
    return TRUE;
  if (!fast_reader_u8 (list, &byte, error))
    return FALSE;
  *tag = *tag << 8 | byte;
  return TRUE;
}

/* Some States list a template by its own tag, some by that of the objects inside. */
static gboolean
same_tag (guint32 listed, guint32 found)
{
  return listed == found ||
         (found == TAG_TEMPLATE && (listed == TAG_OTHER_NAME || listed == TAG_OTHER_PERSON));
}

static gboolean
fail_list (const FastReader *reader, guint32 tag, GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "tag-list",
                    "what=%s, tag=%X", reader->what, tag);
}

/* The low six bits of all tags of both groups differ. */
static guint64
mark_of (guint32 tag)
{
  return G_GUINT64_CONSTANT (1) << (tag & 0x3F);
}

/**
 * fast_tag_list_read:
 * @reader: a tag list and the objects that it names; read to its end
 * @field: takes each object
 * @into: for @field
 * @error: return location for an error
 *
 * Strict: what is listed is there, in that order, once, and nothing else.
 *
 * Returns: whether list and objects agree and all were taken
 */
gboolean
fast_tag_list_read (FastReader *reader, FastTagListField field, gpointer into, GError **error)
{
  guint64 seen = 0;
  FastReader list;
  FastTlv tlv;

  if (!fast_tlv_expect (reader, FAST_TAG_LIST, &tlv, error))
    return FALSE;
  list = fast_tlv_open (&tlv, reader->what);
  while (fast_reader_left (&list) > 0) {
    guint32 tag;

    if (!next_listed (&list, &tag, error) || !fast_tlv_read (reader, &tlv, error))
      return FALSE;
    if (!same_tag (tag, tlv.tag) || (seen & mark_of (tlv.tag)) != 0)
      return fail_list (reader, tlv.tag, error);
    seen |= mark_of (tlv.tag);
    if (!field (&tlv, into, error))
      return FALSE;
  }
  return fast_reader_end (reader, error);
}
