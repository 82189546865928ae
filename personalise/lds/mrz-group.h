/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"
#include "record/document/mrz.h"

G_BEGIN_DECLS

/* EF.DG1, ICAO 9303-10, 4.7.1: the machine readable zone as it is printed. */

GBytes *fast_mrz_group_make (const FastMrz *mrz);
FastMrz *fast_mrz_group_parse (GBytes *encoded, GError **error);

G_END_DECLS
