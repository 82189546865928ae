/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

/**
 * FastAtrInfo:
 * @chaining: whether commands may be chained
 * @extended: whether length fields of three bytes are understood
 * @command_max: the longest command in bytes; 0 when it is not told
 * @response_max: the longest response in bytes; 0 when it is not told
 *
 * EF.ATR/INFO: what a chip can do, as far as a reader needs it to choose its lengths. ISO/IEC
 * 7816-4: 12.1.1.9 (card capabilities, `47`) and 12.7.1 (extended length information, `7F66`).
 */
typedef struct {
  gboolean chaining;
  gboolean extended;
  guint32 command_max;
  guint32 response_max;
} FastAtrInfo;

GBytes *fast_atr_info_make (const FastAtrInfo *info);
gboolean fast_atr_info_parse (GBytes *encoded, FastAtrInfo *info, GError **error);

G_END_DECLS
