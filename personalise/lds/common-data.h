/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/lds/lds.h"

G_BEGIN_DECLS

/**
 * FastCommonData:
 * @lds_version: as in `0107`
 * @unicode_version: as in `040000`
 * @groups: bit n stands for data group n
 *
 * EF.COM, ICAO 9303-10, 4.6.1.
 */
typedef struct {
  char lds_version[5];
  char unicode_version[7];
  guint32 groups;
} FastCommonData;

GBytes *fast_common_data_make (FastLds *lds);
gboolean fast_common_data_parse (GBytes *encoded, FastCommonData *data, GError **error);

G_END_DECLS
