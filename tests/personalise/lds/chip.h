/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/lds/chip-profile.h"
#include "tests/personalise/lds/pki.h"

G_BEGIN_DECLS

/* The built-in Canadian specimen as a chip: all of what fast_lds_build() takes, owned. */
typedef struct {
  FastProfile *profile;
  FastMrz *mrz;
  FastApplicant *applicant;
  GBytes *portrait;
  GBytes *signature;
  FastLdsInput input;
} TestChip;

void test_chip_init (TestChip *chip);
void test_chip_clear (TestChip *chip);

G_END_DECLS
