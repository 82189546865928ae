/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/chip-secrets.h"
#include "tests/personalise/chip/small-lds.h"

G_BEGIN_DECLS

#define TEST_CAN "493827"

/**
 * TestFullChip:
 * @lds: its files, signed
 * @secrets: its keys and passwords
 *
 * A chip with every protocol: PACE by MRZ and CAN, BAC.
 */
typedef struct {
  FastLds *lds;
  FastChipSecrets *secrets;
} TestFullChip;

/* @pace: a protocol's object identifier; @parameters: its domain parameters; @size: of EF.DG2. */
void test_full_chip_init (TestFullChip *chip, TestPki *pki, const char *pace, guint parameters,
                          gsize size);
void test_full_chip_clear (TestFullChip *chip);

G_END_DECLS
