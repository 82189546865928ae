/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"

G_BEGIN_DECLS

/**
 * FastChipCipher:
 * @FAST_CHIP_AES_128: AES with a key of 128 bits
 * @FAST_CHIP_AES_256: AES with a key of 256 bits
 *
 * What protects the exchange after PACE and chip authentication.
 */
typedef enum {
  FAST_CHIP_AES_128,
  FAST_CHIP_AES_256,
} FastChipCipher;

/**
 * FastChipCurve:
 * @FAST_CHIP_P256: NIST P-256
 * @FAST_CHIP_BRAINPOOL256: brainpoolP256r1
 *
 * On what keys are agreed.
 */
typedef enum {
  FAST_CHIP_P256,
  FAST_CHIP_BRAINPOOL256,
} FastChipCurve;

/**
 * FastChipFaceEdition:
 * @FAST_CHIP_FACE_19794: ISO/IEC 19794-5:2005
 * @FAST_CHIP_FACE_39794: ISO/IEC 39794-5
 *
 * In which form EF.DG2 holds the face.
 */
typedef enum {
  FAST_CHIP_FACE_19794,
  FAST_CHIP_FACE_39794,
} FastChipFaceEdition;

/**
 * FastProfileGroup:
 * @group: number of a data group of ICAO 9303-10
 * @budget: the most bytes of its file, or of the picture in it for group 7; 0 for no limit of the
 *   programme's
 * @codec: (nullable): how its pictures are encoded: `jpeg`, `jpeg2000`, `wsq` or `png`; groups
 *   without pictures have none
 * @optional: whether it is left out when there is nothing to put in
 * @guarded: whether only terminal authentication opens it; groups 3 and 4
 */
typedef struct {
  gint64 group;
  gint64 budget;
  const char *codec;
  gboolean optional;
  gboolean guarded;
} FastProfileGroup;

/**
 * FastProfileChip:
 * @bac: whether basic access control opens it, for readers that know nothing else
 * @pace: whether PACE opens it, by MRZ and by CAN
 * @cipher: of PACE and chip authentication
 * @curve: of PACE, chip authentication and active authentication
 * @chip_authentication: whether the chip proves itself by key agreement
 * @active_authentication: whether it does by a signature
 * @trust_points: whether it has EF.CVCA, and with it terminal authentication
 * @atr_info: whether it has EF.ATR/INFO
 * @face_edition: how the face is written
 * @groups: (element-type FastProfileGroup): data groups, in the order in which they are made
 *
 * What a programme wants on the chip of its card. The chip's software may offer less: its driver
 * then refuses the profile.
 */
typedef struct {
  gboolean bac;
  gboolean pace;
  int cipher;
  int curve;
  gboolean chip_authentication;
  gboolean active_authentication;
  gboolean trust_points;
  gboolean atr_info;
  int face_edition;
  GPtrArray *groups;
} FastProfileChip;

FAST_DECLARE_VALUE (FastProfileChip, fast_profile_chip)

const FastProfileGroup *fast_profile_chip_find (const FastProfileChip *chip, gint64 group);

G_END_DECLS
