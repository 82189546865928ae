/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The dynamic authentication data of GENERAL AUTHENTICATE (ICAO 9303-11, 4.4.4.2): 7C around one
 * data object a step and direction. */
enum {
  FAST_PACE_NOTHING = 0,
  FAST_PACE_NONCE = 0x80,
  FAST_PACE_MAP_READER = 0x81,
  FAST_PACE_MAP_CHIP = 0x82,
  FAST_PACE_KEY_READER = 0x83,
  FAST_PACE_KEY_CHIP = 0x84,
  FAST_PACE_TOKEN_READER = 0x85,
  FAST_PACE_TOKEN_CHIP = 0x86,
};

GBytes *fast_pace_data_build (guint32 tag, GBytes *value);
gboolean fast_pace_data_parse (gconstpointer data, gsize size, guint32 tag, GBytes **value,
                               GError **error);

G_END_DECLS
