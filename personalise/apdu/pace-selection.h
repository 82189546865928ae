/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/pace-password.h"
#include "personalise/apdu/pace-protocol.h"

G_BEGIN_DECLS

/**
 * FastPaceSelection:
 * @protocol: which PACE
 * @password: which password
 * @parameters: number of the standardised domain parameters (ICAO 9303-11, 9.5.1), 0 when the
 *   reader leaves it to a chip that has only one
 *
 * What MSE:Set AT agrees on (ICAO 9303-11, 4.4.4.1; the command is `22 C1 A4`).
 */
typedef struct {
  FastPaceProtocol protocol;
  FastPacePassword password;
  guint parameters;
} FastPaceSelection;

GBytes *fast_pace_selection_build (const FastPaceSelection *selection);
gboolean fast_pace_selection_parse (FastPaceSelection *selection, gconstpointer data, gsize size,
                                    GError **error);

G_END_DECLS
