/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/biometric/cbeff.h"

G_BEGIN_DECLS

/**
 * FastBiometricGroup:
 * @tag: the data group's tag, as in 0x75
 * @name: its name, for errors, as in `EF.DG2`
 * @type: the biometric type that its templates have
 * @formats: (array zero-terminated=1): format types that the first template may have
 * @needs_subtype: whether each template must have a subtype: fingers and irises
 * @is_subtype: (nullable): whether a subtype is registered
 * @any_block: whether an ISO/IEC 19794 record may stand in 7F2E too (TR-03105-3.2, LDS_G_10)
 *
 * What EF.DG2, EF.DG3 and EF.DG4 have in common and where they differ: ICAO 9303-10, 4.7.2
 * to 4.7.4. Constant. Inside the room.
 */
typedef struct {
  guint32 tag;
  const char *name;
  FastBiometricType type;
  const guint16 *formats;
  gboolean needs_subtype;
  gboolean (*is_subtype) (guint subtype);
  gboolean any_block;
} FastBiometricGroup;

GBytes *fast_biometric_group_wrap (const FastBiometricGroup *group, GBytes *templates);
GPtrArray *fast_biometric_group_open (const FastBiometricGroup *group, GBytes *encoded,
                                      GError **error);

G_END_DECLS
