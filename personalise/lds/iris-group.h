/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/biometric/iris-record.h"

G_BEGIN_DECLS

/*
 * EF.DG4, ICAO 9303-10, 4.7.4: the irises, one template each with its subtype; no template and a
 * random object where neither eye could be taken.
 */

GBytes *fast_iris_group_make (GPtrArray *irises, GError **error);
GPtrArray *fast_iris_group_parse (GBytes *encoded, GError **error);

G_END_DECLS
