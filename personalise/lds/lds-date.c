/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/lds-date.h"

#include "record/base/autoptr.h"
#include "record/base/clock.h"
#include "record/base/error.h"

/**
 * fast_lds_date_format:
 * @date: as in `1984-02-29`
 * @error: return location for an error
 *
 * Returns: (transfer full): its eight digits
 */
char *
fast_lds_date_format (const char *date, GError **error)
{
  g_autoptr (GDate) parsed = fast_date_parse (date, error);

  return parsed == NULL ? NULL
                        : g_strdup_printf ("%04d%02d%02d", g_date_get_year (parsed),
                                           g_date_get_month (parsed), g_date_get_day (parsed));
}

static char *
dup_digits (const FastTlv *tlv)
{
  if (tlv->size == 8)
    return g_strndup ((const char *)tlv->value, tlv->size);
  return tlv->size == 4 ? fast_hex_encode (tlv->value, tlv->size) : NULL;
}

/**
 * fast_lds_date_parse:
 * @tlv: a data object
 * @error: return location for an error
 *
 * Returns: (transfer full): its date as in `1984-02-29`
 */
char *
fast_lds_date_parse (const FastTlv *tlv, GError **error)
{
  g_autofree char *digits = dup_digits (tlv);
  g_autofree char *text =
      digits == NULL ? NULL : g_strdup_printf ("%.4s-%.2s-%s", digits, digits + 4, digits + 6);
  g_autoptr (GDate) date = text == NULL ? NULL : fast_date_parse (text, NULL);

  if (date != NULL)
    return g_steal_pointer (&text);
  return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "lds-date", "tag=%X",
                         tlv->tag);
}
