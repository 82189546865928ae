/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/pace-data.h"

#include "record/base/error.h"
#include "record/base/tlv.h"

#define TAG_DATA 0x7C
#define TAG_TRUST_POINT 0x87
#define TAG_TRUST_POINT_BEFORE 0x88

static gboolean
fail_form (GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "pace-data", NULL);
}

/**
 * fast_pace_data_build:
 * @tag: which data object
 * @value: (nullable): its value; %NULL for none at all
 *
 * Returns: (transfer full): the data of a command or an answer
 */
GBytes *
fast_pace_data_build (guint32 tag, GBytes *value)
{
  g_autoptr (GByteArray) inner = g_byte_array_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();

  if (value != NULL)
    fast_tlv_append_bytes (inner, tag, value);
  fast_tlv_append_array (out, TAG_DATA, inner);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/* A chip of EAC 2 adds its trust points to the last answer; they say nothing to us. */
static gboolean
skip_trust_points (FastReader *reader, GError **error)
{
  while (fast_reader_left (reader) > 0) {
    FastTlv tlv;

    if (!fast_tlv_read (reader, &tlv, NULL) ||
        (tlv.tag != TAG_TRUST_POINT && tlv.tag != TAG_TRUST_POINT_BEFORE))
      return fail_form (error);
  }
  return TRUE;
}

static gboolean
read_object (FastReader *reader, guint32 tag, GBytes **value, GError **error)
{
  FastTlv tlv;

  if (!fast_tlv_read (reader, &tlv, NULL))
    return fail_form (error);
  if (tag == FAST_PACE_NOTHING || tlv.tag != tag)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "pace-order", NULL);
  if (tag == FAST_PACE_TOKEN_CHIP && !skip_trust_points (reader, error))
    return FALSE;
  if (!fast_reader_end (reader, NULL))
    return fail_form (error);
  *value = fast_tlv_dup_value (&tlv);
  return TRUE;
}

/**
 * fast_pace_data_parse:
 * @data: the data of a command or an answer
 * @size: how many bytes
 * @tag: which data object must be in it; %FAST_PACE_NOTHING for none
 * @value: (out) (nullable): its value; %NULL for none
 * @error: return location for an error
 *
 * Returns: whether it is there and alone; FAST_INPUT_ERROR_INVALID when another one is there, that
 *   is when the step is out of order
 */
gboolean
fast_pace_data_parse (gconstpointer data, gsize size, guint32 tag, GBytes **value, GError **error)
{
  FastReader reader = fast_reader_new (data, size, "PACE");
  FastReader inner;
  FastTlv tlv;

  *value = NULL;
  if (!fast_tlv_expect (&reader, TAG_DATA, &tlv, NULL) || !fast_reader_end (&reader, NULL))
    return fail_form (error);
  inner = fast_tlv_open (&tlv, "PACE");
  if (fast_reader_left (&inner) == 0)
    return tag == FAST_PACE_NOTHING || fail_form (error);
  return read_object (&inner, tag, value, error);
}
