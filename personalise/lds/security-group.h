/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/lds/security-infos.h"

G_BEGIN_DECLS

/* EF.DG14, ICAO 9303-10, 4.7.14: SecurityInfos of all protocols, signed with the other groups. */

GBytes *fast_security_group_make (GPtrArray *infos, GError **error);
GPtrArray *fast_security_group_parse (GBytes *encoded, GError **error);

G_END_DECLS
