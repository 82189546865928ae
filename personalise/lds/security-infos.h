/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/lds/security-info.h"

G_BEGIN_DECLS

/*
 * SecurityInfos, ICAO 9303-11, 9.2: a SET OF SecurityInfo, here a GPtrArray of FastSecurityInfo
 * that owns its elements.
 *
 * EF.CardAccess is read before anything is authenticated, so whoever holds the chip may have
 * changed it: an attacker would take out the stronger PACE and leave the weaker one. EF.DG14 says
 * the same under the document signer's signature; fast_security_infos_agree() holds both together
 * once the chip was read, and fails in either direction.
 */

/**
 * FastSecurityFile:
 * @FAST_SECURITY_FILE_CARD_ACCESS: EF.CardAccess
 * @FAST_SECURITY_FILE_DG14: EF.DG14
 *
 * Where a set stands, which decides what it must hold.
 */
typedef enum {
  FAST_SECURITY_FILE_CARD_ACCESS,
  FAST_SECURITY_FILE_DG14,
} FastSecurityFile;

GPtrArray *fast_security_infos_new (void);
GPtrArray *fast_security_infos_read (FastReader *reader, GError **error);
GBytes *fast_security_infos_encode (GPtrArray *infos);

const FastSecurityInfo *fast_security_infos_find (GPtrArray *infos, FastSecurityKind kind);
const FastSecurityInfo *fast_security_infos_find_key (GPtrArray *infos, gint64 key_id);

GPtrArray *fast_security_infos_check (GPtrArray *infos, FastSecurityFile file);
gboolean fast_security_infos_agree (GPtrArray *card_access, GPtrArray *dg14, GError **error);

G_END_DECLS
