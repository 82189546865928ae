/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/chip-secrets.h"
#include "personalise/chip/terminal.h"
#include "tests/personalise/chip/small-lds.h"

G_BEGIN_DECLS

#define TEST_CAN "493827"

/**
 * TestFullChip:
 * @lds: its files, signed
 * @secrets: its keys and passwords
 * @terminal: who may see its fingers
 *
 * A chip with every protocol: PACE by MRZ and CAN, BAC, chip, active and terminal authentication,
 * and an EF.DG3 behind it.
 */
typedef struct {
  FastLds *lds;
  FastChipSecrets *secrets;
  FastTerminal *terminal;
} TestFullChip;

/**
 * TestFullTerms:
 * @pace: PACE's object identifier
 * @parameters: its domain parameters
 * @chip: the object identifier of chip authentication
 * @curve: of the keys of chip and active authentication
 * @size: of EF.DG2, in bytes
 */
typedef struct {
  const char *pace;
  guint parameters;
  const char *chip;
  const char *curve;
  gsize size;
} TestFullTerms;

void test_full_chip_init (TestFullChip *chip, TestPki *pki, const TestFullTerms *terms);
void test_full_chip_clear (TestFullChip *chip);

G_END_DECLS
