/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/tlv.h"

G_BEGIN_DECLS

/* A full date in a data group: CCYYMMDD in ASCII (ICAO 9303-10, 4.7.11); chips of before 2015 may
 * have the same eight digits in four bytes. */

char *fast_lds_date_format (const char *date, GError **error);
char *fast_lds_date_parse (const FastTlv *tlv, GError **error);

G_END_DECLS
