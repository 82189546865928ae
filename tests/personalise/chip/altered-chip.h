/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/inspect.h"
#include "tests/personalise/chip/full-chip.h"
#include "tests/personalise/chip/loop.h"

G_BEGIN_DECLS

/**
 * TestAlteredChip:
 * @pki: who signed it
 * @full: its files and keys
 * @information: the MRZ information that opens it
 * @transport: the way to what lies in the field
 *
 * A finished chip with every protocol, fingers and irises, of which altered copies can be laid into
 * the field: what a forger, a fault or another maker would have made of it. Made once for a whole
 * program.
 */
typedef struct {
  TestPki pki;
  TestFullChip full;
  FastSecret *information;
  FastTransport *transport;
  char *folder;
  char *path;
  FastRadioField *field;
  GBytes *made;
} TestAlteredChip;

void test_altered_chip_init (TestAlteredChip *self);
void test_altered_chip_clear (TestAlteredChip *self);

FastChipState *test_altered_chip_copy (TestAlteredChip *self);
void test_altered_chip_put (FastChipState *state, const FastFile *file, GBytes *content);
void test_altered_chip_remove (FastChipState *state, const FastFile *file);
void test_altered_chip_lay (TestAlteredChip *self, FastChipState *state);
FastInspection *test_altered_chip_inspect (TestAlteredChip *self, const FastTerminal *terminal);
FastLds *test_altered_chip_dup_lds (TestAlteredChip *self);

FastVerdictOutcome test_outcome (const FastInspection *inspection, const char *check,
                                 const char *subject);

G_END_DECLS
