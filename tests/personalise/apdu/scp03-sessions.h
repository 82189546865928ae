/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Published SCP03 sessions, as hexadecimal text.
 *
 * "pysim": osmocom/pysim, tests/unittests/test_globalplatform.py, sessions with a real eUICC
 * (AES-128, -192 and -256 at levels 11, 03 and 33). "kaoh": kaoh/globalplatform,
 * globalplatform/src/scp03Test.c, sessions with real cards; its R-MAC session is commented out
 * there because that library fails it, yet it follows the standard.
 *
 * The AID that the eUICC's challenges are made with was found by trying the well-known ones.
 *
 * Each step: the plain command, the secured one, the secured answer and the plain one; an answer
 * that was not published is NULL.
 */

#define SCP03_STEPS_MAX 6

typedef struct {
  const char *plain;
  const char *secured;
  const char *answer;
  const char *plain_answer;
} Scp03Step;

typedef struct {
  const char *name;
  const char *enc;
  const char *mac;
  const char *aid; /* of the pseudo-random card challenge; NULL where it was not told */
  const char *initialize_update;
  const char *answer;
  const char *external_authenticate;
  Scp03Step steps[SCP03_STEPS_MAX];
} Scp03Published;

extern const Scp03Published scp03_published[];
extern const unsigned scp03_published_count;
