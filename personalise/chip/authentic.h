/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/session.h"
#include "personalise/chip/terminal.h"
#include "personalise/lds/security-infos.h"

G_BEGIN_DECLS

/*
 * Whether the chip is the one that its issuer made, and not a copy of its files: chip and active
 * authentication (ICAO 9303-11, 6); and the proof that the reader may see fingers and irises:
 * terminal authentication (7.1). Each runs inside a session that access control secured. The keys
 * of chip and active authentication stand in EF.DG14 and EF.DG15: what these prove is worth no more
 * than the security object that covers them.
 */

gboolean fast_chip_authenticate_chip (FastChipSession *session, GPtrArray *infos,
                                      GBytes **ephemeral, GError **error);
gboolean fast_chip_authenticate_active (FastChipSession *session, GPtrArray *infos, GBytes *group,
                                        GError **error);
gboolean fast_chip_authenticate_terminal (FastChipSession *session, const FastTerminal *terminal,
                                          GBytes *trust_points, GBytes *ephemeral, GError **error);

G_END_DECLS
