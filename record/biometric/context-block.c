/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/context-block.h"

#include "record/base/error.h"

#define CLASS_MASK 0xC0
#define CLASS_CONTEXT 0x80
#define CONSTRUCTED 0x20
#define NUMBER_MASK 0x1F
#define NUMBER_CONTINUES 0x1F
#define TAG_STANDARD_FORM 0xA1

static gboolean
fail (GError **error, const FastContextBlock *block, guint number)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "context-block-member",
                    "what=%s, number=%u", block->what, number);
}

/* The number of a context tag; those of two bytes count as higher than all that are known. */
static gboolean
number_of (const FastTlv *tlv, guint *number)
{
  guint8 first = tlv->start[0];

  *number = first & NUMBER_MASK;
  return (first & CLASS_MASK) == CLASS_CONTEXT;
}

/**
 * fast_context_block_read:
 * @reader: the content of a SEQUENCE
 * @block: (out caller-allocates): its members
 * @error: return location for an error
 *
 * Members must ascend; numbers from 16 on are passed over.
 *
 * Returns: whether all are context-tagged and in order
 */
gboolean
fast_context_block_read (FastReader reader, FastContextBlock *block, GError **error)
{
  guint next = 0;
  FastTlv tlv;

  block->present = 0;
  block->what = reader.what;
  while (fast_reader_left (&reader) > 0) {
    guint number;

    if (!fast_tlv_read (&reader, &tlv, error))
      return FALSE;
    if (!number_of (&tlv, &number) || number < next)
      return fail (error, block, number);
    next = number == NUMBER_CONTINUES ? number : number + 1;
    if (number >= FAST_CONTEXT_MEMBERS)
      continue;
    block->members[number] = tlv;
    block->present |= 1u << number;
  }
  return TRUE;
}

/**
 * fast_context_block_has:
 * @block: a block
 * @number: a member's number
 *
 * Returns: whether the member is there
 */
gboolean
fast_context_block_has (const FastContextBlock *block, guint number)
{
  return (block->present & 1u << number) != 0;
}

static gboolean
require (const FastContextBlock *block, guint number, gboolean constructed, GError **error)
{
  if (fast_context_block_has (block, number) &&
      ((block->members[number].start[0] & CONSTRUCTED) != 0) == constructed)
    return TRUE;
  return fail (error, block, number);
}

/**
 * fast_context_block_enter:
 * @block: a block
 * @number: a member that must be there and be constructed
 * @what: what it is, for errors
 * @inner: (out caller-allocates): a reader of its content
 * @error: return location for an error
 *
 * Returns: whether it is there
 */
gboolean
fast_context_block_enter (const FastContextBlock *block, guint number, const char *what,
                          FastReader *inner, GError **error)
{
  if (!require (block, number, TRUE, error))
    return FALSE;
  *inner = fast_tlv_open (&block->members[number], what);
  return TRUE;
}

/**
 * fast_context_block_open:
 * @block: a block
 * @number: a member that must be there and be a SEQUENCE or a CHOICE
 * @what: what it is, for errors
 * @inner: (out caller-allocates): its members
 * @error: return location for an error
 *
 * Returns: whether it is there
 */
gboolean
fast_context_block_open (const FastContextBlock *block, guint number, const char *what,
                         FastContextBlock *inner, GError **error)
{
  FastReader reader;

  return fast_context_block_enter (block, number, what, &reader, error) &&
         fast_context_block_read (reader, inner, error);
}

/**
 * fast_context_block_integer:
 * @block: a block
 * @number: a member that must be there and be an INTEGER or ENUMERATED
 * @least: its least value
 * @most: its greatest value
 * @value: (out): its value
 * @error: return location for an error
 *
 * Returns: whether it is there and in its range
 */
gboolean
fast_context_block_integer (const FastContextBlock *block, guint number, gint least, gint most,
                            gint *value, GError **error)
{
  const FastTlv *tlv = &block->members[number];
  gint64 sum;

  if (!require (block, number, FALSE, error))
    return FALSE;
  if (tlv->size < 1 || tlv->size > 5)
    return fail (error, block, number);
  sum = (tlv->value[0] & 0x80) != 0 ? -1 : 0;
  for (gsize i = 0; i < tlv->size; i++)
    sum = sum * 256 + tlv->value[i];
  if (sum < least || sum > most)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "context-block-value",
                      "what=%s, number=%u, value=%" G_GINT64_FORMAT, block->what, number, sum);
  *value = (gint)sum;
  return TRUE;
}

/**
 * fast_context_block_code:
 * @block: a block
 * @number: a member that must be there and be a code from a list that may grow
 * @most: the greatest code that is known
 * @code: (out): the code, or the one to fall back to
 * @error: return location for an error
 *
 * Returns: whether it is there and known
 */
gboolean
fast_context_block_code (const FastContextBlock *block, guint number, gint most, gint *code,
                         GError **error)
{
  FastContextBlock choice, extension;

  if (!fast_context_block_open (block, number, block->what, &choice, error))
    return FALSE;
  if (fast_context_block_has (&choice, 0))
    return fast_context_block_integer (&choice, 0, 0, most, code, error);
  return fast_context_block_open (&choice, 1, block->what, &extension, error) &&
         fast_context_block_integer (&extension, 0, 0, most, code, error);
}

/**
 * fast_context_block_bytes:
 * @block: a block
 * @number: a member that must be there and be an OCTET STRING
 * @error: return location for an error
 *
 * Returns: (transfer full): a copy of its bytes
 */
GBytes *
fast_context_block_bytes (const FastContextBlock *block, guint number, GError **error)
{
  if (!require (block, number, FALSE, error))
    return NULL;
  return fast_tlv_dup_value (&block->members[number]);
}

/**
 * fast_context_block_unwrap:
 * @encoded: the content of a biometric data block 7F2E; must outlive @block
 * @tag: the application tag of its kind: 64 fingers, 65 faces, 66 irises
 * @block: (inout caller-allocates): its members; @what must be set
 * @error: return location for an error
 *
 * ISO/IEC 7816-11 puts data of a standardised form into A1. A block that stands there without it is
 * read too.
 *
 * Returns: whether it is that kind of block
 */
gboolean
fast_context_block_unwrap (GBytes *encoded, guint32 tag, FastContextBlock *block, GError **error)
{
  FastReader reader = fast_reader_from_bytes (encoded, block->what);
  FastTlv outer, inner;

  if (!fast_tlv_read (&reader, &outer, error) || !fast_reader_end (&reader, error))
    return FALSE;
  if (outer.tag == tag)
    return fast_context_block_read (fast_tlv_open (&outer, block->what), block, error);
  if (outer.tag != TAG_STANDARD_FORM)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "tlv-unexpected",
                      "what=%s, found=%X, wanted=%X", block->what, outer.tag,
                      (guint)TAG_STANDARD_FORM);
  reader = fast_tlv_open (&outer, block->what);
  return fast_tlv_expect (&reader, tag, &inner, error) && fast_reader_end (&reader, error) &&
         fast_context_block_read (fast_tlv_open (&inner, block->what), block, error);
}

/**
 * fast_context_block_check_envelope:
 * @encoded: the content of a biometric data block 7F2E
 * @tag: the application tag of its kind
 * @what: what it is, for errors
 * @error: return location for an error
 *
 * Returns: whether it is a block of that kind with a version and representations
 */
gboolean
fast_context_block_check_envelope (GBytes *encoded, guint32 tag, const char *what, GError **error)
{
  FastContextBlock block = {.what = what};

  return fast_context_block_unwrap (encoded, tag, &block, error) &&
         require (&block, 0, TRUE, error) && require (&block, 1, TRUE, error);
}
