/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/lds/security-infos.h"

G_BEGIN_DECLS

/* EF.CardAccess, ICAO 9303-11, 9.2.11: SecurityInfos of PACE, without any tag around them. */

GBytes *fast_card_access_make (GPtrArray *infos, GError **error);
GPtrArray *fast_card_access_parse (GBytes *encoded, GError **error);

G_END_DECLS
