/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/biometric/finger-record.h"

G_BEGIN_DECLS

/*
 * EF.DG3, ICAO 9303-10, 4.7.3: the fingers, one template each with its subtype. A holder without
 * prints has the group all the same, with no template and a random object.
 */

GBytes *fast_finger_group_make (GPtrArray *fingers, GError **error);
GPtrArray *fast_finger_group_parse (GBytes *encoded, GError **error);
gsize fast_finger_group_share (gsize budget, guint count);

G_END_DECLS
