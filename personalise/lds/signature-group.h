/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

/* EF.DG7, ICAO 9303-10, 4.7.7: the displayed signature or usual mark, JPEG or JPEG 2000. */

GBytes *fast_signature_group_make (GBytes *image, GError **error);
GPtrArray *fast_signature_group_parse (GBytes *encoded, GError **error);

GBytes *fast_signature_group_from_sample (GBytes *sample, const char *name, gsize budget,
                                          GError **error);

G_END_DECLS
