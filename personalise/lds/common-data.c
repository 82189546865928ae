/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/common-data.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/tlv.h"

#define WHAT "EF.COM"
#define LDS_VERSION "0107"
#define UNICODE_VERSION "040000"

enum {
  TAG_COMMON = 0x60,
  TAG_LDS_VERSION = 0x5F01,
  TAG_UNICODE_VERSION = 0x5F36,
  TAG_LIST = 0x5C,
};

/**
 * fast_common_data_make:
 * @lds: a chip's files; its data groups are listed
 *
 * Returns: (transfer full): EF.COM with LDS version 1.7 and Unicode version 4.0.0
 */
GBytes *
fast_common_data_make (FastLds *lds)
{
  g_autoptr (GByteArray) list = g_byte_array_new ();
  g_autoptr (GByteArray) content = g_byte_array_new ();
  GByteArray *out = g_byte_array_new ();

  for (guint group = 1; group <= 16; group++)
    if (fast_lds_get (lds, fast_file_group (group)) != NULL)
      fast_append_u8 (list, fast_file_group (group)->tag);
  fast_tlv_append (content, TAG_LDS_VERSION, LDS_VERSION, strlen (LDS_VERSION));
  fast_tlv_append (content, TAG_UNICODE_VERSION, UNICODE_VERSION, strlen (UNICODE_VERSION));
  fast_tlv_append_array (content, TAG_LIST, list);
  fast_tlv_append_array (out, TAG_COMMON, content);
  return g_byte_array_free_to_bytes (out);
}

/* Digits only, exactly as many as the field has. */
static gboolean
parse_version (FastReader *reader, guint32 tag, char *to, gsize digits, GError **error)
{
  FastTlv tlv;

  if (!fast_tlv_expect (reader, tag, &tlv, error))
    return FALSE;
  if (tlv.size != digits)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "common-data-version",
                      "tag=%X", tag);
  for (gsize i = 0; i < digits; i++)
    if (!g_ascii_isdigit (tlv.value[i]))
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "common-data-version",
                        "tag=%X", tag);
  fast_copy (to, digits, tlv.value, digits);
  to[digits] = '\0';
  return TRUE;
}

static gboolean
parse_list (FastReader *reader, guint32 *groups, GError **error)
{
  FastTlv tlv;

  if (!fast_tlv_expect (reader, TAG_LIST, &tlv, error))
    return FALSE;
  *groups = 0;
  for (gsize i = 0; i < tlv.size; i++) {
    const FastFile *file = fast_file_by_tag (tlv.value[i]);

    if (file == NULL || file->group == 0 || (*groups & 1u << file->group) != 0)
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "common-data-list",
                        "tag=%02X", tlv.value[i]);
    *groups |= 1u << file->group;
  }
  return TRUE;
}

/**
 * fast_common_data_parse:
 * @encoded: EF.COM
 * @data: (out caller-allocates): what it says
 * @error: return location for an error
 *
 * Strict: the order of ICAO 9303-10, 4.6.1, every tag known and listed once, nothing left over.
 * Data groups 1 and 2 are mandatory on a document.
 *
 * Returns: whether it is a sound EF.COM
 */
gboolean
fast_common_data_parse (GBytes *encoded, FastCommonData *data, GError **error)
{
  FastReader outer = fast_reader_from_bytes (encoded, WHAT);
  FastReader reader;
  FastTlv tlv;

  if (!fast_tlv_expect (&outer, TAG_COMMON, &tlv, error) || !fast_reader_end (&outer, error))
    return FALSE;
  reader = fast_tlv_open (&tlv, WHAT);
  if (!parse_version (&reader, TAG_LDS_VERSION, data->lds_version, 4, error) ||
      !parse_version (&reader, TAG_UNICODE_VERSION, data->unicode_version, 6, error) ||
      !parse_list (&reader, &data->groups, error) || !fast_reader_end (&reader, error))
    return FALSE;
  if ((data->groups & 6) != 6)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "common-data-mandatory",
                      NULL);
  return TRUE;
}
