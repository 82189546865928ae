/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/security-group.h"

#include "record/base/error.h"
#include "record/base/tlv.h"

#define WHAT "EF.DG14"
#define TAG_GROUP 0x6E

/**
 * fast_security_group_make:
 * @infos: (element-type FastSecurityInfo): those of EF.CardAccess and what the chip can do besides
 * @error: return location for an error
 *
 * Returns: (transfer full): EF.DG14, or %NULL with the first defect of @infos
 */
GBytes *
fast_security_group_make (GPtrArray *infos, GError **error)
{
  g_autoptr (GPtrArray) defects = fast_security_infos_check (infos, FAST_SECURITY_FILE_DG14);
  g_autoptr (GBytes) set = NULL;
  GByteArray *out;

  if (defects->len > 0) {
    g_propagate_error (error, g_error_copy (defects->pdata[0]));
    return NULL;
  }
  set = fast_security_infos_encode (infos);
  out = g_byte_array_new ();
  fast_tlv_append_bytes (out, TAG_GROUP, set);
  return g_byte_array_free_to_bytes (out);
}

/**
 * fast_security_group_parse:
 * @encoded: EF.DG14
 * @error: return location for an error
 *
 * Tolerant; fast_security_infos_check() judges.
 *
 * Returns: (transfer full) (element-type FastSecurityInfo): what it says
 */
GPtrArray *
fast_security_group_parse (GBytes *encoded, GError **error)
{
  FastReader outer = fast_reader_from_bytes (encoded, WHAT);
  g_autoptr (GPtrArray) infos = NULL;
  FastReader reader;
  FastTlv group;

  if (!fast_tlv_expect (&outer, TAG_GROUP, &group, error) || !fast_reader_end (&outer, error))
    return NULL;
  reader = fast_tlv_open (&group, WHAT);
  infos = fast_security_infos_read (&reader, error);
  return infos != NULL && fast_reader_end (&reader, error) ? g_steal_pointer (&infos) : NULL;
}
