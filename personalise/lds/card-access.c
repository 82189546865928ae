/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/card-access.h"

#include "record/base/error.h"

/**
 * fast_card_access_make:
 * @infos: (element-type FastSecurityInfo): what PACE needs
 * @error: return location for an error
 *
 * Returns: (transfer full): EF.CardAccess, or %NULL with the first defect of @infos
 */
GBytes *
fast_card_access_make (GPtrArray *infos, GError **error)
{
  g_autoptr (GPtrArray) defects = fast_security_infos_check (infos, FAST_SECURITY_FILE_CARD_ACCESS);

  if (defects->len == 0)
    return fast_security_infos_encode (infos);
  g_propagate_error (error, g_error_copy (defects->pdata[0]));
  return NULL;
}

/**
 * fast_card_access_parse:
 * @encoded: EF.CardAccess
 * @error: return location for an error
 *
 * Tolerant; fast_security_infos_check() judges.
 *
 * Returns: (transfer full) (element-type FastSecurityInfo): what it says
 */
GPtrArray *
fast_card_access_parse (GBytes *encoded, GError **error)
{
  FastReader reader = fast_reader_from_bytes (encoded, "EF.CardAccess");
  g_autoptr (GPtrArray) infos = fast_security_infos_read (&reader, error);

  return infos != NULL && fast_reader_end (&reader, error) ? g_steal_pointer (&infos) : NULL;
}
