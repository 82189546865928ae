/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/pace.h"

G_BEGIN_DECLS

/* ICAO 9303-11, appendix G.1: PACE-ECDH-GM with AES-128 on brainpoolP256r1, by MRZ. */
#define FAST_TEST_PACE_MRZ "T22000129364081251010318"
#define FAST_TEST_PACE_STEPS 4

typedef struct {
  guint8 class;
  const char *asked;
  const char *answered;
} FastTestPaceStep;

extern const FastTestPaceStep fast_test_pace_steps[FAST_TEST_PACE_STEPS];

/* Gives the published nonce and private keys of one side in the order in which it draws them. */
typedef struct {
  const char *const *values;
  guint next;
} FastTestPaceDraws;

FastTestPaceDraws fast_test_pace_reader_draws (void);
FastTestPaceDraws fast_test_pace_chip_draws (void);
FastRandomSource fast_test_pace_source (FastTestPaceDraws *draws);

FastPaceSelection fast_test_pace_select (FastCipher cipher, guint parameters);
FastSecret *fast_test_pace_password (FastPacePassword kind, const char *text);
FastPace *fast_test_pace_reader (const FastPaceSelection *selection, const char *text,
                                 const FastRandomSource *source);
FastPace *fast_test_pace_chip (const FastPaceSelection *selection, const char *text,
                               const FastRandomSource *source);

GBytes *fast_test_unhex (const char *hex);
void fast_test_check_hex (GBytes *bytes, const char *hex);

G_END_DECLS
