/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/mrz-group.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/tlv.h"

#define WHAT "EF.DG1"

enum {
  TAG_GROUP = 0x61,
  TAG_MRZ = 0x5F1F,
};

/**
 * fast_mrz_group_make:
 * @mrz: the zone; TD1 on a card
 *
 * Returns: (transfer full): EF.DG1
 */
GBytes *
fast_mrz_group_make (const FastMrz *mrz)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  GByteArray *out = g_byte_array_new ();

  fast_tlv_append (content, TAG_MRZ, mrz->text, strlen (mrz->text));
  fast_tlv_append_array (out, TAG_GROUP, content);
  return g_byte_array_free_to_bytes (out);
}

/**
 * fast_mrz_group_parse:
 * @encoded: EF.DG1
 * @error: return location for an error
 *
 * Strict: one object that fills the file, of a length that a layout has, and every check digit.
 *
 * Returns: (transfer full): the zone
 */
FastMrz *
fast_mrz_group_parse (GBytes *encoded, GError **error)
{
  FastReader outer = fast_reader_from_bytes (encoded, WHAT);
  FastReader reader;
  FastTlv group, mrz;
  g_autofree char *text = NULL;

  if (!fast_tlv_expect (&outer, TAG_GROUP, &group, error) || !fast_reader_end (&outer, error))
    return NULL;
  reader = fast_tlv_open (&group, WHAT);
  if (!fast_tlv_expect (&reader, TAG_MRZ, &mrz, error) || !fast_reader_end (&reader, error))
    return NULL;
  if (memchr (mrz.value, '\n', mrz.size) != NULL || memchr (mrz.value, '\0', mrz.size) != NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "mrz-group-text",
                           NULL);
  text = g_strndup ((const char *)mrz.value, mrz.size);
  return fast_mrz_parse (text, error);
}
